"""Tickets that have to do with each other: links, and what stands below what."""

from datetime import datetime

from django.db import transaction

from podpora.audit.actions import record
from podpora.base.actors import Actor
from podpora.base.decisions import Refused, refuse
from podpora.base.errors import NotYours
from podpora.desk import queries, rules
from podpora.desk.actions.happening import happened
from podpora.desk.actions.states import change_state
from podpora.desk.actions.writing import note_event
from podpora.desk.models import Link, Ticket
from podpora.desk.values import Event, Happening, HappeningKind, LinkKind, State
from podpora.people.models import Person


@transaction.atomic
def link(ticket: Ticket, other: Ticket, kind: LinkKind, *, by: Actor, at: datetime) -> Link:
    """Say how two tickets hang together. Said twice, it stands once."""
    if ticket.pk == other.pk:
        refuse("ticket.link_itself", ticket=ticket.code).or_refuse()
    made, is_new = Link.objects.get_or_create(
        ticket=ticket, other=other, kind=kind, defaults={"made_at": at, "made_by": by.name[:200]}
    )
    if is_new:
        note_event(ticket, Event.LINKED, by=by, at=at, to=other.code, kind=kind.value)
        note_event(other, Event.LINKED, by=by, at=at, to=ticket.code, kind=kind.value)
        record("ticket.linked", ticket, by=by, at=at, facts={"other": other.code, "kind": kind.value})
        happened(ticket, Happening(HappeningKind.LINKED, after=other.code), by=by, at=at)
    return made


@transaction.atomic
def unlink(made: Link, *, by: Actor, at: datetime) -> None:
    """They have nothing to do with each other."""
    gone, _ = Link.objects.filter(pk=made.pk).delete()
    if gone:
        facts = {"other": made.other.code, "kind": made.kind}
        record("ticket.unlinked", made.ticket, by=by, at=at, facts=facts)


@transaction.atomic
def set_parent(ticket: Ticket, parent: Ticket | None, *, by: Actor, at: datetime) -> Ticket:
    """Put the ticket below another one, or take it out (None). Never below itself, however far down."""
    pks = sorted({ticket.pk, *([parent.pk] if parent else [])})
    rows = {row.pk: row for row in Ticket.objects.select_for_update().filter(pk__in=pks).order_by("pk")}
    ticket = rows[ticket.pk]
    if parent is not None:
        parent = rows[parent.pk]
        if _stands_below(parent, ticket):
            refuse("ticket.parent_circle", ticket=ticket.code, parent=parent.code).or_refuse()
        note_event(ticket, Event.PARENT, by=by, at=at, to=parent.code)
    if ticket.parent_id == (parent.pk if parent else None):
        return ticket
    ticket.parent = parent
    ticket.save(update_fields=["parent"])
    record("ticket.parent", ticket, by=by, at=at, facts={"parent": parent.code if parent else None})
    happened(ticket, Happening(HappeningKind.LINKED, after=parent.code if parent else None), by=by, at=at)
    return ticket


def _stands_below(ticket: Ticket, other: Ticket) -> bool:
    """Is `ticket` the same as `other`, or somewhere below it?"""
    at, seen = ticket, set()
    while at.pk not in seen:
        if at.pk == other.pk:
            return True
        seen.add(at.pk)
        if at.parent_id is None:
            return False
        at = Ticket.objects.only("pk", "parent").get(pk=at.parent_id)
    return True


@transaction.atomic
def close_children(ticket: Ticket, state: State, *, reader: Person | None, by: Actor, at: datetime) -> list[Ticket]:
    """Move all unfinished parts of a ticket to a state of the end; those that can't be are left as they are.

    All or none: raises NotYours where `reader` does not see one of them (VI-3); None is one of the vendor's systems.
    """
    parts = Ticket.objects.filter(parent=ticket, rank__lt=rules.RANK_DONE).order_by("pk")
    if reader is not None and parts.exclude(pk__in=queries.seen_by_staff(reader).values("pk")).exists():
        raise NotYours
    moved = []
    for child in parts:
        try:
            moved.append(change_state(child, state, by=by, at=at))
        except Refused:
            continue
    return moved
