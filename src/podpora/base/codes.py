"""Public codes: what people and URLs say instead of primary keys (`L-7Q4K92XM`, `T-1042`)."""

import secrets

# No 0 O 1 I L: read aloud, typed from paper, never mistaken.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
_BASE = len(ALPHABET)
_EVEN = 256 - 256 % _BASE


def random_part(length: int) -> str:
    """`length` characters of ALPHABET; 4.95 bits each."""
    found: list[str] = []
    while len(found) < length:  # a byte of 248 or more would favour some characters: it is left out
        found += [ALPHABET[byte % _BASE] for byte in secrets.token_bytes(length + 4) if byte < _EVEN]
    return "".join(found[:length])


def public_code(prefix: str, length: int = 8) -> str:
    """A new random code such as `L-7Q4K92XM` (8 characters: 39 bits; access is checked besides)."""
    return f"{prefix}-{random_part(length)}"


def unguessable() -> str:
    """A token for a link that is its own permission: 160 bits, URL-safe (C46)."""
    return secrets.token_urlsafe(20)


def normalised(text: str) -> str:
    """What a person typed -> the code it means: upper case, no spaces. Unknown characters stay, to be refused."""
    return "".join(text.split()).upper()
