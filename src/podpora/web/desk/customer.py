"""The customer beside a ticket: the truth about him, notes on him, and the slower part of his story, asked for after the page is there."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from podpora.base.clock import vendor_date
from podpora.base.errors import InvalidInput
from podpora.base.fields import field_sentence
from podpora.catalog import queries as catalog
from podpora.desk import actions, queries
from podpora.desk.models import Ticket
from podpora.fleet.values import REPORT_NAMES
from podpora.journeys import beside
from podpora.people.models import Person
from podpora.web.access import technician
from podpora.web.components import timeline
from podpora.web.components.clocks import clock_lines
from podpora.web.conversation import state_badge
from podpora.web.request import Request


def truth_of(ticket: Ticket, reader: Person, *, at: datetime) -> dict[str, Any]:
    """What the panel draws."""
    truth = beside.truth_of(ticket, reader, at=at)
    base = reverse("desk:home")
    return {
        "licences": truth.licences,
        "more_licences": truth.more_licences,
        "devices": truth.devices,
        "orders": truth.orders,
        "earlier": [(f"{base}{t.code}/", t.code, t.subject, t.state_name, state_badge(t.state)) for t in truth.earlier],
        "clocks": clock_lines(ticket, at=at),
    }


@technician("tickets")
@require_GET
def story(request: Request, code: str) -> HttpResponse:
    """The licence as a timeline, central settings and what the customer wrote elsewhere."""
    found = queries.ticket_for_staff(request.user, code)
    first = beside.first_licence(found, at=request.now)
    drawn = None
    if first is not None:
        licence, rights = first
        drawn = timeline.draw(rights, catalog.version_facts(licence.product_id), vendor_date(request.now, settings.VENDOR_ZONE))
    context = {
        "ticket": found,
        "licence": first[0] if first else None,
        "timeline": drawn,
        "topics": beside.topics_of(found, request.user, at=request.now),
        "settings": [
            (each, REPORT_NAMES[each.state] if each.state else "")
            for each in beside.settings_of(found, first[0] if first else None)
        ],
    }
    return TemplateResponse(request, "desk/story.html#found" if request.htmx else "desk/story.html", context)


@technician("tickets")
@require_POST
def notes(request: Request, code: str) -> HttpResponse:
    """Write down something about the customer, or take it away."""
    found = queries.ticket_for_staff(request.user, code)
    error, text = "", ""
    try:
        if request.POST.get("remove"):
            note = queries.customer_note(found, request.POST["remove"])
            actions.remove_customer_note(note, by=request.actor, at=request.now)
        else:
            text = request.POST.get("text", "")
            actions.note_customer(found, text, by=request.actor, at=request.now)
    except InvalidInput as problem:
        error = str(field_sentence(problem.fields["text"][0], problem.facts.get("text")))
    if not request.htmx and not error:
        return redirect(reverse("desk:ticket", args=[found.code]) + "#customer-notes")
    context = {
        "ticket": found,
        "base": reverse("desk:ticket", args=[found.code]),
        "notes": queries.customer_notes(found),
        "error": error,
        "text": text if error else "",
    }
    name = "desk/customer_notes.html" if request.htmx else "desk/customer_notes_page.html"
    return TemplateResponse(request, name, context, status=422 if error and not request.htmx else 200)
