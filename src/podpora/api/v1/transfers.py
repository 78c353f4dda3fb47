"""Licences that go to another customer (A-17): offered, accepted, cancelled."""

from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic import StringConstraints

from podpora.api.access import caller_of, token
from podpora.api.envelope import answer
from podpora.api.v1.licences import licence_of
from podpora.api.v1.schemas import Made, Strict
from podpora.base.clock import format_instant
from podpora.base.codes import normalised
from podpora.base.errors import InvalidInput, NotYours
from podpora.journeys import transfer as journey
from podpora.licensing import actions, queries
from podpora.licensing.models import Transfer
from podpora.people import queries as people
from podpora.people.permissions import may, staff_may

router = Router(tags=["transfers"])
licences_token = token("licences")
Code = Annotated[str, StringConstraints(min_length=1, max_length=20, strip_whitespace=True)]
Email = Annotated[str, StringConstraints(max_length=254, strip_whitespace=True)]


class OfferIn(Strict):
    licence: Code
    email: Email


class AcceptIn(Strict):
    customer: Code


def transfer_json(transfer: Transfer) -> dict[str, Any]:
    state = "accepted" if transfer.accepted_at else "cancelled" if transfer.cancelled_at else "offered"
    return {
        "code": transfer.code, "licence": transfer.licence.code, "from": transfer.from_customer.name, "email": transfer.to_email,
        "state": state, "offered_at": format_instant(transfer.offered_at), "expires_at": format_instant(transfer.expires_at),
    }  # fmt: skip


def _sees_all(request: HttpRequest) -> bool:
    caller = caller_of(request)
    return caller.sees_all or staff_may(caller.person, "orders")


def _found(request: HttpRequest, code: str) -> Transfer:
    wanted = normalised(code)[:20]
    if _sees_all(request):
        found = queries.transfers().filter(code=wanted).first()
        if found is None:
            raise NotYours
        return found
    return queries.transfer_visible_to(caller_of(request).person, wanted)


@router.post("transfers", auth=licences_token, response={201: Made})
def offer(request: HttpRequest, body: OfferIn) -> HttpResponse:
    """An owner offers a licence to an address. 409 `transfer.open_order`, `transfer.suspended`, `transfer.already_offered` …"""
    caller, at = caller_of(request), request.now  # type: ignore[attr-defined]
    licence = licence_of(request, body.licence)
    if licence.customer is None or not (_sees_all(request) or may(caller.person, "transfer", licence.customer)):
        raise NotYours
    return answer(transfer_json(journey.offer(licence, body.email, by=caller.actor, at=at)), 201)


@router.get("transfers/{code}", auth=licences_token)
def show(request: HttpRequest, code: str) -> HttpResponse:
    """An offer, for both sides."""
    return answer(transfer_json(_found(request, code)))


@router.post("transfers/{code}/accept", auth=licences_token, response={200: Made})
def accept(request: HttpRequest, code: str, body: AcceptIn) -> HttpResponse:
    """Who proved the address that it was offered to takes it for one of his customers. Again changes nothing."""
    caller, at = caller_of(request), request.now  # type: ignore[attr-defined]
    found, wanted = _found(request, code), normalised(body.customer)
    if _sees_all(request):
        customer = people.all_customers().filter(code=wanted).first()
    elif queries.is_for(caller.person, found):
        customer = people.customers_with(caller.person, "devices").filter(code=wanted).first()
    else:
        raise NotYours
    if customer is None:
        raise InvalidInput({"customer": ["unknown"]})
    licence = journey.accept(found, customer, by=caller.actor, at=at)
    return answer({"licence": licence.code, "customer": customer.code})


@router.post("transfers/{code}/cancel", auth=licences_token, response={200: Made})
def cancel(request: HttpRequest, code: str) -> HttpResponse:
    """Either side says no; the licence stays where it is."""
    found, by, at = _found(request, code), caller_of(request).actor, request.now  # type: ignore[attr-defined]
    journey.cancel(found, by=by, at=at)
    return answer(transfer_json(queries.transfers().get(pk=found.pk)))


@router.post("licences/{code}/key-mails", auth=licences_token, response={202: Made})
def send_key(request: HttpRequest, code: str) -> HttpResponse:
    """Send the key by mail to the caller's own, proven address."""
    caller, at = caller_of(request), request.now  # type: ignore[attr-defined]
    licence = licence_of(request, code)
    if caller.sees_all or licence.customer is None or not may(caller.person, "devices", licence.customer):
        raise NotYours
    actions.send_key(licence, caller.person, by=caller.actor, at=at)
    return answer({"sent_to": caller.person.email}, 202)
