"""Bytes of a mail -> text that a database can hold. Never raises, whatever the bytes and whatever they claim to be (CO-5)."""

import codecs
import re

import cchardet

# What mails call a charset -> what Python reads it with. Where a wider one exists, it is taken: senders name the narrow one.
_ALIASES = {
    "gb2312": "gb18030", "gbk": "gb18030", "x-gbk": "gb18030", "gb_2312-80": "gb18030", "cp936": "gb18030",
    "shift_jis": "cp932", "shift-jis": "cp932", "sjis": "cp932", "x-sjis": "cp932", "windows-31j": "cp932",
    "iso-2022-jp": "iso2022_jp_ext", "ks_c_5601-1987": "cp949", "euc-kr": "cp949", "ks_c_5601": "cp949",
    "iso-8859-1": "cp1252", "iso8859-1": "cp1252", "latin1": "cp1252", "latin-1": "cp1252", "us-ascii": "cp1252", "ascii": "cp1252",
    "ansi_x3.4-1968": "cp1252", "iso-8859-9": "cp1254", "iso-8859-8-i": "iso-8859-8", "iso-8859-8-e": "iso-8859-8", "iso-8859-11": "cp874",
    "windows-874": "cp874", "x-windows-874": "cp874",
    "tis-620": "cp874", "x-mac-roman": "mac-roman", "macintosh": "mac-roman", "utf8": "utf-8", "x-utf-8": "utf-8", "utf-8-sig": "utf-8",
    "unicode-1-1-utf-7": "utf-7", "unicode-1-1-utf-8": "utf-8", "cp-850": "cp850", "x-cp1250": "cp1250", "x-cp1251": "cp1251", "win-1250": "cp1250",
    "win-1251": "cp1251", "cp-1252": "cp1252", "windows1252": "cp1252", "unknown-8bit": "", "x-unknown": "", "default_charset": "", "unknown": "",
    "8bit": "", "7bit": "", "binary": "", "_iso-2022-jp$esc": "iso2022_jp_ext",
}  # fmt: skip
_NAME = re.compile(r"[a-z0-9][a-z0-9._+:-]{0,39}")
_NOT_FOR_MAIL = frozenset({"idna", "punycode", "undefined", "unicode-escape", "raw-unicode-escape"})
_LONGEST_GUESS = 65_536
_MULTIBYTE = re.compile(rb"[\xc2-\xf4][\x80-\xbf]{1,3}")
_LATIN = frozenset(
    {"cp1250", "cp1254", "cp1257", "iso8859-2", "iso8859-3", "iso8859-4", "iso8859-10", "iso8859-13", "iso8859-15", "iso8859-16"}
)
MANY = 4  # characters


def codec_of(charset: str) -> str:
    """The codec for a charset that a mail names; "" when there is none, or when it is no charset (rot13, base64, idna)."""
    name = charset.strip().strip("\"'").lower()
    name = _ALIASES.get(name, name)
    if not name or not _NAME.fullmatch(name):
        return ""
    try:
        found = codecs.lookup(name)
    except (LookupError, ValueError):
        return ""
    is_text = getattr(found, "_is_text_encoding", True)
    return "" if not is_text or found.name.replace("_", "-") in _NOT_FOR_MAIL else found.name


def decoded(raw: bytes, charset: str = "", hint: str = "") -> str:
    """The text of these bytes: as declared if that fits, else UTF-8, else what it looks like, else cp1252 with marks for the rest.

    `hint`: the charset that the rest of the mail is in, for bytes that are too few to guess from.
    """
    declared = codec_of(charset)
    if declared.startswith("iso2022"):
        return _clean(_escaped(raw, declared))
    for codec in dict.fromkeys(filter(None, (_first(declared, raw), "utf-8", declared, codec_of(hint)))):
        text = _strictly(raw, codec)
        if text is not None:
            return _clean(text)
    return _clean(_guessed(raw) or raw.decode(declared or "cp1252", "replace"))


def _escaped(raw: bytes, declared: str) -> str:
    """Charsets of escape sequences are all ASCII bytes: as UTF-8 they would always fit and never be read."""
    variants = ("iso2022_jp_ext", "iso2022_jp_2004", "iso2022_jp_3", "iso2022_jp_2") if declared.startswith("iso2022_jp") else ()
    for codec in dict.fromkeys((declared, *variants)):
        text = _strictly(raw, codec)
        if text is not None:
            return text
    return raw.decode(declared, "replace")


def _first(declared: str, raw: bytes) -> str:
    """Who declares something else and sends UTF-8 means UTF-8: hardly any other text is valid UTF-8 by chance.

    A short one of another script may be, so there it takes several characters.
    """
    if not declared or declared == "utf-8" or raw[:_LONGEST_GUESS].isascii():
        return _plain(declared, raw)
    enough = 1 if declared == "cp1252" else 2 if declared in _LATIN else MANY
    return "utf-8" if len(_MULTIBYTE.findall(raw[:_LONGEST_GUESS])) >= enough else declared


def _plain(declared: str, raw: bytes) -> str:
    """Charsets of two or four bytes a character leave no text without NUL."""
    return "utf-8" if declared.startswith(("utf-16", "utf-32")) and b"\0" not in raw else declared


def _strictly(raw: bytes, codec: str) -> str | None:
    try:
        return raw.decode(codec)
    except (UnicodeError, ValueError, LookupError, RecursionError, OverflowError):
        return None


def guess(raw: bytes) -> str:
    """The charset that these bytes look like; "" when they are ASCII or like nothing."""
    try:
        told = cchardet.detect(raw[:_LONGEST_GUESS]).get("encoding") or ""
    except (ValueError, TypeError, UnicodeError):
        return ""
    return "" if told.lower() in ("ascii", "utf-8") else codec_of(told)


def _guessed(raw: bytes) -> str | None:
    codec = guess(raw)
    return _strictly(raw, codec) if codec else None


def _clean(text: str) -> str:
    """Without NUL and half characters; a byte order mark at the start is no text."""
    text = text.replace("\x00", "").removeprefix("\ufeff")
    return text.encode("utf-8", "replace").decode()
