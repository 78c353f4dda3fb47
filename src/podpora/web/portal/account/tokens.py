"""My API tokens: made here, shown once, revoked here."""

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from podpora.base.errors import InvalidInput
from podpora.people import actions, queries
from podpora.web.access import signed_in
from podpora.web.components.forms import show_problem
from podpora.web.portal.account.forms import TokenForm
from podpora.web.request import Request


@signed_in
@never_cache
def show(request: Request) -> HttpResponse:
    """A token of mine may do and see exactly what I may, or less."""
    form = TokenForm(request.POST or None)
    secret = ""
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        try:
            secret = actions.create_token(typed["name"], typed["scopes"], request.user, by=request.actor, at=request.now)
        except InvalidInput as problem:
            show_problem(form, problem)
        else:
            form = TokenForm()
    context = {"form": form, "secret": secret, "tokens": queries.tokens_of(request.user)}
    return TemplateResponse(request, "portal/account/tokens.html", context)


@signed_in
@require_POST
def revoke(request: Request, code: str) -> HttpResponse:
    token = queries.tokens_of(request.user).filter(code=code).first()
    if token is None:
        raise Http404
    actions.revoke_token(token, by=request.actor, at=request.now)
    return redirect("account:tokens")
