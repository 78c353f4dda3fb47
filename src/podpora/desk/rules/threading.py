"""Our own marks by which a mail finds its ticket."""

import hmac
import re
from hashlib import sha256


def message_id(ticket: str, message: str, *, key: bytes, domain: str) -> str:
    """TH-4: `<ticket.message.hmac@domain>`: nobody can make one up."""
    return f"<{ticket}.{message}.{_seal(ticket, message, key)}@{domain}>"


def _seal(ticket: str, message: str, key: bytes) -> str:
    return hmac.new(key, f"{ticket}.{message}".encode(), sha256).hexdigest()[:32]


_OWN_ID = re.compile(r"<?([A-Z]-[A-Z0-9]{1,20})\.([A-Za-z0-9-]{1,60})\.([0-9a-f]{32})@([^>@\s]{1,255})>?")


def read_message_id(text: str, *, key: bytes, domain: str) -> tuple[str, str] | None:
    """Our own Message-ID -> (ticket, message). A wrong seal is no reference at all (TH-4); compared in constant time."""
    found = _OWN_ID.fullmatch(text.strip()) if len(text) <= 400 else None
    if found is None or found[4].lower() != domain.lower():
        return None
    if not hmac.compare_digest(found[3], _seal(found[1], found[2], key)):
        return None
    return found[1], found[2]


def subject_of_mail(code: str, subject: str) -> str:
    """`[T-1042] …`: the token that answers keep; a subject is one line (S26)."""
    one_line = " ".join(subject.split())
    return f"[{code}] {one_line}"
