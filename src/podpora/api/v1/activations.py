"""For the program on the device: activate, look, refresh, deactivate."""

from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic import BaseModel, Field, StringConstraints

from podpora.api import limits
from podpora.api.access import activation_of, anybody, device, device_actor
from podpora.api.envelope import ApiError, answer, error, explained
from podpora.api.v1.licences import device_json, run_json, support_json
from podpora.api.v1.programs import (
    ActivatedOut,
    Clock,
    DeviceFields,
    DeviceIn,
    Fingerprint,
    Nonce,
    ProductCode,
    activated_json,
    contact_of,
)
from podpora.api.v1.schemas import AppVersion, Strict, Token, major_of
from podpora.base.actors import Actor, ActorKind
from podpora.base.addresses import address_of, neighbourhood
from podpora.base.clock import format_instant, parse_instant
from podpora.base.codes import normalised
from podpora.base.decisions import Refused
from podpora.base.errors import InvalidInput
from podpora.journeys import activation as journey
from podpora.journeys.limits import limit_reached
from podpora.licensing import actions, queries
from podpora.licensing.models import Licence
from podpora.licensing.rules import key_meant
from podpora.licensing.values import ACTIVATION_LIMIT, KEY_MISTYPED, NOT_FOUND, Contact, Possession

router = Router(tags=["device"])
PROOF_HEADER = "Podpora-Proof"


class ActivationFields(BaseModel):
    """What an activation tells, read without what ninja adds (api/hot.py)."""

    model_config = Strict.model_config

    key: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    device: DeviceFields
    app_version: AppVersion
    product: ProductCode | None = None
    nonce: Nonce | None = None
    owner_proof: Token | None = None
    replace: Annotated[str, StringConstraints(max_length=20)] | None = None
    same_as: Annotated[str, StringConstraints(max_length=20)] | None = None


class ActivationIn(ActivationFields, Strict):
    device: DeviceIn


class RefreshFields(BaseModel):
    """What a refresh tells. Without what ninja adds to a schema, which costs ten times the reading itself (api/hot.py)."""

    model_config = Strict.model_config

    app_version: AppVersion
    fingerprint: Fingerprint | None = None
    nonce: Nonce | None = None
    serial: Annotated[int, Field(ge=0, le=2**53)] | None = None
    clock: Clock | None = None

    def contact(self, possession: Possession | None = None) -> Contact:
        clock = parse_instant(self.clock) if self.clock else None
        major, nonce = major_of(self.app_version), self.nonce or ""
        return Contact(
            self.app_version, major, nonce, serial=self.serial, clock=clock, fingerprint=self.fingerprint, possession=possession
        )


class RefreshIn(RefreshFields, Strict):
    """`serial`: of the newest certificate that the program has. `clock`: what time the device thinks it is."""


@router.post("activations", auth=anybody, response={201: ActivatedOut, 200: ActivatedOut})
def activate(request: HttpRequest, body: ActivationIn) -> HttpResponse:
    """Activate a device with a licence key: 201, or 200 when the same device asks again (it never takes a second seat).

    409 `licence.activation_limit` lists the devices only to a proven owner, and names in `likely` the one that this computer probably is.
    With his proof, `replace` frees one of them at once, and `same_as` says that this computer is one of them (A-3).
    """
    at = request.now  # type: ignore[attr-defined]
    address = address_of(request)
    limits.count(limits.ADDRESSES, neighbourhood(address), at=at)
    licence = _licence(body, address, at=at)
    limits.count(limits.ACTIVATIONS, licence.code, at=at)
    is_owner = bool(body.owner_proof) and journey.is_owner(licence, body.owner_proof or "", at=at)
    if body.owner_proof and not is_owner:
        limits.count_miss(guesser_at(address), at=at)
    if (body.replace or body.same_as) and not is_owner:
        raise InvalidInput({"owner_proof": ["required" if not body.owner_proof else "not_valid"]})
    by = Actor(ActorKind.DEVICE, body.device.name or "device", address=address)
    try:
        contact = contact_of(body.app_version, body.nonce)
        wish = journey.Wish(body.replace or "", normalised(body.same_as or ""))
        done = journey.activate(licence, body.device.facts(), contact, wish=wish, by=by, at=at)
    except Refused as refusal:
        return _refused(licence, refusal, body, is_owner, at=at)
    return answer(activated_json(done), 201 if done.is_new else 200)


def guesser_at(address: str) -> str:
    """By what wrong keys from this address are counted."""
    return f"key:{neighbourhood(address)}"


def _licence(body: ActivationIn, address: str, *, at: Any) -> Licence:
    """The licence of the key. A key that is mistyped, unknown or of another program counts as a guess."""
    guesser = guesser_at(address)
    limits.refuse_guessing(guesser, at=at)
    licence = queries.licence_by_key(body.key)
    if licence is None and key_meant(body.key) is None:
        limits.count_miss(guesser, at=at)
        raise InvalidInput({"key": [KEY_MISTYPED]})
    if licence is None or (body.product is not None and body.product != licence.product.code):
        limits.count_miss(guesser, at=at)
        raise ApiError(404, NOT_FOUND)  # unknown, replaced and foreign keys look alike
    return licence


def _refused(licence: Licence, refusal: Refused, body: ActivationIn, is_owner: bool, *, at: Any) -> HttpResponse:
    more: dict[str, Any] = {}
    if ACTIVATION_LIMIT in refusal.decision.codes:
        limit_reached(licence, at=at)
    if is_owner and ACTIVATION_LIMIT in refusal.decision.codes:
        more["devices"] = [device_json(device) for device in queries.active_devices(licence)]
        likely = queries.likely_device(licence, body.device.fingerprint)
        more["likely"] = device_json(likely) if likely else None
    return error(409, refusal.decision.reasons, **more)


@router.get("activations/me", auth=device)
def look(request: HttpRequest) -> HttpResponse:
    """How this device stands now: its state, and a fresh decision. A device that was taken off its seat is told so.

    Nothing is written: a refresh is what tells the server that the device is alive.
    """
    at = request.now  # type: ignore[attr-defined]
    activation = activation_of(request)
    licence = activation.licence
    standing = journey.device_standing(
        activation, major_of(activation.device.app_version), version=activation.device.app_version, at=at
    )
    told = {
        "activation": activation.code, "state": activation.state, "activated_at": format_instant(activation.activated_at),
        "licence": licence.code, "product": licence.product.code, "edition": licence.edition.code, "kind": licence.kind,
        "device": {"code": activation.device.code, "name": activation.device.name, "platform": activation.device.platform},
        "seats": {"total": licence.seats, "used": licence.seats_used},
    }  # fmt: skip
    return answer(told | standing_json(standing) | {"server_time": format_instant(at)})


def standing_json(standing: journey.Standing) -> dict[str, Any]:
    """How a device stands, in the reader's language."""
    return {
        "notices": list(standing.granted.notices),
        "decision": explained(standing.outcome.decision if standing.outcome else standing.run), "run": run_json(standing.rights, standing.run),
        "support": support_json(standing.rights, standing.support),
    }  # fmt: skip


@router.post("activations/me/refresh", auth=device)
def refresh(request: HttpRequest, body: RefreshIn) -> HttpResponse:
    """A new certificate. 409 `licence.deactivated` when the device was taken off its seat, and the licence's own refusals.

    An installation that sent a `public_key` when it was activated signs the call in the header `Podpora-Proof`; without it, or signed by
    another key, 409 `licence.device_key_needed`; too old or too early by more than five minutes, 409 `licence.device_proof_old`.
    """
    at = request.now  # type: ignore[attr-defined]
    activation = activation_of(request)
    by = device_actor(activation, address_of(request))
    limits.count(limits.CONTACTS, activation.licence.code, at=at)
    token = request.headers.get("Authorization", "").partition(" ")[2]
    possession = Possession(request.headers.get(PROOF_HEADER, ""), token, request.body)
    done = journey.refresh(activation, body.contact(possession), by=by, at=at)
    return answer(activated_json(done))


@router.api_operation(["DELETE"], "activations/me", auth=device, response={204: None})
def deactivate(request: HttpRequest) -> HttpResponse:
    """Give the seat back. Once is enough; again changes nothing."""
    activation = activation_of(request)
    actions.deactivate(activation, by=device_actor(activation, address_of(request)), at=request.now)  # type: ignore[attr-defined]
    return answer(None, 204)
