"""A synthetic company with very many devices, for measuring the License Manager."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from django.conf import settings

from podpora.base.actors import Actor
from podpora.catalog.models import Edition, Product
from podpora.config.demo.people import PASSWORD
from podpora.config.seed import bulk
from podpora.config.seed.chance import PLATFORMS, VERSIONS, Chance
from podpora.config.seed.licences import Seated, Terms, insert_devices, insert_licences
from podpora.licensing.models import Device
from podpora.people import actions as people
from podpora.people.models import Customer

SEATS = 500  # of one licence: ten thousand devices are twenty licences


def make_company(product: Product, devices: int, chance: Chance, *, by: Actor, at: datetime) -> Customer:
    """A company whose licences have so many devices in use. In a demo its owner signs in with the demo's password."""
    number = (Device.objects.order_by("-pk").values_list("pk", flat=True).first() or 0) + 10_000_000
    since = at - timedelta(days=300)
    email = f"company{number}@seed.example"
    owner = people.create_person(email, "Ivana Velká", password=PASSWORD if settings.DEMO else None, by=by, at=since)
    customer = people.create_company(owner, name=f"Velká firma {number}", by=by, at=since)
    terms = Terms(product, Edition.objects.get(product=product, code="pro"), "pro-company", SEATS)
    numbers = range(number, number + devices)
    for first, batch in enumerate(bulk.batches(numbers, SEATS)):
        [(licence, bought)] = insert_licences(terms, [(number + first, customer.pk, since)], used=len(batch), today=at)
        insert_devices(list(_seated(batch, licence, bought, chance)))
    return customer


def _seated(numbers: Sequence[int], licence: int, since: datetime, chance: Chance) -> Iterator[Seated]:
    for n in numbers:
        seen_at = max(since, chance.today - timedelta(days=n % 120))
        yield Seated(n, licence, f"NB-{n}", chance.random.choice(PLATFORMS), chance.random.choice(VERSIONS), since, seen_at)
