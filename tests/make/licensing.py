"""Licences and devices for tests: a product with versions 8 (ended), 9 and 10, and licences whose rights stand in the ledger."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import count

from podpora.base.actors import system
from podpora.base.clock import vendor_date
from podpora.catalog import actions as catalog
from podpora.catalog import queries as catalog_queries
from podpora.catalog.models import Edition, Product
from podpora.catalog.values import Channel, Level, Tier
from podpora.entitlements import actions as entitlements
from podpora.entitlements.values import Entry, EntryKind
from podpora.journeys import activation as journey
from podpora.licensing import actions
from podpora.licensing.models import Licence
from podpora.licensing.values import Activated, Contact, DeviceFacts, LicenceKind, licence_code
from podpora.people.models import Customer
from tests.make import people
from tests.make.remembered import remembered

BY = system("tests")
BOUGHT = datetime(2026, 3, 10, 9, 0, tzinfo=UTC)
_number = count(1)


def product(code: str = "postak") -> Product:
    """The sample program, made once in a test."""
    found = Product.objects.filter(code=code).first()
    if found:
        return found
    remembered(("product", code), lambda: _make_product(code))
    return Product.objects.get(code=code)


def _make_product(code: str) -> None:
    made = catalog.create_product(code, "Pošťák", by=BY, at=BOUGHT)
    catalog.create_edition(made, "pro", "PRO", features={"commercial": True}, by=BY, at=BOUGHT)
    catalog.create_edition(made, "free", "FREE", features={"accounts": 2}, by=BY, at=BOUGHT)
    lives = {8: (date(2020, 5, 4), date(2025, 12, 31)), 9: (date(2023, 3, 1), None), 10: (date(2025, 9, 15), None)}
    for major, (released, ends) in lives.items():
        catalog.set_version(made, major, released_on=released, support_ends_on=ends, by=BY, at=BOUGHT)
    vip = catalog.PlanPromise(Level.WITH_SUPPORT)
    catalog.set_plan(made, Tier.PRO, Channel.CENTRE, vip, by=BY, at=BOUGHT)


def edition(code: str = "pro") -> Edition:
    return Edition.objects.get(product=product(), code=code)


@dataclass(frozen=True, slots=True)
class Terms:
    """What a licence of a test was bought with."""

    seats: int = 3
    through_major: int = 10
    years: int = 1
    bought_at: datetime = BOUGHT


def licence(customer: Customer | None = None, terms: Terms = Terms()) -> Licence:
    """A PRO licence bought once, its rights in the ledger as a purchase would put them."""
    owner = customer or people.customer()
    code = licence_code()
    made = actions.issue(
        code=code, customer=owner, product=product(), edition=edition(), offer="pro-private-3", kind=LicenceKind.ONE_TIME,
        seats=terms.seats, source=f"order:A-{next(_number)}/1", by=BY, at=terms.bought_at,
    )  # fmt: skip
    policy = catalog_queries.policy_of(product())
    on = vendor_date(terms.bought_at, policy.zone)
    bought = Entry(
        f"order:A-{made.pk}/1", EntryKind.PURCHASE, terms.bought_at, on, units=1, years=terms.years, seats_each=terms.seats,
        through_major=terms.through_major,
    )  # fmt: skip
    entitlements.record_entries(code, owner, [bought], by=BY, at=terms.bought_at)
    return made


def device(name: str = "", **parts: str) -> DeviceFacts:
    """A device of its own, or one with these parts changed."""
    number = next(_number)
    fingerprint = {part: f"hash-of-{part}-{number}" for part in ("machine", "board", "disk", "network")}
    return DeviceFacts({**fingerprint, **parts}, name or f"PC {number}", "windows")


def activated(of: Licence, facts: DeviceFacts | None = None, *, version: str = "10.1.0", at: datetime = BOUGHT) -> Activated:
    """The device on a seat, as the program would ask."""
    major = int(version.split(".")[0])
    return journey.activate(of, facts or device(), Contact(version, major), by=BY, at=at)
