"""What technicians wrote down about a customer. Who sees one of his tickets as a technician may read it (VI-3)."""

from podpora.base.errors import NotYours
from podpora.desk.models import CustomerNote, Ticket

SHOWN = 20


def customer_notes(ticket: Ticket) -> list[CustomerNote]:
    """The notes on the ticket's customer, newest first."""
    return list(CustomerNote.objects.filter(customer=ticket.customer_id)[:SHOWN])


def customer_note(ticket: Ticket, code: str) -> CustomerNote:
    """One of them; raises NotYours for any other."""
    found = CustomerNote.objects.filter(customer=ticket.customer_id, code=code[:20]).first()
    if found is None:
        raise NotYours
    return found
