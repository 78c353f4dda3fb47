"""Rows of licences with their ledgers, and of devices on their seats."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings

from podpora.base.clock import vendor_date
from podpora.base.codes import random_part
from podpora.base.sealing import keyed_hash, seal
from podpora.catalog import queries as catalog
from podpora.catalog.models import Edition, Product
from podpora.config.seed import bulk
from podpora.config.seed.chance import code
from podpora.entitlements.models import LedgerEntry, Standing
from podpora.entitlements.rules import settings_mark
from podpora.entitlements.rules.years import add_years
from podpora.entitlements.values import EntryKind
from podpora.licensing.models import Activation, ActivationToken, Device, FingerprintPart, KeyGroup, Licence
from podpora.licensing.queries.devices import token_hash
from podpora.licensing.queries.licences import PURPOSE, group_tag
from podpora.licensing.rules import canonical, groups_of, hint_of, with_check
from podpora.licensing.rules.keys import RANDOM
from podpora.licensing.values import LicenceKind

PARTS = ("machine", "board", "disk")


@dataclass(frozen=True, slots=True)
class Terms:
    """What is bought."""

    product: Product
    edition: Edition
    offer: str
    seats: int


def token_of(number: int) -> str:
    """The device token of the n-th synthetic activation, so that a measurement can speak for it."""
    return f"pd_seed-{number:012d}"


Bought = tuple[int, int, datetime]  # number, customer's id, when


def insert_licences(terms: Terms, bought: Sequence[Bought], *, used: int, today: datetime) -> list[tuple[int, datetime]]:
    """Licences, bought once each, with the ledger that says so: their ids and when they were bought."""
    first = bulk.next_id(Licence)
    keys = [with_check(random_part(RANDOM)) for _ in bought]
    bulk.insert(
        Licence,
        (
            _licence(terms, number, at, plain) | {"id": first + n, "customer_id": customer, "seats_used": used}
            for n, ((number, customer, at), plain) in enumerate(zip(bought, keys, strict=True))
        ),
    )
    bulk.insert(
        KeyGroup,
        (
            {"licence_id": first + n, "place": place, "tag": group_tag(group)}
            for n, plain in enumerate(keys)
            for place, group in enumerate(groups_of(plain), 1)
        ),
    )
    majors = sorted((v.released_on, v.major) for v in catalog.version_facts(terms.product) if v.released_on)
    days = [vendor_date(at, settings.VENDOR_ZONE) for _number, _customer, at in bought]
    ledger = list(zip(bought, days, (_major(majors, on) for on in days), strict=True))
    bulk.insert(
        LedgerEntry,
        (
            {
                "licence": code("L", number), "customer_id": customer, "source": f"seed:{number}", "kind": EntryKind.PURCHASE.value,
                "at": at, "on": on, "ordered_at": at, "ordered_on": on, "years": 1, "seats_each": terms.seats,
                "through_major": major, "recorded_at": at,
            }
            for (number, customer, at), on, major in ledger
        ),
    )  # fmt: skip
    _insert_standings(terms, ledger, today)
    return [(first + n, at) for n, (_number, _customer, at) in enumerate(bought)]


def _insert_standings(terms: Terms, ledger: Sequence[tuple[Bought, date, int]], today: datetime) -> None:
    mark = _mark(terms.product, today)
    bulk.insert(
        Standing,
        (
            {
                "licence": code("L", number), "customer_id": customer, "base": EntryKind.PURCHASE.value, "through_major": major,
                "support_starts_on": on, "support_through": add_years(on, 1), "seats": terms.seats, "computed_at": today,
                "product_id": terms.product.pk, "settings": mark,
            }
            for (number, customer, _at), on, major in ledger
        ),
    )  # fmt: skip


def _mark(product: Product, today: datetime) -> str:
    """So that nobody computes these standings again at once."""
    on = vendor_date(today, settings.VENDOR_ZONE)
    return settings_mark(catalog.version_facts(product), catalog.policy_of(product), on=on)


def _major(majors: Sequence[tuple[date, int]], on: date) -> int:
    return max((major for released, major in majors if released <= on), default=majors[0][1])


def _licence(terms: Terms, number: int, at: datetime, plain: str) -> dict[str, object]:
    return {
        "code": code("L", number), "product_id": terms.product.pk, "edition_id": terms.edition.pk, "offer": terms.offer,
        "kind": LicenceKind.ONE_TIME.value, "state_changed_at": at, "seats": terms.seats, "key_hash": keyed_hash(plain, PURPOSE),
        "key_sealed": seal(plain, PURPOSE), "key_hint": hint_of(plain), "source": f"seed:{number}", "issued_at": at,
    }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Seated:
    """A device that holds a seat."""

    number: int
    licence: int
    name: str
    platform: str
    app_version: str
    since: datetime
    seen_at: datetime


def insert_devices(devices: Sequence[Seated]) -> None:
    """Devices with their fingerprints, activations and tokens."""
    first, activation = bulk.next_id(Device), bulk.next_id(Activation)
    bulk.insert(
        Device,
        (
            {
                "id": first + n, "code": code("D", d.number), "licence_id": d.licence, "name": d.name, "platform": d.platform,
                "app_version": d.app_version, "first_seen_at": d.since, "last_seen_at": d.seen_at, "holds_seat": True,
                "fingerprint": canonical(_parts_of(d.number)),
            }
            for n, d in enumerate(devices)
        ),
    )  # fmt: skip
    bulk.insert(FingerprintPart, _parts(first, devices))
    bulk.insert(
        Activation,
        (
            {
                "id": activation + n, "code": code("V", d.number), "licence_id": d.licence, "device_id": first + n,
                "activated_at": d.since,
            }
            for n, d in enumerate(devices)
        ),
    )  # fmt: skip
    bulk.insert(
        ActivationToken,
        (
            {"activation_id": activation + n, "token_hash": token_hash(token_of(d.number)), "issued_at": d.since}
            for n, d in enumerate(devices)
        ),
    )


def _parts(first: int, devices: Sequence[Seated]) -> Iterable[dict[str, object]]:
    for n, device in enumerate(devices):
        for name, value in _parts_of(device.number).items():
            yield {"device_id": first + n, "name": name, "value": value}


def _parts_of(number: int) -> dict[str, str]:
    return {part: f"seed-{part}-{number}" for part in PARTS}
