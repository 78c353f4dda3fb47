"""Who else is at a ticket now."""

from dataclasses import dataclass
from datetime import datetime

from podpora.desk.models import Presence, Ticket
from podpora.people.models import Person


@dataclass(frozen=True, slots=True)
class Present:
    name: str
    writes: bool


def others_at(ticket: Ticket, person: Person, *, at: datetime) -> list[Present]:
    """Colleagues who look at the ticket or write in it, the writing ones first."""
    rows = Presence.objects.filter(ticket=ticket, until__gt=at).exclude(person=person).select_related("person").order_by("pk")
    found = [Present(str(row.person), bool(row.writes_until and row.writes_until > at)) for row in rows]
    return sorted(found, key=lambda present: not present.writes)
