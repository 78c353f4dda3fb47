"""Two accounts of mine become one (A17): both are proven, what goes over is shown first."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache

from podpora.base.counting import count
from podpora.base.decisions import Decision, Reason
from podpora.journeys import merging as journey
from podpora.people import actions, queries
from podpora.people.models import Person
from podpora.people.values import MERGE_FACTOR
from podpora.web.access import signed_in
from podpora.web.portal.account.again import proven_again
from podpora.web.request import Request

ASKED_AN_HOUR = 5
AN_HOUR = 3600


class AddressForm(forms.Form):
    email = forms.EmailField(
        label=gettext_lazy("Address of the other account"), max_length=254,
        help_text=gettext_lazy("A link goes there. It works for an hour, in this account only."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip


class ProofForm(forms.Form):
    """The password of the other account, where it has one: whoever reads its mail is not always its person."""

    def __init__(self, other: Person, data: object = None) -> None:
        super().__init__(data)  # type: ignore[arg-type]
        self.other = other
        if not other.has_usable_password():
            del self.fields["password"]

    password = forms.CharField(
        label=gettext_lazy("Password of the other account"), max_length=200, strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip

    def clean_password(self) -> str:
        typed: str = self.cleaned_data["password"]
        if not self.other.check_password(typed):
            raise forms.ValidationError(_("This is not the password of the other account."))
        return typed


@signed_in
@never_cache
@proven_again
def ask(request: Request) -> HttpResponse:
    """Say which account it is. The answer is the same whether there is one (A23)."""
    form = AddressForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if count(f"merge:{request.user.pk}", seconds=AN_HOUR) > ASKED_AN_HOUR:
            form.add_error(None, _("That was often enough for now. Try again in an hour."))
        else:
            actions.ask_merge(request.user, form.cleaned_data["email"], by=request.actor, at=request.now)
            return TemplateResponse(request, "portal/account/merge_asked.html", {"email": form.cleaned_data["email"]})
    return TemplateResponse(request, "portal/account/merge.html", {"form": form}, status=422 if form.errors else 200)


@signed_in
@never_cache
@proven_again
def confirm(request: Request, token: str) -> HttpResponse:
    """What goes over, what ends, and that it cannot be undone; then it is done."""
    other = queries.merge_by_token(token, request.user)
    preview = journey.preview_people(other, request.user)
    decision = preview.decision & _provable(other)
    form = ProofForm(other, request.POST or None)
    if request.method == "POST" and decision.allowed and (form.is_valid() or not form.fields):
        if form.fields and count(f"merge-try:{other.pk}", seconds=AN_HOUR) > ASKED_AN_HOUR:
            form.add_error(None, _("That was often enough for now. Try again in an hour."))
        else:
            journey.merge_people(other, request.user, by=request.actor, at=request.now)
            messages.success(request, _("Both accounts are one now."))
            return redirect("portal:home")
    elif request.method == "POST":
        count(f"merge-try:{other.pk}", seconds=AN_HOUR)
    facts = {"form": form, "other": other, "preview": preview, "decision": decision}
    return TemplateResponse(request, "portal/account/merge_confirm.html", facts, status=422 if form.errors else 200)


def _provable(other: Person) -> Decision:
    """An account with a second factor is not opened by mail and password alone."""
    return Decision((Reason(MERGE_FACTOR),)) if queries.has_second_factor(other) else Decision()
