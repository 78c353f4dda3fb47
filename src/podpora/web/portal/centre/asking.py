"""A new ticket: first what it is about, then the question. The gate is shown before anybody writes a word."""

from contextlib import suppress
from dataclasses import replace
from typing import Any

from django import forms
from django.db import OperationalError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from podpora.base.codes import unguessable
from podpora.base.decisions import Decision, Refused
from podpora.base.errors import InvalidInput
from podpora.desk import actions as desk
from podpora.desk import queries
from podpora.desk.values import SUBJECT_LENGTH, Purpose, Via
from podpora.journeys import ticket as journey
from podpora.licensing.models import Device
from podpora.web import ticket_fields
from podpora.web.access import signed_in
from podpora.web.components.forms import show_problem
from podpora.web.portal.centre.owned import Owned, devices_of, licence_name, owned_by, vip_gate
from podpora.web.request import Request
from podpora.web.uploads import FilesField

# Topics that a customer may choose, in order.
TOPICS: dict[str, tuple[Purpose, Any, Any, str]] = {
    "vip": (
        Purpose.VIP,
        _("Something does not work"),
        _("A technician of VIP support helps you with the program."),
        "life-buoy",
    ),
    "licence": (
        Purpose.LICENCE_BILLING,
        _("Licence or payment"),
        _("Keys, devices, orders and invoices. For everybody, with or without VIP support."),
        "key-round",
    ),
    "general": (
        Purpose.GENERAL,
        _("Something else"),
        _("Questions before buying, ideas, praise. For everybody."),
        "message-circle",
    ),
}


class AskForm(forms.Form):
    """Licence, device and version are chosen from what one owns, never typed."""

    about = forms.ChoiceField(label=_("What is it about?"))
    device = forms.ChoiceField(label=_("Device"), required=False)
    version = forms.CharField(
        label=_("Version of the program"),
        max_length=30,
        required=False,
        help_text=_("If it is another one than on the device, such as 10.2.1."),
    )
    subject = forms.CharField(label=_("Subject"), max_length=SUBJECT_LENGTH)
    text = forms.CharField(
        label=_("Your question"),
        widget=forms.Textarea(attrs={"rows": 9, "maxlength": 50_000, "data-editor": ""}),
        strip=False,
        help_text=_("What did you do, what happened, what did you expect? The first lines of an error message help most."),
    )
    files = FilesField(  # type: ignore[assignment]
        label=_("Files"), required=False, help_text=_("Up to ten files of 20 MB. Passwords and keys in text files are removed.")
    )
    is_private = forms.BooleanField(label=_("Only I may see this ticket, not my colleagues"), required=False)
    once = forms.CharField(widget=forms.HiddenInput, max_length=60, required=False)

    def __init__(self, *args: Any, owned: Owned, purpose: Purpose, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.owned = owned
        self.devices = devices_of(owned) if purpose is Purpose.VIP else []
        self.fields["about"] = forms.ChoiceField(label=_("What is it about?"), choices=about_choices(owned, purpose))
        if self.devices:
            choices = [("", _("No special device")), *device_choices(owned, self.devices)]
            self.fields["device"] = forms.ChoiceField(label=_("Device"), required=False, choices=choices)
        else:
            del self.fields["device"]
        if purpose is not Purpose.VIP:
            del self.fields["version"]
        if not any(customer.is_company for customer in owned.customers):
            del self.fields["is_private"]

    def clean(self) -> dict[str, Any]:
        clean = super().clean() or {}
        device = self.chosen_device(clean.get("device", ""))
        licence = self.owned.licence(clean.get("about", ""))
        if device is not None and (licence is None or device.licence_id != licence.pk):
            self.add_error("device", _("This device does not belong to the chosen licence."))
        return clean

    def chosen_device(self, code: str) -> Device | None:
        return next((device for device in self.devices if device.code == code), None)


def about_choices(owned: Owned, purpose: Purpose) -> list[tuple[str, Any]]:
    """Licences, and "no licence" of each customer."""
    several = len(owned.customers) > 1
    found: list[tuple[str, Any]] = []
    for licence in owned.licences:
        name = " · ".join(
            filter(None, [licence_name(licence), licence.code, licence.customer.name if several and licence.customer else ""])
        )
        found.append((licence.code, name))
    for customer in owned.customers:
        none = _("No special licence")
        found.append((customer.code, f"{none} · {customer.name}" if several else none))
    return found


def device_choices(owned: Owned, devices: list[Device]) -> list[Any]:
    """Devices by licence; without headings when there is one licence."""
    by_licence: dict[int, list[tuple[str, str]]] = {}
    for device in devices:
        name = " · ".join(filter(None, [str(device), device.app_version]))
        by_licence.setdefault(device.licence_id, []).append((device.code, name))
    if len(by_licence) == 1:
        return next(iter(by_licence.values()))
    names = {licence.pk: f"{licence_name(licence)} · {licence.code}" for licence in owned.licences}
    return [(names[pk], choices) for pk, choices in by_licence.items()]


@signed_in
@require_http_methods(["GET", "POST"])
def new(request: Request) -> HttpResponse:
    topic = request.POST.get("topic") or request.GET.get("topic", "")
    if topic not in TOPICS:
        return _topics(request)
    purpose = TOPICS[topic][0]
    owned = owned_by(request.user, at=request.now, purpose=purpose)
    if purpose is Purpose.VIP and not (gate := vip_gate(request.user, owned, at=request.now)).allowed:
        _count(request, gate)
        return TemplateResponse(request, "centre/refused.html", {"gate": gate}, status=200 if request.method == "GET" else 409)
    initial = {"once": unguessable(), "about": _first(request, owned)}
    fields = queries.public_fields(purpose)
    given = ticket_fields.given(request.POST, fields)
    form = AskForm(request.POST or None, request.FILES or None, owned=owned, purpose=purpose, initial=initial)
    context: dict[str, Any] = {
        "fields": ticket_fields.drawn(fields, given),
        "form": form,
        "topic": topic,
        "topic_name": TOPICS[topic][1],
        "topic_text": TOPICS[topic][2],
    }
    if request.method == "GET":
        return TemplateResponse(request, "centre/new.html", context)
    if form.is_valid():
        try:
            question = replace(_question(request, form, purpose), fields=given)
            ticket = journey.open_ticket(question, by=request.actor, at=request.now)
        except InvalidInput as problem:
            context["fields"] = ticket_fields.drawn(fields, given, errors := ticket_fields.errors_of(problem))
            if not errors:
                show_problem(form, problem)
        except Refused as refusal:
            context["refusal"] = refusal.decision
        else:
            return redirect("centre:ticket", ticket.code)
    return TemplateResponse(request, "centre/new.html", context, status=409 if "refusal" in context else 422)


def _count(request: Request, gate: Decision) -> None:
    """Note that somebody met the gate, once a day. Not staff who look around as him, nor a browser that fetches ahead of him.

    A database that takes no writes just now (a full disk) still shows the page: the reason and the ways out are worth more than a count.
    """
    if request.acting is None and "prefetch" not in request.headers.get("Sec-Purpose", ""):
        with suppress(OperationalError):
            desk.note_refusal(request.user, gate, Via.WEB, at=request.now)


def _topics(request: Request) -> HttpResponse:
    owned = owned_by(request.user, at=request.now, purpose=Purpose.VIP)
    gate = vip_gate(request.user, owned, at=request.now)
    topics = [(key, name, text, icon) for key, (_purpose, name, text, icon) in TOPICS.items()]
    return TemplateResponse(request, "centre/topics.html", {"topics": topics, "gate": gate})


def _first(request: Request, owned: Owned) -> str:
    """What the choice begins with: the licence that the address names, else the first one with support."""
    wanted = owned.licence(request.GET.get("licence", ""))
    supported = next((licence for licence in owned.licences if owned.answers[licence.code].support.allowed), None)
    chosen = wanted or supported or next(iter(owned.licences), None)
    return chosen.code if chosen else ""


def _question(request: Request, form: AskForm, purpose: Purpose) -> journey.Question:
    clean = form.cleaned_data
    licence = form.owned.licence(clean["about"])
    customer = licence.customer if licence else form.owned.customer(clean["about"])
    assert customer is not None  # one of the form's choices
    return journey.Question(
        customer=customer,
        requester=request.user,
        purpose=purpose,
        subject=clean["subject"],
        text=clean["text"],
        licence=licence,
        device=form.chosen_device(clean.get("device", "")),
        version=clean.get("version", ""),
        uploads=clean["files"],
        via=Via.WEB,
        is_private=clean.get("is_private", False),
        once=clean["once"],
    )
