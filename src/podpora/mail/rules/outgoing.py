"""From a letter to the bytes that are sent: headers that cannot be forged, and when to try again."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from email.headerregistry import Address, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import SMTP, EmailPolicy, Policy
from email.utils import format_datetime, parseaddr
from hashlib import sha256

from podpora.mail.values import Enclosure, Letter

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?")
_MESSAGE_ID = re.compile(r"<[^<>@\s]{1,200}@[^<>@\s]{1,200}>")
_HEADER = re.compile(r"(?:X-[A-Za-z0-9-]{1,60}|List-[A-Za-z-]{1,30}|Precedence)")

LONGEST_SUBJECT = 250
LONGEST_NAME = 120
FIRST_WAIT = timedelta(seconds=15)
LONGEST_WAIT = timedelta(minutes=10)


def one_line(text: str, longest: int) -> str:
    """A text that fits into one header: no line ends, no controls, nothing that reads as an encoded word (S26, A13)."""
    text = _CONTROL.sub(" ", str(text)).replace("=?", "= ?").encode("utf-8", "replace").decode()
    text = " ".join(text.split())
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "…"


def ascii_address(address: str) -> str:
    """The address as SMTP wants it (an international domain in its ASCII form), or "" when it is none."""
    local, at_sign, domain = address.strip().rpartition("@")
    if not at_sign:
        return ""
    try:
        domain = domain.encode("idna").decode() if not domain.isascii() else domain
    except UnicodeError:
        return ""
    whole = f"{local}@{domain}"
    good = _ADDRESS.fullmatch(whole) and ".." not in whole and not local.startswith(".") and not local.endswith(".")
    return whole if good else ""


def is_message_id(text: str) -> bool:
    return text.isascii() and bool(_MESSAGE_ID.fullmatch(text))


def kept_headers(headers: Mapping[str, str]) -> dict[str, str]:
    """Additional headers that a room may set; whatever steers the delivery is ours alone."""
    return {name: one_line(value, 500) for name, value in headers.items() if _HEADER.fullmatch(name)}


def sender(mail_from: str, sender_name: str) -> Address:
    """Our address; with a name: "Tereza via Vendor"."""
    vendor, address = parseaddr(mail_from)
    name = one_line(sender_name, LONGEST_NAME)
    local, _at, domain = address.rpartition("@")
    shown = f"{name} via {vendor}" if name and vendor else name or vendor
    return Address(one_line(shown, LONGEST_NAME), local, domain)


class _MessageIds(UnstructuredHeader):  # HeaderRegistry joins it with BaseHeader, which has the name
    """A header of message ids: one a line, never broken or encoded, or threading is lost."""

    name: str

    def fold(self, *, policy: Policy) -> str:
        return f"{self.name}: " + f"{policy.linesep} ".join(str(self).split()) + policy.linesep


def _policy() -> "EmailPolicy[EmailMessage]":
    registry = HeaderRegistry()
    for name in ("message-id", "in-reply-to", "references"):
        registry.map_to_type(name, _MessageIds)  # type: ignore[arg-type]
    return SMTP.clone(header_factory=registry)


def message(letter: Letter, *, mail_from: str, at: datetime, files: Sequence[Enclosure] = ()) -> bytes:
    """An RFC 5322 message, ready for SMTP or a file. ValueError when its address is none."""
    to_address = ascii_address(letter.to_address)
    if not to_address:
        raise ValueError(f"{letter.to_address!r} is not an e-mail address")
    mail = EmailMessage(policy=_policy())
    local, _at, domain = to_address.rpartition("@")
    mail["From"] = sender(mail_from, letter.sender_name)
    mail["To"] = Address(one_line(letter.to_name, LONGEST_NAME), local, domain)
    mail["Subject"] = one_line(letter.subject, LONGEST_SUBJECT)
    mail["Date"] = format_datetime(at)
    mail["Message-ID"] = letter.message_id
    _thread(mail, letter)
    if letter.language:
        mail["Content-Language"] = one_line(letter.language, 10)
    if letter.automatic:
        answers = bool(mail["In-Reply-To"])
        mail["Auto-Submitted"] = "auto-replied" if answers else "auto-generated"  # AU-2, RFC 3834
        mail["X-Auto-Response-Suppress"] = "All"
        if answers and "Precedence" not in letter.headers:
            mail["Precedence"] = "bulk"
    for name, value in kept_headers(letter.headers).items():
        if name not in mail:
            mail[name] = value
    mail.set_content(letter.text, cte="quoted-printable")
    if letter.html:
        mail.add_alternative(letter.html, subtype="html", cte="quoted-printable")
    for file in files:
        kind, _slash, subkind = file.content_type.partition(";")[0].strip().partition("/")
        if not subkind or kind in ("message", "multipart"):
            kind, subkind = "application", "octet-stream"
        mail.add_attachment(file.content, maintype=kind, subtype=subkind, filename=one_line(file.name, 150))
    _same_boundaries(mail, letter.message_id)
    return mail.as_bytes()


def _same_boundaries(mail: EmailMessage, message_id: str) -> None:
    """A copy is the same to the byte."""
    digest = sha256(message_id.encode()).hexdigest()[:32]
    for number, part in enumerate(mail.walk()):
        if part.is_multipart():
            part.set_boundary(f"=_{digest}" + (str(number) if number else ""))


def _thread(mail: EmailMessage, letter: Letter) -> None:
    """Headers that keep a conversation together; what is no message id is left out."""
    if is_message_id(letter.in_reply_to):
        mail["In-Reply-To"] = letter.in_reply_to
    references = [one for one in letter.references if is_message_id(one)]
    if references:
        mail["References"] = " ".join(references[:1] + references[1:][-20:])
    reply_to = ascii_address(letter.reply_to)
    if reply_to:
        mail["Reply-To"] = reply_to


def next_attempt(attempts: int) -> timedelta:
    """How long a delayed mail waits: 15 s, doubling, never more than 10 minutes (F11)."""
    return min(FIRST_WAIT * (1 << min(max(attempts, 1) - 1, 12)), LONGEST_WAIT)


def clean_text(text: str) -> str:
    """A body without NUL and half characters, which neither a database nor a mail can hold."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode()
