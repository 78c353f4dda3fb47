"""What may help with the answer: solved tickets like this one, articles, known problems. Asked for after the page is there."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from podpora.desk import queries
from podpora.desk.models import Ticket
from podpora.journeys import finding
from podpora.web.access import technician
from podpora.web.components.results import rows_of
from podpora.web.request import Request

SHOWN = 4
HELPFUL = 3
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
    found = [*_articles(request, ticket), *_solved(request, ticket)]
    shown = [Suggestion(place, *each) for place, each in enumerate(found, 1)]
    name = "desk/suggestions.html#found" if request.htmx else "desk/suggestions.html"
    return TemplateResponse(request, name, {"suggestions": shown, "ticket": ticket})


def _articles(request: Request, ticket: Ticket) -> list[tuple[Any, ...]]:
    """What others may read about the words of the subject; the link that the customer gets leads to the public page."""
    language = ticket.requester.language or get_language() or "en"
    hits = finding.similar(
        ticket.subject, "", request.user, language=language, kinds=("article", "problem", "topic"), at=request.now
    )
    rows = rows_of(hit for hit in hits)[:HELPFUL]
    return [
        (
            row.label,
            row.title,
            row.url,
            f"{row.title}\n{request.build_absolute_uri(row.url)}",
            row.code if row.kind == "problem" else "",
        )
        for row in rows
    ]


def _solved(request: Request, ticket: Ticket) -> list[tuple[Any, ...]]:
    """Solved tickets with the same words in their subject, which the reader may see; what was answered last goes into the answer."""
    base = reverse("desk:home")
    return [
        (_("Solved"), like.subject, f"{base}{like.code}/", without_greeting(answer)[:LONGEST], like.code)
        for like, answer in queries.solved_like(ticket, request.user, size=SHOWN)
    ]


def without_greeting(text: str) -> str:
    """The answer without "Hello Jana,": that was somebody else."""
    first, _line, rest = text.strip().partition("\n")
    is_greeting = len(first) < 60 and first.rstrip().endswith((",", "!"))
    return rest.strip() if is_greeting and rest.strip() else text.strip()
