"""The desk's canned replies in a topic of the forum: one stock of texts for both, and only those that many may read.

Rooms: desk (the texts and their variables), forum (the topic). A text that names a licence, a customer or his support is for tickets
alone; what a ticket would give for the other variables, the topic gives here.
"""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.urls import reverse

from podpora.base import vendor
from podpora.base.clock import vendor_date
from podpora.base.reasons import written
from podpora.desk import queries as desk
from podpora.desk import rules
from podpora.desk.actions import in_language
from podpora.forum.models import Topic
from podpora.people.models import Person

OF_TICKETS = ("customer.name", "licence.code", "support.through")


@dataclass(frozen=True, slots=True)
class Text:
    """One canned reply with its variables filled in."""

    code: str
    name: str
    text: str


def for_topic(topic: Topic, writer: Person | None, *, at: datetime) -> list[Text]:
    """In their order, in the topic's language."""
    values, language = _values(topic, writer, at=at), topic.language or topic.category.language or "en"
    found = []
    for canned in desk.canned_for(None):
        text = in_language({"cs": canned.text_cs, "en": canned.text_en}, language)
        if text.strip() and not rules.variables_in(text) & set(OF_TICKETS):
            found.append(Text(canned.code, canned.name, rules.filled_in(text, values)))
    return found


def _values(topic: Topic, writer: Person | None, *, at: datetime) -> dict[str, str]:
    return {
        "ticket.code": f"#{topic.number}", "ticket.subject": topic.title,
        "ticket.link": f"{settings.SITE_URL}{reverse('forum:bare', args=[topic.number])}",
        "requester.name": topic.author_name, "requester.first_name": topic.author_name.partition(" ")[0],
        "technician.name": writer.name if writer else "", "product.name": topic.category.product.name if topic.category.product else "",
        "version": topic.version, "today": written(vendor_date(at, settings.VENDOR_ZONE)), "vendor.name": vendor.name(),
    }  # fmt: skip
