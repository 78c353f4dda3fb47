"""The keys that sign certificates: the first one, and rotation."""

import base64
import hashlib
from datetime import datetime, timedelta
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.db import IntegrityError, transaction

from podpora.audit import actions as audit
from podpora.base.actors import Actor, system
from podpora.base.sealing import seal
from podpora.licensing.models import SigningKey
from podpora.licensing.queries.keys import PURPOSE, jwk, private_key
from podpora.licensing.rules import compact, unsigned_part
from podpora.licensing.rules.certificate import KEY_TYPE
from podpora.licensing.values import KeyState


def _base64url(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _new_row(*, at: datetime) -> SigningKey:
    """A new pair, not saved. Its kid is the JWK thumbprint (RFC 7638), so that a kid can't be given to another key."""
    private = Ed25519PrivateKey.generate()
    raw = private.private_bytes(serialization.Encoding.Raw, serialization.PrivateFormat.Raw, serialization.NoEncryption())
    x = _base64url(private.public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw))
    kid = _base64url(hashlib.sha256(f'{{"crv":"Ed25519","kty":"OKP","x":"{x}"}}'.encode()).digest())[:16]
    return SigningKey(kid=kid, public=x, private_sealed=seal(base64.urlsafe_b64encode(raw).decode(), PURPOSE), created_at=at)


def ensure_signing_key(*, by: Actor | None = None, at: datetime) -> SigningKey:
    """The active key; the first call makes it. Two first calls at once make one (a constraint says so)."""
    row = SigningKey.objects.filter(state=KeyState.ACTIVE).first()
    return row if row is not None else _first_key(by=by, at=at)


@transaction.atomic
def _first_key(*, by: Actor | None, at: datetime) -> SigningKey:
    row = _new_row(at=at)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        return SigningKey.objects.get(state=KeyState.ACTIVE)
    audit.record("signing_key.made", f"signing_key:{row.kid}", by=by or system(), at=at)
    return row


@transaction.atomic
def rotate_signing_key(*, overlap: timedelta, by: Actor, at: datetime) -> SigningKey:
    """A new key signs from now on. The old one announces it with its signature and is accepted until the overlap ends (CS-11)."""
    ensure_signing_key(by=by, at=at)
    list(SigningKey.objects.select_for_update().order_by("pk"))  # two rotations at once queue at the oldest key
    old = SigningKey.objects.get(state=KeyState.ACTIVE)
    new = _new_row(at=at)
    until = at + overlap
    claims: dict[str, Any] = {
        "iss": settings.SITE_URL, "iat": int(at.timestamp()), "sub": new.kid, "jwk": jwk(new) | {"status": "active"},
        "replaces": old.kid, "old_key_until": int(until.timestamp()),
    }  # fmt: skip
    unsigned = unsigned_part(claims, kid=old.kid, typ=KEY_TYPE)
    new.announcement = compact(unsigned, private_key(old).sign(unsigned.encode()))
    old.state = KeyState.RETIRING
    old.expires_at = until
    old.save(update_fields=["state", "expires_at"])
    new.save(force_insert=True)
    audit.record("signing_key.rotated", f"signing_key:{new.kid}", by=by, at=at, before={"kid": old.kid}, after={"kid": new.kid})
    return new
