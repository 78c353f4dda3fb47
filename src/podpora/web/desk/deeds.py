"""What a technician does to a ticket besides answering: tags, putting it off, merging, following. Each as a panel and as a page."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRedirect

from podpora.base.decisions import Decision, Refused
from podpora.base.errors import InvalidInput
from podpora.base.fields import field_sentence
from podpora.base.reasons import message
from podpora.desk import actions, queries
from podpora.web.access import technician
from podpora.web.desk import doing
from podpora.web.desk.moments import PRESETS, moment_of
from podpora.web.desk.tickets import again, panel
from podpora.web.request import Request


@technician("tickets")
@require_http_methods(["GET", "POST"])
def tags(request: Request, code: str) -> HttpResponse:
    """The ticket's tags, written with commas between; what others use is offered."""
    found = queries.ticket_for_staff(request.user, code)
    given, error = ", ".join(tag.name for tag in queries.tags_of(found)), ""
    if request.method == "POST":
        given = request.POST.get("tags", "").replace("\x00", "")[:500]
        try:
            actions.set_tags(found, [name for name in given.split(",") if name.strip()], by=request.actor, at=request.now)
        except InvalidInput as problem:
            error = _first(problem)
        else:
            return again(request, found, "")
    known = [tag.name for tag in queries.tags_for(request.user)]
    return panel(request, "tags", found, {"given": given, "known": known, "error": error}, status=422 if error else 200)


@technician("tickets")
@require_http_methods(["GET", "POST"])
def snooze(request: Request, code: str) -> HttpResponse:
    """Out of the way until a moment; back now."""
    found = queries.ticket_for_staff(request.user, code)
    error = ""
    if request.method == "POST":
        try:
            if request.POST.get("until") == "now":
                actions.wake(found, by=request.actor, at=request.now)
            else:
                until = moment_of(request.POST.get("until", ""), request.now, request.POST.get("at", ""))
                actions.snooze(found, until, until_reply="always" not in request.POST, by=request.actor, at=request.now)
        except InvalidInput as problem:
            error = _first(problem)
        except Refused as refusal:
            error = message(refusal.decision)
        else:
            return again(request, found, "")
    soonest = timezone.localtime(request.now).strftime("%Y-%m-%dT%H:%M")
    return panel(
        request,
        "snooze",
        found,
        {"presets": list(PRESETS.items()), "soonest": soonest, "error": error},
        status=422 if error else 200,
    )


@technician("tickets")
@require_http_methods(["GET", "POST"])
def merge(request: Request, code: str) -> HttpResponse:
    """This ticket goes on in another one: of the same customer by a click, any other by its number."""
    found = queries.ticket_for_staff(request.user, code)
    decision: Decision | None = None
    into, error = request.POST.get("into", "").strip()[:20], ""
    if request.method == "POST":
        try:
            target = doing.other_ticket(request, "into")
            end = actions.merge(found, target, across="across" in request.POST, by=request.actor, at=request.now)
        except InvalidInput:
            error = _("There is no ticket with this number, or it is not yours to see.")
        except Refused as refusal:
            decision = refusal.decision
        else:
            messages.success(request, _("%(source)s goes on in %(target)s.") % {"source": found.code, "target": end.code})
            address = reverse("desk:ticket", args=[end.code])
            return HttpResponseClientRedirect(address) if request.htmx else redirect(address)
    others = [ticket for ticket in queries.earlier_tickets(found, request.user, size=8) if ticket.state != "merged"]
    context: dict[str, Any] = {"others": others, "into": into, "error": error, "decision": decision}
    context["across"] = decision is not None and any(reason.code == "ticket.merge_other_customer" for reason in decision.reasons)
    return panel(request, "merge", found, context, status=409 if decision else 422 if error else 200)


@technician("tickets")
@require_POST
def follow(request: Request, code: str) -> HttpResponse:
    """Be told what happens in it, or no more."""
    found = queries.ticket_for_staff(request.user, code)
    deed = actions.follow if request.POST.get("follow") == "yes" else actions.unfollow
    deed(found, request.user, by=request.actor, at=request.now)
    return again(request, found, "")


def _first(problem: InvalidInput) -> str:
    field, codes = next(iter(problem.fields.items()))
    return str(field_sentence(codes[0], problem.facts.get(field)))
