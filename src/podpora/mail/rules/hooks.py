"""What mail providers send: the fields of a form, bytes as they were, and a mail put together again from its parts. No Django."""

import base64
import binascii
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from email.message import Message
from email.parser import BytesHeaderParser
from email.policy import compat32
from hashlib import sha256
from typing import Any
from urllib.parse import unquote_to_bytes

from podpora.mail.rules.parts import parameters
from podpora.mail.values.hooks import MOST_IN_CALL, NotReadable

MOST_FIELDS = 500
MOST_HEADERS = 500
_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}")
_OWN = ("mime-version", "content-type", "content-transfer-encoding", "content-disposition", "content-length")
_BREAK = re.compile(r"[\r\n\x00]+[ \t]*")
_TYPE = re.compile(r"[a-zA-Z0-9!#$&^_.+-]{1,60}/[a-zA-Z0-9!#$&^_.+-]{1,80}")


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a form; a file has a name."""

    name: str
    content: bytes
    file_name: str = ""
    content_type: str = ""

    @property
    def text(self) -> str:
        return self.content.decode("utf-8", "replace")


def fields_of(content_type: str, body: bytes) -> list[Field]:
    """The fields of a form as bytes: a framework's form would decode them, and lose what is not UTF-8. NotReadable."""
    kind = content_type.partition(";")[0].strip().lower()
    if kind == "application/x-www-form-urlencoded":
        pairs = (one.partition(b"=") for one in body.split(b"&", MOST_FIELDS) if one)
        return [
            Field(unquote_to_bytes(_spaces(name)).decode("utf-8", "replace"), unquote_to_bytes(_spaces(value)))
            for name, _, value in pairs
        ]
    boundary = parameters(content_type).get("boundary", "") if kind == "multipart/form-data" else ""
    if not boundary:
        raise NotReadable("neither a form nor JSON")
    pieces = (b"\r\n" + body).split(b"\r\n--" + boundary.encode(), MOST_FIELDS + 1)
    return [found for found in map(_field, pieces[1:]) if found is not None]


def _spaces(text: bytes) -> bytes:
    return text.replace(b"+", b" ")


def _field(piece: bytes) -> Field | None:
    head, found, content = piece.partition(b"\r\n\r\n")
    if piece.startswith(b"--") or not found:
        return None
    headers = BytesHeaderParser(policy=compat32).parsebytes(head.lstrip(b"\r\n"))
    told = parameters(str(headers.get("Content-Disposition", "")))
    return Field(told.get("name", ""), content, told.get("filename", ""), str(headers.get("Content-Type", "")))


def json_of(text: bytes | str) -> Any:
    """NotReadable for what is none, or too deep."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise NotReadable("no JSON") from None


def listed(found: Any) -> list[dict[str, Any]]:
    """The events of a call: one, or a list of them. NotReadable."""
    rows = found if isinstance(found, list) else [found]
    if len(rows) > MOST_IN_CALL or not all(isinstance(row, dict) for row in rows):
        raise NotReadable("no list of events")
    return rows


def the_only(found: Any) -> dict[str, Any]:
    """The event of a call that tells of one. NotReadable."""
    rows = listed(found)
    if not rows:
        raise NotReadable("no event")
    return rows[0]


def text_in(found: Any, *path: str) -> str:
    """The text at this place, "" if there is none."""
    for name in path:
        found = found.get(name) if isinstance(found, dict) else None
    return str(found) if isinstance(found, str | int | float) else ""


def decoded_base64(text: str) -> bytes:
    try:
        return base64.b64decode("".join(text.split()))
    except (binascii.Error, ValueError):
        raise NotReadable("no base64") from None


def as_bytes(text: str) -> bytes:
    """A mail that came as text within JSON, which has no other bytes than UTF-8."""
    return text.encode("utf-8", "replace")


@dataclass(frozen=True, slots=True)
class Enclosed:
    """A file that a provider took out of the mail."""

    name: str
    content: bytes
    content_type: str = ""
    content_id: str = ""


def composed(headers: Iterable[tuple[str, str]], *, text: str, html: str, files: Sequence[Enclosed] = ()) -> bytes:
    """A mail from what a provider made of it: its headers as they were, then its bodies and files in the usual order. Never raises."""
    kept = [(name, _BREAK.sub(" ", value)) for name, value in headers if _NAME.fullmatch(name) and name.lower() not in _OWN][
        :MOST_HEADERS
    ]
    bodies = [
        _part(f'text/{kind}; charset="utf-8"', body.encode("utf-8", "replace"))
        for kind, body in (("plain", text), ("html", html))
        if body
    ]
    inner = _joined("alternative", bodies or [_part('text/plain; charset="utf-8"', b"")])
    inline = [_file(file) for file in files if file.content_id]
    body = _joined("related", [inner, *inline]) if inline else inner
    others = [_file(file) for file in files if not file.content_id]
    whole = _joined("mixed", [body, *others]) if others else body
    head = "".join(f"{name}: {value}\r\n" for name, value in [*kept, ("MIME-Version", "1.0")])
    return head.encode("utf-8", "surrogateescape" if head.isascii() else "replace") + whole


def _joined(kind: str, parts: Sequence[bytes]) -> bytes:
    if len(parts) == 1:
        return parts[0]
    boundary = "=_" + sha256(kind.encode() + b"".join(sha256(part).digest() for part in parts)).hexdigest()[:40]
    body = b"".join(b"--" + boundary.encode() + b"\r\n" + part + b"\r\n" for part in parts)
    return f'Content-Type: multipart/{kind}; boundary="{boundary}"\r\n\r\n'.encode() + body + b"--" + boundary.encode() + b"--\r\n"


def _part(content_type: str, content: bytes, extra: str = "") -> bytes:
    return f"Content-Type: {content_type}\r\nContent-Transfer-Encoding: base64\r\n{extra}\r\n".encode() + base64.encodebytes(
        content
    )


def _file(file: Enclosed) -> bytes:
    kind = file.content_type.partition(";")[0].strip()
    kind = kind if _TYPE.fullmatch(kind) and not kind.lower().startswith("multipart/") else "application/octet-stream"
    if kind.lower() == "message/rfc822":  # such a part may not be encoded
        kind = "application/octet-stream"
    named = Message()
    named.add_header(
        "Content-Disposition", "inline" if file.content_id else "attachment", filename=("utf-8", "", _BREAK.sub(" ", file.name))
    )
    extra = f"Content-Disposition: {named['Content-Disposition']}\r\n"
    if file.content_id:
        extra += f"Content-ID: <{_BREAK.sub('', file.content_id).strip('<> ')}>\r\n"
    return _part(kind, file.content, extra)
