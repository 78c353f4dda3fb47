"""The command bar: one field from which everything of the desk is reached. The server searches, with the reader's own rights."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from podpora.base.errors import NotYours
from podpora.base.folding import folded
from podpora.desk import queries
from podpora.desk.models import Ticket
from podpora.desk.queries import ListWish
from podpora.licensing import queries as licensing
from podpora.people import queries as people
from podpora.people.permissions import staff_may
from podpora.web.access import technician
from podpora.web.desk.rail import ICONS, KEYS, VIEW_NAMES, view_name
from podpora.web.desk.wishes import query_of, saved_query
from podpora.web.request import Request

SHOWN = 6


@dataclass(frozen=True, slots=True)
class Entry:
    """One line. `key` of a deed is pressed for the reader; everything else is an address."""

    name: Any
    icon: str
    url: str = ""
    key: str = ""
    more: str = ""


# What can be done with the ticket that is open: the same keys as by hand.
DEEDS = (
    ("r", gettext_lazy("Reply to the customer"), "reply"), ("n", gettext_lazy("Internal note"), "lock"),
    ("i", gettext_lazy("Take it"), "hand"), ("a", gettext_lazy("Assign"), "user-check"), ("s", gettext_lazy("Change the state"), "circle-dot"),
    ("p", gettext_lazy("Change the priority"), "flag"), ("q", gettext_lazy("Move to a queue"), "folder-input"),
    ("t", gettext_lazy("Tags"), "tag"), ("m", gettext_lazy("Merge"), "git-merge"), ("z", gettext_lazy("Put off"), "alarm-clock"),
)  # fmt: skip


@technician("tickets")
@require_GET
def command(request: Request) -> HttpResponse:
    """The bar with what fits the words. Without htmx it is a page of its own."""
    words = " ".join(request.GET.get("q", "").replace("\x00", "").split())[:100]
    on_ticket = _ticket(request, request.GET.get("ticket", ""))
    groups = [
        (_("This ticket"), _deeds(words, on_ticket)),
        (_("Go to"), _places(request, words)),
        (_("Tickets"), _tickets(request, words)),
        (_("Customers"), _customers(request, words)),
        (_("Licences"), _licences(request, words)),
    ]
    context = {"groups": [(name, entries) for name, entries in groups if entries], "words": words, "ticket": on_ticket}
    name = "desk/command.html#found" if request.htmx else "desk/command.html"
    return TemplateResponse(request, name, context)


def _ticket(request: Request, code: str) -> Ticket | None:
    try:
        return queries.ticket_for_staff(request.user, code[:20]) if code else None
    except NotYours:
        return None


def _fits(words: str, name: Any) -> bool:
    return all(word in folded(str(name)) for word in folded(words).split())


def _deeds(words: str, ticket: Ticket | None) -> list[Entry]:
    if ticket is None:
        return []
    return [Entry(name, icon, key=key) for key, name, icon in DEEDS if _fits(words, name)]


def _places(request: Request, words: str) -> list[Entry]:
    base = reverse("desk:home")
    fixed = [Entry(VIEW_NAMES[view], ICONS[view], f"{base}?{query_of(ListWish(view))}", f"g {KEYS[view]}") for view in ICONS]
    saved = [Entry(view_name(view), "star", f"{base}?{saved_query(view)}") for view in queries.saved_views(request.user)]
    found = [entry for entry in (*fixed, *saved) if _fits(words, entry.name)]
    return found if words else found[:SHOWN]


def _tickets(request: Request, words: str) -> list[Entry]:
    if len(words) < 2:
        return []
    page = queries.work_list(request.user, ListWish("all", words=words), at=request.now, size=SHOWN)
    base = reverse("desk:home")
    return [
        Entry(row.subject, "inbox", f"{base}{row.code}/", more=f"{row.code} · {row.requester_name or row.requester_email}")
        for row in page.tickets
    ]


def _customers(request: Request, words: str) -> list[Entry]:
    if len(words) < 2 or not staff_may(request.user, "customers"):
        return []
    found = people.customers_found(words)[:SHOWN]
    return [Entry(c.name, "users", reverse("office:customer", args=[c.code]), more=c.code) for c in found]


def _licences(request: Request, words: str) -> list[Entry]:
    """By the code of a licence only: what is typed here may be anything but a key."""
    code = words.upper().replace(" ", "")
    if not staff_may(request.user, "customers") or not code.startswith("L-") or len(code) < 4:
        return []
    found = licensing.visible_to(request.user).filter(code__startswith=code[:20]).select_related("customer")[:SHOWN]
    return [
        Entry(licence.code, "key-round", reverse("office:licence", args=[licence.code]), more=str(licence.customer))
        for licence in found
    ]
