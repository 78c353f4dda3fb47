"""The technician's list: my work in the order of urgency, in views, searched and filtered."""

from typing import Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_GET, require_POST

from podpora.desk import queries
from podpora.desk.models import Queue
from podpora.desk.queries import FOUND_PAGE, PAGE, ListWish, Sight
from podpora.desk.values import PRIORITY_NAMES, STATE_NAMES
from podpora.people.actions import set_presence
from podpora.web.access import technician
from podpora.web.conversation import queue_name
from podpora.web.desk.bulk import deeds
from podpora.web.desk.rail import rail_of
from podpora.web.desk.rows import rows, table
from podpora.web.desk.searches import problems_of, snippets
from podpora.web.desk.wishes import query_of, wish_from
from podpora.web.request import Request
from podpora.web.spreadsheets import download

EMPTY = {
    "mine": (gettext_lazy("Nothing waits for you"), gettext_lazy("New tickets come to those who are present, one after another.")),
    "unassigned": (gettext_lazy("Every ticket has its technician"), ""),
    "breaching": (gettext_lazy("Every promise is kept"), gettext_lazy("Tickets whose clock runs out within an hour stand here.")),
    "waiting": (gettext_lazy("Nothing is waiting"), gettext_lazy("Tickets that wait for a customer or for a release stand here.")),
    "waiting_customer": (gettext_lazy("No customer owes us an answer"), ""),
    "waiting_vendor": (gettext_lazy("Nothing waits for a release"), ""),
    "snoozed": (gettext_lazy("Nothing is put off"), gettext_lazy("A ticket that is put off comes back by itself.")),
    "followed": (gettext_lazy("You follow no unfinished ticket"), ""),
    "mentioned": (gettext_lazy("Nobody mentioned you"), gettext_lazy("Write @ and a name in a note, and the colleague is told.")),
    "stand_in": (gettext_lazy("Nothing of absent colleagues"), ""),
    "open": (gettext_lazy("No unfinished tickets"), gettext_lazy("What customers ask appears here.")),
    "solved": (gettext_lazy("Nothing solved yet"), ""),
}
ORDER_NAMES = {
    "urgency": pgettext_lazy("order of tickets", "Urgency"), "changed": pgettext_lazy("order of tickets", "Last change"),
    "newest": pgettext_lazy("order of tickets", "Newest first"), "oldest": pgettext_lazy("order of tickets", "Oldest first"),
}  # fmt: skip


@technician("tickets")
@require_GET
def home(request: Request) -> HttpResponse:
    wish = wish_from(request.GET)
    sight = queries.sight_of(request.user)
    queues = [queue for queue in queries.queues() if queue.pk not in sight.queues]
    page = queries.work_list(
        sight, wish, at=request.now, size=FOUND_PAGE if wish.words else PAGE, zone=timezone.get_current_timezone()
    )
    found = snippets(page.tickets, wish.words) if wish.words else {}
    heading, words = EMPTY.get(wish.view, EMPTY["open"])
    columns = wish.columns or queries.columns_of(request.user)
    context = {
        "rows": rows(
            page.tickets, queues, at=request.now, base=reverse("desk:home"), query=query_of(wish), found=found, columns=columns
        ),
        "rail": rail_of(sight, wish, request.GET.get("saved", ""), at=request.now),
        "wish": wish,
        "query": query_of(wish),
        "problems": problems_of(wish.words),
        **filters(sight, queues, wish),
        "deeds": deeds(),
        "next": "?" + query_of(wish, after=page.next) if page.next else "",
        "first": "?" + query_of(wish) if wish.after else "",
        "empty_heading": _("Nothing found") if wish.words or _is_filtered(wish) else heading,
        "empty_text": _("Try fewer words or filters, or look among all tickets.") if wish.words or _is_filtered(wish) else words,
    }
    name = "desk/home.html#list" if request.htmx and not request.htmx.boosted else "desk/home.html"
    return TemplateResponse(request, name, context)


def filters(sight: Sight, queues: list[Queue], wish: ListWish) -> dict[str, Any]:
    """The choices of the filter bar."""
    del sight
    return {
        "is_filtered": _is_filtered(wish),
        "queues": [(queue.code, queue_name(queue)) for queue in queues],
        "states": [(state.value, name) for state, name in STATE_NAMES.items()],
        "priorities": [(str(priority.value), name) for priority, name in PRIORITY_NAMES.items()],
        "technicians": [(person.code, str(person)) for person in queries.technicians().only("code", "name", "email")],
        "orders": list(ORDER_NAMES.items()),
    }


def _is_filtered(wish: ListWish) -> bool:
    return bool(wish.queue or wish.state or wish.assignee or wish.priority)


@technician("tickets")
@require_GET
def export(request: Request) -> HttpResponseBase:
    """The whole list as a table for a spreadsheet, through the same predicate (VI-3)."""
    wish, sight = wish_from(request.GET), queries.sight_of(request.user)
    found = queries.all_of(sight, wish, at=request.now, zone=timezone.get_current_timezone())
    return download("tickets", *table(found, queries.queues()))


@technician("tickets")
@require_POST
def presence(request: Request) -> HttpResponse:
    """Present technicians get new tickets by turn; the others do not."""
    set_presence(request.user, present=request.POST.get("present") == "yes", by=request.actor, at=request.now)
    return redirect("desk:home")
