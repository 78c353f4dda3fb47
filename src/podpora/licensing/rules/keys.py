"""Licence keys: `PKXXX-XXXXX-XXXXX-XXXXX-XXXXX`.

PK, 21 random characters of an alphabet of 31 without 0 O 1 I L (104 bits) and two check characters. 31 is prime, so a weighted
sum modulo 31 finds every single wrong character and every swap of two; the second sum finds nearly all that is left.
"""

import unicodedata

from podpora.base.codes import ALPHABET

PREFIX = "PK"
RANDOM = 21
LENGTH = len(PREFIX) + RANDOM + 2
OTHER_LEAST, OTHER_MOST = 10, 64  # of keys that another system gave out
_VALUE = {character: number for number, character in enumerate(ALPHABET)}


def with_check(random: str) -> str:
    """21 random characters -> a key, without hyphens."""
    body = PREFIX + random
    return body + _check(body)


def _check(body: str) -> str:
    first = sum((place + 1) * _VALUE[character] for place, character in enumerate(body)) % len(ALPHABET)
    second = sum((place + 1) ** 2 * _VALUE[character] for place, character in enumerate(body)) % len(ALPHABET)
    return ALPHABET[first] + ALPHABET[second]


def key_from(plain: str) -> str:
    """A key as it is shown: in groups of five."""
    return "-".join(plain[start : start + 5] for start in range(0, len(plain), 5))


def groups_of(plain: str) -> list[str]:
    """The groups of a plain key as they are shown, without the hyphens between."""
    return key_from(plain).split("-")


def groups_meant(text: str) -> list[str]:
    """The whole groups of five in what a person quoted of a key: `…-7Q4K9-2XMAB`, in any case; none when it can't be part of one."""
    parts = unicodedata.normalize("NFKC", text).upper().replace("…", "-").split("-")
    groups = [part for part in parts if part]
    fits = [len(group) == 5 and all(character in _VALUE for character in group) for group in groups]
    return groups if groups and all(fits) else []


def key_meant(text: str) -> str | None:
    """A-12: what a person typed -> the plain key; None when it can't be one (wrong characters, length or check).

    Any case, spaces, hyphens and dashes of any kind, wide characters of Asian keyboards.
    """
    if len(text) > 200:
        return None
    plain = "".join(character for character in unicodedata.normalize("NFKC", text).upper() if character.isalnum())
    if len(plain) != LENGTH or not plain.startswith(PREFIX) or any(character not in _VALUE for character in plain):
        return None
    return plain if _check(plain[:-2]) == plain[-2:] else None


def other_key_meant(text: str) -> str | None:
    """A key that another system gave out and that was imported: its letters and digits, in any case; None when there are too few.

    It has no check characters that could be looked at: whether there is such a key, only the licences know.
    """
    if len(text) > 200:
        return None
    plain = "".join(character for character in unicodedata.normalize("NFKC", text).upper() if character.isalnum())
    return plain if OTHER_LEAST <= len(plain) <= OTHER_MOST else None


def any_key_meant(text: str) -> str | None:
    """One of our keys, or one of another system."""
    return key_meant(text) or other_key_meant(text)


def hint_of(plain: str) -> str:
    """Enough to recognise one's own key, too little to use it."""
    return f"{plain[: len(PREFIX)]}…{plain[-5:] if len(plain) >= LENGTH else plain[-3:]}"
