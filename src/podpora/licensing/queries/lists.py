"""A licence's devices as lists: filtered, sorted, in pages; ten thousand of them as fast as ten."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Lower

from podpora.base.errors import NotYours
from podpora.base.places import Order, behind, place_of
from podpora.licensing.models import Device, DeviceWork, Licence
from podpora.licensing.values import DEVICE_STATES, SILENT_DAYS, WORK_SHOWN, WORKS_SHOWN
from podpora.people.models import Customer, Team
from podpora.people.permissions import may, staff_may
from podpora.people.queries import teams_led_by, teams_of_person

PAGE = 50
NONE = "none"  # of a filter: those that have none


@dataclass(frozen=True, slots=True)
class DeviceWish:
    """What somebody wants to see of a licence's devices; the address holds it."""

    q: str = ""
    state: str = ""  # one of DEVICE_STATES; empty: those that hold a seat
    platform: str = ""
    version: str = ""  # exact, or the beginning: "10", "10.2"
    team: str = ""  # code, or "none"
    person: str = ""  # code, or "none"
    sort: str = "name"
    after: str = ""

    def filters(self) -> dict[str, str]:
        """What narrows the list, without its order and place."""
        return {name: value for name, value in asdict(self).items() if value and name not in ("sort", "after")}


SORTS: Mapping[str, tuple[str, type]] = {
    "name": ("lower_name", str), "seen": ("last_seen_at", datetime), "first": ("first_seen_at", datetime),
    "version": ("app_version", str), "platform": ("platform", str),
}  # fmt: skip


class ListedDevice(NamedTuple):
    """A device as a line of a list, read without making models of three tables."""

    pk: int
    code: str
    name: str
    lower_name: str
    platform: str
    app_version: str
    first_seen_at: datetime
    last_seen_at: datetime
    holds_seat: bool
    blocked_at: datetime | None
    suspected_clone_at: datetime | None
    person_code: str | None
    person_name: str | None
    person_email: str | None
    team_code: str | None
    team_name: str | None

    @property
    def state(self) -> str:
        if not self.holds_seat:
            return "deactivated"
        if self.blocked_at is not None:
            return "blocked"
        return "clone" if self.suspected_clone_at is not None else "active"

    @property
    def who(self) -> str:
        return self.person_name or self.person_email or ""


# In the order of ListedDevice.
DEVICE_FIELDS = (
    *("pk", "code", "name", "lower_name", "platform", "app_version", "first_seen_at", "last_seen_at", "holds_seat", "blocked_at"),
    *("suspected_clone_at", "person__code", "person__name", "person__email", "team__code", "team__name"),
)


def devices_seen_by(person: Any, licence: Licence) -> QuerySet[Device]:
    """The devices of this licence that this person may see (S16).

    Those who look after devices and the vendor's staff see all of them; everybody else his own and those of his teams.
    """
    rows = Device.objects.filter(licence=licence, is_former=False)
    if staff_may(person, "customers") or may(person, "devices", licence.customer):
        return rows
    return rows.filter(Q(person=person) | Q(team__in=teams_of_person(person, licence.customer)))


def all_devices(licence: Licence) -> QuerySet[Device]:
    """Every device of the licence, for one of the vendor's own systems."""
    return Device.objects.filter(licence=licence, is_former=False)


def narrowed(rows: QuerySet[Device], wish: DeviceWish, *, at: datetime) -> QuerySet[Device]:
    """Those that the wish means."""
    rows = _of_state(rows, wish.state, at=at)
    if wish.platform:
        rows = rows.filter(platform__iexact=wish.platform)
    if wish.version:
        rows = rows.filter(Q(app_version=wish.version) | Q(app_version__startswith=wish.version.rstrip(".") + "."))
    if wish.team:
        rows = rows.filter(team=None) if wish.team == NONE else rows.filter(team__code=wish.team)
    if wish.person:
        rows = rows.filter(person=None) if wish.person == NONE else rows.filter(person__code=wish.person)
    for word in wish.q.split()[:6]:
        in_person = Q(person__name__icontains=word) | Q(person__email__icontains=word)
        rows = rows.filter(Q(name__icontains=word) | Q(code__iexact=word) | in_person)
    return rows


def _of_state(rows: QuerySet[Device], state: str, *, at: datetime) -> QuerySet[Device]:
    match state:
        case "all":
            return rows
        case "deactivated":
            return rows.filter(holds_seat=False)
        case "blocked":
            return rows.filter(holds_seat=True, blocked_at__isnull=False)
        case "clone":
            return rows.filter(holds_seat=True, suspected_clone_at__isnull=False)
        case "silent":
            return rows.filter(holds_seat=True, last_seen_at__lt=at - timedelta(days=SILENT_DAYS))
    return rows.filter(holds_seat=True)


@dataclass(frozen=True, slots=True)
class DevicePage:
    """One page of devices, and the place where the next one begins."""

    devices: Sequence[ListedDevice]
    next: str


def order_of(sort: str) -> Order:
    """`-seen`: by last contact, newest first; what makes no sense sorts by name."""
    key, kind = SORTS.get(sort.removeprefix("-"), SORTS["name"])
    return Order(key, kind, descending=sort.startswith("-"))


def device_page(rows: QuerySet[Device], wish: DeviceWish, *, size: int = PAGE) -> DevicePage:
    """One page of these (one query)."""
    order = order_of(wish.sort)
    lines = behind(listed(rows), order, wish.after).values_list(*DEVICE_FIELDS)[: size + 1]
    found = [ListedDevice(*line) for line in lines]
    more = len(found) > size
    last = found[size - 1] if more else None
    return DevicePage(found[:size], place_of(getattr(last, order.key), last.pk) if last else "")


def listed(rows: QuerySet[Device]) -> QuerySet[Device]:
    return rows.annotate(lower_name=Lower("name"))


def device_counts(rows: QuerySet[Device], *, at: datetime) -> dict[str, int]:
    """How many there are in each state (one query)."""
    has = Q(holds_seat=True)
    found = rows.aggregate(
        all=Count("pk"), active=Count("pk", filter=has), blocked=Count("pk", filter=has & Q(blocked_at__isnull=False)),
        clone=Count("pk", filter=has & Q(suspected_clone_at__isnull=False)),
        silent=Count("pk", filter=has & Q(last_seen_at__lt=at - timedelta(days=SILENT_DAYS))),
    )  # fmt: skip
    counts = {state: int(found.get(state, 0)) for state in DEVICE_STATES}
    return counts | {"deactivated": counts["all"] - counts["active"]}


def chosen_ids(rows: QuerySet[Device], sort: str = "name") -> list[int]:
    """The primary keys of all of these, in the order of the list."""
    return list(listed(rows).order_by(*order_of(sort).names).values_list("pk", flat=True))


def work_of(licence: Licence, code: str) -> DeviceWork | None:
    """Work on the devices of this licence, by its code."""
    return DeviceWork.objects.select_related("licence__customer").filter(licence=licence, code=code).first()


def recent_works(licence: Licence, person: Any, *, at: datetime) -> list[DeviceWork]:
    """What was done to many of its devices lately and what goes on now, newest first; `person` sees only what he began, None all.

    Without the long lists of devices: one query, however many they were.
    """
    rows = DeviceWork.objects.filter(Q(finished_at=None) | Q(started_at__gte=at - WORK_SHOWN), licence=licence)
    if person is not None:
        rows = rows.filter(person_id=person.pk)
    return list(rows.defer("devices", "undo").order_by("-id")[:WORKS_SHOWN])


def share_teams(licence: Licence) -> QuerySet[Team]:
    """The teams of the licence's owner."""
    return Team.objects.filter(customer=licence.customer).order_by("name", "pk")


def device_in(rows: QuerySet[Device], code: str) -> Device:
    """The one with this code among those that the reader may see; with its licence, person and team. Else NotYours."""
    found = rows.select_related("licence", "person", "team").filter(code=code[:20]).first() if code.isprintable() else None
    if found is None:
        raise NotYours
    return found


def led_teams(person: Any, licence: Licence) -> QuerySet[Team]:
    """The teams of the licence's owner that this person leads."""
    return teams_led_by(person).filter(customer=licence.customer)


def devices_used_by(person: Any, customer: Customer) -> QuerySet[Device]:
    """The devices on the customer's licences that are said to be this person's."""
    return (
        Device.objects.filter(person=person, licence__customer=customer, is_former=False).select_related("licence").order_by("pk")
    )
