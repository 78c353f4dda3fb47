"""Whoever reads the address of a ticket says that he wrote it."""

from datetime import datetime

from django.db import transaction

from podpora.audit.actions import record
from podpora.base.actors import Actor
from podpora.desk import notices
from podpora.desk.actions.writing import locked
from podpora.desk.models import Message, Ticket
from podpora.desk.values import MessageKind, Receipt, Side


@transaction.atomic
def confirm_writer(ticket: Ticket, *, by: Actor, at: datetime) -> None:
    """It was he: the words are his, and now he gets the receipt with them (AU-5). A second time nothing happens."""
    ticket = locked(ticket)
    first = Message.objects.filter(ticket=ticket, kind=MessageKind.PUBLIC, side=Side.CUSTOMER).order_by("pk").first()
    if first is None or not first.is_unverified:
        return
    first.is_unverified = False
    first.save(update_fields=["is_unverified"])
    record("ticket.confirmed", ticket, by=by, at=at)
    notices.ticket_opened(ticket, first, Receipt(), by=by, at=at)
