"""Names: of members (`@karel-n`), of addresses (`why-does-it-crash`), of tags."""

import re

from podpora.base.folding import folded
from podpora.forum.values import HANDLE_LENGTH, TAG_LENGTH

_HANDLE = re.compile(r"[a-z][a-z0-9-]{1,28}[a-z0-9]")
_TAG = re.compile(r"[^\W_]+(?:-[^\W_]+)*")
RESERVED = frozenset(
    {"admin", "support", "staff", "moderator", "moderators", "podpora", "system", "here", "all", "everyone", "me", "team"}
)


def is_handle(text: str) -> bool:
    return bool(_HANDLE.fullmatch(text)) and text not in RESERVED


def handle_from(name: str) -> str:
    """`Jana Nováková` -> `jana-novakova`; never anything of an e-mail address (S57)."""
    found = slug_of(name.partition("@")[0] if "@" not in name else "", longest=HANDLE_LENGTH - 6).lstrip("0123456789-")
    return found if is_handle(found) else "member"


def slug_of(text: str, *, longest: int = 80) -> str:
    """`Proč to padá?` -> `proc-to-pada`."""
    words = re.sub(r"[^a-z0-9]+", "-", folded(text)).strip("-")
    if len(words) > longest:
        words = words[:longest].rpartition("-")[0] or words[:longest]
    return words


def tag_of(text: str) -> str | None:
    """A tag as it is kept; None when it can't be one. Letters keep their accents."""
    tag = text.strip().lower().removeprefix("#").replace(" ", "-")
    return tag if 1 <= len(tag) <= TAG_LENGTH and _TAG.fullmatch(tag) else None


_MENTION = re.compile(r"(?<![\w@/.-])@([a-z0-9][a-z0-9-]{1,29})(?![\w@-])", re.IGNORECASE)


def names_in(text: str) -> list[str]:
    """The handles that somebody may have meant, in small letters."""
    return list(dict.fromkeys(found[1].lower() for found in _MENTION.finditer(text)))[:20]
