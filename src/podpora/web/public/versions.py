"""Supported versions, for everybody: which is current, until when each is supported, what is new; as a page, a calendar and JSON."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.http import HttpResponse, JsonResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from podpora.base.clock import vendor_date
from podpora.base.errors import NotYours
from podpora.catalog import queries, rules
from podpora.catalog.models import Product, Release, Version
from podpora.catalog.values import CHANNEL_LABELS, VERSION_STATE_NAMES, ReleaseChannel, VersionFacts, VersionState
from podpora.web.access import public
from podpora.web.caching import shared
from podpora.web.calendars import Event, feed
from podpora.web.components import lifelines
from podpora.web.meta import of_words
from podpora.web.request import Request


@dataclass(frozen=True, slots=True)
class Shown:
    """A version as the page shows it."""

    version: Version
    facts: VersionFacts
    state: VersionState
    name: Any
    releases: Sequence[Release]

    @property
    def badge(self) -> str:
        kinds = {VersionState.CURRENT: "good", VersionState.ENDED: "warn", VersionState.SECURITY: "accent"}
        return kinds.get(self.state, "")


def versions_of(product: Product, today: date) -> list[Shown]:
    """Every major with its life and its releases that are out (two queries)."""
    rows = list(queries.versions(product))
    facts = [row.facts() for row in rows]
    states = [rules.version_state(fact, facts, today) for fact in facts]
    return [
        Shown(
            row,
            fact,
            state,
            VERSION_STATE_NAMES[state],
            [r for r in row.releases.all() if not r.withdrawn_at and r.released_on <= today],
        )
        for row, fact, state in zip(rows, facts, states, strict=True)
    ]


def _product() -> Product | None:
    try:
        return queries.product()
    except NotYours:
        return None


@shared
@public
@require_safe
def versions(request: Request) -> HttpResponse:
    product = _product()
    if product is None:
        return TemplateResponse(request, "public/versions.html", {"versions": []})
    today = vendor_date(request.now, settings.VENDOR_ZONE)
    shown = versions_of(product, today)
    meta = of_words(
        request, _("Supported versions"), _("Which version is current, until when each one is supported, and what is new.")
    )
    facts = {"meta": meta, "product": product, "versions": shown, "lives": lifelines.draw([each.facts for each in shown], today)}
    return TemplateResponse(request, "public/versions.html", facts | {"channels": CHANNEL_LABELS, "stable": ReleaseChannel.STABLE})


@shared
@public
@require_safe
def calendar(request: Request) -> HttpResponse:
    """The same dates for a calendar."""
    product = _product()
    name = _("Supported versions of {product}").format(product=product) if product else _("Supported versions")
    events = _events(product) if product else ()
    return feed(name, events)


def _events(product: Product) -> Iterator[Event]:
    page = f"{settings.SITE_URL}{reverse('public:versions')}"
    for row in queries.version_rows(product):
        facts, url, uid = row.facts(), f"{page}#v{row.major}", f"{product.code}-{row.major}"
        name = row.name or f"{product} {row.major}"
        if facts.released_on:
            yield Event(f"{uid}-released", facts.released_on, _("{version} is released").format(version=name), url=url)
        if facts.support_ends_on:
            yield Event(
                f"{uid}-support", facts.support_ends_on, _("Last day of support for {version}").format(version=name), url=url
            )
        if facts.security_ends_on:
            title = _("Last day of security fixes for {version}").format(version=name)
            yield Event(f"{uid}-security", facts.security_ends_on, title, url=url)
        if facts.end_of_life_on:
            yield Event(f"{uid}-end", facts.end_of_life_on, _("End of life of {version}").format(version=name), url=url)


@shared
@public
@require_safe
def data(request: Request) -> HttpResponse:
    """The same table for programs and scripts; `GET /api/v1/versions` says more."""
    product = _product()
    today = vendor_date(request.now, settings.VENDOR_ZONE)
    items = [
        {
            "major": each.facts.major, "name": each.version.name, "state": each.state.value, "released_on": each.facts.released_on,
            "support_ends_on": each.facts.support_ends_on, "security_ends_on": each.facts.fixes_end_on,
            "end_of_life_on": each.facts.ends_on, "replaced_by": each.facts.replaced_by,
        } for each in (versions_of(product, today) if product else [])
    ]  # fmt: skip
    return JsonResponse(
        {"product": product.code if product else None, "versions": items}, json_dumps_params={"ensure_ascii": False}
    )
