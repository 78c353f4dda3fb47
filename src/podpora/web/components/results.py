"""What was found, as rows of a list: where it lies, what kind it is, and the line in which the words stand."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from podpora.journeys.finding import address_of
from podpora.search.values import Hit
from podpora.web.components.snippets import marked

# Kind -> (label, label of the filter, icon, what `in:` calls it).
KINDS: dict[str, tuple[Any, Any, str, str]] = {
    "article": (_("Article"), _("Articles"), "file-text", "faq"),
    "problem": (_("Known problem"), _("Known problems"), "bug", "problems"),
    "topic": (_("Topic"), _("Forum"), "messages-square", "forum"),
    "release": (_("Release"), _("Releases"), "package", "releases"),
    "version": (_("Version"), _("Versions"), "calendar-clock", "versions"),
    "ticket": (_("Ticket"), _("Tickets"), "inbox", "tickets"),
}


@dataclass(frozen=True, slots=True)
class Row:
    kind: str
    code: str
    label: Any
    icon: str
    url: str
    title: str
    line: SafeString | str
    language: str
    is_solved: bool
    score: float


def rows_of(hits: Iterable[Hit]) -> list[Row]:
    """Rows of things that have a page here."""
    return [
        Row(hit.kind, hit.code, KINDS[hit.kind][0], KINDS[hit.kind][2], url, hit.heading, marked(hit.pieces), hit.language, hit.is_solved, hit.score)
        for hit in hits
        if hit.kind in KINDS and (url := address_of(hit))
    ]  # fmt: skip
