"""The FAQ: the shelves, an article, what readers say of it, a feed. Read without a session by everybody, kept by caches."""

import re
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from podpora.base.addresses import address_of, neighbourhood
from podpora.base.counting import count
from podpora.catalog import queries as catalog
from podpora.files import queries as files
from podpora.knowledge import actions, queries
from podpora.knowledge.permissions import may_read_internal, may_write
from podpora.knowledge.values import LANGUAGE_NAMES, LANGUAGES, LONGEST_MISSING, Shown
from podpora.web.access import public
from podpora.web.caching import shared
from podpora.web.feeds import Item, atom
from podpora.web.meta import of_words
from podpora.web.origin import same_origin
from podpora.web.public.marks import reader_mark
from podpora.web.request import Request
from podpora.web.structure import article_data, breadcrumb_data, faq_data

OPINIONS_AN_HOUR = 30  # from one address
GUIDES = "guides"
_PICTURE = re.compile(r'<img [^>]*?src="(/[^"]+)"')


def language_of(request: Request) -> str:
    """The reader's language; an address may name another (`?language=en`), so that each language has an address of its own."""
    named = request.GET.get("language", "")
    return named if named in LANGUAGES else (get_language() or settings.LANGUAGE_CODE)[:2]


@shared
@public
@require_safe
def faq(request: Request) -> HttpResponse:
    """The shelves with their articles; narrowed to a shelf, or to a version of the program. Words are looked for by the search."""
    words = request.GET.get("q", "")
    if words.strip():
        return redirect(f"{reverse('public:search')}?{request.GET.urlencode()}&in=faq")
    major = request.GET.get("version", "")
    wanted = int(major) if major.isascii() and major.isdigit() and len(major) < 5 else None
    category = request.GET.get("category", "")[:40]
    found = queries.listed(language_of(request), category=category, major=wanted, internal=may_read_internal(request.user))
    shelves: dict[str, tuple[str, list[Shown]]] = {}
    for each in found:
        shelves.setdefault(each.category, (each.category_name or _("Other"), []))[1].append(each)
    facts = {
        "shelves": shelves, "category": category, "major": wanted, "majors": _majors(), "may_write": may_write(request.user),
        "data": faq_data(found) if not category else "", "feed": reverse("public:faq_feed"),
        "meta": of_words(request, _("Frequently asked questions"), _("Short answers to what is asked most, and guides, step by step.")),
    }  # fmt: skip
    return TemplateResponse(request, "public/faq/list.html", facts)


def _majors() -> list[int]:
    return sorted({version.major for product in catalog.products() for version in catalog.versions(product)}, reverse=True)[:6]


@shared
@public
@require_safe
def article(request: Request, slug: str) -> HttpResponse:
    """One article, whole, with its contents, what is related, and a question whether it helped."""
    inside = may_read_internal(request.user)
    found = queries.read(slug, language_of(request), internal=inside)
    picture = _PICTURE.search(found.html)
    meta = of_words(
        request, found.title, found.summary, kind="article", languages=found.languages, picture=picture[1] if picture else ""
    )
    crumbs = [(_("FAQ"), reverse("public:faq"))]
    if found.category:
        crumbs.append((found.category_name, f"{reverse('public:faq')}?category={found.category}"))
    facts: dict[str, Any] = {
        "article": found, "crumbs": [*crumbs, (found.title, "")], "related": queries.related_to(found, internal=inside),
        "contents": found.headings if len(found.headings) > 2 else (), "language_name": LANGUAGE_NAMES[found.language],
        "may_write": may_write(request.user), "meta": meta,
        "data": article_data(found, meta.canonical, meta.image), "crumb_data": breadcrumb_data(crumbs), "robots": found.is_internal,
        "sources": sources_of(found.sources),
    }  # fmt: skip
    return TemplateResponse(request, "public/faq/article.html", facts)


def sources_of(codes: tuple[str, ...]) -> list[tuple[str, str]]:
    """Topics that an article was made of, with where they are; tickets are nobody else's business."""
    return [(code.partition(":")[2], f"/forum/topics/{code.partition(chr(58))[2]}/") for code in codes if code.startswith("topic:")]


@same_origin
@public
@require_POST
def opinion(request: Request, slug: str) -> HttpResponse:
    """Did it help? Any reader may say so, once; a reader without a session is known by a mark that says nothing of him."""
    found = queries.read(
        slug, request.POST.get("language", "")[:2] or language_of(request), internal=may_read_internal(request.user)
    )
    is_too_much = count(f"opinion:{neighbourhood(address_of(request))}", seconds=3600) > OPINIONS_AN_HOUR
    helped = request.POST.get("helped", "")
    if helped in ("yes", "no") and not is_too_much:
        actions.answer(
            queries.article(slug), found.language, helped == "yes", missing=request.POST.get("missing", "")[:LONGEST_MISSING],
            reader=reader_mark(request), at=request.now,
        )  # fmt: skip
    facts = {"article": found, "helped": helped, "said": request.POST.get("missing", "").strip()}
    if request.htmx:
        return TemplateResponse(request, "public/faq/thanks.html", facts)
    if request.user.is_authenticated:
        messages.success(request, _("Thank you. It helps us to write better answers."))
        return redirect("public:article", slug)
    return TemplateResponse(request, "public/faq/thanked.html", facts)


@public
@require_safe
def picture(request: Request, code: str) -> HttpResponse:
    """A picture of an article, kept by everybody for a year: its address never means another one."""
    response = files.response_for(queries.picture(code), inline=True)
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return response  # type: ignore[return-value]


@shared
@public
@require_safe
def feed(request: Request) -> HttpResponse:
    """What was written or changed last, as Atom."""
    language = language_of(request)
    items = [
        Item(each.title, f"{settings.SITE_URL}{reverse('public:article', args=[each.slug])}", each.summary, each.changed_at or request.now)
        for each in queries.changed_since(language)
    ]  # fmt: skip
    return atom(_("FAQ and guides"), reverse("public:faq_feed"), items, language=language, at=request.now)
