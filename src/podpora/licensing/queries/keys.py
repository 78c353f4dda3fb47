"""Signing keys: the one that signs, and the public ones."""

import base64
from collections.abc import Callable
from datetime import datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db.models import Q, QuerySet

from podpora.base.sealing import unseal
from podpora.licensing.models import SigningKey
from podpora.licensing.values import KeyState

PURPOSE = "signing-key"
_loaded: dict[str, Ed25519PrivateKey] = {}  # by kid; a key is opened once in each process


def private_key(row: SigningKey) -> Ed25519PrivateKey:
    key = _loaded.get(row.kid)
    if key is None:
        raw = base64.urlsafe_b64decode(unseal(row.private_sealed, PURPOSE))
        key = _loaded[row.kid] = Ed25519PrivateKey.from_private_bytes(raw)
    return key


def loaded_key(kid: str) -> Ed25519PrivateKey | None:
    """The private key, if this process has opened it before."""
    return _loaded.get(kid)


def signer() -> tuple[str, Callable[[bytes], bytes]] | None:
    """The kid and the signature function of the active key; None before the first one is made.

    Which key is active is read each time, so a rotation works at once in every process.
    """
    row = SigningKey.objects.filter(state=KeyState.ACTIVE).first()
    return (row.kid, private_key(row).sign) if row else None


def signing_keys() -> QuerySet[SigningKey]:
    """All keys there ever were, newest first."""
    return SigningKey.objects.order_by("-id")


def jwk_set(*, at: datetime) -> dict[str, Any]:
    """The public keys that may be trusted at `at`, newest first, and the announcements that lead from one to the next."""
    rows = SigningKey.objects.filter(Q(expires_at__isnull=True) | Q(expires_at__gt=at)).order_by("-id")
    announcements = SigningKey.objects.exclude(announcement="").order_by("id").values_list("announcement", flat=True)
    return {"keys": [jwk(row) for row in rows], "announcements": list(announcements)}


def jwk(row: SigningKey) -> dict[str, Any]:
    """RFC 8037, with `status` and, for a retiring key, `exp`."""
    found: dict[str, Any] = {
        "kty": "OKP", "crv": "Ed25519", "x": row.public, "kid": row.kid, "use": "sig", "alg": "EdDSA", "status": row.state,
    }  # fmt: skip
    if row.expires_at:
        found["exp"] = int(row.expires_at.timestamp())
    return found
