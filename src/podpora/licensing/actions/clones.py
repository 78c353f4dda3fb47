"""Two computers on one activation: watched at each contact, flagged, looked into. Never a reason to lock (LICENSING: "clone")."""

from datetime import datetime

from django.db import transaction

from podpora.audit import actions as audit
from podpora.base.actors import Actor
from podpora.base.sealing import keyed_hash
from podpora.licensing import notices
from podpora.licensing.actions.recent import RECENT
from podpora.licensing.models import Activation, ActivationToken, Device
from podpora.licensing.rules.watching import TURNS, Thread, Traits, is_stale, looks_of, place_of
from podpora.licensing.values import SEEN_EVERY_SECONDS, Contact, DeviceFacts

PLACES = "sighting"


def traits_of(device: DeviceFacts, *, by: Actor, at: datetime) -> Traits:
    """What the installation that activates looks like."""
    return Traits(looks_of(device.name, device.platform), place_hash(by.address), at)


def place_hash(address: str) -> str:
    """The network of an address, kept hashed; empty for none."""
    return keyed_hash(place_of(address), PLACES)[:32] if address else ""


def doubt_others(token: ActivationToken, traits: Traits) -> None:
    """A new installation came to an activation: those that can't be the same computer have to be looked at when they call again."""
    others = ActivationToken.objects.filter(activation=token.activation_id, is_doubted=False).exclude(pk=token.pk)
    odd = [one.pk for one in others if not traits.is_together(_traits(one))]
    if odd:
        ActivationToken.objects.filter(pk__in=odd).update(is_doubted=True)


def watch_turns(activation: Activation, *, by: Actor, at: datetime) -> None:
    """A doubted installation calls, so it is alive beside the one that came after it. When the two go on taking turns they are flagged."""
    if activation.by_token is None:
        return
    rows = ActivationToken.objects.filter(activation=activation)
    token = rows.filter(pk=activation.by_token, is_doubted=True).first()
    other = rows.exclude(pk=activation.by_token).order_by("-met_at", "-pk").first()
    if token is None or other is None:
        return
    now = Traits(token.looks, place_hash(by.address) or token.place, at)
    if now.is_together(_traits(other)):
        rows.filter(pk__in=[token.pk, other.pk]).update(is_doubted=False, turns=0)
    elif now.is_apart(_traits(other)):
        turns = max(token.turns, other.turns) + 1
        rows.filter(pk=token.pk).update(is_doubted=False, place=now.place, met_at=at, turns=turns)
        rows.filter(pk=other.pk).update(is_doubted=True)
        if turns >= TURNS:
            flag_clone(activation.device, "turns", by=by, at=at)


def _traits(token: ActivationToken) -> Traits:
    return Traits(token.looks, token.place, token.met_at or token.issued_at)


def watch_serial(activation: Activation, contact: Contact, serial: int, *, by: Actor, at: datetime) -> bool:
    """The program told which certificate it has; is it an old one? A store that is used twice is flagged.

    Written at most once an hour, or when it is odd: an honest program tells what it was given last, or again what it told before. What
    is not written is remembered by this process, so that two copies within the hour are seen too.
    """
    if contact.serial is None or activation.by_token is None:
        return False
    token = ActivationToken.objects.filter(pk=activation.by_token).first()
    if token is None:
        return False
    kept = Thread(token.serial, token.told_serial, token.left_serial, token.left_until)
    known = RECENT.with_it(kept, token.token_hash)
    stale, told = is_stale(contact.serial, known.given), contact.serial
    RECENT.note(token.token_hash, given=serial, told=told)
    if token.serial is not None and not stale and serial - token.serial < SEEN_EVERY_SECONDS * 1_000_000:
        return False
    after = known.after(told, serial)
    ActivationToken.objects.filter(pk=token.pk).update(
        serial=after.given, told_serial=after.told, left_serial=after.left, left_until=after.left_until
    )
    if known.is_copied(told):
        flag_clone(activation.device, "serial", by=by, at=at)
    return stale


def flag_clone(device: Device, why: str, *, by: Actor, at: datetime) -> None:
    """Two computers seem to use one activation. Flagged once, and told to the owner; nothing is locked."""
    if Device.objects.filter(pk=device.pk, suspected_clone_at=None).update(suspected_clone_at=at):
        device.suspected_clone_at = at
        _record("device.suspected_clone", device, {"by": why}, by=by, at=at)
        notices.suspected_clone(device, at=at)


@transaction.atomic
def clear_clone(device: Device, *, by: Actor, at: datetime) -> None:
    """It was looked into: the flag goes, and the watch begins anew."""
    if Device.objects.filter(pk=device.pk, suspected_clone_at__isnull=False).update(suspected_clone_at=None, former_hash=""):
        device.suspected_clone_at, device.former_hash = None, ""
        tokens = ActivationToken.objects.filter(activation__device=device)
        tokens.update(left_serial=None, left_until=None, turns=0, is_doubted=False)
        _record("device.clone_cleared", device, {}, by=by, at=at)


def _record(verb: str, device: Device, facts: dict[str, object], *, by: Actor, at: datetime) -> None:
    told = {"device": device.code, "name": device.name, **facts}
    audit.record(verb, f"licence:{device.licence.code}", by=by, at=at, facts=told)
