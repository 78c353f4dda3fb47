"""One deed for many chosen tickets: what it will mean for each, how far it is, what became of it, and the way back."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from podpora.base.clock import format_instant
from podpora.base.decisions import Decision, Refused
from podpora.base.errors import NotYours
from podpora.desk import actions, queries
from podpora.desk.actions.bulk import AT_ONCE, MOST
from podpora.desk.models import Ticket, TicketWork
from podpora.desk.values import PRIORITY_NAMES, STATE_NAMES, State
from podpora.web.access import technician
from podpora.web.conversation import queue_name
from podpora.web.desk.moments import PRESETS, moment_of
from podpora.web.desk.wishes import query_of, wish_from
from podpora.web.request import Request

PREVIEWED = 100  # asked ticket by ticket beforehand; of more, what is refused is told afterwards
NAMES = {
    "assign": gettext_lazy("Assign"), "state": gettext_lazy("Change the state"), "priority": gettext_lazy("Change the priority"),
    "queue": gettext_lazy("Move to a queue"), "tag": gettext_lazy("Add a tag"), "snooze": gettext_lazy("Put off"),
    "merge": gettext_lazy("Make them one ticket"),
}  # fmt: skip


def deeds() -> list[tuple[str, Any]]:
    """What can be done to many, for the bar above the list."""
    return [(kind, NAMES[kind]) for kind in actions.DEEDS]


@technician("tickets")
@require_POST
def begin(request: Request) -> HttpResponse:
    """Which value, and what it would come to; with `confirm`: do it."""
    kind, value = request.POST.get("deed", ""), request.POST.get("value", "").replace("\x00", "")[:60]
    if kind not in actions.DEEDS:
        raise NotYours
    query = request.POST.get("query", "")[:1000]
    codes = _chosen(request, query)
    if not codes:
        messages.error(request, _("Choose some tickets first."))
        return redirect(reverse("desk:home") + f"?{query}")
    if request.POST.get("confirm") and value:
        work = actions.start_work(kind, value, codes, by=request.actor, at=request.now)
        return redirect("desk:work", work.code)
    return _preview(request, kind, value, codes, query)


def _chosen(request: Request, query: str) -> list[str]:
    """Those that are ticked, or all of the list, in its order; only such as the reader sees."""
    sight = queries.sight_of(request.user)
    if request.POST.get("all"):
        found = queries.all_of(sight, wish_from(QueryDict(query)), at=request.now, zone=timezone.get_current_timezone())
        return [row.code for _place, row in zip(range(MOST), found, strict=False)]
    given = [code[:20] for code in request.POST.getlist("ticket")[:MOST] if code.isprintable()]
    seen = set(sight.tickets.filter(code__in=given).values_list("code", flat=True))
    return [code for code in dict.fromkeys(given) if code in seen]


def _preview(request: Request, kind: str, value: str, codes: list[str], query: str) -> HttpResponse:
    choices = _choices(request, kind, codes)
    chosen = value if value in dict(choices) or (kind == "tag" and value) else ""
    tickets = _tickets(request, codes[:PREVIEWED])
    outcomes = actions.preview_work(kind, chosen, tickets, by=request.actor, at=request.now) if chosen else []
    context = {
        "kind": kind,
        "name": NAMES[kind],
        "choices": choices,
        "value": chosen,
        "value_name": dict(choices).get(chosen, chosen),
        "is_free": kind == "tag",
        "tickets": tickets[:10],
        "more": max(0, len(codes) - 10),
        "total": len(codes),
        "refused": [outcome for outcome in outcomes if outcome.why],
        "same": sum(outcome.is_same for outcome in outcomes),
        "changes": sum(not outcome.why and not outcome.is_same for outcome in outcomes),
        "unasked": max(0, len(codes) - PREVIEWED),
        "mails": kind == "state" and chosen in (State.SOLVED, State.CLOSED),
        "is_long": len(codes) > AT_ONCE,
        "codes": [] if request.POST.get("all") else codes,
        "all": bool(request.POST.get("all")),
        "query": query,
    }
    return TemplateResponse(request, "desk/many.html", context)


def _tickets(request: Request, codes: list[str]) -> list[Ticket]:
    found = queries.seen_by_staff(request.user).select_related("assignee", "queue").filter(code__in=codes)
    by_code = {ticket.code: ticket for ticket in found}
    return [by_code[code] for code in codes if code in by_code]


def _choices(request: Request, kind: str, codes: list[str]) -> list[tuple[str, Any]]:
    match kind:
        case "assign":
            others = [(person.code, str(person)) for person in queries.technicians() if person.pk != request.user.pk]
            return [(request.user.code, _("Me")), *others, ("nobody", _("Nobody's"))]
        case "state":
            return [(state.value, name) for state, name in STATE_NAMES.items() if state not in (State.NEW, State.MERGED)]
        case "priority":
            return [(str(priority.value), name) for priority, name in PRIORITY_NAMES.items()]
        case "tag":
            return [(tag.name, tag.name) for tag in queries.tags_for(request.user)]
        case "snooze":
            return [(format_instant(moment_of(preset, request.now)), name) for preset, name in PRESETS.items()]
        case "merge":
            return [(ticket.code, f"{ticket.code} {ticket.subject}") for ticket in _tickets(request, codes[:20])]
    return [(queue.code, queue_name(queue)) for queue in queries.queues()]


@technician("tickets")
@require_GET
def show(request: Request, work: str) -> HttpResponse:
    """How far it is; when it is done: what changed, what was refused and why, and the way back."""
    return _page(request, queries.work_of(request.user, work))


@technician("tickets")
@require_POST
def undo(request: Request, work: str) -> HttpResponse:
    found = queries.work_of(request.user, work)
    try:
        count = actions.undo_work(found, by=request.actor, at=request.now)
    except Refused as refusal:
        return _page(request, found, refusal.decision)
    messages.success(request, _("Undone: tickets put back: %(count)s. What somebody has changed since stays.") % {"count": count})
    return redirect("desk:home")


def _page(request: Request, work: TicketWork, decision: Decision | None = None) -> HttpResponse:
    context = {
        "work": work,
        "name": NAMES[work.kind],
        "total": len(work.tickets),
        "changed": len(work.before),
        "refused": list(work.refused.items()),
        "can_undo": actions.may_undo(work, at=request.now),
        "mails": work.kind == "state" and work.value in (State.SOLVED, State.CLOSED),
        "decision": decision,
        "back": reverse("desk:home") + "?" + query_of(wish_from(QueryDict(""))),
    }
    name = "desk/work.html#progress" if request.htmx and not request.htmx.boosted else "desk/work.html"
    return TemplateResponse(request, name, context, status=409 if decision else 200)
