"""Passkey forms that answer whatever a browser (or anybody else) sends: what is no credential is a wrong one, never our error."""

from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.webauthn import forms

NONSENSE = (KeyError, TypeError, ValueError, AttributeError, IndexError)


class _Whatever:
    """Before the machinery that expects a browser's answer."""

    def clean_credential(self) -> Any:
        try:
            return super().clean_credential()  # type: ignore[misc]
        except NONSENSE:
            raise get_adapter().validation_error("incorrect_code") from None


class AuthenticateForm(_Whatever, forms.AuthenticateWebAuthnForm):  # type: ignore[misc]
    pass


class LoginForm(_Whatever, forms.LoginWebAuthnForm):  # type: ignore[misc]
    pass


class AgainForm(_Whatever, forms.ReauthenticateWebAuthnForm):  # type: ignore[misc]
    pass


class AddForm(forms.AddWebAuthnForm):  # type: ignore[misc]
    def clean(self) -> Any:
        try:
            return super().clean()
        except NONSENSE:
            raise get_adapter().validation_error("incorrect_code") from None
