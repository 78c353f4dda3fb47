"""What may help with the answer: solved tickets like this one, articles, known problems. Asked for after the page is there."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from podpora.desk import queries
from podpora.desk.models import Ticket
from podpora.web.access import technician
from podpora.web.public import articles
from podpora.web.request import Request

SHOWN = 4
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
    """Articles about the words of the subject; the link that the customer gets leads to the public page."""
    found = []
    for article in articles.found(ticket.subject)[:2] if len(ticket.subject) > 2 else ():
        url = reverse("public:article", args=[article.slug])
        found.append((_("Article"), article.title, url, f"{article.title}\n{request.build_absolute_uri(url)}", ""))
    return found if len(found) < len(articles.ARTICLES) else []


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
