"""Webhooks for the vendor's manager: which systems are told what, and what came of it."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from podpora.audit import actions, queries
from podpora.audit.actions import WebhookFacts
from podpora.audit.models import Webhook
from podpora.audit.values import PING, event_types
from podpora.base.decisions import Refused
from podpora.base.errors import InvalidInput
from podpora.base.reasons import message
from podpora.web.access import technician
from podpora.web.components.forms import show_problem
from podpora.web.request import Request

SHOWN = 50  # deliveries on the page


class WebhookForm(forms.Form):
    url = forms.CharField(label=gettext_lazy("Address"), max_length=500, help_text=gettext_lazy("By https, on the open Internet."))
    name = forms.CharField(label=gettext_lazy("Name"), max_length=100, required=False)
    events = forms.MultipleChoiceField(
        label=gettext_lazy("Events"), required=False, widget=forms.CheckboxSelectMultiple, help_text=gettext_lazy("None marked: all of them.")
    )  # fmt: skip

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        choices = [(event.name, f"{event.name}: {event.text}") for event in event_types().values() if event.name != PING]
        self.fields["events"].choices = choices  # type: ignore[attr-defined]

    def facts(self) -> WebhookFacts:
        return WebhookFacts(self.cleaned_data["url"].strip(), tuple(self.cleaned_data["events"]), self.cleaned_data["name"])


@technician("webhooks")
def webhooks(request: Request) -> HttpResponse:
    return TemplateResponse(request, "office/webhooks/list.html", {"webhooks": queries.webhooks()})


@technician("webhooks")
def new_webhook(request: Request) -> HttpResponse:
    form = WebhookForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made, secret = actions.create_webhook(form.facts(), by=request.actor, at=request.now)
        except InvalidInput as problem:
            show_problem(form, problem)
        except Refused as refusal:
            form.add_error(None, message(refusal.decision))
        else:
            return _page(request, made, _form(made), secret)
    crumbs = [(_("Webhooks"), reverse("office:webhooks")), (_("A new webhook"), "")]
    return TemplateResponse(request, "office/webhooks/new.html", {"form": form, "crumbs": crumbs})


@technician("webhooks")
def webhook(request: Request, code: str) -> HttpResponse:
    found = queries.webhook(code)
    if request.method != "POST":
        return _page(request, found, _form(found))
    form = WebhookForm(request.POST)
    if form.is_valid():
        try:
            actions.set_webhook(found, form.facts(), by=request.actor, at=request.now)
        except InvalidInput as problem:
            show_problem(form, problem)
        else:
            messages.success(request, _("Saved."))
            return redirect("office:webhook", found.code)
    return _page(request, found, form)


@technician("webhooks")
@require_POST
def act(request: Request, code: str, what: str) -> HttpResponse:
    """Try it, switch it on or off, give it a new secret, remove it."""
    found, by, at = queries.webhook(code), request.actor, request.now
    seen = request.POST.get("seen", "")[:20]
    try:
        match what:
            case "ping":
                actions.ping(found, by=by, at=at)
                messages.success(request, _("A test is on its way; it stands among the deliveries in a moment."))
            case "on" | "off":
                actions.set_enabled(found, what == "on", by=by, at=at)
                messages.success(
                    request, _("The webhook is on.") if what == "on" else _("The webhook is off: nothing is sent to it.")
                )
            case "secret":
                secret = actions.rotate_secret(found, instead_of=seen, by=by, at=at)
                return _page(request, queries.webhook(code), _form(found), secret)
            case "delete":
                actions.delete_webhook(found, by=by, at=at)
                messages.success(request, _("The webhook is removed."))
                return redirect("office:webhooks")
    except Refused as refusal:
        messages.error(request, message(refusal.decision))
    return redirect("office:webhook", found.code)


@technician("webhooks")
@require_POST
def replay(request: Request, code: str, delivery: str) -> HttpResponse:
    """Send a delivery again."""
    found = queries.webhook(code)
    try:
        actions.replay(queries.delivery(found, delivery), by=request.actor, at=request.now)
        messages.success(request, _("It is sent again, with the same id."))
    except Refused as refusal:
        messages.error(request, message(refusal.decision))
    return redirect("office:webhook", found.code)


def _form(found: Webhook) -> WebhookForm:
    return WebhookForm(initial={"url": found.url, "name": found.name, "events": found.events})


def _page(request: Request, found: Webhook, form: WebhookForm, secret: str = "") -> HttpResponse:
    crumbs = [(_("Webhooks"), reverse("office:webhooks")), (str(found), "")]
    facts = {"hook": found, "form": form, "secret": secret, "deliveries": queries.deliveries(found)[:SHOWN], "crumbs": crumbs}
    return TemplateResponse(request, "office/webhooks/webhook.html", facts)
