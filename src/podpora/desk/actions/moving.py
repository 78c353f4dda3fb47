"""What moves when two tickets become one, and goes back when that is undone. Part of merging; nobody else calls it."""

from datetime import datetime
from typing import Any

from podpora.base.actors import Actor
from podpora.desk import queries
from podpora.desk.models import (
    FieldValue,
    Follower,
    Message,
    Participant,
    SavedDraft,
    Scheduled,
    Ticket,
    TicketTag,
    TimeEntry,
)
from podpora.desk.values import MessageKind, ScheduledState


def move_all(source: Ticket, target: Ticket, *, same_customer: bool, by: Actor, at: datetime) -> dict[str, Any]:
    """Everything that is the matter's rather than the ticket's; ids of what moved or was added, by kind."""
    words = Message.objects.filter(ticket=source).exclude(kind=MessageKind.EVENT)
    messages = list(words.order_by("pk").values_list("pk", "origin"))
    words.filter(origin=None).update(origin=source)
    words.update(ticket=target)
    moved: dict[str, Any] = {"messages": [list(row) for row in messages]}
    moved["participants"] = _participants(source, target, by=by, at=at) if same_customer else []
    moved["tags"] = _copied(TicketTag, "tag_id", source, target)
    moved["followers"] = _followers(source, target)
    moved["fields"] = _fields(source, target)
    moved["time"] = _moved(TimeEntry.objects.filter(ticket=source), target)
    moved["scheduled"] = _moved(Scheduled.objects.filter(ticket=source, state=ScheduledState.WAITING), target)
    having = SavedDraft.objects.filter(ticket=target).values("person")
    moved["drafts"] = _moved(SavedDraft.objects.filter(ticket=source).exclude(person__in=having), target)
    children = Ticket.objects.filter(parent=source).exclude(pk=target.pk)
    moved["children"] = list(children.values_list("pk", flat=True))
    children.update(parent=target)
    return moved


def move_back(source: Ticket, target: Ticket, moved: dict[str, Any]) -> None:
    """The same the other way; what was changed meanwhile stays changed."""
    for pk, origin in moved["messages"]:
        Message.objects.filter(pk=pk, ticket=target).update(ticket=source, origin_id=origin)
    Message.objects.filter(ticket=target, origin=source).update(ticket=source, origin=None)  # written since by its own people
    Participant.objects.filter(ticket=target, pk__in=moved["participants"]).delete()
    TicketTag.objects.filter(ticket=target, pk__in=moved["tags"]).delete()
    Follower.objects.filter(ticket=target, pk__in=moved["followers"]).delete()
    FieldValue.objects.filter(ticket=target, pk__in=moved["fields"]).delete()
    TimeEntry.objects.filter(ticket=target, pk__in=moved["time"]).update(ticket=source)
    Scheduled.objects.filter(ticket=target, pk__in=moved["scheduled"], state=ScheduledState.WAITING).update(ticket=source)
    there = SavedDraft.objects.filter(ticket=source).values("person")
    SavedDraft.objects.filter(ticket=target, pk__in=moved["drafts"]).exclude(person__in=there).update(ticket=source)
    Ticket.objects.filter(parent=target, pk__in=moved["children"]).update(parent=source)


def _moved(rows: Any, target: Ticket) -> list[int]:
    pks = list(rows.values_list("pk", flat=True))
    rows.model.objects.filter(pk__in=pks).update(ticket=target)
    return pks


def _copied(model: Any, column: str, source: Ticket, target: Ticket) -> list[int]:
    having = set(model.objects.filter(ticket=target).values_list(column, flat=True))
    made = []
    for value in model.objects.filter(ticket=source).values_list(column, flat=True):
        if value not in having:
            made.append(model.objects.create(**{"ticket": target, column: value}).pk)
    return made


def _followers(source: Ticket, target: Ticket) -> list[int]:
    having = Follower.objects.filter(ticket=target).values("person")
    rows = Follower.objects.filter(ticket=source).exclude(person__in=having)
    return [Follower.objects.create(ticket=target, person_id=row.person_id, since=row.since).pk for row in rows]


def _fields(source: Ticket, target: Ticket) -> list[int]:
    having = FieldValue.objects.filter(ticket=target).values("field")
    rows = FieldValue.objects.filter(ticket=source).exclude(field__in=having)
    return [FieldValue.objects.create(ticket=target, field_id=row.field_id, value=row.value).pk for row in rows]


def _participants(source: Ticket, target: Ticket, *, by: Actor, at: datetime) -> list[int]:
    """VI-7: whoever asks in both brings his guests along. Otherwise only those come who see the target already."""
    having = {target.requester.email, *Participant.objects.filter(ticket=target).values_list("email", flat=True)}
    guests = [(row.person, row.email, row.name) for row in Participant.objects.filter(ticket=source).select_related("person")]
    if source.requester_id != target.requester_id:
        guests.append((source.requester, source.requester.email, source.requester.name))
        guests = [guest for guest in guests if guest[0] is not None and queries.sees_as_customer(guest[0], target)]
    made = []
    for person, email, name in guests:
        if email not in having:
            having.add(email)
            values = {"person": person, "email": email, "name": name, "added_at": at, "added_by": by.name[:200]}
            made.append(Participant.objects.create(ticket=target, **values).pk)
    return made
