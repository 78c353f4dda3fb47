"""What the head of a raw mail says before anybody parses it: is it one at all, to whom did it go, who sent it. Never raises."""

import re
from email.parser import BytesHeaderParser
from email.policy import compat32

from podpora.mail.rules import headers

HEAD = 256 * 1024
_END = re.compile(rb"\r?\n\r?\n|\r\r")
_FIELD = re.compile(rb"^[!-9;-~]{1,200}[ \t]*:", re.MULTILINE)
# By what a mail server says whom it delivers to, before what the writer wrote.
DELIVERED = ("delivered-to", "x-original-to", "envelope-to", "x-envelope-to", "x-delivered-to")
WRITTEN = ("to", "cc")
MOST = 100


def head_of(raw: bytes) -> bytes:
    """The headers, without what is in front of them in a file."""
    raw = raw[:HEAD].removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n \t")
    if raw.startswith((b"From ", b">From ")):
        raw = raw.partition(b"\n")[2]
    found = _END.search(raw)
    return raw[: found.start()] if found else raw


def is_mail(raw: bytes) -> bool:
    """Has it any header at all?"""
    return bool(_FIELD.search(head_of(raw)))


def recipients(raw: bytes) -> list[str]:
    """Whom it went to: by the mail server's own headers, else by the writer's."""
    fields = _fields(raw)
    written = [box.address for name in WRITTEN for value in fields.get(name, ()) for box in headers.mailboxes(value)]
    return delivered_to(raw) or list(dict.fromkeys(written))[:MOST]


def delivered_to(raw: bytes) -> list[str]:
    """Whom the mail server says that it delivered to."""
    fields = _fields(raw)
    found = [box.address for name in DELIVERED for value in fields.get(name, ()) for box in headers.mailboxes(value)]
    return list(dict.fromkeys(found))[:MOST]


def return_path(raw: bytes) -> str:
    """The envelope's sender, as the mail server wrote it down; "" for none and for the null sender."""
    return next((value.strip().strip("<>")[:320] for value in _fields(raw).get("return-path", ())), "")


def _fields(raw: bytes) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    try:
        for name, value in BytesHeaderParser(policy=compat32).parsebytes(head_of(raw)).raw_items():
            found.setdefault(name.lower(), []).append(str(value))
    except (ValueError, TypeError, LookupError, RecursionError, MemoryError, AssertionError, AttributeError):
        return {}
    return found
