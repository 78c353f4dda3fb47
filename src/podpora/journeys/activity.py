"""Who did what in a company, as far as a member's role may see it (S16). The audit keeps it; this story picks and masks.

Members and teams are for who manages members, licences and devices for who looks after them, orders for who sees invoices; everybody
sees what he did himself. The vendor's people are not named, and nothing is told of a licence from before it came to this company.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db.models import Q, QuerySet

from podpora.audit import queries as audit
from podpora.audit.models import Entry
from podpora.base import vendor
from podpora.base.actors import ActorKind
from podpora.base.clock import start_of
from podpora.licensing.models import Licence
from podpora.orders.models import Order
from podpora.people import permissions
from podpora.people.models import Customer, Person
from podpora.people.values import ROLE_PERMISSIONS

AREAS = {
    "people": ("member.", "customer."), "teams": ("team.",), "licences": ("licence.",), "devices": ("device.",), "orders": ("order.",),
}  # fmt: skip
NEEDED = {"people": "members", "teams": "members", "licences": "devices", "devices": "devices", "orders": "invoices"}
PERSON = re.compile(r"\bU-[0-9A-Z]{8}\b")
MOST = 5000


@dataclass(frozen=True, slots=True)
class ActivityWish:
    """What somebody looks for; empty means everything that he may see."""

    who: str = ""
    area: str = ""
    first: date | None = None
    last: date | None = None
    before: int = 0


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that somebody did, ready to be read."""

    pk: int
    at: datetime
    who: str
    what: str
    about: str
    verb: str


def areas_of(person: Person, customer: Customer) -> list[str]:
    """The areas that this person's role opens."""
    role = permissions.role_of(person, customer)
    given = ROLE_PERMISSIONS[role] if role else frozenset[str]()
    return [area for area, permission in NEEDED.items() if permission in given]


def entries(person: Person, customer: Customer, wish: ActivityWish) -> QuerySet[Entry]:
    """What the reader may see of it, newest first."""
    open_areas = areas_of(person, customer)
    wanted = [area for area in open_areas if wish.area in ("", area)]
    seen = Q(pk__in=[])
    for area in wanted:
        of_area = Q(pk__in=[])
        for prefix in AREAS[area]:
            of_area |= Q(verb__startswith=prefix)
        seen |= of_area & _subjects(area, customer)
    if permissions.role_of(person, customer) is not None and not open_areas:
        seen |= Q(person_id=person.pk) & (_subjects("people", customer) | _subjects("licences", customer))
    rows = Entry.objects.filter(seen).order_by("-pk")
    if wish.who:
        rows = rows.filter(actor_name__icontains=wish.who)
    if wish.first:
        rows = rows.filter(at__gte=start_of(wish.first, settings.VENDOR_ZONE))
    if wish.last:
        rows = rows.filter(at__lt=start_of(wish.last + timedelta(days=1), settings.VENDOR_ZONE))
    return rows.filter(pk__lt=wish.before) if wish.before else rows


def _subjects(area: str, customer: Customer) -> Q:
    if area in ("people", "teams"):
        return Q(subject=f"customer:{customer.code}")
    if area == "orders":
        codes = Order.objects.filter(customer=customer).order_by("-pk").values_list("code", flat=True)[:MOST]
        return Q(subject__in=[f"order:{code}" for code in codes])
    owned = list(Licence.objects.filter(customer=customer).values_list("code", "owned_since"))
    found = Q(subject__in=[f"licence:{code}" for code, since in owned if since is None])
    for code, since in owned:
        if since is not None:
            found |= Q(subject=f"licence:{code}", at__gte=since)
    return found | Q(subject=f"customer:{customer.code}", verb__startswith="licence.")


def lines(rows: Iterable[Entry], customer: Customer) -> list[Line]:
    """The rows as sentences: members by their names, the vendor's people as the vendor (two queries)."""
    found = list(rows)
    staff = _staff(found)
    told = [(entry, audit.sentence(entry)) for entry in found]
    names = _names(sentence for _entry, sentence in told)
    return [
        Line(e.pk, e.at, _who(e, staff), PERSON.sub(lambda m: names.get(m[0], m[0]), sentence), e.code, e.verb)
        for e, sentence in told
    ]


def _staff(found: Sequence[Entry]) -> set[int]:
    ids = {entry.person_id for entry in found if entry.person_id}
    return set(Person.objects.filter(pk__in=ids).exclude(staff_role="").values_list("pk", flat=True))


def _names(sentences: Iterable[str]) -> dict[str, str]:
    codes = {code for sentence in sentences for code in PERSON.findall(sentence)}
    return {person.code: str(person) for person in Person.objects.filter(code__in=codes)}


def _who(entry: Entry, staff: set[int]) -> str:
    """The vendor's people and machines are the vendor; members and devices have their names."""
    if entry.on_behalf_of or entry.person_id in staff or entry.actor_kind == ActorKind.SYSTEM:
        return vendor.name()
    if entry.actor_kind == ActorKind.TOKEN and entry.person_id is None:
        return vendor.name()
    return entry.actor_name
