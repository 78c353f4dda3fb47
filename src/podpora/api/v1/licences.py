"""Licences: what they give at an instant, their ledger, their devices."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from ninja import Router

from podpora.api.access import caller_of, token, vendor
from podpora.api.envelope import answer, explained
from podpora.api.lists import page
from podpora.api.v1.schemas import Made, major_of
from podpora.base.clock import format_instant, parse_instant, vendor_date
from podpora.base.codes import normalised
from podpora.base.decisions import Decision, Reason
from podpora.base.errors import InvalidInput, NotYours
from podpora.base.reasons import wire
from podpora.entitlements.values import Rights
from podpora.journeys import activation
from podpora.journeys import rights as journey
from podpora.licensing import actions, queries
from podpora.licensing.models import Device, Licence
from podpora.licensing.permissions import may_manage_devices
from podpora.licensing.values import PROOF_SECONDS, LicenceState
from podpora.orders import queries as orders

router = Router(tags=["licences"])
DEVICES_TOLD = 500  # with the licence itself; all of them are in `licences/{code}/devices`


def licence_of(request: HttpRequest, code: str) -> Licence:
    """The licence with this code, if the caller may see it; else NotYours."""
    caller = caller_of(request)
    if not caller.sees_all:
        return queries.licence_visible_to(caller.person, code)
    return queries.by_code(queries.all_licences(), code)


def _managed(request: HttpRequest, code: str) -> Licence:
    """The same, when the caller may also look after its devices."""
    licence = licence_of(request, code)
    caller = caller_of(request)
    if not caller.sees_all and not may_manage_devices(caller.person, licence):
        raise NotYours
    return licence


def instant_asked(request: HttpRequest, text: str) -> datetime:
    """`?at=`, else now. A plus sign that arrives as a space is meant as a plus."""
    if not text:
        return request.now  # type: ignore[attr-defined,no-any-return]
    try:
        return parse_instant(text.replace(" ", "+"))
    except (ValueError, OverflowError):
        raise InvalidInput({"at": ["not_an_instant"]}) from None


def run_json(rights: Rights, decision: Decision) -> dict[str, Any]:
    """The right to run. `days_left`: of a trial or subscription, today included; 0 when it has ended; null without an end."""
    until = rights.run.until.isoformat() if rights.run.until else None
    covers: dict[str, Any] = {"all": rights.run.covers_all, "through_major": rights.run.through_major, "until": until}
    if rights.run.updates_until:
        covers["updates_until"] = rights.run.updates_until.isoformat()  # only where the licence covers by date
    told = explained(decision)
    return {
        "allowed": told["allowed"],
        "code": told["code"],
        "covers": covers,
        "days_left": days_left(rights),
        "message": told["message"],
        "next": told["next"],
    }


def support_json(rights: Rights, decision: Decision) -> dict[str, Any]:
    term = rights.support
    told = explained(decision)
    return {
        "allowed": told["allowed"], "code": told["code"], "starts_on": term.starts_on if term else None,
        "through": term.through if term else None, "message": told["message"], "next": told["next"],
    }  # fmt: skip


def device_json(device: Device) -> dict[str, Any]:
    """A device as its owner sees it (its activations are loaded, newest first)."""
    newest = device.activations.all()[0]
    return {
        "code": device.code, "name": device.name, "platform": device.platform, "app_version": device.app_version,
        "activated_at": format_instant(newest.activated_at), "last_seen_at": format_instant(device.last_seen_at),
        "state": newest.state, "blocked_at": _moment(device.blocked_at), "suspected_clone_at": _moment(device.suspected_clone_at),
        "clock_off_hours": abs(device.clock_skew) // 3600 if device.clock_skew else None,
    }  # fmt: skip


def _moment(at: datetime | None) -> str | None:
    return format_instant(at) if at else None


def days_left(rights: Rights) -> int | None:
    today = vendor_date(rights.at, settings.VENDOR_ZONE)
    return max((rights.run.until - today).days + 1, 0) if rights.run.until else None


def state_at(licence: Licence, rights: Rights, run: Decision) -> str:
    """The state at the instant that is asked about; the column has today's. A trial or subscription that is over has `ended`."""
    if "licence.expired" in run.codes:
        return "ended"
    if not rights.was_issued:
        return licence.state
    if rights.base is None:
        return LicenceState.REVOKED
    return LicenceState.SUSPENDED if rights.is_suspended else LicenceState.ACTIVE


def licence_json(licence: Licence, answers: journey.Answers) -> dict[str, Any]:
    return {
        "code": licence.code, "product": licence.product.code, "edition": licence.edition.code, "offer": licence.offer,
        "kind": licence.kind, "name": licence.name, "state": state_at(licence, answers.rights, answers.run),
        "customer": licence.customer.code if licence.customer else None,
        "seats": {"total": answers.rights.seats if answers.rights.was_issued else licence.seats, "used": licence.seats_used},
        "frozen_at": _moment(licence.frozen_at),
        "run": run_json(answers.rights, answers.run), "support": support_json(answers.rights, answers.support),
    }  # fmt: skip


@router.get("licences", auth=token("licences"))
def licences(request: HttpRequest, q: str = "", limit: str = "", cursor: str = "") -> HttpResponse:
    """The licences that the caller may see, newest first; `?q=` as the office finds them: part of a key, device, address, name, order."""
    caller, at = caller_of(request), request.now  # type: ignore[attr-defined]
    rows = queries.all_licences() if caller.sees_all else queries.visible_to(caller.person)
    if words := q[:200].replace("\0", ""):
        rows = rows & queries.licences_found(words, named=orders.licences_of_orders(words))
    found = page(request, rows, lambda licence: licence)
    answers = journey.answers_for(found["items"], at=at)
    return answer({"items": [licence_json(licence, answers[licence.code]) for licence in found["items"]], "next": found["next"]})


@router.get("licences/{code}", auth=token("licences"))
def licence(request: HttpRequest, code: str, at: str = "") -> HttpResponse:
    """The licence, and what it gives at `?at=` (an ISO 8601 instant; now, if left out)."""
    instant = instant_asked(request, at)
    found = licence_of(request, code)
    answers = journey.answers_for([found], at=instant)[found.code]
    caller = caller_of(request)
    seen = queries.all_devices(found) if caller.sees_all else queries.devices_seen_by(caller.person, found)
    rows = seen.order_by("pk").prefetch_related(queries.newest_first())[:DEVICES_TOLD]
    devices = [device_json(device) for device in rows]
    return answer(licence_json(found, answers) | {"devices": devices, "at": format_instant(instant)})


@router.get("licences/{code}/ledger", auth=token("licences"))
def ledger(request: HttpRequest, code: str, at: str = "") -> HttpResponse:
    """The grants, each standing or struck and why, and the periods of support that their replay gives at `?at=`."""
    instant = instant_asked(request, at)
    found = journey.explain(licence_of(request, code), at=instant)
    return answer({"entries": list(found.entries), "periods": list(found.periods), "at": format_instant(instant)})


@router.get("licences/{code}/trace", auth=vendor("licences", "customers"))
def trace(request: HttpRequest, code: str, device: str = "", version: str = "", at: str = "") -> HttpResponse:
    """How "may it run?" is decided: every condition in its order, the facts that it looked at and what it came to. For the vendor's side.

    `?device=` one of the licence's devices, `?version=` of the program, `?at=` an instant.
    """
    instant = instant_asked(request, at)
    found = licence_of(request, code)
    one = queries.devices_of(found).filter(code=normalised(device)[:20]).first() if device else None
    if device and one is None:
        raise NotYours
    if version and major_of(version) is None:
        raise InvalidInput({"version": ["not_a_version"]})
    outcome = activation.trace(found, one, version or None, at=instant)
    steps = [
        {**wire(Reason(step.condition, step.facts)), "outcome": step.outcome, "decides": step.decides} for step in outcome.trace
    ]
    return answer({
        "licence": found.code, "device": one.code if one else None, "version": version or None, "at": format_instant(instant),
        "decision": explained(outcome.decision), "trace": steps,
    })  # fmt: skip


@router.api_operation(["DELETE"], "licences/{code}/devices", auth=token("licences"), response=Made)
def free_all_seats(request: HttpRequest, code: str) -> HttpResponse:
    """Take all devices off their seats at once, to replace them. `{freed}`."""
    by, at = caller_of(request).actor, request.now  # type: ignore[attr-defined]
    return answer({"freed": actions.free_all_seats(_managed(request, code), by=by, at=at)})


@router.post("licences/{code}/new-key", auth=token("licences"), response=Made)
def new_key(request: HttpRequest, code: str) -> HttpResponse:
    """A new key for a licence whose key seems to be in foreign hands (X-9): new devices can come again, with the new key alone.

    409 `licence.not_frozen` when nothing points to that: the vendor's staff replace keys for other reasons.
    """
    by, at = caller_of(request).actor, request.now  # type: ignore[attr-defined]
    licence = actions.renew_leaked_key(_managed(request, code), by=by, at=at)
    return answer({"licence": licence.code, "key": queries.key_of(licence)})


@router.post("licences/{code}/owner-proofs", auth=token("licences"), response={201: Made})
def owner_proof(request: HttpRequest, code: str) -> HttpResponse:
    """A proof of ownership for `POST activations`: for this licence, for 15 minutes. `code`: the same for a person to type."""
    at = request.now  # type: ignore[attr-defined]
    found = _managed(request, code)
    caller = caller_of(request)
    if caller.sees_all:
        raise NotYours  # a machine owns nothing
    proof = actions.prove_ownership(found, caller.person, at=at)
    code_ = queries.proof_code(found, caller.person, at=at)
    return answer({"owner_proof": proof, "code": code_, "expires_in": PROOF_SECONDS}, 201)
