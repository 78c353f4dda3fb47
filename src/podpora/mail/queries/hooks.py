"""Mail providers: which there are, how they are called, and what is marked for them."""

import hmac
from base64 import b64decode
from binascii import Error
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import QuerySet

from podpora.base.errors import NotYours
from podpora.base.sealing import CannotOpen, unseal
from podpora.mail.models import Hook
from podpora.mail.values.hooks import KEY, PASSWORD, USER, mail_provider

PATH = "/hooks/mail/"


def hooks() -> QuerySet[Hook]:
    """Every provider that is connected, in the order in which they were."""
    return Hook.objects.order_by("pk")


def hook(code: str) -> Hook:
    """Raises NotYours."""
    found = Hook.objects.filter(code=code[:20]).first() if "\x00" not in code else None
    if found is None:
        raise NotYours
    return found


def hook_address(found: Hook, password: str = "") -> str:
    """What is entered at the provider; with the password it is complete."""
    parts = urlsplit(settings.SITE_URL)
    before = f"{USER}:{password}@" if password else ""
    return f"{parts.scheme}://{before}{parts.netloc}{PATH}{found.code}/"


def password_of(found: Hook) -> str:
    """Raises CannotOpen when it was sealed with another key."""
    return unseal(found.password_sealed, PASSWORD)


def key_of(found: Hook) -> str:
    """The provider's key, "" without one. Raises CannotOpen."""
    return unseal(found.key_sealed, KEY) if found.key_sealed else ""


def hook_for(code: str, authorization: str) -> Hook | None:
    """The provider that calls with the right name and password; None for anything else, whatever of it is wrong."""
    try:
        found = hook(code)
        expected = f"{USER}:{password_of(found)}"
    except (NotYours, CannotOpen):
        found, expected = None, ""
    kind, _space, given = authorization.partition(" ")
    try:
        said = b64decode(given.strip(), validate=True) if kind.lower() == "basic" else b""
    except (Error, ValueError):
        said = b""
    is_right = hmac.compare_digest(said, expected.encode())
    return found if found is not None and expected and is_right else None


def marks_for_providers(code: str) -> dict[str, str]:
    """The headers by which the providers that are connected name this mail in their reports."""
    wanted = Hook.objects.filter(is_active=True).order_by("pk").values_list("provider", flat=True)
    known = [found for found in map(mail_provider, dict.fromkeys(wanted)) if found is not None]
    return {name: value for one in known for name, value in one.headers(code).items()}
