"""All that is known of me, in one file (A18): asked for, made beside, fetched here for a week."""

from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from podpora.base.errors import NotYours
from podpora.files import queries as files
from podpora.journeys.exporting import person as journey
from podpora.people import actions, queries
from podpora.people.values import ExportState
from podpora.web.access import signed_in
from podpora.web.portal.account.again import proven_again
from podpora.web.request import Request


@signed_in
@never_cache
@proven_again
def show(request: Request) -> HttpResponse:
    """Ask for it, see how far it is, fetch it. Whoever sits at an open session must show that he is the person."""
    if request.method == "POST":
        journey.ask(request.user, by=request.actor, at=request.now)
        return redirect("account:data")
    return TemplateResponse(request, "portal/account/data.html", _facts(request))


@signed_in
@never_cache
@require_safe
def progress(request: Request) -> HttpResponse:
    """How far it is, for the page that waits; nothing of the data."""
    return TemplateResponse(request, "portal/account/data.html#progress", _facts(request))


def _facts(request: Request) -> dict[str, Any]:
    export = queries.exports_of(request.user).first()
    return {"export": export, "is_making": export is not None and export.state == ExportState.MAKING}


@signed_in
@never_cache
@proven_again
@require_safe
def fetch(request: Request, code: str) -> HttpResponseBase:
    """The file, for nobody but its person, until its end."""
    export = queries.export_visible_to(request.user, code)
    if export.file is None or export.expires_at is None or request.now >= export.expires_at:
        raise NotYours
    actions.note_fetched(export, by=request.actor, at=request.now)
    return files.response_for(export.file)
