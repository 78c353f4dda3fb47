"""One search over everything, and what is like a question that is being written."""

from typing import Annotated, Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import get_language
from ninja import Router
from pydantic import StringConstraints

from podpora.api import limits
from podpora.api.access import anybody, caller_of, token, vendor
from podpora.api.envelope import answer
from podpora.api.v1.schemas import Strict
from podpora.base.addresses import address_of, neighbourhood
from podpora.base.clock import format_instant
from podpora.base.decisions import Reason
from podpora.base.errors import InvalidInput, NotYours
from podpora.base.reasons import sentence
from podpora.desk.models import Ticket
from podpora.journeys import finding
from podpora.search import actions, queries
from podpora.search.models import Alike
from podpora.search.rules.asking import LENGTH, PLACES
from podpora.search.values import Hit

router = Router(tags=["search"])
writers = vendor("knowledge", "knowledge")
BIGGEST = 2**31
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
        "meant": result.meant(words) or None, "mended": result.found.is_mended,
        "problems": [sentence(Reason(each.code, dict(each.facts))) for each in result.asked.problems],
    })  # fmt: skip


@router.get("search/similar", auth=[token("search"), anybody])
def similar(request: HttpRequest, title: str = "", text: str = "") -> HttpResponse:
    """`{items}`: at most five things that may answer a question with this title (from ten characters on) and the beginning of its text."""
    hits = finding.similar(title[:200], text[:1000], _asking(request), language=_language(), at=request.now)  # type: ignore[attr-defined]
    return answer({"items": [_item(hit) for hit in hits]})


class AlikeIn(Strict):
    """Words that mean the same, with commas between them."""

    words: Annotated[str, StringConstraints(max_length=500, strip_whitespace=True)]


@router.get("search/synonyms", auth=writers)
def synonyms(request: HttpRequest) -> HttpResponse:
    """Every group of words that mean the same."""
    return answer({"items": [_group(row) for row in queries.alike_rows()], "next": None})


@router.post("search/synonyms", auth=writers, response={201: Any})
def create_synonyms(request: HttpRequest, body: AlikeIn) -> HttpResponse:
    """A new group: 201; the one that is there already comes back."""
    return answer(_group(actions.set_alike(None, body.words, by=caller_of(request).actor, at=request.now)), 201)  # type: ignore[attr-defined]


@router.put("search/synonyms/{number}", auth=writers)
def change_synonyms(request: HttpRequest, number: int, body: AlikeIn) -> HttpResponse:
    """Another text for a group."""
    row = _alike(number)
    return answer(_group(actions.set_alike(row, body.words, by=caller_of(request).actor, at=request.now)))  # type: ignore[attr-defined]


@router.api_operation(["DELETE"], "search/synonyms/{number}", auth=writers, response={204: None})
def remove_synonyms(request: HttpRequest, number: int) -> HttpResponse:
    """These words mean different things: 204."""
    actions.remove_alike(_alike(number), by=caller_of(request).actor, at=request.now)  # type: ignore[attr-defined]
    return answer(None, 204)


@router.get("search/misses", auth=writers)
def misses(request: HttpRequest) -> HttpResponse:
    """What people looked for in vain, the most often first, without who they were."""
    rows = queries.misses()
    items = [
        {"number": row.pk, "words": row.words, "language": row.language, "times": row.times, "last_at": format_instant(row.last_at)}
        for row in rows
    ]
    return answer({"items": items, "next": None})


@router.api_operation(["DELETE"], "search/misses/{number}", auth=writers, response={204: None})
def put_away(request: HttpRequest, number: int) -> HttpResponse:
    """There is an answer now, or there never will be: 204."""
    if not 0 < number < BIGGEST or not actions.dismiss_miss(number, at=request.now):  # type: ignore[attr-defined]
        raise NotYours
    return answer(None, 204)


def _alike(number: int) -> Alike:
    row = queries.alike_row(number) if 0 < number < BIGGEST else None
    if row is None:
        raise NotYours
    return row


def _group(row: Alike) -> dict[str, Any]:
    return {"number": row.pk, "words": row.words.split(", "), "changed_at": format_instant(row.changed_at)}


def _asking(request: HttpRequest) -> Any:
    """Who asks; counted."""
    at = request.now  # type: ignore[attr-defined]
    if request.auth is True:  # type: ignore[attr-defined]
        limits.take(f"search:{neighbourhood(address_of(request))}", at=at, most=A_MINUTE)
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
