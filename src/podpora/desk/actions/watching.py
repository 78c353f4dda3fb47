"""How long a technician may leave a ticket that waits for him (AS-3)."""

from datetime import datetime

from podpora.base.actors import Actor
from podpora.desk import queries, rules
from podpora.desk.models import Ticket
from podpora.desk.rules import RANK_WAITING
from podpora.desk.values import EVERY_HOUR, ServiceCalendar


def watch_assignee(ticket: Ticket, *, by: Actor, at: datetime) -> None:
    """AS-3: until when the technician has to do something, in minutes of service time. His own deeds begin it anew; what waits for
    the customer is not watched."""
    minutes, give_back_at = ticket.queue.assignment_timeout, None
    if minutes and ticket.assignee_id is not None and ticket.rank < RANK_WAITING and ticket.waiting_since is not None:
        kept = None if by.person_id == ticket.assignee_id or ticket.assigned_at == at else ticket.give_back_at
        give_back_at = kept or rules.deadline(_service_of(ticket), at, minutes * 60)
    if ticket.give_back_at != give_back_at:
        ticket.give_back_at = give_back_at
        Ticket.objects.filter(pk=ticket.pk).update(give_back_at=give_back_at)


def _service_of(ticket: Ticket) -> ServiceCalendar:
    book = queries.promise_book()
    sla = queries.agreement_of(ticket, book, queue=ticket.queue.code)
    return sla.calendar if sla else book.slas[0].calendar if book.slas else EVERY_HOUR
