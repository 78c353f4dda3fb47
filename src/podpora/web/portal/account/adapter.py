"""How allauth fits into this house: safe addresses, our mails, audit, and where people land after signing in."""

import base64
from typing import Any
from urllib.parse import quote, urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.urls import NoReverseMatch, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

from podpora.base.errors import InvalidInput
from podpora.orders import queries as orders
from podpora.people import actions, queries
from podpora.people.models import Person
from podpora.people.values import StaffRole
from podpora.web.request import Request

SIGN_UP = "podpora_sign_up"  # session: what was typed at sign-up, until the address is proven

# allauth's mails -> our kinds; what is a change of a credential is also audited under that name.
MAILS = {
    "account/email/email_confirmation_signup": "account.code",
    "account/email/email_confirmation": "account.code",
    "account/email/account_already_exists": "account.exists",
    "account/email/unknown_account": "account.unknown",
    "account/email/password_reset_key": "account.reset",
    "account/email/password_reset": "account.password_changed",
    "account/email/password_changed": "account.password_changed",
    "account/email/password_set": "account.password_changed",
    "account/email/email_changed": "account.address_changed",
    "mfa/email/totp_activated": "account.app_added",
    "mfa/email/totp_deactivated": "account.app_removed",
    "mfa/email/webauthn_added": "account.passkey_added",
    "mfa/email/webauthn_removed": "account.passkey_removed",
    "mfa/email/recovery_codes_generated": "account.recovery_codes",
}

FACES = {
    StaffRole.MANAGER: "office:home",
    StaffRole.TECHNICIAN: "desk:home",
    StaffRole.MODERATOR: "forum_staff:reviews",
    StaffRole.NONE: "portal:home",
}


def face_of(person: Person) -> str:
    """Where a person begins: the technician at the desk, the manager in the office, the customer in his portal."""
    try:
        return reverse(FACES[StaffRole(person.staff_role)])
    except NoReverseMatch:
        return "/"


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Sign-up, sign-in, recovery."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": _("This e-mail address and password do not belong together."),
    }

    def is_safe_url(self, url: str) -> bool:
        """Only paths of this site: `next` never leads anywhere else (S08), whatever the Host header says."""
        return bool(url) and url.startswith("/") and url_has_allowed_host_and_scheme(url, allowed_hosts=None)

    def get_login_redirect_url(self, request: Request) -> str:
        return face_of(request.user)

    def get_signup_redirect_url(self, request: Request) -> str:
        return face_of(request.user)

    def get_email_verification_redirect_url(self, email_address: EmailAddress) -> str:
        return reverse("account_email")

    def get_password_change_redirect_url(self, request: Request) -> str:
        return reverse("account:security")

    def clean_email(self, email: str) -> str:
        """The same addresses as everywhere else in the house (S10)."""
        try:
            return actions.email_of(email)
        except InvalidInput:
            raise ValidationError(_("This is not an e-mail address."), code="not_an_email") from None

    def login(self, request: Request, user: Person) -> None:
        """The password may have been set a moment ago, by `confirm_email`: the session must be bound to the new one."""
        user.refresh_from_db(fields=["password"])
        super().login(request, user)

    def post_login(self, request: Request, user: Person, **kwargs: Any) -> HttpResponse:
        actions.note(user, "person.signed_in", at=self._request().now)
        response: HttpResponse = super().post_login(request, user, **kwargs)
        return response

    def confirm_email(self, request: Request, email_address: EmailAddress) -> bool:
        """The code was right. A sign-up becomes an account now, and owns whatever was bought with this address."""
        person = Person.objects.get(pk=email_address.user_id)  # his row of its own: it says which address he had
        typed = request.session.pop(SIGN_UP, None)
        if not super().confirm_email(request, email_address):
            return False
        if typed and typed["person"] == person.pk and typed["email"] == email_address.email:
            actions.claim(
                person,
                password_hash=typed["password"],
                name=typed["name"],
                language=typed["language"],
                by=queries.as_actor(person),
                at=self._request().now,
            )
        else:
            actions.follow_address(person, email_address.email, by=queries.as_actor(person), at=self._request().now)
        return True

    def set_password(self, user: Person, password: str) -> None:
        actions.set_password(user, password)

    def get_reset_password_from_key_url(self, key: str) -> str:
        """Made from the configured address, never from the Host header (S05)."""
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": "UID", "key": "KEY"})
        return f"{settings.SITE_URL}{path.replace('UID-KEY', quote(key))}"

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Our texts, through our outbox, in the person's language."""
        kind = MAILS.get(template_prefix)
        if kind is None:
            return
        person = context.get("user") or queries.person_by_email(email)
        links = {
            "account.reset": context.get("password_reset_url", ""),
            "account.exists": f"{settings.SITE_URL}{reverse('account_reset_password')}",
            "account.unknown": f"{settings.SITE_URL}{reverse('account_signup')}",
        }
        facts = {name: str(context[name]) for name in ("code", "ip", "from_email", "to_email") if context.get(name)}
        request = self._request()
        language = person.language if person and person.language else request.LANGUAGE_CODE
        actions.tell_about_account(kind, email, language, facts, url=links.get(kind, ""), at=request.now)

    def send_notification_mail(
        self, template_prefix: str, user: Person, context: dict[str, Any] | None = None, email: str | None = None
    ) -> None:
        """A credential changed: told to the person, and kept in the audit."""
        kind = MAILS.get(template_prefix)
        if kind:
            actions.note(user, kind, at=self._request().now)
        super().send_notification_mail(template_prefix, user, {"user": user} | (context or {}), email)

    def _request(self) -> Any:
        return self.request or context.request

    def _get_login_attempts_cache_key(self, request: Request, **credentials: Any) -> str:
        """One count for one address, whatever the Host header says."""
        return f"login:{str(credentials.get('email', '')).lower()}"


class MFAAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Second factors: secrets are encrypted at rest, the account is listed under the vendor's name."""

    def _get_site_name(self) -> str:
        """Passkeys and authenticator apps list this account under the vendor's name."""
        return orders.vendor_name()

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Passkeys belong to the configured host; in the demo to whatever host it is tried at."""
        host = context.request.get_host().partition(":")[0] if settings.DEMO else str(urlsplit(settings.SITE_URL).hostname)
        return {"id": host, "name": self._get_site_name()}

    def encrypt(self, text: str) -> str:
        return _box().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _box().decrypt(encrypted_text.encode()).decode()


def _box() -> Fernet:
    """A key of its own, derived from the installation's secret."""
    key = HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=b"podpora second factors").derive(settings.SECRET_KEY.encode())
    return Fernet(base64.urlsafe_b64encode(key))
