"""The list of the support centre: a customer's own tickets and those of his company."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo

from django.db.models import Exists, OuterRef, Q

from podpora.desk.models import Ticket
from podpora.desk.queries.finding import found
from podpora.desk.queries.lists import PAGE
from podpora.desk.queries.seeing import seen_by_customer
from podpora.desk.rules import RANK_MERGED
from podpora.desk.values import DONE, State
from podpora.people.models import Person

CENTRE_VIEWS = ("all", "open", "turn", "done")


@dataclass(frozen=True, slots=True)
class CentreWish:
    """What a customer wants to see; the address holds it."""

    view: str = "all"  # all, open, turn (waits for him), done
    whose: str = ""  # "mine": without colleagues'; else everybody's that he sees
    words: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class CentrePage:
    """One page of the support centre's list and the cursor of the next."""

    tickets: Sequence[Ticket]
    next: str


def tickets_of_customers(
    person: Person, wish: CentreWish | None = None, *, size: int = PAGE, after: str = "", zone: tzinfo | None = None
) -> CentrePage:
    """What the person sees, by the last change. A search looks into what may leave to him and nowhere else (VI-2)."""
    wish = wish or CentreWish(after=after)
    seen = seen_by_customer(person)
    goes_on = Exists(seen.filter(pk=OuterRef("merged_into")))  # it stands in the list as the other one
    tickets = seen.filter(~Q(rank=RANK_MERGED) | ~goes_on)
    if wish.whose == "mine":
        tickets = tickets.filter(requester=person)
    match wish.view:
        case "open":
            tickets = tickets.exclude(state__in=DONE)
        case "turn":
            tickets = tickets.filter(state=State.WAITING_CUSTOMER)
        case "done":
            tickets = tickets.filter(state__in=DONE)
    if wish.words:
        tickets = found(tickets, wish.words, zone=zone or UTC, for_customer=True)
    try:
        instant_text, pk_text = wish.after.split("~")
        instant, pk = datetime.fromisoformat(instant_text), int(pk_text)
        if instant.tzinfo is not None and 0 <= pk < 2**63:
            tickets = tickets.filter(Q(changed_at__lt=instant) | Q(changed_at=instant, pk__lt=pk))
    except ValueError:
        pass
    rows = list(tickets.select_related("requester", "customer").order_by("-changed_at", "-pk")[: size + 1])
    last = rows[size - 1] if len(rows) > size else None
    return CentrePage(rows[:size], f"{last.changed_at.isoformat()}~{last.pk}" if last else "")
