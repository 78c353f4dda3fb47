"""Everything about a device that a hot answer needs, by one prepared statement instead of the ORM (docs/explanation/speed.md).

It reads, and only that. What it gives are plain values; `tests/journeys/test_hot.py` compares them with what the ORM gives on
generated data, and names every column of these tables, so that a new one can't be overlooked here.
"""

import json
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from podpora.base import sql
from podpora.base.sealing import keyed_hash
from podpora.licensing.models import SigningKey
from podpora.licensing.queries.keys import loaded_key, private_key
from podpora.licensing.queries.licences import PURPOSE
from podpora.licensing.rules import any_key_meant, device_hash
from podpora.licensing.values import SEEN_EVERY_SECONDS, ActivationState, DeviceFacts, KeyState, LicenceKind, LicenceState

assert {ActivationState.ACTIVE.value, LicenceState.ACTIVE.value} == {"active"}  # as it stands in _FROM and _FULL
assert LicenceKind.FREE.value == "free"

# In the order of the fields of HotDevice. The two instants that are asked about are parameters: an hour ago, and now.
_COLUMNS = (
    "a.code", "a.serial", "d.id", "d.code", "d.app_version", "CASE WHEN d.last_seen_at <= %s THEN 1 ELSE 0 END", "t.id", "t.serial",
    "t.device_key", "l.code", "l.kind", "l.seats", "l.product_id", "l.edition_id", "c.name",
)  # fmt: skip
# Only what is plain is found: nothing about it that the ordinary way would have to look at.
_FROM = """
    FROM licensing_activationtoken t
    JOIN licensing_activation a ON a.id = t.activation_id
    JOIN licensing_device d ON d.id = a.device_id
    JOIN licensing_licence l ON l.id = a.licence_id
    LEFT JOIN people_customer c ON c.id = l.customer_id
    WHERE t.token_hash = %s AND a.state = 'active' AND l.state = 'active'
    AND d.last_seen_at <= %s AND d.blocked_at IS NULL AND d.suspected_clone_at IS NULL AND d.clock_skew IS NULL AND NOT t.is_doubted
"""
LICENCE, DEVICE, CUSTOMER = "l.code", "d.id", "l.customer_id"  # expressions for the pieces of other rooms
_OWN = len(_COLUMNS) + 1
SIGNER = f"(SELECT kid FROM licensing_signingkey WHERE state = '{KeyState.ACTIVE.value}')"  # noqa: S608
_HOUR = timedelta(seconds=SEEN_EVERY_SECONDS)


class HotDevice(NamedTuple):
    """The row. `fingerprint`: canonical JSON, as it stands in certificates. `mark` and `ledger` are of other rooms."""

    activation: str
    serial: int
    device_pk: int
    device: str
    app_version: str
    was_silent: int  # for an hour at least
    token_pk: int
    given_serial: int | None
    device_key: str
    licence: str
    kind: str
    seats: int
    product_pk: int
    edition_pk: int
    holder: str | None
    mark: int | None
    fingerprint: str
    ledger: str
    more: tuple[Any, ...]  # what a look shows besides (LOOK)


LOOK = ("a.activated_at", "d.name", "d.platform", "l.seats_used")


def statement(mark: str, ledger: str, more: Sequence[str] = ()) -> sql.Statement:
    """The statement, with pieces of other rooms, and `more` columns."""
    return sql.Statement(f"SELECT {sql.json_row([*_COLUMNS, mark, *more])}, d.fingerprint, {ledger}{_FROM}")


def statement_of(*pieces: str) -> sql.Statement:
    """Pieces of other rooms about a plain device. Parameters: those of the pieces, the token's hash, and now."""
    return sql.Statement(f"SELECT {', '.join(pieces)}{_FROM}")


def plain_device(prepared: sql.Statement, token_hash: str, at: datetime) -> HotDevice | None:
    """The device whose program holds this token; None where there is none, or where something about it is not plain."""
    found = prepared.first(sql.as_parameter(at - _HOUR), token_hash, sql.as_parameter(at))
    if found is None:
        return None
    values = json.loads(found[0])
    return HotDevice._make([*values[:_OWN], found[1], found[2], tuple(values[_OWN:])])


class FullLicence(NamedTuple):
    """A licence that has no seat left, for a computer that it does not know. `devices`, `here`, `again`: today's sightings of its key."""

    licence: str
    product_pk: int
    seats: int
    seats_used: int
    mark: int | None
    devices: int
    here: int
    again: int
    ledger: str


# Only what is plain: no shares of teams, no FREE that moves, nothing frozen, and no device that shares a part with the one that asks.
_FULL = """
    FROM licensing_licence l WHERE l.key_hash = %s AND l.state = 'active' AND l.kind <> 'free' AND l.frozen_at IS NULL
    AND l.seats_shared = 0 AND l.seats_used >= l.seats
    AND NOT EXISTS (SELECT 1 FROM licensing_fingerprintpart p JOIN licensing_device d ON d.id = p.device_id
                    WHERE p.value IN ({values}) AND d.licence_id = l.id)
"""
_SIGHTINGS = (
    "COUNT(DISTINCT s.device)", "COUNT(CASE WHEN s.place = %s THEN 1 END)", "COUNT(CASE WHEN s.place = %s AND s.device = %s THEN 1 END)",
)  # fmt: skip


def full_statement(mark: str, ledger: str) -> sql.Statement:
    """The statement for `full_licence`, with pieces of other rooms."""
    seen = f'(SELECT {sql.json_row(_SIGHTINGS)} FROM licensing_sighting s WHERE s.licence_id = l.id AND s."on" = %s)'  # noqa: S608
    columns = ("l.code", "l.product_id", "l.seats", "l.seats_used", mark)
    return sql.Statement(f"SELECT {sql.json_row(columns)}, {seen}, {ledger}{_FULL.format(values=sql.texts_of_parameter())}")


def full_licence(prepared: sql.Statement, key: str, device: DeviceFacts, place: str, *, on: date) -> FullLicence | None:
    """The licence of this key (as typed), if it is plainly full; None where it is not. `place`: the caller's network, hashed."""
    plain = any_key_meant(key)
    if plain is None:
        return None
    values = json.dumps(list(device.fingerprint.values()), ensure_ascii=False)
    found = prepared.first(place, place, device_hash(device.fingerprint), on.isoformat(), keyed_hash(plain, PURPOSE), values)
    return FullLicence._make([*json.loads(found[0]), *json.loads(found[1]), found[2]]) if found else None


def signing_key(kid: str) -> Ed25519PrivateKey:
    """The key that signs. Which one it is is known at each refresh, so a rotation works at once; opening it is done once a process."""
    return loaded_key(kid) or private_key(SigningKey.objects.get(kid=kid))
