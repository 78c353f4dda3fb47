"""The technician's list: my work in the order of urgency."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypedDict

from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_GET, require_POST

from podpora.desk import queries
from podpora.desk.models import Queue
from podpora.desk.queries import COUNT_LIMIT, VIEWS, Listed, ListWish
from podpora.desk.values import PRIORITY_NAMES, STATE_NAMES, Priority, State
from podpora.people.actions import set_presence
from podpora.people.values import CustomerKind
from podpora.web.access import technician
from podpora.web.components.badges import badge
from podpora.web.components.times import moment
from podpora.web.conversation import queue_name, state_badge
from podpora.web.desk.waiting import wait_of
from podpora.web.request import Request

VIEW_NAMES = {
    "mine": pgettext_lazy("tickets", "Mine"),
    "unassigned": pgettext_lazy("tickets", "Unassigned"),
    "waiting": pgettext_lazy("tickets", "Waiting"),
    "open": gettext_lazy("All unfinished"),
    "solved": pgettext_lazy("tickets", "Solved"),
}
EMPTY = {
    "mine": (gettext_lazy("Nothing waits for you"), gettext_lazy("New tickets come to those who are present, one after another.")),
    "unassigned": (gettext_lazy("Every ticket has its technician"), ""),
    "waiting": (gettext_lazy("Nothing is waiting"), gettext_lazy("Tickets that wait for a customer or for a release stand here.")),
    "open": (gettext_lazy("No unfinished tickets"), gettext_lazy("What customers ask appears here.")),
    "solved": (gettext_lazy("Nothing solved yet"), ""),
}


class Row(TypedDict):
    """A ticket as a line of the list, ready to be drawn. A dict: templates look into one faster than into an object."""

    url: str
    code: str
    subject: str
    facts: str  # who, company, queue, version
    mark: SafeString  # how long somebody waits, or the state as a dot
    flags: SafeString
    state: SafeString
    assignee: str
    moment: str
    line: SafeString  # all of it


# Fifty rows of ten variables each took a third of the page's time as a template.
LINE = """<li><a href="{url}">
  <span class="ticket-wait">{mark}</span>
  <span class="item-text"><b>{subject}</b><small><span class="num">{code}</span> · {facts}</small></span>
  <span class="item-end"><span class="ticket-flags">{flags}</span>{state}<small class="ticket-who">{assignee}</small>\
<small class="ticket-at">{moment}</small></span>
</a></li>
"""


@technician("tickets")
@require_GET
def home(request: Request) -> HttpResponse:
    wish = _wish(request)
    sight = queries.sight_of(request.user)
    queues = [queue for queue in queries.queues() if queue.pk not in sight.queues]
    page = queries.work_list(sight, wish, size=queries.FOUND_PAGE if wish.words else queries.PAGE)
    heading, words = EMPTY[wish.view] if wish.view in EMPTY else EMPTY["open"]
    context = {
        "rows": rows(page.tickets, queues, at=request.now, base=reverse("desk:home")),
        "tabs": _tabs(wish, queries.counts(sight)),
        "wish": wish,
        "queues": [(queue.code, queue_name(queue)) for queue in queues],
        "next": _address(wish, after=page.next) if page.next else "",
        "first": _address(wish) if wish.after else "",
        "empty_heading": _("Nothing found") if wish.words else heading,
        "empty_text": _("Try fewer words, or look among all tickets.") if wish.words else words,
    }
    name = "desk/home.html#list" if request.htmx and not request.htmx.boosted else "desk/home.html"
    return TemplateResponse(request, name, context)


@technician("tickets")
@require_POST
def presence(request: Request) -> HttpResponse:
    """Present technicians get new tickets by turn; the others do not."""
    set_presence(request.user, present=request.POST.get("present") == "yes", by=request.actor, at=request.now)
    return redirect("desk:home")


def _wish(request: Request) -> ListWish:
    """The address holds what is shown; what makes no sense is the default. A search looks everywhere unless a tab is chosen."""
    given = {name: request.GET.get(name, "").replace("\x00", "") for name in ("q", "view", "queue", "after")}
    words = " ".join(given["q"].split())[:100]
    view = given["view"]
    if view not in VIEWS:
        view = "all" if words else "mine"
    return ListWish(view, given["queue"][:40], words, given["after"][:80])


def _address(wish: ListWish, **changes: str) -> str:
    parts = {"view": wish.view, "queue": wish.queue, "q": wish.words} | changes
    return "?" + urlencode({name: value for name, value in parts.items() if value and value != "all"})


def _tabs(wish: ListWish, counts: dict[str, int]) -> list[tuple[Any, str, str | None, bool]]:
    return [
        (VIEW_NAMES[view], _address(wish, view=view), _count(counts.get(view)), view == wish.view) for view in VIEWS
    ]  # fmt: skip


def _count(number: int | None) -> str | None:
    if number is None:
        return None
    return f"{COUNT_LIMIT - 1}+" if number >= COUNT_LIMIT else str(number)


@dataclass(frozen=True, slots=True)
class Drawing:
    """What all rows of a page share, made once."""

    at: datetime
    today: date
    base: str
    queues: Mapping[int, str]
    waited: str
    states: Mapping[str, SafeString]
    dots: Mapping[str, SafeString]


def rows(tickets: Iterable[Listed], queues: Iterable[Queue], *, at: datetime, base: str) -> list[Row]:
    drawing = Drawing(
        at=at,
        today=timezone.localdate(at),
        base=base,
        queues={queue.pk: queue_name(queue) for queue in queues},
        waited=_("The customer has waited so long for an answer"),
        states={state.value: badge(str(name), state_badge(state)) for state, name in STATE_NAMES.items()},
        dots={state.value: format_html(DOT, state_badge(state)) for state in State},
    )
    return [_row(ticket, drawing) for ticket in tickets]


DOT = '<span class="ticket-dot {}" aria-hidden="true"></span>'
VIP = mark_safe('<span class="badge good">VIP</span>')


def _row(ticket: Listed, drawing: Drawing) -> Row:
    state = State(ticket.state)
    touched = ticket.solved_at or ticket.changed_at
    wait = wait_of(ticket.waiting_since if state.is_active else None, is_vip=ticket.is_vip, at=drawing.at)
    urgent = ticket.priority > Priority.NORMAL
    flag = badge(str(PRIORITY_NAMES[Priority(ticket.priority)]), "bad") if urgent else SafeString("")
    company = ticket.customer_name if ticket.customer_kind == CustomerKind.COMPANY else ""
    facts = (ticket.requester_name or ticket.requester_email, company, drawing.queues[ticket.queue_id], ticket.app_version)
    row: Row = {
        "url": f"{drawing.base}{ticket.code}/",
        "code": ticket.code,
        "subject": ticket.subject,
        "facts": " · ".join(filter(None, facts)),
        "mark": badge(wait.words, wait.kind, drawing.waited) if wait else drawing.dots[ticket.state],
        "flags": flag + VIP if ticket.is_vip else flag,
        "state": drawing.states[ticket.state],
        "assignee": ticket.assignee_name or ticket.assignee_email or "—",
        "moment": moment(touched, "short" if timezone.localdate(touched) == drawing.today else "day"),
        "line": SafeString(""),
    }
    row["line"] = format_html(LINE, **row)
    return row
