"""What a contact tells about a device besides its question: written down where it is odd, never a reason to lock (clocks, X-9; clones.py)."""

from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Q

from podpora.audit import actions as audit
from podpora.base.actors import Actor
from podpora.base.clock import vendor_date
from podpora.base.transactions import one_transaction
from podpora.catalog.models import Product
from podpora.licensing import notices
from podpora.licensing.actions.clones import place_hash
from podpora.licensing.actions.devices import freeze
from podpora.licensing.models import Device, Licence, Sighting
from podpora.licensing.rules import device_hash
from podpora.licensing.rules.watching import leak_of, says_more, skew_of
from podpora.licensing.values import LEAK_DEVICES, Contact, DeviceFacts, Leak


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


def note_key_use(licence: Licence, device: DeviceFacts, *, by: Actor, at: datetime) -> Leak:
    """A computer that has no seat showed the key, whatever came of it (X-9). Too many in too many places: owner and staff are told, and
    new devices may be stopped.

    What says nothing new is not written, and nobody waits for it: a key that leaked is shown thousands of times.
    """
    on = vendor_date(at, settings.VENDOR_ZONE)
    seen = {"device": device_hash(device.fingerprint), "place": place_hash(by.address or "?")}
    found = Sighting.objects.filter(licence=licence, on=on).aggregate(
        devices=Count("device", distinct=True), here=Count("pk", filter=Q(place=seen["place"])), again=Count("pk", filter=Q(**seen))
    )
    if not says_more(**found, seats=licence.seats):
        return Leak.NONE
    return _note(licence, on, seen, by=by, at=at, is_enough=found["devices"] + 1 >= LEAK_DEVICES)


@one_transaction
def _note(licence: Licence, on: date, seen: dict[str, str], *, by: Actor, at: datetime, is_enough: bool) -> Leak:
    Sighting.objects.bulk_create([Sighting(licence=licence, on=on, **seen)], ignore_conflicts=True)
    if licence.frozen_at is not None or not is_enough:
        return Leak.NONE
    found = Sighting.objects.filter(licence=licence, on=on).aggregate(
        devices=Count("device", distinct=True), places=Count("place", distinct=True)
    )
    devices, places = found["devices"], found["places"]
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
