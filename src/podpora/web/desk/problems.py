"""Known problems beside a ticket: those that it is tied to, those that might be its cause, and one click between them."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from podpora.desk import queries
from podpora.journeys import finding, fixes
from podpora.problems import queries as problems
from podpora.problems.values import KIND, TieKind
from podpora.web.access import technician
from podpora.web.components.results import rows_of
from podpora.web.request import Request


@technician("tickets")
@require_GET
def beside(request: Request, code: str) -> HttpResponse:
    """Asked for after the page is there; without JavaScript a page of its own."""
    ticket = queries.ticket_for_staff(request.user, code)
    tied = problems.tied_to(TieKind.TICKET, ticket.code)
    language = ticket.requester.language or "en"
    hits = finding.similar(ticket.subject, "", request.user, language=language, kinds=(KIND,), at=request.now)
    near = [row for row in rows_of(hits) if row.code not in {one.code for one in tied}]
    name = "desk/problems.html#found" if request.htmx else "desk/problems.html"
    return TemplateResponse(request, name, {"ticket": ticket, "tied": tied, "near": near})


@technician("tickets")
@require_POST
def tie(request: Request, code: str) -> HttpResponse:
    """This ticket is about that known problem, or is not after all: whoever asked is told when it is fixed."""
    ticket = queries.ticket_for_staff(request.user, code)
    found = problems.problem(request.POST.get("problem", "").strip(), internal=True)
    if request.POST.get("do") == "untie":
        fixes.untie_ticket(found, ticket, by=request.actor, at=request.now)
        messages.success(request, _("%(problem)s has nothing to do with it any more.") % {"problem": found.code})
    else:
        fixes.tie_ticket(found, ticket, by=request.actor, at=request.now)
        messages.success(request, _("Tied to %(problem)s: whoever asked is told when it is fixed.") % {"problem": found.code})
    return redirect("desk:ticket", ticket.code)
