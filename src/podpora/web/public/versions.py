"""Versions for everybody: what is current, until when each is supported, what is new."""

from django.conf import settings
from django.http import HttpResponse
from django.template.response import TemplateResponse

from podpora.base.clock import vendor_date
from podpora.base.errors import NotYours
from podpora.catalog import queries, rules
from podpora.catalog.values import VERSION_STATE_NAMES
from podpora.web.access import public
from podpora.web.caching import shared
from podpora.web.request import Request


@shared
@public
def versions(request: Request) -> HttpResponse:
    try:
        product = queries.product()
    except NotYours:
        return TemplateResponse(request, "public/versions.html", {"versions": []})
    rows = list(queries.versions(product))
    facts, today = [row.facts() for row in rows], vendor_date(request.now, settings.VENDOR_ZONE)
    states = [rules.version_state(fact, facts, today) for fact in facts]
    shown = [(row, state, VERSION_STATE_NAMES[state]) for row, state in zip(rows, states, strict=True)]
    return TemplateResponse(request, "public/versions.html", {"product": product, "versions": shown})
