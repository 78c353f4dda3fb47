"""Tickets as the lines of a list, and as the rows of a table."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, TypedDict

from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from podpora.desk.models import Queue
from podpora.desk.queries import Listed, tags_of_many
from podpora.desk.values import PRIORITY_NAMES, STATE_NAMES, USUAL_COLUMNS, Column, Priority, State
from podpora.people.values import CustomerKind
from podpora.web.components.badges import badge
from podpora.web.components.clocks import due_badge
from podpora.web.components.times import moment
from podpora.web.conversation import queue_name, state_badge
from podpora.web.desk.waiting import wait_of


class Row(TypedDict):
    """A ticket as a line of the list, ready to be drawn. A dict: templates look into one faster than into an object."""

    url: str
    code: str
    subject: str
    facts: str  # who, company, queue, version: as far as they are chosen
    mark: SafeString  # how long somebody waits, or the state as a dot
    cells: SafeString  # the chosen columns at the end of the line
    snippet: SafeString  # where the words that were looked for stand
    choose: str  # what the checkbox is called
    line: SafeString  # all of it


# Fifty rows of ten variables each took a third of the page's time as a template.
LINE = """<li data-row><label class="ticket-choose"><input type="checkbox" name="ticket" value="{code}" form="bulk" aria-label="{choose}"></label>\
<a href="{url}">
  <span class="ticket-wait">{mark}</span>
  <span class="item-text"><b>{subject}</b><small><span class="num">{code}</span> · {facts}</small>{snippet}</span>
  <span class="item-end">{cells}</span>
</a></li>
"""


@dataclass(frozen=True, slots=True)
class Drawing:
    """What all rows of a page share, made once."""

    at: datetime
    today: date
    base: str
    queues: Mapping[int, str]
    waited: str
    choose: str
    states: Mapping[str, SafeString]
    dots: Mapping[str, SafeString]
    found: Mapping[int, SafeString] = field(default_factory=dict)
    tags: Mapping[int, Sequence[str]] = field(default_factory=dict)
    columns: frozenset[str] = frozenset(USUAL_COLUMNS)
    query: str = ""  # the list, so that the ticket knows where one came from


def rows(
    tickets: Iterable[Listed],
    queues: Iterable[Queue],
    *,
    at: datetime,
    base: str,
    query: str = "",
    found: Mapping[int, SafeString] | None = None,
    columns: Sequence[str] = USUAL_COLUMNS,
) -> list[Row]:
    tickets, chosen = list(tickets), frozenset(columns)
    drawing = Drawing(
        at=at,
        today=timezone.localdate(at),
        base=base,
        queues={queue.pk: queue_name(queue) for queue in queues},
        waited=_("The customer has waited so long for an answer"),
        choose=_("Choose %(code)s"),
        states={state.value: badge(str(name), state_badge(state)) for state, name in STATE_NAMES.items()},
        dots={state.value: format_html(DOT, state_badge(state)) for state in State},
        found=found or {},
        tags=tags_of_many([ticket.pk for ticket in tickets]) if Column.TAGS in chosen else {},
        columns=chosen,
        query=f"?{query}" if query else "",
    )
    return [_row(ticket, drawing) for ticket in tickets]


DOT = '<span class="ticket-dot {}" aria-hidden="true"></span>'
VIP = mark_safe('<span class="badge good">VIP</span>')
NOTHING = SafeString("")


def _mark(ticket: Listed, state: State, drawing: Drawing) -> SafeString:
    """The clock that runs; where nothing was promised, how long somebody waits; else the state as a dot."""
    if clock := due_badge(ticket.due_at, drawing.at):
        return clock
    wait = wait_of(ticket.waiting_since if state.is_active else None, is_vip=ticket.is_vip, at=drawing.at)
    return badge(wait.words, wait.kind, drawing.waited) if wait else drawing.dots[ticket.state]


def _row(ticket: Listed, drawing: Drawing) -> Row:
    row: Row = {
        "url": f"{drawing.base}{ticket.code}/{drawing.query}",
        "code": ticket.code,
        "subject": ticket.subject,
        "facts": " · ".join(filter(None, _facts(ticket, drawing))),
        "mark": _mark(ticket, State(ticket.state), drawing),
        "cells": SafeString("".join(_cells(ticket, drawing))),
        "snippet": drawing.found.get(ticket.pk, NOTHING),
        "choose": drawing.choose % {"code": ticket.code},
        "line": NOTHING,
    }
    row["line"] = format_html(LINE, **row)
    return row


def _facts(ticket: Listed, drawing: Drawing) -> Iterator[str | None]:
    """What stands below the subject, as far as it is chosen."""
    chosen = drawing.columns
    if Column.REQUESTER in chosen:
        yield ticket.requester_name or ticket.requester_email
    if Column.CUSTOMER in chosen and ticket.customer_kind == CustomerKind.COMPANY:
        yield ticket.customer_name
    if Column.QUEUE in chosen:
        yield drawing.queues.get(ticket.queue_id)
    if Column.VERSION in chosen:
        yield ticket.app_version
    yield from (f"#{name}" for name in drawing.tags.get(ticket.pk, ()))


def _cells(ticket: Listed, drawing: Drawing) -> Iterator[str]:
    """The end of the line."""
    chosen = drawing.columns
    if Column.PRIORITY in chosen:
        urgent = ticket.priority > Priority.NORMAL
        flag = badge(str(PRIORITY_NAMES[Priority(ticket.priority)]), "bad") if urgent else NOTHING
        yield format_html('<span class="ticket-flags">{}</span>', flag + VIP if ticket.is_vip else flag)
    if Column.STATE in chosen:
        yield format_html('<span class="ticket-state-cell">{}</span>', drawing.states[ticket.state])
    if Column.ASSIGNEE in chosen:
        yield format_html('<small class="ticket-who">{}</small>', ticket.assignee_name or ticket.assignee_email or "—")
    moments = (
        (Column.DUE, ticket.due_at),
        (Column.OPENED, ticket.opened_at),
        (Column.CHANGED, ticket.solved_at or ticket.changed_at),
    )
    for column, at in moments:
        if column in chosen:
            shown = moment(at, "short" if timezone.localdate(at) == drawing.today else "day") if at else "—"
            yield format_html('<small class="ticket-at">{}</small>', shown)


def table(tickets: Iterable[Listed], queues: Iterable[Queue]) -> tuple[Sequence[Any], Iterator[Sequence[Any]]]:
    """The header and the rows of a file for spreadsheets."""
    names = {queue.pk: queue_name(queue) for queue in queues}
    header = (
        _("Number"), _("Subject"), _("State"), _("Priority"), _("Queue"), _("Technician"), _("Asked by"), _("E-mail"), _("Customer"),
        "VIP", _("Version"), _("Opened"), _("Last change"), _("Solved"), pgettext("clock", "Due"),
    )  # fmt: skip
    states = {state.value: str(name) for state, name in STATE_NAMES.items()}
    priorities = {priority.value: str(name) for priority, name in PRIORITY_NAMES.items()}
    return header, (
        (
            t.code, t.subject, states.get(t.state, t.state), priorities[t.priority], names.get(t.queue_id, ""),
            t.assignee_name or t.assignee_email or "", t.requester_name, t.requester_email, t.customer_name,
            _("yes") if t.is_vip else "", t.app_version, t.opened_at, t.changed_at, t.solved_at, t.due_at,
        )
        for t in tickets
    )  # fmt: skip
