"""Teams of a company and the seats that they own."""

from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic import Field, StringConstraints

from podpora.api.access import caller_of, token
from podpora.api.envelope import answer
from podpora.api.v1.licences import licence_of
from podpora.api.v1.schemas import Line, Made, Strict
from podpora.base.codes import normalised
from podpora.base.errors import InvalidInput, NotYours
from podpora.journeys import manager
from podpora.journeys import teams as journey
from podpora.licensing import actions as licensing
from podpora.licensing import queries as licences
from podpora.licensing.models import Licence, SeatShare
from podpora.licensing.permissions import may_manage_devices
from podpora.people import actions, permissions, queries
from podpora.people.models import Customer, Team

router = Router(tags=["teams"])
customers_token, licences_token = token("customers"), token("licences")
Code = Annotated[str, StringConstraints(max_length=20, strip_whitespace=True)]


class TeamIn(Strict):
    name: Line


class PutIn(Strict):
    lead: bool = False


class ShareIn(Strict):
    seats: Annotated[int, Field(ge=1, le=1_000_000)]


def company_of(request: HttpRequest, code: str, permission: str = "see") -> Customer:
    """The company with this code in which the caller has the permission; the vendor's systems have all. Else NotYours."""
    caller = caller_of(request)
    wanted = normalised(code)[:20]
    if caller.sees_all:
        return queries.customer_in(queries.companies(), wanted)
    return queries.customer_in(queries.customers_with(caller.person, permission).filter(person=None), wanted)


def _managed(request: HttpRequest, code: str) -> Customer:
    """The same for who manages its members, with the whole License Manager (ORG-7)."""
    customer = company_of(request, code, "members")
    manager.may_use(customer, at=request.now).or_refuse()  # type: ignore[attr-defined]
    return customer


def team_json(view: journey.TeamView) -> dict[str, Any]:
    return {
        "code": view.team.code, "name": view.team.name, "devices": view.devices,
        "members": [
            {"person": m.person.code, "name": str(m.person), "lead": m.is_lead} for m in view.team.members.all()
        ],
        "shares": [share_json(share) for share in view.shares],
    }  # fmt: skip


def share_json(share: SeatShare) -> dict[str, Any]:
    return {
        "licence": share.licence.code, "team": share.team.code, "seats": {"total": share.seats, "used": share.seats_used},
        "key_hint": share.key_hint,
    }  # fmt: skip


def _one(customer: Customer, team: Team) -> dict[str, Any]:
    return team_json(next(view for view in journey.teams_of(customer) if view.team.pk == team.pk))


@router.get("customers/{code}/teams", auth=customers_token)
def teams(request: HttpRequest, code: str) -> HttpResponse:
    """The company's teams with their people and seats, by name."""
    customer = company_of(request, code)
    return answer({"items": [team_json(view) for view in journey.teams_of(customer)], "next": None})


@router.post("customers/{code}/teams", auth=customers_token, response={201: Made})
def create(request: HttpRequest, code: str, body: TeamIn) -> HttpResponse:
    """A new team."""
    by, at = caller_of(request).actor, request.now  # type: ignore[attr-defined]
    customer = _managed(request, code)
    return answer(_one(customer, actions.create_team(customer, body.name, by=by, at=at)), 201)


@router.patch("customers/{code}/teams/{team}", auth=customers_token)
def rename(request: HttpRequest, code: str, team: str, body: TeamIn) -> HttpResponse:
    """Another name."""
    by, at = caller_of(request).actor, request.now  # type: ignore[attr-defined]
    customer = _managed(request, code)
    found = actions.rename_team(queries.team_in(customer, normalised(team)[:20]), body.name, by=by, at=at)
    return answer(_one(customer, found))


@router.api_operation(["DELETE"], "customers/{code}/teams/{team}", auth=customers_token, response={204: None})
def delete(request: HttpRequest, code: str, team: str) -> HttpResponse:
    """The team is no more; its seats belong to the whole licence again."""
    by, at = caller_of(request).actor, request.now  # type: ignore[attr-defined]
    journey.disband(queries.team_in(_managed(request, code), normalised(team)[:20]), by=by, at=at)
    return answer(None, 204)


@router.put("customers/{code}/teams/{team}/members/{person}", auth=customers_token)
def put(request: HttpRequest, code: str, team: str, person: str, body: PutIn) -> HttpResponse:
    """A member of the company is in the team, as its lead or not."""
    by, at = caller_of(request).actor, request.now  # type: ignore[attr-defined]
    customer = _managed(request, code)
    found = queries.team_in(customer, normalised(team)[:20])
    member = queries.members_of(customer).filter(person__code=normalised(person)[:20]).first()
    if member is None:
        raise NotYours
    actions.put_into_team(found, member.person, is_lead=body.lead, by=by, at=at)
    return answer(_one(customer, found))


@router.api_operation(["DELETE"], "customers/{code}/teams/{team}/members/{person}", auth=customers_token, response={204: None})
def take_out(request: HttpRequest, code: str, team: str, person: str) -> HttpResponse:
    """Out of the team; he stays in the company."""
    by, at = caller_of(request).actor, request.now  # type: ignore[attr-defined]
    found = queries.team_in(_managed(request, code), normalised(team)[:20])
    row = found.members.select_related("person").filter(person__code=normalised(person)[:20]).first()
    if row is None:
        raise NotYours
    actions.leave_team(found, row.person, by=by, at=at)
    return answer(None, 204)


def _licence(request: HttpRequest, code: str) -> Licence:
    licence, caller = licence_of(request, code), caller_of(request)
    if licence.customer is None or not (caller.sees_all or may_manage_devices(caller.person, licence)):
        raise NotYours
    manager.may_use(licence.customer, at=request.now).or_refuse()  # type: ignore[attr-defined]
    return licence


@router.get("licences/{code}/shares", auth=licences_token)
def shares(request: HttpRequest, code: str) -> HttpResponse:
    """Which teams own how many seats of this licence."""
    found = licences.shares_of(_licence(request, code)).select_related("licence", "team")
    return answer({"items": [share_json(share) for share in found], "next": None})


@router.put("licences/{code}/shares/{team}", auth=licences_token)
def share(request: HttpRequest, code: str, team: str, body: ShareIn) -> HttpResponse:
    """Give the team so many seats of this licence. 409 `licence.share_too_big`, `licence.share_too_small`."""
    by, at = caller_of(request).actor, request.now  # type: ignore[attr-defined]
    licence = _licence(request, code)
    if licence.customer is None:
        raise InvalidInput({"team": ["unknown"]})
    made = licensing.share_seats(licence, queries.team_in(licence.customer, normalised(team)[:20]), body.seats, by=by, at=at)
    return answer(share_json(made))


@router.api_operation(["DELETE"], "licences/{code}/shares/{team}", auth=licences_token, response={204: None})
def end(request: HttpRequest, code: str, team: str) -> HttpResponse:
    """Take the team's seats back; its devices stay on seats of the whole licence."""
    by, at = caller_of(request).actor, request.now  # type: ignore[attr-defined]
    licensing.end_share(licences.share_in(_licence(request, code), normalised(team)[:20]), by=by, at=at)
    return answer(None, 204)


@router.post("licences/{code}/shares/{team}/key", auth=licences_token, response={200: Made})
def show_key(request: HttpRequest, code: str, team: str) -> HttpResponse:
    """The team's key, for those who look after devices and the team's lead; the audit knows who read it."""
    at = request.now  # type: ignore[attr-defined]
    licence, caller = licence_of(request, code), caller_of(request)
    found = licences.share_in(licence, normalised(team)[:20])
    if not (caller.sees_all or may_manage_devices(caller.person, licence) or permissions.leads(caller.person, found.team_id)):
        raise NotYours
    return answer({"key": licensing.show_share_key(found, by=caller.actor, at=at)})
