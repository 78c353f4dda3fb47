"""Secrets at rest: keyed hashes to look things up by, and sealed texts that only this installation can open.

Both are made from PODPORA_SECRET_KEY, with one derived key for each purpose, so that what is sealed for one purpose can't be
passed off as another.
"""

import base64
import hashlib
import hmac
import os
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings


class CannotOpen(Exception):
    """The text was sealed with another secret or for another purpose, or was changed."""


@lru_cache(maxsize=64)
def _key(secret: str, purpose: str) -> bytes:
    return hmac.new(secret.encode(), f"podpora/{purpose}".encode(), hashlib.sha256).digest()


def keyed_hash(text: str, purpose: str) -> str:
    """HMAC-SHA256 of the text, as 64 hexadecimal digits: look it up, never turn it back."""
    return hmac.new(_key(settings.SECRET_KEY, f"hash/{purpose}"), text.encode(), hashlib.sha256).hexdigest()


def seal(text: str, purpose: str) -> str:
    """The text, encrypted and authenticated (AES-256-GCM), as URL-safe characters."""
    nonce = os.urandom(12)
    sealed = AESGCM(_key(settings.SECRET_KEY, f"seal/{purpose}")).encrypt(nonce, text.encode(), purpose.encode())
    return base64.urlsafe_b64encode(nonce + sealed).rstrip(b"=").decode()


def unseal(text: str, purpose: str) -> str:
    """What was sealed. Raises CannotOpen for anything that `seal` did not make here for this purpose."""
    try:
        raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        return AESGCM(_key(settings.SECRET_KEY, f"seal/{purpose}")).decrypt(raw[:12], raw[12:], purpose.encode()).decode()
    except (InvalidTag, ValueError) as problem:
        raise CannotOpen(purpose) from problem
