"""Synthetic private customers, each with a licence, its ledger, a device and its activation."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.hashers import make_password

from podpora.catalog.models import Edition, Product
from podpora.config.seed import bulk
from podpora.config.seed.chance import PLATFORMS, VERSIONS, Chance, code
from podpora.config.seed.licences import Seated, Terms, insert_devices, insert_licences
from podpora.people.models import Customer, Membership, Person
from podpora.people.values import CustomerKind, Role

BATCH = 5000
SEATS = 3


@dataclass(frozen=True, slots=True)
class Owner:
    """A synthetic customer with his licence and device: what tickets and orders are about."""

    person: int
    customer: int
    name: str
    language: str
    product: int
    licence: str
    device: str
    device_name: str
    app_version: str


def make_owners(product: Product, count: int, chance: Chance) -> list[Owner]:
    """So many private customers, each with a licence for three devices and one device in use."""
    first = Person.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    edition = Edition.objects.get(product=product, code="pro")
    terms = Terms(product, edition, "pro-private-3", SEATS)
    unusable = make_password(None)
    return [
        owner for numbers in bulk.batches(range(first, first + count), BATCH) for owner in _batch(terms, numbers, unusable, chance)
    ]


def _batch(terms: Terms, numbers: Sequence[int], unusable: str, chance: Chance) -> Iterator[Owner]:
    person, customer = bulk.next_id(Person), bulk.next_id(Customer)
    people: list[dict[str, Any]] = [
        {
            "id": person + n, "code": code("U", number), "email": f"seed{number}@seed.example", "name": chance.name(),
            "language": chance.random.choice(("cs", "en")), "password": unusable, "joined_at": chance.ago(1500),
        }
        for n, number in enumerate(numbers)
    ]  # fmt: skip
    bulk.insert(Person, people)
    bulk.insert(
        Customer,
        (
            {
                "id": customer + n, "code": code("C", number), "kind": CustomerKind.PRIVATE.value, "name": p["name"],
                "person_id": p["id"], "email": p["email"], "language": p["language"], "created_at": p["joined_at"],
            }
            for n, (number, p) in enumerate(zip(numbers, people, strict=True))
        ),
    )  # fmt: skip
    bulk.insert(
        Membership,
        (
            {"customer_id": customer + n, "person_id": p["id"], "role": Role.OWNER.value, "since": p["joined_at"]}
            for n, p in enumerate(people)
        ),
    )
    bought = [
        (number, customer + n, max(p["joined_at"], chance.ago(1200)))
        for n, (number, p) in enumerate(zip(numbers, people, strict=True))
    ]
    licences = insert_licences(terms, bought, used=1, today=chance.today)
    devices = [_device(number, pk, at, chance) for number, (pk, at) in zip(numbers, licences, strict=True)]
    insert_devices(devices)
    for n, (p, device) in enumerate(zip(people, devices, strict=True)):
        yield Owner(
            p["id"], customer + n, p["name"], p["language"], terms.product.pk, code("L", numbers[n]), code("D", device.number),
            device.name, device.app_version,
        )  # fmt: skip


def _device(number: int, licence: int, at: datetime, chance: Chance) -> Seated:
    seen_at = max(at, chance.today - timedelta(days=number % 20))
    return Seated(number, licence, f"PC-{number}", chance.random.choice(PLATFORMS), chance.random.choice(VERSIONS), at, seen_at)
