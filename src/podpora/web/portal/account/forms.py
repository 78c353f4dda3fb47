"""Forms of signing up and of the account pages."""

from typing import Any
from zoneinfo import available_timezones

from allauth.account import forms as allauth_forms
from allauth.core import context
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.base.forms import ReauthenticateForm as FactorReauthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from django import forms
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.validators import RegexValidator
from django.http import HttpResponseBase
from django.utils.translation import gettext_lazy as _

from podpora.people import actions, queries
from podpora.people.models import Person
from podpora.people.values import ROLE_NAMES, SCOPE_NAMES, Role
from podpora.web.components.forms import SeenForm
from podpora.web.portal.account.adapter import SIGN_UP
from podpora.web.request import Request

_is_ascii = RegexValidator(r"^[\x21-\x7e]+$", _("This is not an e-mail address."))


class TidyForm:
    """A form of allauth in our words: labels instead of placeholders, no look-alike letters in addresses (S10)."""

    labels: dict[str, Any] = {}
    hints: dict[str, Any] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, forms.Field] = self.fields  # type: ignore[attr-defined]
        for name, field in fields.items():
            field.widget.attrs.pop("placeholder", None)
            field.label = self.labels.get(name, field.label)
            field.help_text = self.hints.get(name, "")
            if isinstance(field, forms.EmailField):
                field.validators.append(_is_ascii)
                field.widget.attrs["maxlength"] = "254"


GOOD_PASSWORD = _("At least 10 characters. A few words in a row are best.")


class SignupForm(TidyForm, allauth_forms.SignupForm):  # type: ignore[misc]
    """Address, name and password. Nothing of it is kept on a person before the code has come back.

    An address without a proven account (a new one, or a guest buyer's) gets a code; one with an account gets a mail
    that says so. Both cases look the same here, and take as long.
    """

    name = forms.CharField(max_length=150, required=False, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    field_order = ["email", "name", "password1"]
    labels = {"email": _("E-mail"), "name": _("Your name"), "password1": _("Password")}
    hints = {"password1": GOOD_PASSWORD}

    def validate_unique_email(self, value: str) -> str:
        known = queries.person_by_email(value)
        self.account_already_exists = known is not None and not (known.is_active and queries.is_guest(known))
        return value

    def try_save(self, request: Request) -> tuple[Person | None, HttpResponseBase | None]:
        typed = self.cleaned_data
        hashed = make_password(typed["password1"])  # before the fork: both ways take as long
        request.session.pop(SIGN_UP, None)
        person = None
        if not self.account_already_exists:
            person = actions.sign_up(typed["email"], typed["name"], language=request.LANGUAGE_CODE, at=request.now)
        if person is None:
            self.account_already_exists = True
            answer: tuple[Person | None, HttpResponseBase | None] = super().try_save(request)
            return answer
        request.session[SIGN_UP] = {
            "person": person.pk,
            "email": person.email,
            "password": hashed,
            "name": typed["name"],
            "language": request.LANGUAGE_CODE,
        }
        return person, None


class LoginForm(TidyForm, allauth_forms.LoginForm):  # type: ignore[misc]
    labels = {"login": _("E-mail"), "password": _("Password"), "remember": _("Stay signed in on this computer")}


class ResetPasswordForm(TidyForm, allauth_forms.ResetPasswordForm):  # type: ignore[misc]
    labels = {"email": _("E-mail")}


class ResetPasswordKeyForm(TidyForm, allauth_forms.ResetPasswordKeyForm):  # type: ignore[misc]
    """The link came by mail: whoever follows it has also proven the address."""

    labels = {"password1": _("New password"), "password2": _("The same once more")}
    hints = {"password1": GOOD_PASSWORD}

    def save(self) -> None:
        actions.recover(self.user, self.cleaned_data["password1"], by=queries.as_actor(self.user), at=context.request.now)


class ChangePasswordForm(TidyForm, allauth_forms.ChangePasswordForm):  # type: ignore[misc]
    labels = {"oldpassword": _("Present password"), "password1": _("New password"), "password2": _("The same once more")}
    hints = {"password1": GOOD_PASSWORD}


class SetPasswordForm(TidyForm, allauth_forms.SetPasswordForm):  # type: ignore[misc]
    labels = {"password1": _("New password"), "password2": _("The same once more")}
    hints = {"password1": GOOD_PASSWORD}


class AddEmailForm(TidyForm, allauth_forms.AddEmailForm):  # type: ignore[misc]
    labels = {"email": _("New e-mail address")}


class ConfirmAddressForm(TidyForm, allauth_forms.ConfirmEmailVerificationCodeForm):  # type: ignore[misc]
    labels = {"code": _("Code from the mail")}


class FactorForm(TidyForm, AuthenticateForm):  # type: ignore[misc]
    labels = {"code": _("Code from the app, or a recovery code")}


class FactorAgainForm(TidyForm, FactorReauthenticateForm):  # type: ignore[misc]
    labels = {"code": _("Code from the app, or a recovery code")}


class ActivateAppForm(TidyForm, ActivateTOTPForm):  # type: ignore[misc]
    labels = {"code": _("Code from the app")}


class ReauthenticateForm(TidyForm, allauth_forms.ReauthenticateForm):  # type: ignore[misc]
    labels = {"password": _("Password")}


def _zones() -> list[tuple[str, Any]]:
    offered = sorted(zone for zone in available_timezones() if "/" in zone and not zone.startswith(("Etc/", "SystemV/")))
    return [("", _("As the vendor: {zone}").format(zone=settings.VENDOR_ZONE.key)), *((z, z.replace("_", " ")) for z in offered)]


class ProfileForm(forms.Form):
    """Name, language, time zone, theme: applied with the next page."""

    name = forms.CharField(label=_("Name"), max_length=150, required=False, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    language = forms.ChoiceField(label=_("Language"), required=False)
    time_zone = forms.ChoiceField(
        label=_("Time zone"), required=False, help_text=_("Times are shown in it. Dates of licences and support stay the vendor's.")
    )
    theme = forms.ChoiceField(
        label=_("Colours"), required=False, choices=[("", _("As the computer")), ("light", _("Light")), ("dark", _("Dark"))]
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["language"].choices = [("", _("As the browser")), *settings.LANGUAGES]  # type: ignore[attr-defined]
        self.fields["time_zone"].choices = _zones()  # type: ignore[attr-defined]


class CompanyForm(forms.Form):
    name = forms.CharField(label=_("Company name"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "organization"}))
    company_id = forms.CharField(label=_("Company number (IČO)"), max_length=20, required=False)
    vat_id = forms.CharField(label=_("VAT number (DIČ)"), max_length=20, required=False)
    country = forms.CharField(
        label=_("Country"),
        max_length=2,
        initial="CZ",
        help_text=_("Two letters, for example CZ or SK."),
        widget=forms.TextInput(attrs={"autocomplete": "country"}),
    )


class CompanyDetailsForm(SeenForm, CompanyForm):
    email = forms.EmailField(label=_("E-mail for invoices"), max_length=254)
    street = forms.CharField(label=_("Street"), max_length=200, required=False)
    city = forms.CharField(label=_("Town"), max_length=100, required=False)
    postal_code = forms.CharField(label=_("Postal code"), max_length=20, required=False)
    field_order = ["name", "company_id", "vat_id", "email", "street", "city", "postal_code", "country"]


class InviteForm(forms.Form):
    email = forms.EmailField(label=_("E-mail"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "off"}))
    role = forms.ChoiceField(label=_("Role"), initial=Role.VIEWER.value)

    def __init__(self, *args: Any, roles: list[Role], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = [(role.value, ROLE_NAMES[role]) for role in roles]  # type: ignore[attr-defined]


class RoleForm(forms.Form):
    role = forms.ChoiceField(label=_("Role"), choices=[(role.value, name) for role, name in ROLE_NAMES.items()])


class TokenForm(forms.Form):
    name = forms.CharField(label=_("What is it for?"), max_length=100)
    scopes = forms.MultipleChoiceField(
        label=_("What may it do?"), choices=list(SCOPE_NAMES.items()), widget=forms.CheckboxSelectMultiple
    )
