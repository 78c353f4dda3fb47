"""Notes on a customer: what whoever answers him next should know."""

from datetime import datetime

from django.db import transaction

from podpora.audit.actions import record
from podpora.base.actors import Actor
from podpora.base.errors import InvalidInput
from podpora.desk.models import CustomerNote, Ticket
from podpora.people.models import Customer

LONGEST = 2000
MOST = 20  # of one customer: more is not read


@transaction.atomic
def note_customer(ticket: Ticket, text: str, *, by: Actor, at: datetime) -> CustomerNote:
    """Write down something about the customer of this ticket. The same words twice are one note. InvalidInput: empty, long, too many."""
    words = text.replace("\x00", "").strip()
    if not words:
        raise InvalidInput({"text": ["required"]})
    if len(words) > LONGEST:
        raise InvalidInput({"text": ["too_long"]}, {"text": {"most": LONGEST}})
    customer = Customer.objects.select_for_update().get(pk=ticket.customer_id)
    notes = list(CustomerNote.objects.filter(customer=customer))
    if same := next((note for note in notes if note.text == words), None):
        return same
    if len(notes) >= MOST:
        raise InvalidInput({"text": ["too_many"]}, {"text": {"most": MOST}})
    note = CustomerNote.objects.create(
        customer=customer, text=words, author_id=by.person_id, author_name=by.name[:200], written_at=at
    )
    record("customer.note", f"customer:{customer.code}", by=by, at=at, facts={"note": note.code})
    return note


@transaction.atomic
def remove_customer_note(note: CustomerNote, *, by: Actor, at: datetime) -> None:
    """It is no longer so. The words are gone; that there was a note stays in the books."""
    if CustomerNote.objects.filter(pk=note.pk).delete()[0]:
        record("customer.note_removed", f"customer:{note.customer.code}", by=by, at=at, facts={"note": note.code})
