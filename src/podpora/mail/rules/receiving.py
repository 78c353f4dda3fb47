"""By what a mail that comes in is known again (TH-1). Looks at the head of the mail only; never raises."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from email.parser import BytesHeaderParser
from email.policy import compat32

from podpora.mail.rules import headers

HEAD = 256 * 1024
MOST_RECIPIENTS = 1_000
_END_OF_HEAD = re.compile(rb"\r?\n\r?\n")
_CONTROL = re.compile(r"[\x00-\x20\x7f]+")


@dataclass(frozen=True, slots=True)
class Marks:
    """SHA-256 of the bytes; the Message-ID, "" without one; SHA-256 of what its writer wrote (not what carriers put on top)."""

    digest: str
    message_id: str
    content: str


def marks_of(raw: bytes) -> Marks:
    found = _END_OF_HEAD.search(raw[:HEAD])
    head, body = (raw[: found.start()], raw[found.end() :]) if found else (raw[:HEAD], raw[HEAD:])
    ids, written = _read(head)
    content = hashlib.sha256("\n".join(written).encode("utf-8", "surrogateescape") + b"\n\n")
    content.update(body.translate(None, b" \t\r\n"))
    return Marks(hashlib.sha256(raw).hexdigest(), word_of(ids[0], 450) if ids else "", content.hexdigest())


def _read(head: bytes) -> tuple[list[str], list[str]]:
    """The message ids, and the headers that the writer wrote himself."""
    try:
        mail = BytesHeaderParser(policy=compat32).parsebytes(head)
        fields = [(name.lower(), str(value)) for name, value in mail.raw_items()]
    except (ValueError, TypeError, LookupError, RecursionError, MemoryError, AssertionError, AttributeError):
        return [], []
    ids = [one for name, value in fields if name == "message-id" for one in headers.message_ids(value)]
    return ids, [f"{name}:{' '.join(value.split())}" for name, value in fields if name in ("from", "subject", "date")]


def keys_of(marks: Marks, place: str) -> tuple[str, str]:
    """What the mail is known by in this mailbox: by its Message-ID if it has one, and by its content."""
    by_content = _key(place, "content", marks.content)
    return (_key(place, "id", marks.message_id) if marks.message_id else _key(place, "bytes", marks.digest)), by_content


def _key(place: str, kind: str, mark: str) -> str:
    return hashlib.sha256(f"{place}\n{kind}\n{mark}".encode("utf-8", "surrogateescape")).hexdigest()


def place_of(recipients: Sequence[str]) -> str:
    """The mailbox of a mail that was handed in without one: its addresses without their tags."""
    return ",".join(sorted({_untagged(one) for one in recipients}))


def _untagged(address: str) -> str:
    local, at_sign, domain = address.lower().rpartition("@")
    return f"{local.partition('+')[0]}{at_sign}{domain}"


def word_of(text: str, longest: int) -> str:
    """As one word that a row can hold."""
    return _CONTROL.sub("", str(text).encode("utf-8", "replace").decode())[:longest]


def address_of(text: str) -> str:
    """An address of the envelope."""
    return word_of(text, 330).strip("<>")[:320]
