"""Who is at a ticket (CL-1). A row that says so for a while and is believed until then; nobody has to say goodbye."""

from datetime import datetime, timedelta

from django.db import transaction

from podpora.desk.models import Presence, Ticket
from podpora.people.models import Person

STAYS = timedelta(seconds=45)  # three asks of a page, so that a slow one does not make him vanish
FRESH = timedelta(seconds=25)  # a row that holds so long yet is not written again


@transaction.atomic
def be_present(ticket: Ticket, person: Person, *, writes: bool, at: datetime) -> None:
    """The person has the ticket before his eyes, and writes or not."""
    row = Presence.objects.filter(ticket=ticket, person=person).first()
    if row is None:
        Presence.objects.filter(until__lt=at - timedelta(hours=1)).delete()  # others' rows of long ago
        Presence.objects.update_or_create(
            ticket=ticket, person=person, defaults={"until": at + STAYS, "writes_until": at + STAYS if writes else None}
        )
        return
    writes_now = row.writes_until is not None and row.writes_until > at
    if row.until - at > FRESH and writes_now == writes:
        return
    row.until, row.writes_until = at + STAYS, at + STAYS if writes else None
    row.save(update_fields=["until", "writes_until"])
