"""Access marks: every address says who may enter. A view without exactly one mark fails the build.

    @public                       anybody
    @signed_in                    anybody with an account (what he sees is limited by queries)
    @technician("tickets")        the vendor's staff with that permission
    @manager                      the vendor's manager
    @device                       the vendor's program, by its own credential

Not your door is 404 for a signed-in stranger (he learns nothing), the login page for a visitor.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect

from podpora.base.errors import NotYours
from podpora.people import permissions, queries

UNSTAFFED = {"public", "device", "signed_in"}

View = Callable[..., HttpResponseBase]


def _mark(view: View, access: str, may_enter: Callable[[HttpRequest], bool] | None) -> View:
    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if may_enter is not None:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            if not may_enter(request):
                raise Http404
            if access not in UNSTAFFED and settings.STAFF_NEED_SECOND_FACTOR and not _has_second_factor(request):
                return redirect("account:security")
        try:
            return view(request, *args, **kwargs)
        except NotYours:
            raise Http404 from None

    wrapped.access = access  # type: ignore[attr-defined]
    return wrapped


def _has_second_factor(request: HttpRequest) -> bool:
    """Has this member of staff a passkey or an authenticator app? Without one he is led to enrolment."""
    return queries.has_second_factor(request.user)  # type: ignore[arg-type]


def public(view: View) -> View:
    return _mark(view, "public", None)


def device(view: View) -> View:
    return _mark(view, "device", None)


def signed_in(view: View) -> View:
    return _mark(view, "signed_in", lambda request: True)


def technician(permission: str) -> Callable[[View], View]:
    def mark(view: View) -> View:
        return _mark(view, f"technician({permission})", lambda request: permissions.staff_may(request.user, permission))

    return mark


def manager(view: View) -> View:
    return _mark(view, "manager", lambda request: permissions.is_manager(request.user))
