"""Write to us: the free way out of every refusal. Open to anybody; robots fall into a field that people do not see."""

import re
from datetime import datetime
from hashlib import sha256
from typing import Any

from django import forms
from django.conf import settings
from django.core import signing
from django.core.cache import cache
from django.http import HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from podpora.base.codes import unguessable
from podpora.base.counting import count
from podpora.base.decisions import Refused
from podpora.base.errors import InvalidInput
from podpora.desk import queries
from podpora.desk.models import Field, Ticket
from podpora.desk.values import Purpose
from podpora.journeys import contact as journey
from podpora.web import ticket_fields
from podpora.web.access import public
from podpora.web.components.forms import show_problem
from podpora.web.origin import same_origin
from podpora.web.request import Request

AN_HOUR = 3600
LETTERS_AN_HOUR = 5  # from one address
LINKS = 5  # in the letter of a stranger: more is an advertisement
QUICKEST = 3  # seconds that a person needs to write anything


# What one may write about: who answers, and the tag by which technicians and reports know it.
TOPICS: dict[str, tuple[Purpose, str, Any]] = {
    Purpose.LICENCE_BILLING.value: (Purpose.LICENCE_BILLING, "", gettext_lazy("a licence, an order or an invoice")),
    "before": (Purpose.GENERAL, "pre-sale", gettext_lazy("something I want to know before I buy")),
    "trial": (Purpose.GENERAL, "trial", gettext_lazy("the trial or the FREE version")),
    "technical": (Purpose.GENERAL, "technical", gettext_lazy("something does not work, and I have no VIP support")),
    Purpose.GENERAL.value: (Purpose.GENERAL, "", gettext_lazy("something else")),
}


class ContactForm(forms.Form):
    """The letter. Those who are signed in need not say who they are."""

    purpose = forms.ChoiceField(
        label=gettext_lazy("What is it about?"),
        choices=[(key, name) for key, (_purpose, _topic, name) in TOPICS.items()],
        widget=forms.RadioSelect,
        initial=Purpose.LICENCE_BILLING,
    )
    email = forms.EmailField(
        label=gettext_lazy("Your e-mail"), max_length=254, help_text=gettext_lazy("The answer goes there."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )  # fmt: skip
    name = forms.CharField(
        label=gettext_lazy("Your name"), max_length=150, widget=forms.TextInput(attrs={"autocomplete": "name"}), required=False
    )
    subject = forms.CharField(label=gettext_lazy("Subject"), max_length=150)
    text = forms.CharField(label=gettext_lazy("Your question"), max_length=10_000, widget=forms.Textarea(attrs={"rows": 7}))
    website = forms.CharField(
        required=False, max_length=200, widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"})
    )
    once = forms.RegexField(regex=r"^[\w-]{20,64}$", widget=forms.HiddenInput)
    began = forms.CharField(required=False, max_length=100, widget=forms.HiddenInput)  # when the form was drawn, signed

    def __init__(self, *args: object, is_known: bool, at: datetime, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.is_known, self.at = is_known, at
        if is_known:
            del self.fields["email"], self.fields["name"]

    def clean(self) -> dict[str, object]:
        """What looks like a machine is told and may be sent once more: a person's words are never thrown away unseen."""
        clean = super().clean() or self.cleaned_data
        if self.is_known:
            return clean
        if _LINK.findall(str(clean.get("text", "")))[LINKS:]:
            self.add_error("text", _("There are too many links in it. Please leave some out."))
        if self._is_too_quick(str(clean.get("began", ""))):
            self.add_error(None, _("That was quicker than anybody writes. Please send it once more."))
        return clean

    def _is_too_quick(self, began: str) -> bool:
        try:
            return self.at.timestamp() - float(signing.loads(began, salt="contact")) < QUICKEST if began else False
        except (signing.BadSignature, ValueError, TypeError):
            return True


_LINK = re.compile(r"https?://|www\.|\[url", re.IGNORECASE)


@same_origin
@public
def contact(request: Request) -> HttpResponse:
    """The form, and after it a page that says what happens next."""
    initial = {"once": unguessable(), "began": signing.dumps(int(request.now.timestamp()), salt="contact")}
    asked = _own_fields()
    form = ContactForm(request.POST or None, is_known=request.user.is_authenticated, at=request.now, initial=initial)
    errors: dict[str, str] = {}
    if request.method == "POST" and form.is_valid():
        try:
            ticket = _send(request, form, asked)
        except InvalidInput as problem:
            errors = ticket_fields.errors_of(problem)
            if not errors:
                show_problem(form, problem)
        except Refused as refusal:
            return TemplateResponse(request, "refused.html", {"decision": refusal.decision}, status=409)
        else:
            if ticket is not None and request.user.is_authenticated:
                return HttpResponseRedirect(reverse("centre:ticket", args=[ticket.code]))
            return HttpResponseRedirect(reverse("public:thanks"))
    every = {field.code: field for fields in asked.values() for field in fields}.values()
    drawn = ticket_fields.drawn(every, ticket_fields.given(request.POST, every), errors)
    for field in drawn:
        field["topics"] = " ".join(key for key, fields in asked.items() if field["code"] in {each.code for each in fields})
    context = {"form": form, "fields": drawn}
    return TemplateResponse(request, "public/contact.html", context, status=422 if form.errors or errors else 200)


def _own_fields() -> dict[str, list[Field]]:
    """What the vendor asks besides, by the topic: its queue's public fields."""
    by_purpose: dict[Purpose, list[Field]] = {}
    for purpose, _topic, _name in TOPICS.values():
        if purpose not in by_purpose:
            by_purpose[purpose] = queries.public_fields(purpose)
    return {key: by_purpose[purpose] for key, (purpose, _topic, _name) in TOPICS.items()}


@public
@require_safe
def thanks(request: Request) -> HttpResponse:
    return TemplateResponse(request, "public/thanks.html")


def _send(request: Request, form: ContactForm, asked: dict[str, list[Field]]) -> Ticket | None:
    """Open the ticket; None for a robot and for too many letters, who see the same thanks."""
    data = form.cleaned_data
    person = request.user if request.user.is_authenticated else None
    key = _text_key(data["text"])
    if data["website"] or (person is None and (_too_many(data["email"]) or (key and cache.get(key)))):
        return None
    purpose, topic, _name = TOPICS[data["purpose"]]
    letter = journey.Letter(
        email=data.get("email", ""),
        name=data.get("name", ""),
        purpose=purpose,
        topic=topic,
        subject=data["subject"],
        text=data["text"],
        language=(get_language() or settings.LANGUAGE_CODE)[:2],
        once=data["once"],
        fields=ticket_fields.given(request.POST, asked[data["purpose"]]),
        person=person,
    )
    ticket = journey.write_to_us(letter, by=request.actor, at=request.now)
    if key:
        cache.set(key, 1, AN_HOUR)  # only what was opened counts
    return ticket


def _text_key(text: str) -> str:
    """The same long words within an hour, under whatever address, are there already; short ones may be two people's."""
    plain = " ".join(text.lower().split())
    return "contact-text:" + sha256(plain.encode()).hexdigest() if len(plain) > 100 else ""


def _too_many(email: str) -> bool:
    key = f"contact:{email.lower()}"
    return count(key, seconds=AN_HOUR) > LETTERS_AN_HOUR
