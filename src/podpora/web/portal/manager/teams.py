"""Teams of a company: their people, their leads, the seats that they own."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from podpora.base.decisions import Decision, Refused
from podpora.base.errors import InvalidInput, NotYours
from podpora.base.fields import field_sentence
from podpora.journeys import manager
from podpora.journeys import teams as journey
from podpora.licensing import actions as licensing
from podpora.licensing import queries as licences
from podpora.licensing.values import LicenceState
from podpora.people import actions, permissions, queries
from podpora.people.models import Customer, Team
from podpora.web.access import signed_in
from podpora.web.portal.manager import frame
from podpora.web.request import Request


@signed_in
@require_GET
def teams(request: Request) -> HttpResponse:
    """All teams; who may not have teams is led to his licences with the sentence (ORG-7)."""
    try:
        customer = frame.company(request)
    except NotYours:
        return frame.led_away(request)
    return _list(request, customer)


@require_POST
@signed_in
def create(request: Request) -> HttpResponse:
    customer = frame.company(request, "members", request.POST.get("company", "")[:20])
    try:
        team = actions.create_team(customer, request.POST.get("name", "")[:200], by=request.actor, at=request.now)
    except InvalidInput as problem:
        return _list(request, customer, problems=_told(problem))
    messages.success(request, _("The team is here. Put people into it and give it seats."))
    return redirect("portal:team", team.code)


def _told(problem: InvalidInput) -> dict[str, str]:
    return {name: field_sentence(codes[0], problem.facts.get(name)) for name, codes in problem.fields.items()}


def _list(request: Request, customer: Customer, problems: dict[str, str] | None = None) -> HttpResponse:
    context = {
        "company": customer,
        "companies": [c for c in queries.customers_with(request.user, "see") if c.is_company],
        "views": journey.teams_of(customer),
        "manages": permissions.may_manage_members(request.user, customer),
        "problems": problems or {},
        "given": request.POST.get("name", ""),
    }
    return TemplateResponse(request, "portal/manager/teams.html", context, status=422 if problems else 200)


def _found(request: Request, code: str) -> Team:
    """A team of a company that the reader belongs to and that has the License Manager."""
    team = queries.team_visible_to(request.user, code)
    if not manager.may_use(team.customer, at=request.now).allowed:
        raise NotYours
    return team


@signed_in
@require_GET
def team(request: Request, code: str) -> HttpResponse:
    return _page(request, _found(request, code))


@require_POST
@signed_in
def act(request: Request, code: str, what: str) -> HttpResponse:
    """Rename, delete, put a member in, take one out; give seats, take them back, a new key."""
    found = _found(request, code)
    needed = "members" if what in PEOPLE else "devices"
    if what not in {**PEOPLE, **SEATS} or not permissions.may(request.user, needed, found.customer):
        raise NotYours
    try:
        {**PEOPLE, **SEATS}[what](request, found)
    except InvalidInput as problem:
        return _page(request, found, problems=_told(problem))
    except Refused as refusal:
        return _page(request, found, decision=refusal.decision)
    if what == "delete":
        messages.success(request, _("The team is deleted. Its people and devices stay."))
        return redirect(f"{reverse('portal:teams')}?company={found.customer.code}")
    messages.success(request, _("Saved."))
    return redirect("portal:team", found.code)


def _rename(request: Request, team: Team) -> None:
    actions.rename_team(team, request.POST.get("name", "")[:200], by=request.actor, at=request.now)


def _delete(request: Request, team: Team) -> None:
    if request.POST.get("name", "").strip() != team.name:
        raise InvalidInput({"delete": ["team.name_needed"]})
    journey.disband(team, by=request.actor, at=request.now)


def _put(request: Request, team: Team) -> None:
    member = queries.members_of(team.customer).filter(person__code=request.POST.get("person", "")[:20]).first()
    if member is None:
        raise InvalidInput({"person": ["unknown"]})
    actions.put_into_team(team, member.person, is_lead=bool(request.POST.get("lead")), by=request.actor, at=request.now)


def _take_out(request: Request, team: Team) -> None:
    row = team.members.select_related("person").filter(person__code=request.POST.get("person", "")[:20]).first()
    if row is None:
        raise NotYours
    actions.leave_team(team, row.person, by=request.actor, at=request.now)


def _share(request: Request, team: Team) -> None:
    licence = licences.by_code(licences.licences_of(team.customer), request.POST.get("licence", "")[:20])
    seats = request.POST.get("seats", "").strip()
    if not (seats.isascii() and seats.isdigit() and len(seats) < 8):
        raise InvalidInput({"seats": ["not_valid"]}, {"seats": {"example": "5"}})
    licensing.share_seats(licence, team, int(seats), by=request.actor, at=request.now)


def _end(request: Request, team: Team) -> None:
    licence = licences.by_code(licences.licences_of(team.customer), request.POST.get("licence", "")[:20])
    licensing.end_share(licences.share_in(licence, team.code), by=request.actor, at=request.now)


def _new_key(request: Request, team: Team) -> None:
    licence = licences.by_code(licences.licences_of(team.customer), request.POST.get("licence", "")[:20])
    share, seen = licences.share_in(licence, team.code), request.POST.get("seen", "")[:20]
    licensing.replace_share_key(share, instead_of=seen, by=request.actor, at=request.now)


PEOPLE: dict[str, Callable[[Request, Team], None]] = {"rename": _rename, "delete": _delete, "put": _put, "take-out": _take_out}
SEATS: dict[str, Callable[[Request, Team], None]] = {"share": _share, "end": _end, "new-key": _new_key}


@require_POST
@signed_in
def show_key(request: Request, code: str) -> HttpResponse:
    """The team's key of one licence: for its lead and for those who look after devices."""
    found = _found(request, code)
    if not (permissions.may(request.user, "devices", found.customer) or permissions.leads(request.user, found.pk)):
        raise NotYours
    licence = licences.by_code(licences.licences_of(found.customer), request.POST.get("licence", "")[:20])
    share = licences.share_in(licence, found.code)
    return _page(request, found, key=(licence.code, licensing.show_share_key(share, by=request.actor, at=request.now)))


def _page(
    request: Request, team: Team, *, problems: dict[str, str] | None = None, decision: Decision | None = None, key: Any = None
) -> HttpResponse:
    view = next(view for view in journey.teams_of(team.customer) if view.team.pk == team.pk)
    manages = permissions.may_manage_members(request.user, team.customer)
    devices = permissions.may(request.user, "devices", team.customer)
    inside = {member.person_id for member in view.team.members.all()}
    context = {
        "view": view,
        "team": view.team,
        "company": team.customer,
        "manages": manages,
        "gives_seats": devices,
        "sees_keys": devices or permissions.leads(request.user, team.pk),
        "key": key,
        "others": [m.person for m in queries.members_of(team.customer) if m.person_id not in inside] if manages else [],
        "licences": licences.licences_of(team.customer).exclude(state=LicenceState.REVOKED).order_by("pk")[:200] if devices else [],
        "problems": problems or {},
        "decision": decision,
        "crumbs": [(_("Teams"), f"{reverse('portal:teams')}?company={team.customer.code}"), (team.name, "")],
    }
    status = 422 if problems else 409 if decision else 200
    return TemplateResponse(request, "portal/manager/team.html", context, status=status)
