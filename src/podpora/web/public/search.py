"""The search over everything, and what is shown while somebody types."""

import re
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from podpora.base.addresses import address_of, neighbourhood
from podpora.base.counting import count
from podpora.base.decisions import Reason
from podpora.base.folding import folded
from podpora.base.reasons import sentence
from podpora.journeys import finding
from podpora.knowledge import queries as articles
from podpora.search.queries import PAGE
from podpora.search.rules.asking import LENGTH, PLACES
from podpora.search.values import Found
from podpora.web.access import public
from podpora.web.components.results import KINDS, rows_of
from podpora.web.public.pages import OFTEN
from podpora.web.request import Request

MOST_PAGES = 25
# FO-28: how often somebody may ask.
BY_ADDRESS, BY_PERSON, TYPING = (15, 60), (2, 1), (90, 60)


@public
@require_safe
def search(request: Request) -> HttpResponse:
    """Everything that fits, the best first; by kinds; with what was not understood, and ways on where nothing fits."""
    words = _words(request)
    if words and _is_too_often(request):
        answer = TemplateResponse(request, "public/search_busy.html", {"words": words}, status=429)
        answer.headers["Retry-After"] = "60"
        return answer
    place = request.GET.get("in", "")
    kinds = (PLACES[place],) if place in PLACES else ()
    page = _page(request)
    facts: dict[str, Any] = {"words": words, "place": place if kinds else "", "page": page}
    if words:
        language = _language()
        result = finding.find(
            words, request.user, language=language, kinds=kinds, page=page, zone=timezone.get_current_timezone(), at=request.now
        )
        if not kinds and page == 1:
            finding.note_miss(result, words, language=language, at=request.now)
        facts |= _shown(request, result, words, kinds, page)
    if facts.get("is_nothing"):
        facts["often"] = articles.named(OFTEN, _language())[:4]
    return TemplateResponse(request, "public/search.html", facts)


def _shown(request: Request, result: finding.Everything, words: str, kinds: tuple[str, ...], page: int) -> dict[str, Any]:
    found = result.found
    counts = dict(found.counts)
    total = sum(counts.values())
    tabs = [(_("Everything"), f"?{urlencode({'q': words})}", _said(total, found.is_more), not kinds)]
    for kind, (_label, label, _icon, place) in KINDS.items():
        if kind in counts or kind in kinds:
            tabs.append((label, f"?{urlencode({'q': words, 'in': place})}", _said(counts.get(kind, 0), False), kind in kinds))
    last = min(MOST_PAGES, (found.total + PAGE - 1) // PAGE)
    meant = result.meant(words)
    address = "desk:ticket" if getattr(request.user, "staff_role", "") else "centre:ticket"
    return {
        "meant": meant, "is_mended": found.is_mended, "literal": urlencode({"q": _literally(words, found)}), "meant_url": urlencode({"q": meant}),
        "rows": rows_of(found.hits), "tickets": [(ticket, reverse(address, args=[ticket.code])) for ticket in result.tickets],
        "tabs": tabs if len(tabs) > 2 or kinds else [], "is_loose": found.is_loose, "is_nothing": result.is_nothing, "total": found.total,
        "is_more": found.is_more, "problems": [sentence(Reason(each.code, dict(each.facts))) for each in result.asked.problems],
        "previous": page - 1 if page > 1 else None, "next": page + 1 if page < last else None,
    }  # fmt: skip


def _literally(words: str, found: Found) -> str:
    """The same search with what seemed misspelt in quotation marks: as it was typed, and nothing else."""
    doubted = {word for word, _meant in found.mended}
    return " ".join(
        f'"{part}"' if '"' not in part and doubted & {folded(one) for one in re.findall(r"\w+", part)} else part
        for part in words.split()
    )


def _said(number: int, is_more: bool) -> str:
    return f"{number}+" if is_more else str(number)


@public
@require_safe
def suggest(request: Request) -> HttpResponse:
    """The first few, under the field in which somebody types. Without JavaScript nobody asks."""
    words = _words(request)
    if _is_over("typing", _who(request), TYPING):
        return HttpResponse(status=429, headers={"Retry-After": "30"})
    zone = timezone.get_current_timezone()
    result = finding.suggested(words, request.user, language=_language(), zone=zone, at=request.now)
    facts = {"rows": rows_of(result.found.hits), "words": words, "meant": result.meant(words)}
    return TemplateResponse(request, "public/suggestions.html", facts)


@public
@require_safe
def similar(request: Request) -> HttpResponse:
    """What is like a subject that is being written (`subject`, `text`): before a question is sent, the answer may be here."""
    title = " ".join(request.GET.get("subject", request.GET.get("title", "")).replace("\x00", "").split())[:200]
    if _is_over("typing", _who(request), TYPING):
        return HttpResponse(status=429, headers={"Retry-After": "30"})
    hits = finding.similar(title, request.GET.get("text", "")[:1000], request.user, language=_language(), at=request.now)
    return TemplateResponse(request, "public/similar.html", {"rows": rows_of(hits)})


def _words(request: Request) -> str:
    return " ".join(request.GET.get("q", "").replace("\x00", "").split())[:LENGTH]


def _page(request: Request) -> int:
    text = request.GET.get("page", "")
    return min(max(int(text), 1), MOST_PAGES) if text.isascii() and text.isdigit() and len(text) < 4 else 1


def _language() -> str:
    return (get_language() or settings.LANGUAGE_CODE)[:2]


def _who(request: Request) -> str:
    if request.user.is_authenticated:
        return f"person:{request.user.pk}"
    return f"address:{neighbourhood(address_of(request))}"


def _is_too_often(request: Request) -> bool:
    return _is_over("search", _who(request), BY_PERSON if request.user.is_authenticated else BY_ADDRESS)


def _is_over(what: str, who: str, limit: tuple[int, int]) -> bool:
    most, seconds = limit
    return count(f"{what}:{who}", seconds=seconds) > most
