"""Headers of a mail, decoded by our own hand: words, addresses, message ids, dates.

The standard library's `policy.default` raises on shapes that are really sent (`Message-ID: <[abc@x]>`, `To: (c):`, 3,000 nested
comments), so only its raw values are used. Everything here is bounded and never raises. RFC 5322, RFC 2047.
"""

import base64
import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from podpora.mail.rules.charsets import decoded

LONGEST = 100_000  # characters of one header that are looked at
MOST_ADDRESSES = 1_000
MOST_IDS = 500

_WORD = re.compile(r"=\?([^?\s]{1,60})\?([bBqQ])\?([^?]*(?:\?(?!=)[^?]*)*)\?=")
_BETWEEN = re.compile(r"\s+")
_ID = re.compile(r"<\s*([^<>\s]{1,400})\s*>")
_BARE_ID = re.compile(r"[^\s<>,;\"]{1,200}@[^\s<>,;\"]{1,200}")
_BIDI = re.compile(r"[\u200e\u200f\u202a-\u202e\u2066-\u2069\u061c]")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]+")
_ADDRESS = re.compile(r"[^\s<>\"(),;:\[\]\\]{1,128}@[^\s<>\"(),;\\]{1,255}")
_QUOTED_LOCAL = re.compile(r"\"[^\"\\<>@]{0,60} [^\"\\<>@]{0,60}\"@[^\s<>\"(),;\\]{1,255}")  # "jana nova"@example.com
_ZONE = re.compile(r"([+-]\d{2}):(\d{2})\s*(?:\(.*\))?$")
_ISO = re.compile(r"\s*\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}")


@dataclass(frozen=True, slots=True)
class Mailbox:
    """Somebody who sent or receives: the address as written, and the name shown beside it."""

    address: str
    name: str = ""


def raw_text(value: str, hint: str = "") -> str:
    """A header as the parser kept it (bytes beyond ASCII as surrogates) -> text, still with its encoded words."""
    value = value[:LONGEST]
    if value.isascii():
        return value
    return decoded(value.encode("utf-8", "surrogateescape"), hint=hint)


def words(value: str, hint: str = "") -> str:
    """A header as a person reads it: unfolded, encoded words decoded, in one line."""
    return one_line(_decode_words(raw_text(value, hint)))


def one_line(text: str) -> str:
    return " ".join(_CONTROL.sub(" ", text).split())


def _decode_words(text: str) -> str:
    """RFC 2047. Neighbouring words of one charset are joined before they are decoded: a character may be cut between two."""
    out: list[str] = []
    pending: list[bytes] = []
    charset, last = "", 0

    def flush() -> None:
        if pending:
            out.append(decoded(b"".join(pending), charset))
            pending.clear()

    for found in _WORD.finditer(text):
        between = text[last : found.start()]
        raw = _word_bytes(found[2], found[3])
        if raw is None:
            continue
        gap = not between or bool(_BETWEEN.fullmatch(between))
        name = found[1].partition("*")[0].lower()
        if not (pending and gap and name == charset):
            flush()
            if not (gap and out and last):
                out.append(between)
        charset, last = name, found.end()
        pending.append(raw)
    flush()
    out.append(text[last:])
    return "".join(out)


def _word_bytes(how: str, text: str) -> bytes | None:
    if how in "qQ":
        raw = text.replace("_", " ").encode("utf-8", "replace")
        return re.sub(rb"=([0-9A-Fa-f]{2})", lambda found: bytes([int(found[1], 16)]), raw)
    compact = re.sub(r"[^A-Za-z0-9+/]", "", text)
    try:
        return base64.b64decode(compact + "=" * (-len(compact) % 4) if len(compact) % 4 != 1 else compact[:-1])
    except (binascii.Error, ValueError):
        return None


def mailboxes(value: str, hint: str = "") -> list[Mailbox]:
    """The senders or recipients of a header, in order. Groups, comments, missing brackets and hostile nesting are survived (A8)."""
    found = (_mailbox(part) for part in _split(raw_text(value, hint)))
    return [box for box in found if box is not None][:MOST_ADDRESSES]


def _split(text: str) -> Iterator[str]:
    """At commas and semicolons, and after the name of a group, outside quotes, comments and angle brackets."""
    part: list[str] = []
    quoted = escaped = angle = False
    depth = 0
    for character in text:
        if escaped:
            escaped = False
        elif character == "\\" and (quoted or depth):
            escaped = True
        elif character == '"' and not depth:
            quoted = not quoted
        elif not quoted and character == "(":
            depth += 1
        elif not quoted and character == ")" and depth:
            depth -= 1
        elif not quoted and not depth:
            angle = character == "<" or (angle and character != ">")
            if character in ",;" and not angle:
                yield "".join(part)
                part = []
                continue
            if character == ":" and not angle and "@" not in part:
                part = []  # the name of a group
                continue
        part.append(character)
    yield "".join(part)


def _mailbox(part: str) -> Mailbox | None:
    part = part.strip()
    if not part:
        return None
    before, bracket, rest = part.rpartition("<")
    if bracket and "@" in rest:
        address = rest.partition(">")[0]
        return Mailbox(_address(address), _name(before or rest.partition(">")[2]))
    found = _ADDRESS.search(part)
    if not found and "=?" in part:  # an address within an encoded word, where none may be
        part = _decode_words(part)
        found = _ADDRESS.search(part)
    if found:
        name = part[: found.start()] + part[found.end() :]
        return Mailbox(_address(found[0]), _name(name))
    return None


def _address(text: str) -> str:
    """The address without white space, controls and signs that turn the reading direction (A7)."""
    text = _BIDI.sub("", _CONTROL.sub("", one_line(_decode_words(text))))
    quoted = _QUOTED_LOCAL.search(text)
    if quoted:
        return quoted[0]
    text = text.replace(" ", "")
    found = _ADDRESS.search(text)
    return (found[0] if found else text).strip("'.,;<>\"")


def _name(text: str) -> str:
    """The name beside an address: quotes, comments and escapes taken off, no sign that turns the reading direction."""
    text = text.strip().rstrip("<").strip()
    if text.startswith("(") and text.endswith(")"):
        text = text[1:-1]
    text = re.sub(r"\\(.)", r"\1", re.sub(r"\s*\([^()]{0,500}\)\s*$", "", text).strip().strip('"'))
    return one_line(_BIDI.sub("", _decode_words(text))).strip("\"'<> ")


def message_ids(value: str) -> list[str]:
    """Message ids as `<left@right>`, in order, each once; what stands without brackets counts if it looks like one."""
    text = re.sub(r"[\x00-\x08\x0e-\x1f\x7f]", "", raw_text(value))  # no database holds a NUL
    found = _ID.findall(text) or _BARE_ID.findall(text)
    return [f"<{one}>" for one in dict.fromkeys(found)][:MOST_IDS]


def date_of(value: str) -> datetime | None:
    """The instant of a Date header, in UTC; None when it says none that can be (TH-16)."""
    text = raw_text(value)
    try:
        at = datetime.fromisoformat(_iso(text)) if _ISO.match(text) else parsedate_to_datetime(_ZONE.sub(r"\1\2", text))
        return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None


def _iso(text: str) -> str:
    """`2020-02-03 15:02:11 +0100`, which some programs write, as the standard library reads it."""
    return re.sub(r"\s+(?=[+-]\d)", "", text.strip())
