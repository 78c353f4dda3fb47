"""Mail providers that bring mail and say what became of ours: where they call, with what password, and whether they do."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from podpora.base.decisions import Refused
from podpora.base.errors import InvalidInput
from podpora.base.reasons import message
from podpora.mail import actions, queries
from podpora.mail.models import Hook
from podpora.mail.values.hooks import HookFacts, mail_providers
from podpora.web.access import manager
from podpora.web.components.forms import show_problem
from podpora.web.request import Request


class HookForm(forms.Form):
    provider = forms.ChoiceField(label=gettext_lazy("Provider"))
    name = forms.CharField(label=gettext_lazy("Name"), max_length=100, required=False)
    key = forms.CharField(
        label=gettext_lazy("Key of the provider"), max_length=4000, required=False, strip=True,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip

    def __init__(self, *args: Any, found: Hook | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["provider"].choices = [(one.code, one.name) for one in mail_providers()]  # type: ignore[attr-defined]
        self.fields["key"].help_text = _key_help(found.provider if found else "")
        if found is not None:
            del self.fields["provider"]

    def facts(self, provider: str = "") -> HookFacts:
        clean = self.cleaned_data
        return HookFacts(provider or clean["provider"], clean["name"], clean["key"] or None)


def _key_help(provider: str) -> str:
    """What to enter, by provider; kept encrypted and never shown again."""
    what = {
        "mailgun": _("The HTTP webhook signing key."),
        "mandrill": _("The key of the webhook, which Mandrill shows when the webhook is there."),
        "sendgrid": _("The verification key of the signed event webhook; then Inbound Parse has to be signed too."),
        "amazon_ses": _("The name (ARN) of the topic in SNS. Without it nobody can subscribe."),
        "brevo": _("An API key: files of mails are fetched with it."),
        "": _(
            "Mailgun, Mandrill and SendGrid sign with one; for Amazon SES the ARN of the topic, for Brevo an API key. It can be entered later."
        ),
    }.get(provider, _("This provider has none: leave it empty."))
    return f"{what} {_('It is kept encrypted and never shown again. Empty: it stays as it is.')}"


@manager
@require_http_methods(["GET", "POST"])
def new_hook(request: Request) -> HttpResponse:
    form = HookForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            made, password = actions.create_hook(form.facts(), by=request.actor, at=request.now)
        except InvalidInput as problem:
            show_problem(form, problem)
        except Refused as refusal:
            form.add_error(None, message(refusal.decision))
        else:
            return _page(request, made, _form(made), password)
    crumbs = [(_("Mailboxes"), reverse("office:mailboxes")), (_("A new mail provider"), "")]
    context = {"form": form, "crumbs": crumbs}
    return TemplateResponse(request, "office/mail_hooks/new.html", context, status=422 if form.errors else 200)


@manager
@require_http_methods(["GET", "POST"])
def hook(request: Request, code: str) -> HttpResponse:
    found = queries.hook(code)
    if request.method != "POST":
        return _page(request, found, _form(found))
    form = _form(found, request.POST)
    if form.is_valid():
        try:
            actions.set_hook(found, form.facts(found.provider), by=request.actor, at=request.now)
        except InvalidInput as problem:
            show_problem(form, problem)
        else:
            messages.success(request, _("Saved."))
            return redirect("office:mail_hook", found.code)
    return _page(request, found, form)


@manager
@require_POST
def act(request: Request, code: str, what: str) -> HttpResponse:
    """Pause it, let it go on, give it a new password, remove it."""
    found, by, at = queries.hook(code), request.actor, request.now
    match what:
        case "password":
            password = actions.renew_password(found, instead_of=request.POST.get("seen", "")[:20], by=by, at=at)
            return _page(request, queries.hook(code), _form(found), password)
        case "pause" | "resume":
            actions.set_hook_active(found, what == "resume", by=by, at=at)
            messages.success(
                request,
                _("The provider may call again.") if what == "resume" else _("Paused: the provider is told to come again later."),
            )
        case "delete":
            actions.delete_hook(found, by=by, at=at)
            messages.success(request, _("The provider is removed."))
            return redirect("office:mailboxes")
    return redirect("office:mail_hook", code)


def _form(found: Hook, data: Any = None) -> HookForm:
    return HookForm(data, found=found, initial={"name": found.name})


def _page(request: Request, found: Hook, form: HookForm, password: str = "") -> HttpResponse:
    crumbs = [(_("Mailboxes"), reverse("office:mailboxes")), (str(found), "")]
    address = queries.hook_address(found, password)
    context = {"hook": found, "form": form, "crumbs": crumbs, "address": address, "password": password}
    return TemplateResponse(request, "office/mail_hooks/hook.html", context, status=422 if form.errors else 200)
