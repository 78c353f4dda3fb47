"""Passwords and keys in what is attached (SC-11)."""

import re

from podpora.desk.values import (
    Cleaned,
)

TEXT_TYPES = ("text/", "application/json", "application/xml", "application/x-yaml", "application/toml")
TEXT_ENDINGS = (".txt", ".log", ".ini", ".cfg", ".conf", ".json", ".xml", ".yaml", ".yml", ".toml", ".csv", ".eml", ".md", ".reg")
MASK = "[removed]"
_NAMES = (
    "password|passwort|passwd|passphrase|pwd|heslo|secret|api[_-]?key|private[_-]?key|licen[cs]e[_-]?key|session[_-]?id|token"
    "|(?:\\b|[_-])pass"
)
_SECRETS = (
    # name = value, "name": "value", name: value
    re.compile(
        rf"(?i)((?:{_NAMES})[\"']?[ \t]{{0,8}}[:=][ \t]{{0,8}})(\"[^\"\r\n]{{1,400}}\"|'[^'\r\n]{{1,400}}'|[^\s\"',;<>]{{1,400}})"
    ),
    re.compile(r"(?i)(authorization:[ \t]{0,4}(?:basic|bearer)[ \t]{1,4})([A-Za-z0-9+/=._~-]{6,4000})"),
    re.compile(r"(?i)(\b(?:set-)?cookie:[ \t]{0,4})([^\r\n]{1,4000})"),
    # imap://jana:password@mail.example
    re.compile(r"(?i)(\b[a-z][a-z0-9+.-]{1,15}://[^\s/:@\"']{1,100}:)([^\s/@\"']{1,200})(?=@)"),
    re.compile(r"(-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----)([A-Za-z0-9+/=\s]{1,10000})(?=-----END)"),
    # signed tokens, the tokens of our devices and of our API, and those of well-known services
    re.compile(r"(\b)(eyJ[A-Za-z0-9_-]{8,4000}\.[A-Za-z0-9_-]{2,8000}(?:\.[A-Za-z0-9_-]{0,4000}){0,3})"),
    re.compile(r"(\b)((?:pdp?_|gh[pousr]_|sk_live_|sk_test_|xox[abprs]-)[A-Za-z0-9_-]{10,300})"),
    # a licence key (LICENSING): in groups or in one piece, in any case; and other vendors' keys in four or more groups
    re.compile(r"(?i)(\b)(PK[2-9A-Z]{3}(?:[- ]?[2-9A-Z]{5}){4}\b)"),
    re.compile(r"(\b)((?:[2-9A-HJKMNP-Z]{4,6}-){3,12}[2-9A-HJKMNP-Z]{4,6}\b)"),
)
_SECRET_NAME = re.compile(rf"(?i)(?:{_NAMES}|cookie|authorization)[\"']?$")


def is_text(name: str, content_type: str) -> bool:
    return content_type.lower().startswith(TEXT_TYPES) or name.lower().endswith(TEXT_ENDINGS)


def masked(text: str) -> tuple[str, int]:
    """The text with what looks like a password, key or token replaced by a mask, and how many there were."""
    count = 0
    for pattern in _SECRETS:
        text, found = pattern.subn(rf"\1{MASK}", text)
        count += found
    return text, count


def without_secrets(content: bytes, *, name: str, content_type: str) -> Cleaned:
    """SC-11: passwords and keys in a text attachment are masked before it is stored. Other bytes are left as they are."""
    if not is_text(name, content_type):
        return Cleaned(content)
    encoding = "utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "latin-1"  # latin-1 keeps every byte as it was
    try:
        text, count = masked(content.decode(encoding))
    except UnicodeDecodeError:
        return Cleaned(content)
    return Cleaned(text.encode(encoding), count) if count else Cleaned(content)
