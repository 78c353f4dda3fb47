"""Write to us: the free way out of every refusal. Open to anybody; robots fall into a field that people do not see."""

from django import forms
from django.conf import settings
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
from podpora.desk.models import Ticket
from podpora.desk.values import Purpose
from podpora.journeys import contact as journey
from podpora.web.access import public
from podpora.web.origin import same_origin
from podpora.web.request import Request

AN_HOUR = 3600
LETTERS_AN_HOUR = 5  # from one address


class ContactForm(forms.Form):
    """The letter. Those who are signed in need not say who they are."""

    purpose = forms.ChoiceField(
        label=gettext_lazy("What is it about?"),
        choices=[
            (Purpose.LICENCE_BILLING, gettext_lazy("a licence, an order or an invoice")),
            (Purpose.GENERAL, gettext_lazy("something general")),
        ],
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

    def __init__(self, *args: object, is_known: bool, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        if is_known:
            del self.fields["email"], self.fields["name"]


@same_origin
@public
def contact(request: Request) -> HttpResponse:
    """The form, and after it a page that says what happens next."""
    form = ContactForm(request.POST or None, is_known=request.user.is_authenticated, initial={"once": unguessable()})
    if request.method == "POST" and form.is_valid():
        try:
            ticket = _send(request, form)
        except InvalidInput as problem:
            for name in problem.fields:
                form.add_error(name if name in form.fields else None, _("This cannot be used. Please correct it."))
        except Refused as refusal:
            return TemplateResponse(request, "refused.html", {"decision": refusal.decision}, status=409)
        else:
            if ticket is not None and request.user.is_authenticated:
                return HttpResponseRedirect(reverse("centre:ticket", args=[ticket.code]))
            return HttpResponseRedirect(reverse("public:thanks"))
    return TemplateResponse(request, "public/contact.html", {"form": form})


@public
@require_safe
def thanks(request: Request) -> HttpResponse:
    return TemplateResponse(request, "public/thanks.html")


def _send(request: Request, form: ContactForm) -> Ticket | None:
    """Open the ticket; None for a robot and for too many letters, who see the same thanks."""
    data = form.cleaned_data
    person = request.user if request.user.is_authenticated else None
    if data["website"] or (person is None and _too_many(data["email"])):
        return None
    letter = journey.Letter(
        email=data.get("email", ""),
        name=data.get("name", ""),
        purpose=Purpose(data["purpose"]),
        subject=data["subject"],
        text=data["text"],
        language=(get_language() or settings.LANGUAGE_CODE)[:2],
        unproven=_("Written on the contact page by a visitor who was not signed in: the address is not proven."),
        once=data["once"],
        person=person,
    )
    return journey.write_to_us(letter, by=request.actor, at=request.now)


def _too_many(email: str) -> bool:
    key = f"contact:{email.lower()}"
    return count(key, seconds=AN_HOUR) > LETTERS_AN_HOUR
