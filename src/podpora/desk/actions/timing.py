"""Time that was spent on a ticket."""

from datetime import datetime

from django.db import transaction
from django.db.models import Sum

from podpora.audit.actions import record
from podpora.base.actors import Actor
from podpora.base.codes import public_code
from podpora.base.errors import InvalidInput
from podpora.desk.actions.happening import happened
from podpora.desk.actions.writing import locked
from podpora.desk.models import Ticket, TimeEntry
from podpora.desk.values import Happening, HappeningKind

LONGEST = 24 * 60


@transaction.atomic
def add_time(ticket: Ticket, minutes: int, note: str = "", *, by: Actor, at: datetime) -> TimeEntry:
    """Write down minutes of work: 1 to a day's."""
    if not 1 <= minutes <= LONGEST:
        raise InvalidInput({"minutes": ["out_of_range"]}, {"minutes": {"least": 1, "most": LONGEST}})
    ticket = locked(ticket)
    entry = TimeEntry.objects.create(
        code=public_code("W"),
        ticket=ticket,
        person_id=by.person_id,
        minutes=minutes,
        note=" ".join(note.replace("\x00", "").split())[:200],
        worked_at=at,
    )
    _sum_up(ticket, by=by, at=at)
    return entry


@transaction.atomic
def remove_time(entry: TimeEntry, *, by: Actor, at: datetime) -> None:
    """It was a mistake."""
    ticket = locked(entry.ticket)
    gone, _ = TimeEntry.objects.filter(pk=entry.pk).delete()
    if gone:
        _sum_up(ticket, by=by, at=at)


def _sum_up(ticket: Ticket, *, by: Actor, at: datetime) -> None:
    before = ticket.spent_minutes
    ticket.spent_minutes = TimeEntry.objects.filter(ticket=ticket).aggregate(sum=Sum("minutes"))["sum"] or 0
    ticket.save(update_fields=["spent_minutes"])
    record("ticket.time", ticket, by=by, at=at, before={"minutes": before}, after={"minutes": ticket.spent_minutes})
    happened(ticket, Happening(HappeningKind.TIME, before=before, after=ticket.spent_minutes), by=by, at=at)
