"""Devices on the seats of a licence: activated, refreshed, deactivated.

A seat is decided under the lock of the licence's row and by one conditional UPDATE, in the transaction that makes the activation:
it can't be given out twice and can't be lost (A-7).
"""

import json
import secrets
from dataclasses import replace
from datetime import datetime, timedelta
from typing import NamedTuple

from django.conf import settings
from django.db import transaction
from django.db.models import F

from podpora.audit import actions as audit
from podpora.base.actors import Actor
from podpora.base.clock import format_instant, vendor_date
from podpora.base.codes import random_part
from podpora.base.decisions import Refused, refuse
from podpora.base.errors import NotYours
from podpora.base.sealing import seal
from podpora.base.transactions import one_transaction
from podpora.licensing import queries
from podpora.licensing.actions.clones import doubt_others, flag_clone, traits_of, watch_serial, watch_turns
from podpora.licensing.actions.keys import ensure_signing_key
from podpora.licensing.actions.shares import leave_share, take_share
from podpora.licensing.actions.watching import watch_clock
from podpora.licensing.models import Activation, ActivationToken, Device, FingerprintPart, Licence, SeatShare
from podpora.licensing.queries.devices import device_state, token_hash
from podpora.licensing.queries.keys import private_key
from podpora.licensing.queries.proofs import PROOF
from podpora.licensing.rules import canonical, claims_of, compact, decide, device_hash, unsigned_part
from podpora.licensing.rules.certificate import LICENCE_TYPE, next_serial
from podpora.licensing.rules.decision import Asked, notices_of
from podpora.licensing.rules.devices import is_same
from podpora.licensing.rules.possession import REFRESH, problem_of
from podpora.licensing.rules.watching import returns
from podpora.licensing.values import (
    ACTIVATION_LIMIT,
    FINGERPRINT_MISMATCH,
    PROOF_SECONDS,
    SEEN_EVERY_SECONDS,
    TOKENS_KEPT,
    Activated,
    ActivationState,
    Contact,
    DeviceFacts,
    Granted,
    LicenceKind,
    LicenceState,
    Occupancy,
    Possession,
)
from podpora.people.models import Person


def refuse_without_lock(licence: Licence, device: DeviceFacts, *, granted: Granted, at: datetime) -> None:
    """Refuse a new device what is plainly refused, before anybody is kept waiting for the lock.

    What is let through here is decided under the lock (`activate`); a device that is known, and FREE that moves, are always let through.
    """
    if licence.kind == LicenceKind.FREE or queries.device_like(licence, device.fingerprint) is not None:
        return
    shown = licence.via_share
    licence = Licence.objects.get(pk=licence.pk)
    seat = _occupancy(licence, _share_for(licence, None, shown), at=at)
    decide(Asked(licence.code, granted, seat=seat)).decision.or_refuse()


@one_transaction
def activate(
    licence: Licence, device: DeviceFacts, contact: Contact, *, granted: Granted, same_as: str = "", by: Actor, at: datetime
) -> Activated:
    """Give this device a seat. A device that has one keeps it and gets a new token and certificate (A-2, A-8).

    `same_as`: the device that a proven owner says this computer is, though too little of it is left to be known by (A-3).
    """
    shown = licence.via_share
    licence = queries.locked(licence)
    known = queries.device_like(licence, device.fingerprint)
    if known is None and same_as:
        known = _confirmed(licence, device, same_as, by=by, at=at)
    share = _share_for(licence, known, shown)
    current = known.activations.filter(state=ActivationState.ACTIVE).first() if known else None
    seat = _occupancy(licence, share, at=at) if current is None else None
    state = device_state(known, current) if known else None
    former = _left_behind(licence, seat)
    if seat is not None and former is not None:
        seat = replace(seat, used=seat.used - 1)
    outcome = decide(Asked(licence.code, granted, device=state, seat=seat))
    outcome.decision.or_refuse()
    if former is not None:
        deactivate(former, by=by, at=at)
    seen_at = known.last_seen_at if known else at
    known = _written_device(licence, known, device, contact.app_version, share, by=by, at=at)
    is_new = current is None
    if current is None:
        _sit(licence, known, share)
        current = Activation(activated_at=at)
    current.licence, current.device = licence, known
    current.device_key = device.public_key or current.device_key
    current.serial, _ = next_serial(current.serial, seen_at, at)
    _save(current, is_new=is_new, by=by, at=at)
    told = _Shown(dict(device.fingerprint), contact.nonce, device.public_key)
    certificate = _certificate(current, told, granted, at=at)
    # A device without a network never comes with a token.
    token = "" if granted.ttl else _new_token(current, device, is_first=is_new, by=by, at=at)
    return Activated(current, certificate, token, is_new, outcome.decision, at)


def _save(activation: Activation, *, is_new: bool, by: Actor, at: datetime) -> None:
    if not is_new:
        activation.save(update_fields=["serial", "device_key"])
        return
    activation.save(force_insert=True)
    facts = {"device": activation.device.code, "name": activation.device.name, "activation": activation.code}
    audit.record("licence.activated", f"licence:{activation.licence.code}", by=by, at=at, facts=facts)


@transaction.atomic
def refresh(activation: Activation, contact: Contact, *, granted: Granted, by: Actor, at: datetime) -> Activated:
    """A new certificate for an active device. Tells a deactivated one so (A-5); refuses another device's fingerprint, and who does not
    hold the key of the installation that the token was given to (S34).
    """
    _ask_for_key(activation, contact, at=at)
    licence, by_token, by_key = queries.locked(activation.licence), activation.by_token, activation.by_key
    activation = Activation.objects.select_related("device__licence").get(pk=activation.pk)
    activation.licence, activation.by_token = licence, by_token
    known, fingerprint = queries.fingerprint_of(activation.device), contact.fingerprint
    watch_clock(activation.device, contact, by=by, at=at)
    state = device_state(activation.device, activation, is_same=fingerprint is None or is_same(fingerprint, known))
    outcome = decide(Asked(licence.code, granted, device=state))
    outcome.decision.or_refuse()
    if fingerprint is not None:
        _write_parts(activation.device, dict(fingerprint), by=by, at=at)
    _mark_seen(activation.device, contact.app_version, at=at)
    activation.serial, clock_was_set_back = next_serial(activation.serial, activation.device.last_seen_at, at)
    if clock_was_set_back:
        activation.save(update_fields=["serial"])
    watch_turns(activation, by=by, at=at)
    if watch_serial(activation, contact, activation.serial, by=by, at=at):
        outcome = decide(Asked(licence.code, granted, device=replace(state, is_stale=True)))
    granted = replace(granted, notices=notices_of(granted, outcome))
    shown = _Shown(dict(fingerprint or known), contact.nonce, by_key)
    certificate = _certificate(activation, shown, granted, at=at)
    return Activated(activation, certificate, decision=outcome.decision, at=at)


@transaction.atomic
def deactivate(activation: Activation, *, by: Actor, at: datetime) -> bool:
    """Give the seat back, exactly once: True the first time, False when it was given back before."""
    licence = queries.locked(activation.licence)
    rows = Activation.objects.filter(pk=activation.pk, state=ActivationState.ACTIVE)
    if not rows.update(state=ActivationState.DEACTIVATED, deactivated_at=at):
        return False
    Licence.objects.filter(pk=licence.pk).update(seats_used=F("seats_used") - 1)
    Device.objects.filter(pk=activation.device_id).update(holds_seat=False)
    leave_share(licence, Device.objects.values_list("team", flat=True).get(pk=activation.device_id))
    facts = {"activation": activation.code, "device": activation.device.code, "name": activation.device.name}
    audit.record("licence.deactivated", f"licence:{licence.code}", by=by, at=at, facts=facts)
    return True


@transaction.atomic
def free_seat(licence: Licence, device_code: str, *, by: Actor, at: datetime) -> bool:
    """Take this device off its seat (A-4). The device learns it at its next contact. NotYours when the licence has none such."""
    activations = Activation.objects.filter(device__licence=licence, device__code=device_code).select_related("device", "licence")
    activation = activations.order_by("-id").first()
    if activation is None:
        raise NotYours
    return deactivate(activation, by=by, at=at)


@transaction.atomic
def free_all_seats(licence: Licence, *, by: Actor, at: datetime) -> int:
    """Take every device off its seat, to replace them all. Each learns it at its next contact. How many there were."""
    licence = queries.locked(licence)
    active = list(Activation.objects.filter(licence=licence, state=ActivationState.ACTIVE).select_related("licence", "device"))
    for activation in active:
        deactivate(activation, by=by, at=at)
    if active:
        audit.record("licence.devices_released", f"licence:{licence.code}", by=by, at=at, facts={"count": len(active)})
    return len(active)


def prove_ownership(licence: Licence, person: Person, *, at: datetime) -> str:
    """A short-lived proof that its bearer looks after this licence's devices; the page and the API hand it out. Nothing is written."""
    until = int((at + timedelta(seconds=PROOF_SECONDS)).timestamp())
    return seal(json.dumps({"licence": licence.code, "person": person.pk, "until": until}), PROOF)


def _confirmed(licence: Licence, device: DeviceFacts, code: str, *, by: Actor, at: datetime) -> Device:
    """A-3: the device that the owner means, if at least one part of it is left. Refused when nothing is: that is another computer."""
    known = queries.likely_device(licence, device.fingerprint, code=code)
    if known is None:
        raise Refused(refuse(FINGERPRINT_MISMATCH, licence=licence.code))
    facts = {"device": known.code, "name": known.name}
    audit.record("device.same_as", f"licence:{licence.code}", by=by, at=at, facts=facts)
    return known


# A-13 against A-1: the debate. A licence that was bought frees nothing by itself: its owner decides which computer leaves. FREE has
# one seat, and often no owner who could be asked: an address was typed once, years ago, and the old computer is gone. A refusal would
# be a dead end that ends as a letter to us. So FREE moves to the computer that shows its key; the move is in the audit, and who lets
# two computers take it from each other meets the limit on moves.
def _left_behind(licence: Licence, seat: Occupancy | None) -> Activation | None:
    """The activation that a FREE licence gives up for the device that comes now; None while there is room, and for any other licence."""
    if licence.kind != LicenceKind.FREE or seat is None or seat.used < seat.seats:
        return None
    active = Activation.objects.filter(licence=licence, state=ActivationState.ACTIVE).select_related("licence", "device")
    return active.order_by("activated_at", "pk").first()


def _share_for(licence: Licence, known: Device | None, shown: SeatShare | None) -> SeatShare | None:
    """The team's share in which the device will sit: that of the key it showed, else that of its own team while it has room."""
    if shown is not None:
        return queries.share_of(licence, shown.team_id)
    own = queries.share_of(licence, known.team_id if known else None)
    return own if own is not None and own.seats_used < own.seats else None


def _occupancy(licence: Licence, share: SeatShare | None, *, at: datetime) -> Occupancy:
    """What is taken where the device wants to sit: in its team's share, or on the seats that belong to no team."""
    since = vendor_date(licence.state_changed_at, settings.VENDOR_ZONE)
    today, month = queries.new_activations(licence, at=at)
    frozen = vendor_date(licence.frozen_at, settings.VENDOR_ZONE) if licence.frozen_at else None
    state = LicenceState(licence.state)
    if share is not None:
        elsewhere = licence.seats - share.seats
        return Occupancy(
            state, since, share.seats, share.seats_used, today, month, frozen, team=share.team.name, elsewhere=elsewhere
        )  # fmt: skip
    shared, in_shares = licence.seats_shared, queries.shared_used(licence)
    return Occupancy(
        state, since, licence.seats - shared, licence.seats_used - in_shares, today, month, frozen, shared=shared, elsewhere=shared
    )  # fmt: skip


def _sit(licence: Licence, device: Device, share: SeatShare | None) -> None:
    """Take the seat, and go into or out of the team that the key says."""
    if share is not None:
        take_share(share)
        _take_seat(licence)
    else:
        _take_seat(licence, kept=licence.seats_shared - queries.shared_used(licence))
    team = share.team_id if share else (device.team_id if queries.share_of(licence, device.team_id) is None else None)
    if team != device.team_id or not device.holds_seat:
        device.team_id, device.holds_seat = team, True
        device.save(update_fields=["team", "holds_seat"])


def _take_seat(licence: Licence, kept: int = 0) -> None:
    """The lock has decided already; this makes it impossible to be wrong. `kept`: free seats that belong to teams."""
    rows = Licence.objects.filter(pk=licence.pk, seats_used__lt=F("seats") - kept)
    if not rows.update(seats_used=F("seats_used") + 1):
        raise Refused(refuse(ACTIVATION_LIMIT, seats=licence.seats, used=licence.seats_used, licence=licence.code))


def _written_device(
    licence: Licence,
    known: Device | None,
    facts: DeviceFacts,
    app_version: str,
    share: SeatShare | None,
    *,
    by: Actor,
    at: datetime,
) -> Device:
    """The device as it describes itself now: new parts replace those that changed (a new disk, A-3). A new one is about to sit."""
    is_new = known is None
    if known is None:
        team = share.team_id if share else None
        known = Device(licence=licence, first_seen_at=at, fingerprint=canonical(facts.fingerprint), holds_seat=True, team_id=team)
    if not known.is_named:
        known.name = facts.name or known.name
    known.platform = facts.platform or known.platform
    known.app_version, known.last_seen_at = app_version, at
    known.save(force_insert=is_new)
    if is_new:
        _add_parts(known, dict(facts.fingerprint))
    else:
        _write_parts(known, dict(facts.fingerprint), by=by, at=at)
    return known


def _write_parts(device: Device, fingerprint: dict[str, str], *, by: Actor, at: datetime) -> None:
    """What changed is learned; what changed back again is a sign of two computers."""
    known = queries.fingerprint_of(device)
    if known == fingerprint:
        return
    device.fingerprint = canonical(fingerprint)
    if known:
        if returns(fingerprint, known, device.former_hash):
            flag_clone(device, "parts", by=by, at=at)
        device.former_hash = device_hash(known)
    device.save(update_fields=["fingerprint", "former_hash"])
    device.parts.all().delete()
    _add_parts(device, fingerprint)


def _add_parts(device: Device, fingerprint: dict[str, str]) -> None:
    FingerprintPart.objects.bulk_create(
        FingerprintPart(device=device, name=name, value=value) for name, value in fingerprint.items()
    )


def _ask_for_key(activation: Activation, contact: Contact, *, at: datetime) -> None:
    """S34: an installation that registered a key shows that it holds it; others have nothing to show."""
    if not activation.by_key:
        return
    code = problem_of(contact.possession or Possession("", "", b""), key=activation.by_key, call=REFRESH, at=at)
    if code:
        raise Refused(refuse(code, licence=activation.licence.code, server_time=format_instant(at)))


def _mark_seen(device: Device, app_version: str, *, at: datetime) -> None:
    if device.app_version != app_version or (at - device.last_seen_at).total_seconds() >= SEEN_EVERY_SECONDS:
        Device.objects.filter(pk=device.pk).update(app_version=app_version, last_seen_at=at)


def _new_token(activation: Activation, device: DeviceFacts, *, is_first: bool, by: Actor, at: datetime) -> str:
    token, traits = f"pd_{secrets.token_urlsafe(32)}", traits_of(device, by=by, at=at)
    made = ActivationToken.objects.create(
        activation=activation, token_hash=token_hash(token), issued_at=at, serial=activation.serial, device_key=device.public_key,
        looks=traits.looks, place=traits.place, met_at=at,
    )  # fmt: skip
    if is_first:
        return token
    doubt_others(made, traits)
    kept = activation.tokens.order_by("-id").values_list("pk", flat=True)[:TOKENS_KEPT]
    activation.tokens.exclude(pk__in=list(kept)).delete()
    return token


class _Shown(NamedTuple):
    """What the installation showed of itself, and what comes back to it in the certificate."""

    fingerprint: dict[str, str]
    nonce: str
    key: str


def _certificate(activation: Activation, shown: _Shown, granted: Granted, *, at: datetime) -> str:
    """Sign what the device may do."""
    licence = activation.licence
    facts = {
        "sub": licence.code, "jti": random_part(20), "activation": activation.code, "serial": activation.serial,
        "product": licence.product.code, "edition": licence.edition.code, "kind": licence.kind, "seats": licence.seats,
        "holder": licence.customer.name if licence.customer else "", "features": licence.edition.features, "nonce": shown.nonce,
        "key": shown.key,
    }  # fmt: skip
    claims = claims_of(facts, granted, shown.fingerprint, issuer=settings.SITE_URL, at=at)
    key = ensure_signing_key(at=at)
    unsigned = unsigned_part(claims, kid=key.kid, typ=LICENCE_TYPE)
    return compact(unsigned, private_key(key).sign(unsigned.encode()))
