"""What a contact tells about a device besides its question: written down where it is odd, never a reason to lock (clones, clocks, X-9)."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from podpora.audit import actions as audit
from podpora.base.actors import Actor
from podpora.base.clock import vendor_date
from podpora.base.sealing import keyed_hash
from podpora.catalog.models import Product
from podpora.licensing import notices
from podpora.licensing.actions.devices import freeze
from podpora.licensing.models import Activation, ActivationToken, Device, Licence, Sighting
from podpora.licensing.rules import device_hash
from podpora.licensing.rules.watching import is_stale, jumps, leak_of, place_of, skew_of
from podpora.licensing.values import SEEN_EVERY_SECONDS, Contact, DeviceFacts, Leak

JUMPS = 2  # a store that was restored from a backup jumps once
PLACES = "sighting"


def watch_clock(device: Device, contact: Contact, *, by: Actor, at: datetime) -> None:
    """The device told its time: note when it is off by more than two days, and when it is right again."""
    if contact.clock is None:
        return
    skew = skew_of(contact.clock, at)
    if (skew is None) == (device.clock_skew is None):
        return
    device.clock_skew = skew
    device.save(update_fields=["clock_skew"])
    verb = "device.clock_right" if skew is None else "device.clock_wrong"
    _record(verb, device, {"hours": abs(skew or 0) // 3600}, by=by, at=at)


def watch_serial(activation: Activation, contact: Contact, serial: int, *, by: Actor, at: datetime) -> bool:
    """The program told which certificate it has; is it an old one? A store that seems to be used twice is flagged.

    Written at most once an hour, or when it is odd: an honest program tells what it was given last, or again what it told before.
    """
    if contact.serial is None or activation.by_token is None:
        return False
    token = ActivationToken.objects.filter(pk=activation.by_token).first()
    if token is None:
        return False
    stale, jumped = is_stale(contact.serial, token.serial), jumps(contact.serial, token.told_serial, token.serial)
    if token.serial is not None and not stale and serial - token.serial < SEEN_EVERY_SECONDS * 1_000_000:
        return False
    rows = ActivationToken.objects.filter(pk=token.pk)
    rows.update(serial=serial, told_serial=contact.serial, jumps=token.jumps + jumped)
    if jumped and token.jumps + 1 >= JUMPS:
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
        ActivationToken.objects.filter(activation__device=device).update(jumps=0)
        _record("device.clone_cleared", device, {}, by=by, at=at)


@transaction.atomic
def note_key_use(licence: Licence, device: DeviceFacts, *, by: Actor, at: datetime) -> Leak:
    """A computer that has no seat showed the key, whatever came of it (X-9). Too many in too many places: owner and staff are told, and
    new devices may be stopped."""
    on = vendor_date(at, settings.VENDOR_ZONE)
    place = keyed_hash(place_of(by.address), PLACES)[:32]
    _row, is_new = Sighting.objects.get_or_create(licence=licence, on=on, device=device_hash(device.fingerprint), place=place)
    if not is_new or licence.frozen_at is not None:
        return Leak.NONE
    rows = Sighting.objects.filter(licence=licence, on=on)
    devices, places = (rows.values(name).distinct().count() for name in ("device", "place"))
    leak = leak_of(devices, places, licence.seats)
    if leak is Leak.NONE:
        return leak
    if leak is Leak.FREEZE:
        freeze(licence, f"{devices} devices in {places} networks on one day", by=by, at=at)
    notices.leaked(licence, devices=devices, places=places, frozen=leak is Leak.FREEZE, at=at)
    return leak


def tell_moves(licence: Licence, moves: int, *, at: datetime) -> None:
    """A-6: the owner hears once a day that his licence moves unusually often."""
    notices.too_many_moves(licence, moves, at=at)


@transaction.atomic
def forget(product: Product, *, kept_days: int, at: datetime) -> int:
    """Devices that gave their seat back so long ago are forgotten, and so is who showed a key last week. Trials stay: they are found
    again by their device, and a trial does not begin twice. How many devices."""
    Sighting.objects.filter(on__lt=vendor_date(at - timedelta(days=7), settings.VENDOR_ZONE)).delete()
    old = at - timedelta(days=kept_days)
    dead = Device.objects.filter(licence__product=product, holds_seat=False, last_seen_at__lt=old, blocked_at=None).exclude(
        licence__kind="trial"
    )
    gone = list(dead.exclude(activations__deactivated_at__gte=old).values_list("pk", flat=True)[:5000])
    Device.objects.filter(pk__in=gone).delete()
    return len(gone)


def _record(verb: str, device: Device, facts: dict[str, object], *, by: Actor, at: datetime) -> None:
    told = {"device": device.code, "name": device.name, **facts}
    audit.record(verb, f"licence:{device.licence.code}", by=by, at=at, facts=told)
