"""The MIME tree of a mail: which parts are its text, which are files. RFC 2045-2049, 2183, 2231, and what is really sent."""

import binascii
import mimetypes
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from email import message_from_bytes
from email.message import Message
from urllib.parse import unquote_to_bytes

from podpora.mail.rules import headers
from podpora.mail.rules.charsets import decoded

MOST_PARTS = 1_000
LONGEST_NAME = 180
_PATH = re.compile(r"^.*[\\/]", re.DOTALL)
_FORBIDDEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\"<>|*?:]")
_UU_BEGIN = re.compile(rb"^begin [0-7]{3,4} ([^\r\n]{1,200})\r?$", re.MULTILINE)
_YENC = re.compile(rb"^=ybegin [^\r\n]{0,200}\bname=([^\r\n]{1,200})\r?\n(.*?)^=yend[^\r\n]*\r?\n?", re.MULTILINE | re.DOTALL)
_YENC_TABLE = bytes((byte - 42) % 256 for byte in range(256))
_DASHES = re.compile(rb"^--([^\s-][^\r\n]{0,100}?)[ \t]*\r?$", re.MULTILINE)
_PARAMETER = re.compile(r";\s*([A-Za-z0-9_*'-]{1,40})\s*=\s*(\"(?:[^\"\\]|\\.)*\"|[^;]*)", re.DOTALL)
_TYPE = re.compile(r"[a-z0-9!#$&^_.+-]{1,60}/[a-z0-9!#$&^_.+-]{1,100}")
TNEF_TYPES = frozenset({"application/ms-tnef", "application/vnd.ms-tnef"})


@dataclass(frozen=True, slots=True)
class File:
    """An attachment. `inline`: shown within the text; `content_id` without its brackets."""

    name: str
    content_type: str
    content: bytes
    inline: bool = False
    content_id: str = ""


@dataclass(slots=True)
class Body:
    """What was found in the tree: texts and HTML in the order of the parts, files, and what was odd."""

    texts: list[str] = field(default_factory=list)
    htmls: list[str] = field(default_factory=list)
    files: list[File] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


def body_of(mail: Message) -> Body:
    """Texts, HTML and files of a parsed mail."""
    body = Body()
    for number, part in enumerate(leaves(mail)):
        if number >= MOST_PARTS:
            body.warnings.append("too_many_parts")
            break
        _sort(part, body)
    _unique_names(body)
    shown = "".join([*body.htmls, *body.texts])
    body.files = [replace(file, inline=file.inline and _is_shown(file, shown)) for file in body.files]
    return body


def _is_shown(file: File, text: str) -> bool:
    """Does the text show this picture? One that nothing refers to is an attachment like any other (CO-3)."""
    return f"cid:{file.content_id}" in text or f"[image: {file.name}]" in text


def leaves(mail: Message) -> Iterator[Message]:
    """Every part that has no parts of its own, in order; a mail within the mail is one part. Without recursion: depth is hostile."""
    waiting = [mail]
    while waiting:
        part = waiting.pop()
        payload = part.get_payload()
        if isinstance(payload, list) and type_of(part) not in ("message/rfc822", "message/global"):
            waiting.extend(child for child in reversed(payload) if isinstance(child, Message))
        else:
            yield part


def type_of(part: Message) -> str:
    """`text/plain`, lower case; what can't be a type is text when it is the only part, and bytes otherwise."""
    try:
        raw = str(part.get("content-type", "") or "")
    except (ValueError, TypeError, IndexError, UnicodeError):
        raw = ""
    name = raw.partition(";")[0].strip().lower()
    if _TYPE.fullmatch(name):
        return name
    if name in ("", "text"):
        return part.get_default_type() if not name else "text/plain"
    return "text/html" if name == "html" else "application/octet-stream"


def parameters(value: str) -> dict[str, str]:
    """The parameters of a header: RFC 2231 continuations and charsets, encoded words where they have no place, raw bytes (CO-6)."""
    pieces: dict[tuple[str, bool], dict[int, tuple[bool, str]]] = {}
    for found in _PARAMETER.finditer(headers.raw_text(";" + value.partition(";")[2])):
        name, text = found[1].lower(), found[2].strip()
        if text.startswith('"'):
            text = re.sub(r"\\(.)", r"\1", text[1:-1])
        base, star, rest = name.partition("*")
        number = re.sub(r"\D", "", rest)
        pieces.setdefault((base, bool(star)), {}).setdefault(int(number) if number else 0, (name.endswith("*"), text))
    return {name: _joined(parts) for (name, _is_extended), parts in sorted(pieces.items(), key=lambda one: one[0][1])}


def _joined(pieces: dict[int, tuple[bool, str]]) -> str:
    encoded = any(is_encoded for is_encoded, _text in pieces.values())
    ordered = [pieces[number] for number in sorted(pieces)]
    if not encoded:
        return headers.words("".join(text for _encoded, text in ordered))
    charset, raw = "", b""
    for position, (is_encoded, text) in enumerate(ordered):
        if position == 0 and is_encoded and text.count("'") >= 2:
            charset, _language, piece = text.split("'", 2)
        else:
            piece = text
        raw += unquote_to_bytes(piece) if is_encoded else piece.encode("utf-8", "replace")
    return headers.one_line(decoded(raw, charset))


def _sort(part: Message, body: Body) -> None:
    kind = type_of(part)
    disposition = _header(part, "content-disposition")
    name = _name_of(part, disposition)
    is_file = disposition.strip().lower().startswith("attachment") or bool(name)
    if kind in ("text/plain", "text/html", "text/enriched", "text/richtext") and not is_file:
        _add_text(part, kind, body)
    elif kind in ("message/rfc822", "message/global"):
        body.files.append(_mail_within(part, name))
    elif kind.startswith("multipart/") and not is_file:
        _sort_unbounded(part, body)
    else:
        _add_file(part, kind, name, disposition, body)


def _sort_unbounded(part: Message, body: Body) -> None:
    """Parts without the boundary that they should have: by the first line that looks like one, else all of it is text."""
    content = _decoded(part)
    found = _DASHES.search(content[:65_536])
    if found:
        again = message_from_bytes(b'Content-Type: multipart/mixed; boundary="%s"\r\n\r\n' % found[1].replace(b'"', b"") + content)
        inner = [one for one in leaves(again) if not type_of(one).startswith("multipart/")]
        for one in inner[:MOST_PARTS]:
            _sort(one, body)
        if inner:
            return
    text = decoded(content)
    if text.strip():
        body.texts.append(text)


def _add_text(part: Message, kind: str, body: Body) -> None:
    content = content_of(part)
    charset = parameters(_header(part, "content-type")).get("charset", "")
    if kind == "text/html":
        body.htmls.append(decoded(content, charset or _charset_within(content)))
        return
    content = _take_yencoded(_take_uuencoded(content, body), body)
    text = decoded(content, charset)
    told = parameters(_header(part, "content-type"))
    if told.get("format", "").lower() == "flowed":
        text = unflowed(text, delete_space=told.get("delsp", "").lower() == "yes")
    if kind in ("text/enriched", "text/richtext"):
        text = re.sub(r"<<", "<", re.sub(r"<(?!<)/?[A-Za-z-]{1,60}>", "", text))
    if text.strip():
        body.texts.append(text)


def unflowed(text: str, *, delete_space: bool) -> str:
    """RFC 3676: lines that end with a space go on in the next one of the same depth of quotes; a space at the beginning is stuffing."""
    out: list[str] = []
    depth, is_open = 0, False
    for line in text.replace("\r\n", "\n").split("\n"):
        bare = line.lstrip(">")
        quotes = len(line) - len(bare)
        bare = bare.removeprefix(" ")
        is_signature = bare == "-- "
        if is_open and quotes == depth and not is_signature:
            out[-1] += bare
        else:
            out.append((">" * quotes + " " if quotes else "") + bare)
        is_open, depth = bare.endswith(" ") and not is_signature, quotes
        if is_open and delete_space:
            out[-1] = out[-1][:-1]
    return "\n".join(out)


def _charset_within(html: bytes) -> str:
    found = re.search(rb"charset\s*=\s*[\"']?([A-Za-z0-9_.:-]{1,40})", html[:4096], re.IGNORECASE)
    return found[1].decode() if found else ""


def content_of(part: Message) -> bytes:
    """The decoded bytes of a part; a broken encoding gives what can be read of it."""
    payload = part.get_payload()
    if isinstance(payload, list):
        return b"\n".join(child.as_bytes() for child in payload if isinstance(child, Message))
    told = _header(part, "content-transfer-encoding")
    encoding = _encoding(told)
    if encoding == "base64":
        return _from_base64(str(payload or "").encode("ascii", "replace"))
    raw = _decoded(part)
    if encoding == "quoted-printable" and told.lower() != encoding:  # written so that the standard library does not know it
        return binascii.a2b_qp(raw)
    if encoding in ("x-uuencode", "uuencode", "uue", "x-uue"):
        found = _UU_BEGIN.search(raw)
        return _uudecoded(raw[found.end() :])[0] if found else raw
    return raw


def _encoding(told: str) -> str:
    """The name of an encoding, without quotes, comments and white space."""
    words = re.sub(r"\([^()]*\)", "", told).strip().strip("\"'").lower().split()
    return words[0].strip("\"';") if words else ""


def _decoded(part: Message) -> bytes:
    """What the standard library makes of an encoding; it keeps the raw bytes of what is not encoded."""
    try:
        content = part.get_payload(decode=True)
    except (ValueError, TypeError, LookupError, AttributeError, binascii.Error):
        content = None
    return content if isinstance(content, bytes) else b""


def _from_base64(raw: bytes) -> bytes:
    """Lenient: foreign characters are skipped, a cut end is dropped, text behind the padding is not ours."""
    compact = re.sub(rb"[^A-Za-z0-9+/=]", b"", raw)
    compact = re.sub(rb"=+$", b"", compact.partition(b"=")[0] if b"=" in compact[:-2] else compact)
    compact = compact[: len(compact) - 1] if len(compact) % 4 == 1 else compact
    try:
        return binascii.a2b_base64(compact + b"=" * (-len(compact) % 4))
    except binascii.Error:
        return raw


def _take_uuencoded(content: bytes, body: Body) -> bytes:
    """Files that old programs put into the text itself (`begin 644 name`)."""
    for _ in range(50):
        found = _UU_BEGIN.search(content)
        if not found:
            break
        file, length = _uudecoded(content[found.end() :])
        if not file:
            break
        name = safe_name(decoded(found[1]))
        body.files.append(File(name, mimetypes.guess_type(name)[0] or "application/octet-stream", file))
        content = content[: found.start()] + content[found.end() + length :]
    return content


def _take_yencoded(content: bytes, body: Body) -> bytes:
    """The same as newsreaders do it (`=ybegin line=128 size=5 name=a.bin`)."""
    for _ in range(50):
        found = _YENC.search(content)
        if not found:
            break
        lines = b"".join(line for line in found[2].splitlines() if not line.startswith(b"=ypart "))
        file = re.sub(rb"=(.)", lambda one: bytes([(one[1][0] - 64) % 256]), lines, flags=re.DOTALL).translate(_YENC_TABLE)
        name = safe_name(decoded(found[1].strip()))
        body.files.append(File(name, mimetypes.guess_type(name)[0] or "application/octet-stream", file))
        content = content[: found.start()] + content[found.end() :]
    return content


def _uudecoded(raw: bytes) -> tuple[bytes, int]:
    """The file, and how many bytes of the text it took; nothing when it has no end."""
    out: list[bytes] = []
    used = 0
    for line in raw.splitlines(keepends=True):
        used += len(line)
        bare = line.strip(b"\r\n")
        if bare == b"end":
            return b"".join(out), used
        if not bare or bare == b"`":
            continue
        try:
            out.append(binascii.a2b_uu(bare))
        except binascii.Error:
            try:
                out.append(binascii.a2b_uu(bare[: (((bare[0] - 32) & 63) * 4 + 5) // 3]))
            except (binascii.Error, IndexError):
                return b"", 0
    return b"", 0


def _mail_within(part: Message, name: str) -> File:
    """A mail that was attached: a file, named after its subject."""
    payload = part.get_payload()
    inner = payload[0] if isinstance(payload, list) and payload and isinstance(payload[0], Message) else None
    try:
        content = inner.as_bytes() if inner is not None else content_of(part)
    except (ValueError, KeyError, TypeError, UnicodeError, RecursionError, IndexError, AttributeError):
        content = b""
    subject = headers.words(_header(inner, "subject")) if inner is not None else ""
    return File(safe_name(name or f"{subject[:80] or 'message'}.eml"), "message/rfc822", content)


def _add_file(part: Message, kind: str, name: str, disposition: str, body: Body) -> None:
    content = content_of(part)
    if kind in TNEF_TYPES or name.lower() == "winmail.dat":
        unpacked = _unpacked(content)
        body.files.extend(unpacked)
        if not unpacked:
            body.warnings.append("winmail_not_read")
    content_id = _header(part, "content-id").strip().strip("<>").strip()[:200]
    is_inline = bool(content_id) and kind.startswith("image/") and not disposition.strip().lower().startswith("attachment")
    body.files.append(File(safe_name(name), kind, content, is_inline, content_id))


def _unpacked(content: bytes) -> list[File]:
    """The files within Outlook's winmail.dat, next to which they are listed (CO-7)."""
    try:
        from tnefparse import TNEF  # seldom needed, so not in every process

        found = TNEF(content, do_checksum=False).attachments
        return [
            File(safe_name(str(one.long_filename() or one.name or "")), "application/octet-stream", bytes(one.data))
            for one in found
        ]
    except Exception:  # a reader of a format that has no standard: whatever it raises, the file itself is kept
        return []


def _header(part: Message | None, name: str) -> str:
    if part is None:
        return ""
    for key, value in part.raw_items():
        if key.lower() == name:
            return str(value)
    return ""


def _name_of(part: Message, disposition: str) -> str:
    """The file's name: of the disposition, else of the type."""
    return parameters(disposition).get("filename", "") or parameters(_header(part, "content-type")).get("name", "")


def safe_name(name: str) -> str:
    """A name without path, controls and signs that turn the reading direction, at most 180 characters long (B5). Never a path."""
    name = _FORBIDDEN.sub("", _PATH.sub("", name)).strip().rstrip(". ")
    if len(name) <= LONGEST_NAME:
        return name
    stem, dot, ending = name.rpartition(".")
    return stem[: LONGEST_NAME - len(ending) - 1] + dot + ending if dot and len(ending) <= 10 else name[:LONGEST_NAME]


def _unique_names(body: Body) -> None:
    """Files without a name get one by their type: `attachment-2.png`."""
    for number, file in enumerate(body.files, 1):
        if not file.name:
            ending = mimetypes.guess_extension(file.content_type) or ".bin"
            body.files[number - 1] = File(
                f"attachment-{number}{ending}", file.content_type, file.content, file.inline, file.content_id
            )
