"""Licences that were bought for somebody else (ORG-6): their reseller, and the owner who shows him more."""

from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic import StringConstraints

from podpora.api.access import caller_of, token
from podpora.api.envelope import answer
from podpora.api.lists import page
from podpora.api.v1.licences import licence_of
from podpora.api.v1.schemas import Made, Strict
from podpora.base.clock import format_instant
from podpora.base.errors import NotYours
from podpora.journeys import resale as journey
from podpora.journeys.resale import Resold
from podpora.licensing import actions, queries
from podpora.people.permissions import may

router = Router(tags=["resales"])
licences_token = token("licences")
Email = Annotated[str, StringConstraints(max_length=254, strip_whitespace=True)]


class SendIn(Strict):
    """`email`: another address, where the first was wrong."""

    email: Email | None = None


class ShowIn(Strict):
    shown: bool


def resold_json(one: Resold) -> dict[str, Any]:
    told: dict[str, Any] = {
        "licence": one.licence.code, "product": one.licence.product.code, "edition": one.licence.edition.code, "seats": one.licence.seats,
        "reseller": one.licence.reseller.code if one.licence.reseller else None, "email": one.email, "state": one.state.value,
        "sent_at": format_instant(one.sent_at) if one.sent_at else None,
        "claimed_at": format_instant(one.claimed_at) if one.claimed_at else None, "shown": None,
    }  # fmt: skip
    if one.is_shown:
        told["shown"] = {"support_through": one.support_through, "seats_used": one.seats_used}
    return told


@router.get("resales", auth=licences_token)
def resales(request: HttpRequest) -> HttpResponse:
    """What the caller's customers bought for others: whether it was claimed, and more (`shown`) where the new owner shows it."""
    at = request.now  # type: ignore[attr-defined]
    found = page(request, queries.resold_by(caller_of(request).person), lambda row: row)
    found["items"] = [resold_json(one) for one in journey.resold(found["items"], at=at)]
    return answer(found)


@router.post("resales/{code}/send", auth=licences_token, response={202: Made})
def send(request: HttpRequest, code: str, body: SendIn) -> HttpResponse:
    """The link to claim the licence again, to the same address or to another one; the old link ends. 409 `transfer.over` once claimed."""
    caller, at = caller_of(request), request.now  # type: ignore[attr-defined]
    licence = journey.resold_one(queries.resold_by(caller.person), code)
    email = body.email or journey.resold([licence], at=at)[0].email
    actions.send_claim(licence, email, by=caller.actor, at=at)
    licence.refresh_from_db()
    return answer(resold_json(journey.resold([licence], at=at)[0]), 202)


@router.put("licences/{code}/reseller", auth=licences_token, response={200: Made})
def show(request: HttpRequest, code: str, body: ShowIn) -> HttpResponse:
    """The owner lets the reseller see support and used seats, or no longer."""
    caller, at = caller_of(request), request.now  # type: ignore[attr-defined]
    licence = licence_of(request, code)
    if licence.reseller is None or not (caller.sees_all or may(caller.person, "devices", licence.customer)):
        raise NotYours
    actions.show_reseller(licence, body.shown, by=caller.actor, at=at)
    return answer({"licence": licence.code, "reseller": licence.reseller.name, "shown": body.shown})
