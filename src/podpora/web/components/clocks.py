"""The clocks of a ticket as people read them: "due in 3 h", "overdue 20 min", and to the customer "We answer by Tuesday, 10:00"."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import formats, timezone
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from podpora.desk.models import Ticket
from podpora.desk.values import METRIC_NAMES, ClockState, Metric, State
from podpora.web.components.badges import badge

WARNED_WITHIN = timedelta(days=14)  # a warning of an earlier question is none of this one
SOON = timedelta(hours=1)  # in lists, which know the deadline only; the ticket's page knows the agreement's warning
KINDS = {ClockState.BREACHED: "bad", ClockState.WARNED: "warn", ClockState.KEPT: "good", ClockState.MISSED: "bad"}


@dataclass(frozen=True, slots=True)
class ClockLine:
    """One clock beside a ticket."""

    name: Promise
    words: str
    kind: str  # of the badge
    state: str
    due_at: datetime | None = None


def due_words(due_at: datetime, at: datetime) -> str:
    """`due in 3 h`, `overdue 20 min`."""
    if due_at > at:
        return _("due in %(time)s") % {"time": _length(due_at - at)}
    return _("overdue %(time)s") % {"time": _length(at - due_at)}


def due_badge(due_at: datetime | None, at: datetime) -> SafeString | None:
    """The clock of a line in a list, from the column alone; None when no clock runs."""
    if due_at is None:
        return None
    kind = "bad" if due_at <= at else "warn" if due_at - at <= SOON else ""
    local = timezone.localtime(due_at)
    return badge(due_words(due_at, at), f"clock {kind}".rstrip(), f"{local:%Y-%m-%d %H:%M:%S %Z}")


def clock_lines(ticket: Ticket, *, at: datetime) -> Sequence[ClockLine]:
    """The clocks of a ticket from what is kept with it, without a statement: what runs, what stands, what was measured."""
    if ticket.sla_id is None:
        return ()
    lines = [
        _running(name, metric, due_at, ticket, at)
        for name, metric, due_at in (
            (METRIC_NAMES[Metric.FIRST_RESPONSE], Metric.FIRST_RESPONSE, ticket.first_response_due_at),
            (_UPDATE, Metric.NEXT_RESPONSE, ticket.update_due_at),
            (METRIC_NAMES[Metric.SOLUTION], Metric.SOLUTION, ticket.solution_due_at),
        )
        if due_at is not None
    ]
    if not lines and not ticket.is_done and State(ticket.state).pauses_clock:
        lines.append(ClockLine(METRIC_NAMES[Metric.SOLUTION], _("stands"), "", ClockState.PAUSED.value))
    lines += _measured(METRIC_NAMES[Metric.FIRST_RESPONSE], ticket.first_response_minutes, ticket.first_response_diff)
    return lines + _measured(METRIC_NAMES[Metric.SOLUTION], ticket.solution_minutes, ticket.solution_diff)


_UPDATE = gettext_lazy("Next answer")


def _running(name: Promise, metric: Metric, due_at: datetime, ticket: Ticket, at: datetime) -> ClockLine:
    """Warned of: the agreement's warning was told of this clock."""
    updates = (Metric.NEXT_RESPONSE, Metric.PERIODIC_UPDATE)
    names = updates if metric in updates else (metric,)
    warned = (
        any(key.startswith(tuple(f"{each.value}:" for each in names)) for key in ticket.warned_for) and due_at - at <= WARNED_WITHIN
    )
    state = ClockState.BREACHED if due_at <= at else ClockState.WARNED if warned else ClockState.RUNNING
    return ClockLine(name, due_words(due_at, at), KINDS.get(state, ""), state.value, due_at)


def _measured(name: Promise, minutes: int | None, diff: int | None) -> list[ClockLine]:
    if minutes is None or diff is None:
        return []
    state = ClockState.KEPT if diff >= 0 else ClockState.MISSED
    words = (_("kept, took %(time)s") if diff >= 0 else _("missed, took %(time)s")) % {"time": _length(timedelta(minutes=minutes))}
    return [ClockLine(name, words, KINDS[state], state.value)]


def promise_sentence(ticket: Ticket, *, at: datetime) -> str:
    """What the customer may expect, in plain words; nothing where nothing is promised now (VI-2: targets and breaches stay inside)."""
    answer_by = ticket.first_response_due_at or ticket.update_due_at
    if answer_by is not None:
        if answer_by > at:
            return _("We answer by %(when)s.") % {"when": when_words(answer_by)}
        return _("Our answer was due on %(when)s. We are sorry; it comes as soon as we can.") % {"when": when_words(answer_by)}
    if ticket.solution_due_at is not None and ticket.solution_due_at > at:
        return _("We want to have it solved by %(when)s.") % {"when": when_words(ticket.solution_due_at)}
    return ""


def when_words(at: datetime) -> str:
    """`Tuesday 24 Nov 2026, 10:00` in the reader's zone."""
    local = timezone.localtime(at)
    return f"{formats.date_format(local, 'l')} {formats.date_format(local, 'DATE_FORMAT')}, {formats.date_format(local, 'TIME_FORMAT')}"


def _length(time: timedelta) -> str:
    minutes = int(time.total_seconds() // 60)
    if minutes < 60:
        return _("%(n)s min") % {"n": minutes}
    if minutes < 48 * 60:
        hours, rest = divmod(minutes, 60)
        return _("%(n)s h %(m)s min") % {"n": hours, "m": rest} if rest and hours < 6 else _("%(n)s h") % {"n": hours}
    return _("%(n)s d") % {"n": minutes // (24 * 60)}
