"""One search over everything, and what is like a question that is being written."""

from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import get_language
from ninja import Router

from podpora.api import limits
from podpora.api.access import anybody, caller_of, token
from podpora.api.envelope import answer
from podpora.base.addresses import neighbourhood
from podpora.base.clock import format_instant
from podpora.base.decisions import Reason
from podpora.base.errors import InvalidInput
from podpora.base.reasons import sentence
from podpora.desk.models import Ticket
from podpora.journeys import finding
from podpora.search.rules.asking import LENGTH, PLACES
from podpora.search.values import Hit

router = Router(tags=["search"])
A_MINUTE, A_MINUTE_WITH_TOKEN = 15, 120
MOST_PAGES = 50


@router.get("search", auth=[token("search"), anybody])
def search(request: HttpRequest, q: str = "", page: str = "") -> HttpResponse:
    """What fits, the best first, 20 a page. `in=` narrows to some of tickets, forum, faq, problems, releases.

    Without a token what is public; with one what its person may see. Operators stand in `q` as on the page.
    """
    person = _asking(request)
    places = [place for place in request.GET.get("in", "").split(",") if place]
    if unknown := [place for place in places if place not in PLACES]:
        raise InvalidInput({"in": ["unknown"]}, {"in": {"choices": list(PLACES), "fields": unknown}})
    if page and not (page.isascii() and page.isdigit() and 1 <= int(page[:6]) <= MOST_PAGES):
        raise InvalidInput({"page": ["out_of_range"]}, {"page": {"least": 1, "most": MOST_PAGES}})
    words = " ".join(q.replace("\x00", "").split())[:LENGTH]
    kinds = tuple(PLACES[place] for place in places)
    result = finding.find(
        words,
        person,
        language=_language(),
        kinds=kinds,
        page=int(page or 1),
        zone=timezone.get_current_timezone(),
        at=request.now,  # type: ignore[attr-defined]
    )
    tickets = [_ticket(ticket) for ticket in result.tickets]
    return answer({
        "items": [*tickets, *(_item(hit) for hit in result.found.hits)], "total": result.found.total + len(tickets), "more": result.found.is_more,
        "loose": result.found.is_loose, "counts": dict(result.found.counts),
        "problems": [sentence(Reason(each.code, dict(each.facts))) for each in result.asked.problems],
    })  # fmt: skip


@router.get("search/similar", auth=[token("search"), anybody])
def similar(request: HttpRequest, title: str = "", text: str = "") -> HttpResponse:
    """`{items}`: at most five things that may answer a question with this title (from ten characters on) and the beginning of its text."""
    hits = finding.similar(title[:200], text[:1000], _asking(request), language=_language(), at=request.now)  # type: ignore[attr-defined]
    return answer({"items": [_item(hit) for hit in hits]})


def _asking(request: HttpRequest) -> Any:
    """Who asks; counted."""
    at = request.now  # type: ignore[attr-defined]
    if request.auth is True:  # type: ignore[attr-defined]
        limits.take(f"search:{neighbourhood(request.META.get('REMOTE_ADDR', ''))}", at=at, most=A_MINUTE)
        return AnonymousUser()
    caller = caller_of(request)
    limits.take(f"search:{caller.token.pk}", at=at, most=A_MINUTE_WITH_TOKEN)
    return caller.person


def _language() -> str:
    return (get_language() or "en")[:2]


def _ticket(ticket: Ticket) -> dict[str, Any]:
    return {
        "kind": "ticket", "code": ticket.code, "title": ticket.subject, "url": f"{settings.SITE_URL}/centre/{ticket.code}/", "snippet": "",
        "solved": ticket.state in ("solved", "closed"), "language": None, "at": format_instant(ticket.opened_at), "score": 0.0,
    }  # fmt: skip


def _item(hit: Hit) -> dict[str, Any]:
    path = finding.address_of(hit)
    return {
        "kind": hit.kind, "code": hit.code, "title": hit.heading, "url": f"{settings.SITE_URL}{path}" if path else None,
        "snippet": "".join(text for text, _is_word in hit.pieces), "solved": hit.is_solved, "language": hit.language or None,
        "at": format_instant(hit.made_at), "score": hit.score,
    }  # fmt: skip
