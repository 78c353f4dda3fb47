"""What the pages of the License Manager share: whose it is, what the address wishes, the ways between the pages."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from typing import Any, TypeVar

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.http import urlencode

from podpora.base.decisions import Decision
from podpora.base.errors import NotYours
from podpora.journeys import manager as journey
from podpora.licensing import queries as licensing
from podpora.licensing.models import Device, Licence
from podpora.people import permissions
from podpora.people import queries as people
from podpora.people.models import Customer, Team
from podpora.web.request import Request

LONGEST = {"q": 100, "after": 600}
W = TypeVar("W", licensing.DeviceWish, journey.LicenceWish)


def wish_of(request: Request, kind: type[W]) -> W:
    """What the address (or a form with the same fields) asks for; what makes no sense is empty."""
    given = request.POST if request.method == "POST" else request.GET
    found: dict[str, str] = {}
    for name, default in asdict(kind()).items():
        text = " ".join(given.get(name, "").replace("\x00", "").split())[: LONGEST.get(name, 40)]
        found[name] = text if text.isprintable() and text else default
    return kind(**found)


def address(wish: Any, **changes: str) -> str:
    """The wish as a query string, with changes. A change of what is shown begins at the first page."""
    parts = replace(wish, **({"after": ""} | changes))
    default = type(wish)()
    told = {f.name: getattr(parts, f.name) for f in fields(parts) if getattr(parts, f.name) != getattr(default, f.name)}
    return "?" + urlencode(told)


def sorts(wish: Any, columns: Sequence[str]) -> Mapping[str, tuple[str, str]]:
    """For each column that can be sorted: the address that sorts by it, and how it is sorted now (aria-sort)."""
    now, down = wish.sort.removeprefix("-"), wish.sort.startswith("-")
    found = {}
    for column in columns:
        turned = f"-{column}" if column == now and not down else column
        how = ("descending" if down else "ascending") if column == now else ""
        found[column] = (address(wish, sort=turned), how)
    return found


@dataclass(frozen=True, slots=True)
class Looker:
    """Who looks at a licence: what he may do with its devices."""

    licence: Licence
    customer: Customer
    manages: bool  # all of its devices
    leads: Sequence[Team]  # only those of these teams
    whole: Decision  # does its owner have the whole License Manager?

    @property
    def rows(self) -> QuerySet[Device]:
        return licensing.all_devices(self.licence)

    @property
    def may_bulk(self) -> bool:
        return self.whole.allowed and (self.manages or bool(self.leads))


def looker(request: Request, code: str) -> Looker:
    """The licence as the reader may see it; NotYours for everybody else."""
    licence = licensing.licence_visible_to(request.user, code)
    customer = licence.customer
    if customer is None:  # a trial that nobody has claimed: it has no page here
        raise NotYours
    manages = permissions.staff_may(request.user, "customers") or permissions.may(request.user, "devices", customer)
    leads = () if manages else list(people.teams_led_by(request.user).filter(customer=customer))
    whole = journey.may_use(customer, at=request.now)
    return Looker(licence, customer, manages, leads, whole)


def seen(request: Request, look: Looker) -> QuerySet[Device]:
    """The devices that the reader may see."""
    return look.rows if look.manages else licensing.devices_seen_by(request.user, look.licence)


def actable(look: Looker, rows: QuerySet[Device]) -> QuerySet[Device]:
    """Those of them that he may act on: a lead only on his teams' devices."""
    return rows if look.manages else rows.filter(team__in=look.leads)


def company(request: Request, permission: str = "see", code: str = "") -> Customer:
    """The company (the one with this code, else the first) whose Manager the reader opens with this permission; else NotYours."""
    rows = people.customers_with(request.user, permission)
    wanted = code or request.GET.get("company", "")[:20]
    rows = rows.filter(code=wanted) if wanted else rows
    for customer in rows.order_by("-kind", "name", "pk"):
        if journey.may_use(customer, at=request.now).allowed:
            return customer
    raise NotYours


def led_away(request: Request) -> HttpResponse:
    """ORG-7: who has no License Manager is led to his licences; the sentence stands there."""
    return redirect("portal:licences")
