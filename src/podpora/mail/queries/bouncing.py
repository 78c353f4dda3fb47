"""The address that a mail comes back to when it can't be delivered: it names the mail, and only we can make it (VERP, A12)."""

import hmac
import re
from email.utils import parseaddr

from django.conf import settings

from podpora.base.sealing import keyed_hash
from podpora.mail import rules

PURPOSE = "bounce"
_MARK = re.compile(r"(?:bounce\.)?(m-[a-z0-9]{4,18})\.([0-9a-f]{20})")
LONGEST_LOCAL = 64


def return_path(code: str) -> str:
    """`support+bounce.<code>.<hmac>@vendor.example`, or `bounce+<code>.<hmac>@…` where PODPORA_BOUNCE_ADDRESS names that address."""
    base = settings.BOUNCE_ADDRESS or parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    local, _at, domain = base.rpartition("@")
    mark = f"{code.lower()}.{_sign(code)}"
    marked = f"{local}+{mark}" if settings.BOUNCE_ADDRESS else f"{local}+bounce.{mark}"
    return f"{marked}@{domain}" if len(marked) <= LONGEST_LOCAL else base


def bounced_code(address: str) -> str:
    """The code of the mail that came back to this address; "" when we never made the address."""
    found = _MARK.fullmatch(rules.part_of(address).lower())
    if found is None:
        return ""
    code = found[1].upper()
    return code if hmac.compare_digest(_sign(code), found[2]) else ""


def _sign(code: str) -> str:
    return keyed_hash(code.upper(), PURPOSE)[:20]
