"""The License Manager: who gets the whole of it (ORG-7), and the list of a company's licences with their dates.

Licences know their seats (licensing), the ledger knows until when there is support (entitlements); a list shows both, sorted by either.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from django.conf import settings
from django.db.models import CharField, Count, DateField, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, Lower, NullIf

from podpora.base.clock import vendor_date
from podpora.base.decisions import Decision
from podpora.base.places import Order, behind, place_of
from podpora.catalog import queries as catalog
from podpora.catalog.values import ManagerFor
from podpora.entitlements import queries as entitlements
from podpora.entitlements import rules
from podpora.entitlements.models import Standing
from podpora.licensing import queries as licensing
from podpora.licensing.models import Licence
from podpora.people.models import Customer

PAGE = 50
SOON_DAYS = 60
NEVER = date(1, 1, 1)
STATES = ("active", "soon", "ended", "full", "suspended", "revoked", "all")
SORTS: Mapping[str, tuple[str, type]] = {
    "name": ("title_key", str), "support": ("support_key", date), "devices": ("seats_used", int), "seats": ("seats", int),
    "issued": ("issued_at", datetime),
}  # fmt: skip


def may_use(customer: Customer, *, at: datetime) -> Decision:
    """Does this customer get members, teams, bulk work and Server settings? At most three queries."""
    today = vendor_date(at, settings.VENDOR_ZONE)
    has_pro = customer.is_company and entitlements.has_pro(customer, today=today)
    given_to = ManagerFor.COMPANIES if has_pro else catalog.policy_of(catalog.product()).license_manager_for
    return rules.may_use_manager(is_company=customer.is_company, has_pro=has_pro, given_to=given_to)


@dataclass(frozen=True, slots=True)
class LicenceWish:
    """What somebody wants to see of his licences; the address holds it."""

    q: str = ""
    state: str = ""  # one of STATES; empty: what was not taken back
    customer: str = ""  # code
    sort: str = "-support"
    after: str = ""

    def filters(self) -> dict[str, str]:
        return {name: value for name, value in asdict(self).items() if value and name not in ("sort", "after")}


class ListedLicence(NamedTuple):
    """A licence as a line of a list."""

    pk: int
    code: str
    title_key: str
    support_key: date
    name: str
    offer: str
    product: str
    edition: str
    kind: str
    state: str
    seats: int
    seats_used: int
    key_hint: str
    issued_at: datetime
    customer_code: str
    customer_name: str
    run_until: date | None
    covers_all: bool | None
    through_major: int | None

    @property
    def through(self) -> date | None:
        return None if self.support_key == NEVER else self.support_key


# In the order of ListedLicence.
FIELDS = (
    *("pk", "code", "title_key", "support_key", "name", "offer", "product__name", "edition__name", "kind", "state", "seats"),
    *("seats_used", "key_hint", "issued_at", "customer__code", "customer__name", "run_until", "covers_all", "through_major"),
)


@dataclass(frozen=True, slots=True)
class LicencePage:
    licences: Sequence[ListedLicence]
    next: str


def with_dates(rows: QuerySet[Licence]) -> QuerySet[Licence]:
    """Licences with what the replay last gave them: for sorting and lists, never for a decision."""
    standing = Standing.objects.filter(licence=OuterRef("code"))

    def told(field: str) -> Subquery:
        return Subquery(standing.values(field)[:1])

    return rows.annotate(
        support_key=Coalesce(told("support_through"), Value(NEVER), output_field=DateField()),
        run_until=told("run_until"), covers_all=told("covers_all"), through_major=told("through_major"),
        title_key=Coalesce(NullIf(Lower("name"), Value("")), Lower("offer"), output_field=CharField()),
    )  # fmt: skip


def narrowed(rows: QuerySet[Licence], wish: LicenceWish, *, at: datetime) -> QuerySet[Licence]:
    """Those that the wish means."""
    rows = with_dates(rows)
    if wish.customer:
        rows = rows.filter(customer__code=wish.customer)
    rows = rows.filter(_of_state(wish.state, vendor_date(at, settings.VENDOR_ZONE)))
    for word in wish.q.split()[:6]:
        device = Q(pk__in=_with_device(word))
        named = Q(name__icontains=word) | Q(offer__icontains=word) | Q(customer__name__icontains=word)
        rows = rows.filter(named | Q(code__iexact=word) | Q(key_hint__iendswith=word[-5:]) | device)
    return rows


def _with_device(word: str) -> QuerySet[Licence, int]:
    """Licences on which a device has this name."""
    return Licence.objects.filter(devices__name__iexact=word, devices__is_former=False).values_list("pk", flat=True)


def _of_state(state: str, today: date) -> Q:
    kept = ~Q(state="revoked")
    match state:
        case "all":
            return Q()
        case "active":
            return kept & Q(support_key__gte=today)
        case "soon":
            return kept & Q(support_key__gte=today, support_key__lte=today + timedelta(days=SOON_DAYS))
        case "ended":
            return kept & Q(support_key__lt=today)
        case "full":
            return kept & Q(seats_used__gte=F("seats"))
        case "suspended" | "revoked":
            return Q(state=state)
    return kept


def licence_page(rows: QuerySet[Licence], wish: LicenceWish, *, size: int = PAGE) -> LicencePage:
    """One page of these (one query)."""
    key, kind = SORTS.get(wish.sort.removeprefix("-"), SORTS["support"])
    order = Order(key, kind, descending=wish.sort.startswith("-"))
    lines = behind(rows, order, wish.after).values_list(*FIELDS)[: size + 1]
    found = [ListedLicence(*line) for line in lines]
    more = len(found) > size
    last = found[size - 1] if more else None
    return LicencePage(found[:size], place_of(getattr(last, key), last.pk) if last else "")


def licence_counts(rows: QuerySet[Licence], *, at: datetime) -> dict[str, int]:
    """How many licences there are in each state (one query)."""
    today = vendor_date(at, settings.VENDOR_ZONE)
    parts: dict[str, Any] = {state: Count("pk", filter=_of_state(state, today)) for state in STATES if state != "all"}
    found = with_dates(rows).aggregate(all=Count("pk"), kept=Count("pk", filter=_of_state("", today)), **parts)
    return {name: int(count or 0) for name, count in found.items()}


def mine(customers: QuerySet[Customer]) -> QuerySet[Licence]:
    return licensing.all_licences().filter(customer__in=customers)
