"""What may help with the answer: articles, known problems, topics, solved tickets like this one. Asked for after the page is there."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET

from podpora.desk import queries
from podpora.journeys import suggesting
from podpora.web.access import technician
from podpora.web.components.results import Row, rows_of
from podpora.web.request import Request

LONGEST = 4000  # of a text that is taken over


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One thing that may help; `words` is what goes into the answer."""

    key: int  # the key that inserts it
    kind: Any
    name: Any
    url: str
    words: str
    more: str = ""


@technician("tickets")
@require_GET
def suggestions(request: Request, code: str) -> HttpResponse:
    ticket = queries.ticket_for_staff(request.user, code)
    found = suggesting.for_answer(ticket, request.user, at=request.now)
    solved = [
        (pgettext("ticket", "Solved"), like.subject, reverse("desk:ticket", args=[like.code]), without_greeting(answer)[:LONGEST], like.code)
        for like, answer in found.solved
    ]  # fmt: skip
    each = [*(_public(request, row) for row in rows_of(found.hits)), *solved]
    shown = [Suggestion(place, *facts) for place, facts in enumerate(each, 1)]
    name = "desk/suggestions.html#found" if request.htmx else "desk/suggestions.html"
    words = " ".join(word for word in ticket.subject.split() if len(word) > 3)
    return TemplateResponse(request, name, {"suggestions": shown, "ticket": ticket, "words": words})


def _public(request: Request, row: Row) -> tuple[Any, ...]:
    """What others may read; the link that the customer gets leads to the public page."""
    words = f"{row.title}\n{request.build_absolute_uri(row.url)}"
    return (row.label, row.title, row.url, words, row.code if row.kind == "problem" else "")


def without_greeting(text: str) -> str:
    """The answer without "Hello Jana,": that was somebody else."""
    first, _line, rest = text.strip().partition("\n")
    is_greeting = len(first) < 60 and first.rstrip().endswith((",", "!"))
    return rest.strip() if is_greeting and rest.strip() else text.strip()
