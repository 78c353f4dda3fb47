"""Synthetic customers with licences, ledgers, devices and activations."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.hashers import make_password

from podpora.base.clock import vendor_date
from podpora.base.codes import random_part
from podpora.base.sealing import keyed_hash, seal
from podpora.catalog import queries as catalog
from podpora.catalog.models import Edition, Product
from podpora.config.seed.chance import PLATFORMS, VERSIONS, Chance, code
from podpora.entitlements.models import LedgerEntry, Standing
from podpora.entitlements.rules.years import add_years
from podpora.entitlements.values import EntryKind
from podpora.licensing.models import Activation, ActivationToken, Device, FingerprintPart, Licence
from podpora.licensing.queries.devices import token_hash
from podpora.licensing.queries.licences import PURPOSE
from podpora.licensing.rules import hint_of, with_check
from podpora.licensing.rules.keys import RANDOM
from podpora.licensing.values import LicenceKind
from podpora.people.models import Customer, Membership, Person
from podpora.people.values import CustomerKind, Role

BATCH = 2000


@dataclass(frozen=True, slots=True)
class Owner:
    """A synthetic customer with his licence and device: what tickets and orders are about."""

    person: Person
    customer: Customer
    licence: Licence
    device: Device
    bought_at: datetime


def token_of(number: int) -> str:
    """The device token of the n-th synthetic activation, so that a measurement can speak for it."""
    return f"pd_seed-{number:012d}"


def make_owners(product: Product, count: int, chance: Chance) -> list[Owner]:
    """So many private customers, each with a licence for three devices and one device in use."""
    first = Person.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    edition = Edition.objects.get(product=product, code="pro")
    unusable = make_password(None)
    owners = []
    for begin in range(0, count, BATCH):
        numbers = range(first + begin, first + min(begin + BATCH, count))
        owners += _batch(product, edition, list(numbers), unusable, chance)
    return owners


def _batch(product: Product, edition: Edition, numbers: list[int], unusable: str, chance: Chance) -> list[Owner]:
    people = Person.objects.bulk_create(
        Person(
            code=code("U", n), email=f"seed{n}@seed.example", name=chance.name(), language=chance.random.choice(("cs", "en")),
            password=unusable, joined_at=chance.ago(1500),
        )
        for n in numbers
    )  # fmt: skip
    customers = Customer.objects.bulk_create(
        Customer(
            code=code("C", n),
            kind=CustomerKind.PRIVATE,
            name=p.name,
            person=p,
            email=p.email,
            language=p.language,
            created_at=p.joined_at,
        )
        for n, p in zip(numbers, people, strict=True)
    )
    Membership.objects.bulk_create(
        Membership(customer=c, person=p, role=Role.OWNER, since=p.joined_at) for c, p in zip(customers, people, strict=True)
    )
    bought = [max(p.joined_at, chance.ago(1200)) for p in people]
    licences = Licence.objects.bulk_create(
        _licence(product, edition, n, c, at) for n, c, at in zip(numbers, customers, bought, strict=True)
    )
    _ledgers(product, licences, bought, chance.today)
    devices = _devices(numbers, licences, bought, chance)
    return [Owner(*row) for row in zip(people, customers, licences, devices, bought, strict=True)]


def _licence(product: Product, edition: Edition, number: int, customer: Customer, at: datetime) -> Licence:
    plain = with_check(random_part(RANDOM))
    return Licence(
        code=code("L", number), customer=customer, product=product, edition=edition, offer="pro-private-3", kind=LicenceKind.ONE_TIME,
        state_changed_at=at, seats=3, seats_used=1, key_hash=keyed_hash(plain, PURPOSE), key_sealed=seal(plain, PURPOSE),
        key_hint=hint_of(plain), source=f"seed:{number}", issued_at=at,
    )  # fmt: skip


def _ledgers(product: Product, licences: list[Licence], bought: list[datetime], today: datetime) -> None:
    majors = sorted((v.released_on, v.major) for v in catalog.version_facts(product) if v.released_on)
    entries, standings = [], []
    for licence, at in zip(licences, bought, strict=True):
        on = vendor_date(at, settings.VENDOR_ZONE)
        major = max((m for released, m in majors if released <= on), default=majors[0][1])
        through = add_years(on, 1)
        entries.append(
            LedgerEntry(
                licence=licence.code, customer=licence.customer, source=licence.source, kind=EntryKind.PURCHASE, at=at, on=on,
                ordered_at=at, ordered_on=on, years=1, seats_each=3, through_major=major, recorded_at=at,
            )
        )  # fmt: skip
        standings.append(
            Standing(
                licence=licence.code, customer=licence.customer, base=EntryKind.PURCHASE, through_major=major, support_starts_on=on,
                support_through=through, seats=3, computed_at=today,
            )
        )  # fmt: skip
    LedgerEntry.objects.bulk_create(entries)
    Standing.objects.bulk_create(standings)


def _devices(numbers: list[int], licences: list[Licence], bought: list[datetime], chance: Chance) -> list[Device]:
    devices = Device.objects.bulk_create(
        Device(
            code=code("D", n), licence=licence, name=f"PC-{n}", platform=chance.random.choice(PLATFORMS),
            app_version=chance.random.choice(VERSIONS), first_seen_at=at, last_seen_at=max(at, chance.today - timedelta(days=n % 20)),
        )
        for n, licence, at in zip(numbers, licences, bought, strict=True)
    )  # fmt: skip
    FingerprintPart.objects.bulk_create(
        FingerprintPart(device=device, name=part, value=f"seed-{part}-{n}")
        for n, device in zip(numbers, devices, strict=True)
        for part in ("machine", "board", "disk")
    )
    activations = Activation.objects.bulk_create(
        Activation(code=code("V", n), licence=licence, device=device, activated_at=at)
        for n, licence, device, at in zip(numbers, licences, devices, bought, strict=True)
    )
    ActivationToken.objects.bulk_create(
        ActivationToken(activation=a, token_hash=token_hash(token_of(n)), issued_at=at)
        for n, a, at in zip(numbers, activations, bought, strict=True)
    )
    return devices
