"""The language and the theme: kept with the account, else in a cookie of the visitor."""

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from podpora.people.actions import update_profile
from podpora.web.access import public
from podpora.web.context import THEMES
from podpora.web.origin import safe_next, same_origin
from podpora.web.request import Request

YEAR = 365 * 24 * 3600


@require_POST
@same_origin
@public
def language(request: Request) -> HttpResponse:
    """Switch the language and stay where one is."""
    chosen = request.POST.get("language", "")
    response = HttpResponseRedirect(safe_next(request, reverse("public:home")))
    if chosen in dict(settings.LANGUAGES):
        _remember(request, response, settings.LANGUAGE_COOKIE_NAME, chosen, language=chosen)
    return response


@require_POST
@same_origin
@public
def theme(request: Request) -> HttpResponse:
    """Light, dark, or (empty) what the system wishes."""
    chosen = request.POST.get("theme", "")
    response = HttpResponseRedirect(safe_next(request, reverse("public:home")))
    if chosen in ("", *THEMES):
        _remember(request, response, "theme", chosen, theme=chosen)
    return response


def _remember(request: Request, response: HttpResponse, cookie: str, value: str, **profile: str) -> None:
    if request.user.is_authenticated:
        update_profile(request.user, by=request.actor, at=request.now, **profile)
    if value:
        response.set_cookie(cookie, value, max_age=YEAR, samesite="Lax", secure=settings.SITE_HTTPS, httponly=True)
    else:
        response.delete_cookie(cookie, samesite="Lax")
