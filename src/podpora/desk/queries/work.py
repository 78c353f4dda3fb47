"""Reading what technicians add to a ticket: tags, fields, links, drafts, what waits to be sent, time, ratings, history."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet

from podpora.base.errors import NotYours
from podpora.base.folding import folded
from podpora.desk.models import (
    Attachment,
    CannedReply,
    Field,
    FieldValue,
    Follower,
    Habit,
    Link,
    Macro,
    Message,
    OwnState,
    Rating,
    SavedDraft,
    Scheduled,
    Tag,
    Ticket,
    TicketTag,
    TimeEntry,
)
from podpora.desk.models.work import VALUE_BEGINS
from podpora.desk.queries.queues import queue_for
from podpora.desk.queries.seeing import seen_by_staff, sight_of
from podpora.desk.rules import FieldFacts
from podpora.desk.values import (
    ASK_AFTER,
    UNDO_SECONDS,
    USUAL_COLUMNS,
    Column,
    FieldKind,
    MessageKind,
    Purpose,
    ScheduledState,
    Side,
    State,
)
from podpora.people.models import Person
from podpora.people.queries import has_proven

TAGS_SHOWN = 20
ASK_NO_LONGER = timedelta(days=3)


def tags_of(ticket: Ticket) -> list[Tag]:
    return list(Tag.objects.filter(pk__in=TicketTag.objects.filter(ticket=ticket).values("tag")))


def tags_of_many(tickets: Sequence[int]) -> dict[int, list[str]]:
    """The names of the tags of many tickets, by their primary keys, in one statement."""
    found: dict[int, list[str]] = {}
    rows = TicketTag.objects.filter(ticket__in=tickets).order_by("tag__name").values_list("ticket_id", "tag__name")
    for ticket, name in rows:
        found.setdefault(ticket, []).append(name)
    return found


def tags_for(person: Person, begin: str = "") -> list[Tag]:
    """What can be put on a ticket: the tags that nobody has used, and those on tickets that the person reads (VI-3, C1)."""
    tags = Tag.objects.filter(is_active=True)
    if begin:
        tags = tags.filter(name__startswith=" ".join(begin.lower().split())[:40])
    used = TicketTag.objects.filter(tag=OuterRef("pk"))
    mine = used.filter(ticket__in=sight_of(person).tickets.values("pk"))
    return list(tags.filter(~Exists(used) | Exists(mine)).order_by("name")[:TAGS_SHOWN])


def fields_of(queue_id: int, *, public_only: bool = False) -> list[Field]:
    """The fields that a ticket of this queue has, in their order."""
    rows = Field.objects.filter(is_active=True).filter(Q(queues=None) | Q(queues=queue_id)).select_related("shown_when")
    if public_only:
        rows = rows.filter(is_public=True)
    return list(rows.distinct())


def public_fields(purpose: Purpose) -> list[Field]:
    """What is asked on the customer's form of this purpose."""
    queue = queue_for(purpose)
    return fields_of(queue.pk, public_only=True) if queue else []


def facts_of(field: Field) -> FieldFacts:
    """The field as the rules see it."""
    return FieldFacts(
        field.code,
        FieldKind(field.kind),
        tuple(str(choice["value"]) for choice in field.choices),
        field.is_required,
        field.shown_when.code if field.shown_when else "",
        tuple(field.shown_when_values),
    )


def values_of(ticket: Ticket) -> dict[str, str]:
    """The ticket's field values by code, in their plain form."""
    return dict(FieldValue.objects.filter(ticket=ticket).order_by("field__position").values_list("field__code", "value"))


def field_is(code: str, value: str) -> Q:
    """Of tickets whose field has this value (one of them, where it may have several). The values lead, not the tickets."""
    text = folded(value)
    field = Field.objects.filter(code=code[:40]).first()
    if field is None:
        return Q(pk__in=())
    rows = FieldValue.objects.filter(field=field).order_by()
    if field.kind == FieldKind.MULTI:
        one_of = Q(value_folded=text) | Q(value_folded__startswith=f"{text}\n") | Q(value_folded__endswith=f"\n{text}")
        rows = rows.filter(one_of | Q(value_folded__contains=f"\n{text}\n"))
    else:
        rows = rows.filter(value_begins=text[:VALUE_BEGINS], value_folded=text)
    return Q(pk__in=rows.values("ticket"))


def with_tag(tickets: QuerySet[Ticket], name: str) -> QuerySet[Ticket]:
    """The tickets that have this tag."""
    return tickets.filter(has_tag(name))


def has_tag(name: str) -> Q:
    """Of tickets with this tag. Its tickets lead: most do not have it. Asked by its key, so that the planner knows whether it is rare."""
    tag = Tag.objects.filter(name=" ".join(name.lower().split())[:40]).values_list("pk", flat=True).first()
    return Q(pk__in=TicketTag.objects.filter(tag_id=tag).order_by().values("ticket")) if tag else Q(pk__in=())


@dataclass(frozen=True, slots=True)
class Linked:
    """A link as one of its tickets shows it."""

    link: Link
    other: Ticket
    is_from_here: bool


def links_of(ticket: Ticket, reader: Person | None) -> list[Linked]:
    """The links of a ticket with tickets that the reader sees; None: one of the vendor's systems, which sees all."""
    seen = Ticket.objects.all() if reader is None else seen_by_staff(reader)
    rows = Link.objects.filter(Q(ticket=ticket) | Q(other=ticket)).select_related("ticket", "other").order_by("pk")[:100]
    found = [Linked(row, row.other if row.ticket_id == ticket.pk else row.ticket, row.ticket_id == ticket.pk) for row in rows]
    allowed = set(seen.filter(pk__in=[linked.other.pk for linked in found]).values_list("pk", flat=True)) if found else set()
    return [linked for linked in found if linked.other.pk in allowed]


def children_of(ticket: Ticket, reader: Person | None) -> list[Ticket]:
    """What stands below it, as far as the reader sees it."""
    seen = Ticket.objects.all() if reader is None else seen_by_staff(reader)
    return list(seen.filter(parent=ticket).only("code", "subject", "state", "rank").order_by("pk")[:100])


def followers_of(ticket: Ticket) -> list[Person]:
    return [row.person for row in Follower.objects.filter(ticket=ticket).select_related("person").order_by("pk")]


def follows(person: Person, ticket: Ticket) -> bool:
    return Follower.objects.filter(ticket=ticket, person=person).exists()


def draft_of(person: Person, ticket: Ticket) -> SavedDraft | None:
    return SavedDraft.objects.filter(ticket=ticket, person=person).first()


def drafts_of_others(person: Person, ticket: Ticket) -> list[SavedDraft]:
    """What colleagues are writing here: shown, and theirs to be taken over."""
    rows = SavedDraft.objects.filter(ticket=ticket).exclude(person=person).exclude(text="")
    return list(rows.select_related("person").order_by("pk")[:20])


def waiting_answers(ticket: Ticket) -> list[Scheduled]:
    """What is to be sent, and what is held; the next one first."""
    rows = Scheduled.objects.filter(ticket=ticket, state__in=[ScheduledState.WAITING, ScheduledState.HELD])
    return list(rows.select_related("author").order_by("send_at", "pk")[:50])


def scheduled_of(ticket: Ticket, code: str) -> Scheduled:
    """The answer with this code in this ticket; raises NotYours."""
    found = Scheduled.objects.select_related("ticket", "author").filter(ticket=ticket, code=code[:20]).first()
    if found is None:
        raise NotYours
    return found


def undo_seconds(person: Person) -> int:
    found = Habit.objects.filter(person=person).values_list("undo_seconds", flat=True).first()
    return UNDO_SECONDS if found is None else found


def columns_of(person: Person) -> tuple[str, ...]:
    """What the lines of this technician's lists show."""
    found = Habit.objects.filter(person=person).values_list("columns", flat=True).first() or ()
    return tuple(column for column in Column if column in found) or USUAL_COLUMNS


def time_of(ticket: Ticket) -> list[TimeEntry]:
    return list(TimeEntry.objects.filter(ticket=ticket).select_related("person").order_by("-pk")[:100])


def time_entry(ticket: Ticket, code: str) -> TimeEntry:
    """The entry with this code in this ticket; raises NotYours."""
    found = TimeEntry.objects.select_related("ticket").filter(ticket=ticket, code=code[:20]).first()
    if found is None:
        raise NotYours
    return found


def canned_for(queue_id: int | None) -> list[CannedReply]:
    """Of this queue and of all; None: only those of all, which also stand in the forum."""
    return list(CannedReply.objects.filter(is_active=True).filter(Q(queue=None) | Q(queue=queue_id)))


def macros_for(queue_id: int) -> list[Macro]:
    return list(Macro.objects.filter(is_active=True).filter(Q(queue=None) | Q(queue=queue_id)))


def own_states() -> list[OwnState]:
    return list(OwnState.objects.filter(is_active=True))


def public_files_of(ticket: Ticket) -> list[Attachment]:
    """Files of public messages, which may be forwarded (VI-2)."""
    return list(Attachment.objects.filter(message__ticket=ticket, message__kind=MessageKind.PUBLIC).order_by("pk")[:50])


def splittable(ticket: Ticket) -> list[Message]:
    """The customer's newest messages, oldest first: what can become a ticket of its own."""
    rows = Message.objects.filter(ticket=ticket, kind=MessageKind.PUBLIC, side=Side.CUSTOMER).order_by("-pk")[:50]
    return list(reversed(rows))


def message_of(ticket: Ticket, code: str) -> Message:
    """The message with this code in this ticket; raises NotYours."""
    found = Message.objects.select_related("author").filter(ticket=ticket, code=code[:20]).first()
    if found is None:
        raise NotYours
    return found


def rating_of(ticket: Ticket) -> Rating | None:
    return Rating.objects.filter(ticket=ticket).first()


def rating_asked(digest: str) -> Rating:
    """The question that a link leads to; raises NotYours."""
    found = Rating.objects.select_related("ticket__customer", "ticket__requester").filter(token_digest=digest).first()
    if found is None:
        raise NotYours
    return found


def to_be_asked(*, at: datetime, size: int = 200) -> Sequence[int]:
    """The tickets that were solved a while ago and whose customer was not asked yet."""
    rows = Ticket.objects.filter(
        state__in=[State.SOLVED, State.CLOSED],
        solved_at__lte=at - ASK_AFTER,
        solved_at__gt=at - ASK_NO_LONGER,
        closed_as="",
        first_answered_at__isnull=False,
        queue__asks_satisfaction=True,
        rank__gte=200,
    ).filter(~Exists(Rating.objects.filter(ticket=OuterRef("pk"))))
    return list(rows.order_by("-solved_at", "-pk").values_list("pk", flat=True)[:size])


def may_be_asked(ticket: Ticket) -> bool:
    """Not whoever has not proven his address, nor whoever's words are not proven to be his, nor a machine (AU-1, AU-5)."""
    if State(ticket.state) not in (State.SOLVED, State.CLOSED) or not has_proven(ticket.requester, ticket.requester.email):
        return False
    words = Message.objects.filter(ticket=ticket, kind=MessageKind.PUBLIC, side=Side.CUSTOMER)
    first = words.order_by("pk").first()
    return first is not None and not (first.is_unverified or first.is_automatic)


def may_be_told_automatically(ticket: Ticket) -> bool:
    """Was the customer's last word a person's, and his own? Machines do not write to machines (AU-1), nor to whom somebody named (AU-5)."""
    if not has_proven(ticket.requester, ticket.requester.email):
        return False
    words = Message.objects.filter(ticket=ticket, kind=MessageKind.PUBLIC, side=Side.CUSTOMER)
    last = words.order_by("-pk").first()
    return last is None or not (last.is_unverified or last.is_automatic)
