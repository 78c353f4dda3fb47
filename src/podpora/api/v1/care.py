"""The support desk's own actions on a licence: suspend, reinstate, give support, replace a leaked key, put a device on it."""

from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic import Field

from podpora.api.access import caller_of, vendor
from podpora.api.envelope import answer
from podpora.api.v1.licences import licence_json, licence_of
from podpora.api.v1.programs import ActivatedOut, DeviceIn, activated_json
from podpora.api.v1.schemas import AppVersion, Made, Strict, major_of, text
from podpora.entitlements.actions import Goodwill
from podpora.journeys import activation, care
from podpora.journeys import rights as journey
from podpora.licensing import queries
from podpora.licensing.models import Licence
from podpora.licensing.values import Contact

router = Router(tags=["licences"])
staff = vendor("licences", "licences")
Reason = Annotated[str, text(300)]


class ReasonIn(Strict):
    reason: Reason


class GoodwillIn(ReasonIn):
    """`external_id`: the caller's own name for it; the same one again gives nothing more."""

    days: Annotated[int, Field(ge=0, le=3660)] = 0
    years: Annotated[int, Field(ge=0, le=10)] = 0
    external_id: Annotated[str, text(60)] | None = None


class SeatIn(Strict):
    device: DeviceIn
    app_version: AppVersion


def _answer(request: HttpRequest, licence: Licence) -> HttpResponse:
    answers = journey.answers_for([licence], at=request.now)[licence.code]  # type: ignore[attr-defined]
    return answer(licence_json(licence, answers))


def _how(request: HttpRequest) -> dict[str, Any]:
    return {"by": caller_of(request).actor, "at": request.now}  # type: ignore[attr-defined]


@router.post("licences/{code}/suspend", auth=staff, response=Made)
def suspend(request: HttpRequest, code: str, body: ReasonIn) -> HttpResponse:
    """Nothing new begins on this licence; what is installed goes on for a while. 409 when it is suspended already or was returned."""
    return _answer(request, care.suspend(licence_of(request, code), body.reason, **_how(request)))


@router.post("licences/{code}/reinstate", auth=staff, response=Made)
def reinstate(request: HttpRequest, code: str, body: ReasonIn) -> HttpResponse:
    """As it was before; the lost days come back. 409 `licence.not_suspended` when staff have not suspended it."""
    return _answer(request, care.reinstate(licence_of(request, code), body.reason, **_how(request)))


@router.post("licences/{code}/goodwill", auth=staff, response=Made)
def goodwill(request: HttpRequest, code: str, body: GoodwillIn) -> HttpResponse:
    """Support without money: days, years or both, with a reason that the customer reads."""
    given = Goodwill(body.reason, days=body.days, years=body.years, once=body.external_id or "")
    return _answer(request, care.give_support(licence_of(request, code), given, **_how(request)))


@router.post("licences/{code}/key", auth=staff, response=Made)
def replace_key(request: HttpRequest, code: str, body: ReasonIn) -> HttpResponse:
    """X-9: a new key, which the owner gets by mail too. The old one is unknown at once; active devices go on."""
    licence = care.replace_key(licence_of(request, code), body.reason, **_how(request))
    return answer({"licence": licence.code, "key": queries.key_of(licence)})


@router.post("licences/{code}/activations", auth=staff, response={201: ActivatedOut, 200: ActivatedOut})
def activate(request: HttpRequest, code: str, body: SeatIn) -> HttpResponse:
    """Put a device on the licence without its key, for a customer who can't: the same rules, seats and answers as with the key."""
    major = major_of(body.app_version)
    assert major is not None  # AppVersion has looked
    contact = Contact(body.app_version, major)
    done = activation.activate(licence_of(request, code), body.device.facts(), contact, **_how(request))
    return answer(activated_json(done), 201 if done.is_new else 200)
