"""Where I am signed in, and signing out there."""

from dataclasses import dataclass
from datetime import datetime

from allauth.usersessions.internal.flows.sessions import end_other_sessions, end_sessions
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from podpora.people import actions, queries
from podpora.web.access import signed_in
from podpora.web.request import Request

# The first that the browser's name contains, from the special to the general.
BROWSERS = {"Edg/": "Edge", "OPR/": "Opera", "Firefox/": "Firefox", "Chrome/": "Chrome", "Safari/": "Safari", "curl/": "curl"}
SYSTEMS = {"Android": "Android", "iPhone": "iOS", "iPad": "iPadOS", "Windows": "Windows", "Mac OS X": "macOS", "Linux": "Linux"}


@dataclass(frozen=True, slots=True)
class SessionRow:
    number: int
    name: str
    is_phone: bool
    address: str
    began_at: datetime
    seen_at: datetime
    is_this: bool


def device_name(user_agent: str) -> str:
    """`Firefox, Windows` from what the browser says about itself; empty when it says nothing we know."""
    known = [next((name for sign, name in table.items() if sign in user_agent), "") for table in (BROWSERS, SYSTEMS)]
    return ", ".join(part for part in known if part)


@signed_in
@never_cache
@require_safe
def show(request: Request) -> HttpResponse:
    found = queries.sessions_of(request.user)
    rows = [
        SessionRow(
            number=session.pk,
            name=device_name(session.user_agent) or _("Unknown program"),
            is_phone=any(sign in session.user_agent for sign in ("Android", "iPhone", "Mobile")),
            address=session.ip,
            began_at=session.created_at,
            seen_at=session.last_seen_at,
            is_this=session.session_key == request.session.session_key,
        )
        for session in found
        if session.exists()
    ]
    return TemplateResponse(request, "portal/account/sessions.html", {"rows": sorted(rows, key=lambda row: not row.is_this)})


@signed_in
@require_POST
def end(request: Request, number: int) -> HttpResponse:
    """Sign out there. Another person's session is not there (404)."""
    session = queries.session_of(request.user, number)
    actions.note(request.user, "person.session_ended", at=request.now)
    end_sessions(request, [session])
    messages.success(request, _("That session is ended."))
    return redirect("account:sessions")


@signed_in
@require_POST
def end_others(request: Request) -> HttpResponse:
    actions.note(request.user, "person.sessions_ended", at=request.now)
    end_other_sessions(request, request.user)
    messages.success(request, _("You are signed out everywhere else."))
    return redirect("account:sessions")
