"""The bytes of a mail -> ParsedMail. It never raises, whatever the bytes, and is bounded in time and memory (DESK 7, B7, B8)."""

import re
from dataclasses import dataclass, field
from datetime import datetime
from email import message_from_bytes
from email.message import Message
from email.parser import BytesHeaderParser
from email.policy import compat32

from podpora.mail.rules import automatic, bounces, headers, sanitising, trimming
from podpora.mail.rules.charsets import decoded, guess
from podpora.mail.rules.headers import Mailbox
from podpora.mail.rules.parts import Body, File, body_of, type_of

LARGEST = 50 * 1024 * 1024
MOST_BOUNDARIES = 4_000
DEEPEST = 60
LONGEST_TEXT = 2_000_000
_BOUNDARY = re.compile(rb"^--[^\s-]", re.MULTILINE)
_MULTIPART = re.compile(rb"^content-type\s*:\s*multipart/", re.MULTILINE | re.IGNORECASE)
LONGEST_HEAD = 256 * 1024
_END_OF_HEAD = re.compile(rb"\r?\n\r?\n")
_WELL_FORMED = re.compile(rb"[!-9;-~]{1,200}:|[ \t]")
_SPACED = re.compile(rb"^([!-9;-~]{1,100})[ \t]{1,10}:")
_KNOWN_HEADER = re.compile(
    rb"(?:from|to|cc|subject|date|message-id|content-[a-z-]+|mime-version|in-reply-to|references|reply-to)[ \t]*:", re.I
)


@dataclass(frozen=True, slots=True)
class ParsedMail:
    """A mail as we read it. `automatic`: reason codes why a machine wrote it; `warnings`: codes of what was odd."""

    sender: Mailbox | None = None
    to: tuple[Mailbox, ...] = ()
    cc: tuple[Mailbox, ...] = ()
    reply_to: tuple[Mailbox, ...] = ()
    subject: str = ""
    date: datetime | None = None
    date_text: str = ""
    message_id: str = ""
    in_reply_to: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    automatic: tuple[str, ...] = ()
    bounce: bounces.Bounce | None = None
    text: str = ""
    html: str = ""  # as it came: sanitise it when it is shown (CO-2)
    reply_text: str = ""
    files: tuple[File, ...] = ()
    fields: dict[str, list[str]] = field(default_factory=dict)  # every header, decoded, by its name in lower case
    content_type: str = "text/plain"
    warnings: tuple[str, ...] = ()

    @property
    def html_to_show(self) -> str:
        """Its HTML made harmless; "" when there is none, or when it is too much to show (CO-4)."""
        return sanitising.sanitised(self.html) if self.html else ""


KNOWN = frozenset({
    "from", "to", "cc", "subject", "date", "sender", "reply-to", "message-id", "received", "return-path", "delivered-to", "mime-version",
    "content-type", "in-reply-to", "references", "x-mailer", "dkim-signature", "bcc", "resent-from", "envelope-to", "x-original-to",
})  # fmt: skip
NO_HEADERS = "no_headers"  # the warning for bytes that are no mail, only text


def parse(raw: bytes) -> ParsedMail:
    """Read a mail. Never raises; bytes without a single header are a text with the warning `no_headers`."""
    warnings: list[str] = []
    mail = _tree(_without_envelope(raw), warnings)
    raw_fields = _fields(mail)
    if not KNOWN & raw_fields.keys():
        return _without_headers(raw)
    hint = guess(
        b"\n".join(value.encode("utf-8", "surrogateescape") for values in raw_fields.values() for value in values) + raw[:65_536]
    )
    fields = {name: [headers.words(value, hint) for value in values] for name, values in raw_fields.items()}
    try:
        body = body_of(mail)
    except (RecursionError, MemoryError, ValueError, TypeError, KeyError, AttributeError, IndexError, LookupError):
        body = Body(warnings=["body_not_read"])
    sender = _sender(raw_fields, hint)
    text, html = _texts(body)
    address = sender.address if sender else ""
    subject = (fields.get("subject") or [""])[0]
    null_sender = any(value.strip() == "<>" for value in fields.get("return-path", ()))
    date_text = (fields.get("date") or [""])[0]
    return ParsedMail(
        sender=sender, to=_people(raw_fields, "to", hint), cc=_people(raw_fields, "cc", hint),
        reply_to=_people(raw_fields, "reply-to", hint), subject=subject,
        date=headers.date_of(date_text) if date_text else None, date_text=date_text, message_id=_first(_ids(raw_fields, "message-id")),
        in_reply_to=_ids(raw_fields, "in-reply-to"), references=_ids(raw_fields, "references"),
        automatic=tuple(automatic.reasons(fields, content_type=type_of(mail), sender=address)),
        bounce=_bounce(mail, address, subject, null_sender), text=text, html=html, reply_text=_reply(text, html, body),
        files=tuple(body.files), fields=fields, content_type=type_of(mail), warnings=tuple(dict.fromkeys([*warnings, *body.warnings])),
    )  # fmt: skip


def _without_headers(raw: bytes) -> ParsedMail:
    text = decoded(raw[:LONGEST_TEXT]).replace("\r\n", "\n")
    return ParsedMail(text=text, reply_text=trimming.trimmed_text(text), warnings=(NO_HEADERS,))


def _without_envelope(raw: bytes) -> bytes:
    """Without what is in front of a mail in a file: empty lines, a byte order mark, the `From ` line of an mbox."""
    raw = raw.removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n \t")
    if raw.startswith((b"From ", b">From ")):
        raw = raw.partition(b"\n")[2]
    return _mended(raw)


def _mended(raw: bytes) -> bytes:
    """Headers that the standard library stops at: `Subject : x`, and a line that is neither a header nor goes on with one."""
    found = _END_OF_HEAD.search(raw[:LONGEST_HEAD])
    if found is None:
        return raw
    lines = raw[: found.start()].replace(b"\r\n", b"\n").split(b"\n")
    if all(_WELL_FORMED.match(line) for line in lines):
        return raw
    last = max((number for number, line in enumerate(lines) if _KNOWN_HEADER.match(line)), default=0)
    mended = [_SPACED.sub(rb"\1:", line) if not _WELL_FORMED.match(line) else line for line in lines]
    mended = [
        line if _WELL_FORMED.match(line) or number > last or not number else b" " + line for number, line in enumerate(mended)
    ]
    return b"\r\n".join(mended) + raw[found.start() :]


def _tree(raw: bytes, warnings: list[str]) -> Message:
    """The MIME tree; of a mail that is too large, too deep or too broken only its headers and the start of its text."""
    hostile = (
        len(raw) > LARGEST or len(_BOUNDARY.findall(raw, 0, LARGEST)) > MOST_BOUNDARIES or len(_MULTIPART.findall(raw)) > DEEPEST
    )
    if not hostile:
        try:
            return message_from_bytes(raw, policy=compat32)
        except (RecursionError, MemoryError, ValueError, TypeError, LookupError, AssertionError, AttributeError):
            pass
    warnings.append("structure_not_read")
    mail = BytesHeaderParser(policy=compat32).parsebytes(raw[:LARGEST])
    payload, kind = mail.get_payload(), type_of(mail)
    flat: Message = Message(policy=compat32)
    if kind in ("message/rfc822", "message/global"):  # mails within mails without an end: a file, and no text
        flat["Content-Type"] = kind
        flat.set_payload(str(payload))
    for name, value in mail.raw_items():
        if name.lower() not in ("content-type", "content-transfer-encoding"):
            flat.set_raw(name, value)
    if not flat.get_payload():
        flat.set_payload(str(payload)[:LONGEST_TEXT])
    return flat


def _fields(mail: Message) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, value in mail.raw_items():
        found.setdefault(name.strip().lower(), []).append(str(value))
    return found


def _people(fields: dict[str, list[str]], name: str, hint: str) -> tuple[Mailbox, ...]:
    return tuple(box for value in fields.get(name, ()) for box in headers.mailboxes(value, hint))


def _ids(fields: dict[str, list[str]], name: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one for value in fields.get(name, ()) for one in headers.message_ids(value)))


def _first(ids: tuple[str, ...]) -> str:
    return ids[0] if ids else ""


def _sender(fields: dict[str, list[str]], hint: str) -> Mailbox | None:
    """TH-13: the first From with an address, else Reply-To, Sender, Return-Path; None when nobody can be answered."""
    for name in ("from", "reply-to", "sender", "return-path"):
        for box in _people(fields, name, hint):
            if "@" in box.address:
                return box
    return None


def _bounce(mail: Message, sender: str, subject: str, null_sender: bool) -> bounces.Bounce | None:
    try:
        return bounces.bounce_of(mail, sender=sender, subject=subject, has_null_sender=null_sender)
    except (RecursionError, ValueError, TypeError, KeyError, AttributeError, IndexError, LookupError):
        return None


def _texts(body: Body) -> tuple[str, str]:
    """Plain text and HTML. A mail with HTML alone gets its text from it (CO-2)."""
    html = "\n".join(body.htmls)
    text = "\n".join(text.replace("\r\n", "\n").replace("\r", "\n").strip("\n") for text in body.texts)
    if not text.strip() and html:
        text = sanitising.text_of(html)
    if len(text) > LONGEST_TEXT:
        body.warnings.append("text_cut")
    if html and sanitising.is_excessive(html):
        body.warnings.append("html_not_shown")
    return text[:LONGEST_TEXT], html


def _reply(text: str, html: str, body: Body) -> str:
    has_plain = any(part.strip() for part in body.texts)
    return trimming.reply_of(text if has_plain or not html else "", html) or trimming.trimmed_text(text)
