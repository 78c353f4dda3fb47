"""The page behind an invitation's link."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from podpora.base.decisions import Refused
from podpora.people import actions, queries
from podpora.people.values import ROLE_MEANINGS, ROLE_NAMES, Role
from podpora.web.access import public
from podpora.web.request import Request


@public
@never_cache
def show(request: Request, token: str) -> HttpResponse:
    """Who invites whom, where and as what. A link that is used, old, taken back or invented: the same 404 (A03)."""
    invitation = queries.usable_invitation(token, at=request.now)
    decision = None
    if request.method == "POST" and request.user.is_authenticated:
        try:
            membership = actions.accept_invitation(token, by=request.actor, at=request.now)
        except Refused as refusal:
            decision = refusal.decision
        else:
            messages.success(request, _("You belong to {company} now.").format(company=membership.customer))
            return redirect("account:company", membership.customer.code)
    role = Role(invitation.role)
    context = {"invitation": invitation, "role": ROLE_NAMES[role], "meaning": ROLE_MEANINGS[role], "decision": decision}
    response = TemplateResponse(request, "portal/account/invitation.html", context, status=409 if decision else 200)
    response["Referrer-Policy"] = "no-referrer"  # the address is a key
    return response
