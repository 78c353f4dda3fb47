"""Reading for rules: a ticket as conditions see it, what a time rule is due for, the log."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import CharField, Count, Exists, OuterRef, Value
from django.db.models.functions import Cast, Concat

from podpora.desk.models import (
    CannedReply,
    Field,
    FieldValue,
    Macro,
    Message,
    OwnState,
    RuleRun,
    StateChange,
    Tag,
    Ticket,
    TicketTag,
    TimeRule,
    Trigger,
)
from podpora.desk.queries.seeing import seen_by_staff
from podpora.desk.rules import RANK_DONE, World, all_hold
from podpora.desk.values import MessageKind, Priority, RuleKind, Side
from podpora.people.models import Person

_BY_ITSELF: dict[str, Any] = {
    "triggers": Trigger, "time-rules": TimeRule, "macros": Macro, "canned": CannedReply, "fields": Field, "own-states": OwnState, "tags": Tag,
}  # fmt: skip
_MOST = 200
MOST_TRIED = 1000  # how many tickets a dry run looks at


def set_up(kind: str) -> list[Any]:
    """What the vendor set up of this kind (`triggers`, `macros` …), switched off too; the first 200."""
    return list(_BY_ITSELF[kind].objects.all()[:_MOST])


def set_up_one(kind: str, code: str) -> Any:
    """The one with this code (a tag: with this name), or None."""
    return _BY_ITSELF[kind].objects.filter(**{"name" if kind == "tags" else "code": code[:40]}).first()


def world_of(ticket: Ticket, message: Message | None) -> World:
    """The ticket, and the words that just came, as plain answers."""
    answers = _answers(ticket, message)
    rows = FieldValue.objects.filter(ticket=ticket).values_list("field__code", "value")
    answers |= {f"field:{code}": value for code, value in rows}
    tags = TicketTag.objects.filter(ticket=ticket).values_list("tag__name", flat=True)
    return World(answers, frozenset(tags))


def _answers(ticket: Ticket, message: Message | None) -> dict[str, str]:
    return {
        "state": str(ticket.state), "priority": Priority(ticket.priority).name.lower(), "queue": ticket.queue.code,
        "kind": str(ticket.kind), "via": str(ticket.via), "tier": ticket.tier, "language": ticket.requester.language,
        "is_vip": "yes" if ticket.is_vip else "no", "assignee": ticket.assignee.email if ticket.assignee else "",
        "customer": ticket.customer.code, "requester": f"{ticket.requester.email} {ticket.requester.name}", "subject": ticket.subject,
        "version": ticket.app_version, "spent_minutes": str(ticket.spent_minutes), "reopened": str(ticket.reopened),
        "messages": str(ticket.revision), "side": str(message.side) if message else "", "text": message.text if message else "",
    }  # fmt: skip


def overdue(rule: TimeRule, *, at: datetime, size: int = 200) -> Sequence[StateChange]:
    """The state intervals that have lasted long enough for the rule and were not looked at yet, oldest first."""
    key = Concat(Value(f"time:{rule.code}:"), Cast(OuterRef("pk"), CharField()))
    seen = RuleRun.objects.filter(ticket=OuterRef("ticket"), kind=RuleKind.TIME, once=key)
    rows = StateChange.objects.filter(state=rule.state, until_at=None, from_at__lte=at - timedelta(minutes=rule.after_minutes))
    if rule.active_since is not None:
        rows = rows.filter(from_at__gte=rule.active_since)
    return list(rows.filter(~Exists(seen)).select_related("ticket").order_by("from_at", "pk")[:size])


def runs_of(ticket: Ticket) -> list[RuleRun]:
    """What rules and macros did to the ticket, newest first."""
    return list(RuleRun.objects.filter(ticket=ticket).exclude(done=[]).order_by("-pk")[:100])


def newest_runs(rule: str = "", *, size: int = 100) -> list[RuleRun]:
    """The log of all rules, or of one."""
    rows = RuleRun.objects.exclude(done=[]).select_related("ticket").order_by("-run_at", "-pk")
    return list((rows.filter(rule=rule) if rule else rows)[:size])


@dataclass(frozen=True, slots=True)
class Trial:
    """A dry run of conditions: which of how many tickets they fit."""

    looked_at: int
    fitting: Sequence[Ticket]


def would_touch(
    person: Person | None, conditions: Sequence[Mapping[str, Any]], *, state: str = "", after: timedelta | None = None, at: datetime
) -> Trial:
    """The tickets that such a rule would do something to now, of those that this person (None: the vendor's systems) sees, newest
    change first: unfinished ones with the last word of the customer, or those that have been in a state for so long. Nothing is written."""
    seen = Ticket.objects.all() if person is None else seen_by_staff(person)
    rows = seen.select_related("queue", "requester", "assignee", "customer")
    if after is not None:
        long_enough = StateChange.objects.filter(ticket=OuterRef("pk"), state=state, until_at=None, from_at__lte=at - after)
        rows = rows.filter(Exists(long_enough))
    else:
        rows = rows.filter(rank__lt=RANK_DONE)
    looked_at = list(rows.order_by("-changed_at", "-pk")[:MOST_TRIED])
    worlds = _worlds_of(looked_at, with_words=after is None)
    return Trial(len(looked_at), [ticket for ticket in looked_at if all_hold(conditions, worlds[ticket.pk])])


def _worlds_of(tickets: Sequence[Ticket], *, with_words: bool) -> dict[int, World]:
    """`world_of` for many in three statements."""
    ids = [ticket.pk for ticket in tickets]
    fields: dict[int, dict[str, str]] = {}
    for pk, code, value in FieldValue.objects.filter(ticket__in=ids).values_list("ticket", "field__code", "value"):
        fields.setdefault(pk, {})[f"field:{code}"] = value
    tags: dict[int, set[str]] = {}
    for pk, name in TicketTag.objects.filter(ticket__in=ids).values_list("ticket", "tag__name"):
        tags.setdefault(pk, set()).add(name)
    words = (
        Message.objects.filter(ticket__in=ids, side=Side.CUSTOMER, kind=MessageKind.PUBLIC)
        .only("ticket", "side", "text")
        .order_by("pk")
    )
    last = {message.ticket_id: message for message in words} if with_words else {}
    return {
        ticket.pk: World(_answers(ticket, last.get(ticket.pk)) | fields.get(ticket.pk, {}), frozenset(tags.get(ticket.pk, ())))
        for ticket in tickets
    }


def runs_since(since: datetime) -> dict[str, int]:
    """How often each rule and macro did something since then, by its code."""
    rows = RuleRun.objects.filter(run_at__gte=since).exclude(done=[])
    return dict(rows.order_by().values_list("rule").annotate(n=Count("pk")))
