"""Everything about a device that a refresh needs, by one prepared statement instead of the ORM (docs/explanation/speed.md).

It reads, and only that. What it gives are plain values; `tests/licensing/test_hot.py` compares them with what the ORM gives on
generated data, and names every column of these tables, so that a new one can't be overlooked here.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from podpora.base import sql
from podpora.licensing.models import FingerprintPart, SigningKey
from podpora.licensing.queries.devices import token_hash
from podpora.licensing.queries.keys import loaded_key, private_key
from podpora.licensing.values import ActivationState, KeyState, LicenceState

_COLUMNS = {
    "activation": "a.code", "activation_state": "a.state", "serial": "a.serial", "device_pk": "d.id", "device": "d.code",
    "app_version": "d.app_version", "last_seen_at": "d.last_seen_at", "blocked_at": "d.blocked_at", "clone_at": "d.suspected_clone_at",
    "clock_skew": "d.clock_skew", "token_pk": "t.id", "given_serial": "t.serial", "is_doubted": "t.is_doubted", "device_key": "t.device_key",
    "licence": "l.code", "licence_state": "l.state", "kind": "l.kind", "seats": "l.seats",
    "product_pk": "p.id", "product": "p.code", "edition": "e.code", "features": "e.features", "holder": "c.name", "kid": "k.kid",
}  # fmt: skip
_FROM = """
    FROM licensing_activationtoken t
    JOIN licensing_activation a ON a.id = t.activation_id
    JOIN licensing_device d ON d.id = a.device_id
    JOIN licensing_licence l ON l.id = a.licence_id
    JOIN catalog_product p ON p.id = l.product_id
    JOIN catalog_edition e ON e.id = l.edition_id
    LEFT JOIN people_customer c ON c.id = l.customer_id
    LEFT JOIN licensing_signingkey k ON k.state = '{active}'
    WHERE t.token_hash = %s
"""
PRODUCT, LICENCE = "l.product_id", "l.code"  # expressions for the pieces of other rooms


class HotDevice(NamedTuple):
    """The row. `more`: the pieces that the caller added, by name."""

    activation: str
    activation_state: str
    serial: int
    device_pk: int
    device: str
    app_version: str
    last_seen_at: datetime
    blocked_at: datetime | None
    clone_at: datetime | None
    clock_skew: int | None
    token_pk: int
    given_serial: int | None
    is_doubted: bool
    device_key: str
    licence: str
    licence_state: str
    kind: str
    seats: int
    product_pk: int
    product: str
    edition: str
    features: Mapping[str, Any]
    holder: str
    kid: str | None
    fingerprint: dict[str, str]
    more: Mapping[str, Any]

    @property
    def is_plain(self) -> bool:
        """Is there nothing about it that the ordinary way would have to look at?"""
        return (
            self.activation_state == ActivationState.ACTIVE and self.licence_state == LicenceState.ACTIVE
            and self.blocked_at is None and self.clone_at is None and not self.is_doubted and self.clock_skew is None and self.kid is not None
        )  # fmt: skip


def statement(pieces: Mapping[str, str]) -> str:
    """The statement, with pieces of other rooms. The same text each time, so that the database prepares it once."""
    parts = sql.json_object(FingerprintPart, "name", "value", "device_id = d.id")
    return f"SELECT {', '.join([*_COLUMNS.values(), parts, *pieces.values()])}{_FROM.format(active=KeyState.ACTIVE.value)}"


def device_by_token(token: str, prepared: str, names: tuple[str, ...]) -> HotDevice | None:
    """The device whose program holds this token; `prepared` is a `statement` with pieces of these names."""
    found = sql.fetch_row(prepared, (token_hash(token),))
    if found is None:
        return None
    own = dict(zip(_COLUMNS, found, strict=False))
    own |= {name: sql.instant(own[name]) for name in ("last_seen_at", "blocked_at", "clone_at")}
    own["is_doubted"] = bool(own["is_doubted"])
    own["features"], own["holder"] = _features(own["features"]), own["holder"] or ""
    return HotDevice(
        **own, fingerprint=json.loads(found[len(_COLUMNS)]), more=dict(zip(names, found[len(_COLUMNS) + 1 :], strict=True))
    )


def signing_key(kid: str) -> Ed25519PrivateKey:
    """The key that signs. Which one it is came with the row, so a rotation works at once; opening it is done once a process."""
    return loaded_key(kid) or private_key(SigningKey.objects.get(kid=kid))


@lru_cache(maxsize=64)
def _features(text: str) -> Mapping[str, Any]:
    found: Mapping[str, Any] = json.loads(text)
    return found
