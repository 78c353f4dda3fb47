"""Every live API token of the installation: whose it is, what it may do, when it was last used."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from podpora.base.errors import NotYours
from podpora.people import actions, queries
from podpora.people.values import ALL_SCOPES, SCOPE_NAMES
from podpora.web.access import manager
from podpora.web.request import Request


@manager
@require_safe
def tokens(request: Request) -> HttpResponse:
    names = SCOPE_NAMES | {ALL_SCOPES: _("everything")}
    rows = [(token, ", ".join(str(names.get(scope, scope)) for scope in token.scopes)) for token in queries.live_tokens()]
    return TemplateResponse(request, "office/tokens.html", {"rows": rows})


@manager
@require_POST
def revoke(request: Request, code: str) -> HttpResponse:
    """The token stops working at once, whoever made it."""
    token = next((token for token in queries.live_tokens() if token.code == code), None)
    if token is None:
        raise NotYours
    actions.revoke_token(token, by=request.actor, at=request.now)
    messages.success(request, _("The token {name} is revoked: it no longer works.").format(name=token.name))
    return redirect("office:tokens")
