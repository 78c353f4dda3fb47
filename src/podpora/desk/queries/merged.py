"""Tickets that were merged: where they go on, and who reads what there (VI-7)."""

from datetime import datetime

from podpora.desk.models import Merge, Message, Ticket
from podpora.desk.queries.seeing import seen_by_customer
from podpora.desk.rules import end_of_chain
from podpora.desk.values import UNMERGE_WITHIN, MessageKind, Side
from podpora.people.models import Person

LONGEST_CHAIN = 50


def end_of(ticket: Ticket) -> Ticket:
    """The ticket in which this one goes on; itself if it was not merged. Safe against circles."""
    into: dict[int, int] = {}
    at = Ticket.objects.values_list("pk", "merged_into_id").get(pk=ticket.pk)
    for _step in range(LONGEST_CHAIN):
        if at[1] is None or at[0] in into:
            break
        into[at[0]] = at[1]
        at = Ticket.objects.values_list("pk", "merged_into_id").get(pk=at[1])
    end = end_of_chain(ticket.pk, into)
    if end == ticket.pk:
        return ticket
    return Ticket.objects.select_related("customer", "requester", "queue", "assignee").get(pk=end)


def sees_as_customer(person: Person, ticket: Ticket) -> bool:
    """Does this person see this ticket in the support centre?"""
    return seen_by_customer(person).filter(pk=ticket.pk).exists()


def waiting_since(ticket: Ticket) -> datetime | None:
    """When the first of the customer's messages was written that no technician answered since; None if all are answered."""
    words = Message.objects.filter(ticket=ticket, kind=MessageKind.PUBLIC)
    answered = words.filter(side=Side.STAFF).order_by("-written_at").values_list("written_at", flat=True).first()
    asked = words.filter(side=Side.CUSTOMER)
    if answered is not None:
        asked = asked.filter(written_at__gt=answered)
    return asked.order_by("written_at").values_list("written_at", flat=True).first()


def undoable_merges(ticket: Ticket, *, at: datetime) -> list[Merge]:
    """The merges into this ticket that can still be undone, newest first."""
    if not ticket.took_in:
        return []
    rows = Merge.objects.filter(target=ticket, undone_at=None, merged_at__gt=at - UNMERGE_WITHIN)
    return list(rows.select_related("source").order_by("-pk"))
