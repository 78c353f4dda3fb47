"""Who I am here, and how I sign in."""

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from podpora.base.errors import InvalidInput
from podpora.people import actions, queries
from podpora.web.access import signed_in
from podpora.web.components.forms import show_problem
from podpora.web.portal.account.forms import ProfileForm
from podpora.web.request import Request


@signed_in
@never_cache
def edit(request: Request) -> HttpResponse:
    """Name, language, time zone and colours; they apply with the answer."""
    person = request.user
    fields = ("name", "language", "time_zone", "theme")
    form = ProfileForm(request.POST or None, initial={field: getattr(person, field) for field in fields})
    if request.method == "POST" and form.is_valid():
        try:
            changed = actions.update_profile(person, **form.cleaned_data, by=request.actor, at=request.now)
        except InvalidInput as problem:
            show_problem(form, problem)
        else:
            with translation.override(changed.language or translation.get_language()):
                messages.success(request, _("Your settings are saved."))
            response = redirect("account:profile")
            response.delete_cookie("theme")  # the choice made before signing in no longer counts
            return response
    return TemplateResponse(request, "portal/account/profile.html", {"form": form})


@signed_in
@never_cache
@require_safe
def security(request: Request) -> HttpResponse:
    """Password, address, second factors: what there is, and the way to change it."""
    factors = list(queries.factors_of(request.user))
    return TemplateResponse(
        request,
        "portal/account/security.html",
        {
            "app": next((factor for factor in factors if factor.type == Authenticator.Type.TOTP), None),
            "passkeys": [factor for factor in factors if factor.type == Authenticator.Type.WEBAUTHN],
            "has_codes": any(factor.type == Authenticator.Type.RECOVERY_CODES for factor in factors),
            "needs_factor": request.user.is_staff and not factors,
            "is_required": settings.STAFF_NEED_SECOND_FACTOR,
        },
    )
