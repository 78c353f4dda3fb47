"""Reading for rules: a ticket as conditions see it, what a time rule is due for, the log."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db.models import CharField, Exists, OuterRef, Value
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
from podpora.desk.rules import World
from podpora.desk.values import Priority, RuleKind

_BY_ITSELF: dict[str, Any] = {
    "triggers": Trigger, "time-rules": TimeRule, "macros": Macro, "canned": CannedReply, "fields": Field, "own-states": OwnState, "tags": Tag,
}  # fmt: skip
_MOST = 200


def set_up(kind: str) -> list[Any]:
    """What the vendor set up of this kind (`triggers`, `macros` …), switched off too; the first 200."""
    return list(_BY_ITSELF[kind].objects.all()[:_MOST])


def set_up_one(kind: str, code: str) -> Any:
    """The one with this code (a tag: with this name), or None."""
    return _BY_ITSELF[kind].objects.filter(**{"name" if kind == "tags" else "code": code[:40]}).first()


def world_of(ticket: Ticket, message: Message | None) -> World:
    """The ticket, and the words that just came, as plain answers."""
    answers = {
        "state": str(ticket.state), "priority": Priority(ticket.priority).name.lower(), "queue": ticket.queue.code,
        "kind": str(ticket.kind), "via": str(ticket.via), "tier": ticket.tier, "language": ticket.requester.language,
        "is_vip": "yes" if ticket.is_vip else "no", "assignee": ticket.assignee.email if ticket.assignee else "",
        "customer": ticket.customer.code, "requester": f"{ticket.requester.email} {ticket.requester.name}", "subject": ticket.subject,
        "version": ticket.app_version, "spent_minutes": str(ticket.spent_minutes), "reopened": str(ticket.reopened),
        "messages": str(ticket.revision), "side": str(message.side) if message else "", "text": message.text if message else "",
    }  # fmt: skip
    rows = FieldValue.objects.filter(ticket=ticket).values_list("field__code", "value")
    answers |= {f"field:{code}": value for code, value in rows}
    tags = TicketTag.objects.filter(ticket=ticket).values_list("tag__name", flat=True)
    return World(answers, frozenset(tags))


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
