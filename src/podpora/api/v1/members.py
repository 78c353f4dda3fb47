"""The people of a company: members, roles, invitations, leaving."""

from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic import Field, StringConstraints

from podpora.api.access import caller_of, token
from podpora.api.envelope import answer
from podpora.api.v1.schemas import Made, Strict
from podpora.api.v1.teams import company_of
from podpora.base.clock import format_instant
from podpora.base.codes import normalised
from podpora.base.errors import InvalidInput, NotYours
from podpora.journeys import leaving as journey
from podpora.people import actions, queries
from podpora.people.models import Customer, Invitation, Membership, Person
from podpora.people.rules import Invited
from podpora.people.values import MOST_INVITED, Role

router = Router(tags=["members"])
customers_token = token("customers")
Text = Annotated[str, StringConstraints(max_length=254, strip_whitespace=True)]


class InvitationIn(Strict):
    email: Text
    role: Text = Role.VIEWER.value
    team: Text = ""


class InvitationsIn(Strict):
    """One or many: all of them are invited, or nobody."""

    invitations: Annotated[list[InvitationIn], Field(min_length=1, max_length=MOST_INVITED)]


class RoleIn(Strict):
    role: Text


def member_json(row: Membership) -> dict[str, Any]:
    return {
        "person": row.person.code, "name": str(row.person), "email": row.person.email, "role": row.role,
        "since": format_instant(row.since),
    }  # fmt: skip


def invitation_json(row: Invitation) -> dict[str, Any]:
    return {
        "code": row.code, "email": row.email, "role": row.role, "team": row.team.code if row.team else None,
        "expires_at": format_instant(row.expires_at),
    }  # fmt: skip


def _member(customer: Customer, code: str) -> Person:
    row = queries.members_of(customer).filter(person__code=normalised(code)[:20]).first()
    if row is None:
        raise NotYours
    return row.person


@router.get("customers/{code}/members", auth=customers_token)
def members(request: HttpRequest, code: str) -> HttpResponse:
    """Everybody who belongs to the company, oldest first."""
    rows = queries.members_of(company_of(request, code))
    return answer({"items": [member_json(row) for row in rows], "next": None})


@router.get("customers/{code}/invitations", auth=customers_token)
def invitations(request: HttpRequest, code: str) -> HttpResponse:
    """Invitations that can still be accepted."""
    rows = queries.open_invitations(company_of(request, code, "members"), at=request.now)  # type: ignore[attr-defined]
    return answer({"items": [invitation_json(row) for row in rows.select_related("team")], "next": None})


@router.post("customers/{code}/invitations", auth=customers_token, response={201: Made})
def invite(request: HttpRequest, code: str, body: InvitationsIn) -> HttpResponse:
    """Invite one or many; `team` by name or code. 422 names every wrong one (`rows.3.email`, counted from 1), and nobody is invited."""
    by, at = caller_of(request).actor, request.now  # type: ignore[attr-defined]
    customer = company_of(request, code, "members")
    rows = [Invited(number, row.email, row.role, row.team) for number, row in enumerate(body.invitations, start=1)]
    made = actions.invite_many(customer, rows, by=by, at=at)
    return answer({"items": [invitation_json(row) for row in made], "next": None}, 201)


@router.api_operation(["DELETE"], "customers/{code}/invitations/{invitation}", auth=customers_token, response={204: None})
def revoke(request: HttpRequest, code: str, invitation: str) -> HttpResponse:
    """The link in the mail stops working."""
    by, at = caller_of(request).actor, request.now  # type: ignore[attr-defined]
    customer = company_of(request, code, "members")
    found = customer.invitations.select_related("customer").filter(code=normalised(invitation)[:20]).first()
    if found is None:
        raise NotYours
    actions.revoke_invitation(found, by=by, at=at)
    return answer(None, 204)


@router.patch("customers/{code}/members/{person}", auth=customers_token)
def change(request: HttpRequest, code: str, person: str, body: RoleIn) -> HttpResponse:
    """Another role. 409 `member.last_owner`, `member.role_above`."""
    by, at = caller_of(request).actor, request.now  # type: ignore[attr-defined]
    customer = company_of(request, code, "members")
    found = _member(customer, person)
    actions.change_role(customer, found, body.role, by=by, at=at)
    return answer(member_json(queries.members_of(customer).get(person=found)))


@router.get("customers/{code}/members/{person}/leaving", auth=customers_token)
def preview(request: HttpRequest, code: str, person: str) -> HttpResponse:
    """What removing this member (or leaving oneself) will mean; nothing is changed."""
    customer, found = _leaving(request, code, person)
    told = journey.preview(customer, found)
    devices = [{"code": d.code, "name": d.name, "licence": d.licence.code, "holds_seat": d.holds_seat} for d in told.devices]
    return answer({"devices": devices, "teams": [team.code for team in told.teams], "tickets": told.tickets})


@router.api_operation(["DELETE"], "customers/{code}/members/{person}", auth=customers_token, response={200: Made})
def leave(request: HttpRequest, code: str, person: str, to: str = "") -> HttpResponse:
    """Remove a member, or leave: his devices give their seats back, or become those of the member `to`; what he wrote stays.

    409 `member.last_owner`.
    """
    by, at = caller_of(request).actor, request.now  # type: ignore[attr-defined]
    customer, found = _leaving(request, code, person)
    left = journey.leave(customer, found, to=_successor(customer, to) if to else None, by=by, at=at)
    return answer({"freed": left.freed, "handed_on": left.handed_on})


def _successor(customer: Customer, code: str) -> Person:
    try:
        return _member(customer, code)
    except NotYours:
        raise InvalidInput({"to": ["unknown"]}) from None


def _leaving(request: HttpRequest, code: str, person: str) -> tuple[Customer, Person]:
    """Everybody may leave himself; others are removed by who manages members."""
    caller = caller_of(request)
    itself = not caller.sees_all and caller.person.code == normalised(person)[:20]
    customer = company_of(request, code, "see" if itself else "members")
    return customer, _member(customer, person)
