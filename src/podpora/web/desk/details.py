"""The page of work on a ticket: tags, fields, merging, splitting, links, putting off, time, macros, history. Each form works alone."""

import re
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from podpora.audit import queries as audit
from podpora.base.codes import unguessable
from podpora.base.decisions import Decision, Refused
from podpora.base.errors import InvalidInput
from podpora.base.fields import field_sentence
from podpora.desk import queries
from podpora.desk.models import Ticket
from podpora.desk.values import CLOSED_AS_NAMES, KIND_NAMES, LINK_NAMES, LinkKind
from podpora.web import ticket_fields
from podpora.web.access import technician
from podpora.web.desk import doing
from podpora.web.request import Request

BY_HAND = (LinkKind.RELATES, LinkKind.DUPLICATES, LinkKind.BLOCKS)


@technician("tickets")
@require_GET
def details(request: Request, code: str) -> HttpResponse:
    return _page(request, queries.ticket_for_staff(request.user, code))


@technician("tickets")
@require_POST
def do(request: Request, code: str, what: str) -> HttpResponseBase:
    """One deed. Refused or wrong: the page again with the reason; done: back to the ticket that it ended in."""
    found = queries.ticket_for_staff(request.user, code)
    try:
        ended = doing.do(request, found, what)
    except Refused as refusal:
        return _page(request, found, refusal=refusal.decision, what=what)
    except InvalidInput as problem:
        said = [field_sentence(code, problem.facts.get(name)) for name, codes in problem.fields.items() for code in codes]
        return _page(request, found, problems=said, what=what)
    ticket = ended if isinstance(ended, Ticket) else found
    if not queries.seen_by_staff(request.user).filter(pk=ticket.pk).exists():
        return redirect("desk:home")
    messages.success(request, _("Done."))
    back = "desk:details" if request.POST.get("stay") else "desk:ticket"
    return redirect(reverse(back, args=[ticket.code]))


def _page(
    request: Request, ticket: Ticket, *, refusal: Decision | None = None, problems: list[str] | None = None, what: str = ""
) -> HttpResponse:
    context = page_of(request, ticket) | {"refusal": refusal, "problems": problems, "what": what, "posted": request.POST}
    status = 409 if refusal else 422 if problems else 200
    name = "desk/details.html#parts" if request.htmx and not request.htmx.boosted else "desk/details.html"
    return TemplateResponse(request, name, context, status=status)


_PERSON = re.compile(r"\bU-[0-9A-Z]{8}\b")  # the books know people by their codes


def page_of(request: Request, ticket: Ticket) -> dict[str, Any]:
    names = {person.code: str(person) for person in queries.technicians().only("code", "name", "email")}
    links = queries.links_of(ticket, request.user)
    own = [(state.code, state.name_cs if get_language() == "cs" else state.name_en) for state in queries.own_states()]
    values = queries.values_of(ticket)
    return {
        "ticket": ticket,
        "base": reverse("desk:ticket", args=[ticket.code]),
        "once": unguessable(),
        "fields": ticket_fields.drawn(queries.fields_of(ticket.queue_id), values),
        "kinds": [(kind.value, name) for kind, name in KIND_NAMES.items()],
        "own_states": own,
        "closings": [(why.value, name) for why, name in CLOSED_AS_NAMES.items()],
        "splittable": queries.splittable(ticket),
        "link_kinds": [(kind.value, LINK_NAMES[kind][0]) for kind in BY_HAND],
        "links": [(row.link.pk, LINK_NAMES[LinkKind(row.link.kind)][0 if row.is_from_here else 1], row.other) for row in links],
        "children": queries.children_of(ticket, request.user),
        "time": queries.time_of(ticket),
        "runs": [(run.run_at, run.rule, run.done_said) for run in queries.runs_of(ticket)],
        "files": queries.public_files_of(ticket),
        "history": [
            (entry.at, entry.actor_name, _PERSON.sub(lambda code: names.get(code[0], code[0]), audit.sentence(entry)))
            for entry in audit.entries_about([f"ticket:{ticket.code}"])[:100]
        ],
        "undo": queries.undo_seconds(request.user),
    }
