"""Devices and activations of a licence."""

import hashlib
import json
from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet

from podpora.base.clock import vendor_date
from podpora.catalog.models import Product
from podpora.licensing.models import Activation, ActivationToken, Device, FingerprintPart, Licence
from podpora.licensing.queries.licences import by_pk
from podpora.licensing.rules import same_device
from podpora.licensing.rules.decision import DeviceState
from podpora.licensing.values import MATCH, ActivationState, KnownDevice, LicenceKind

LIKELY = 20  # of the devices that share parts with one that asks for a trial, so many are looked at


def token_hash(token: str) -> str:
    """Tokens have 256 random bits: a plain hash is enough to keep them by."""
    return hashlib.sha256(token.encode()).hexdigest()


def newest_first() -> "Prefetch[str]":
    """With a device: its activations, newest first."""
    return Prefetch("activations", queryset=Activation.objects.order_by("-id"))


def devices_of(licence: Licence) -> QuerySet[Device]:
    """Every device that the licence has known, oldest first, each with its activations, newest first (two queries)."""
    return Device.objects.filter(licence=licence, is_former=False).prefetch_related(newest_first())


def active_devices(licence: Licence) -> QuerySet[Device]:
    """The devices that hold a seat (two queries)."""
    holds = Activation.objects.filter(device=OuterRef("pk"), state=ActivationState.ACTIVE)
    return devices_of(licence).filter(Exists(holds))


def devices_at_hand(licence: Licence, first: str, *, size: int) -> list[Device]:
    """The devices of a licence that were seen last, the one with this code before the others: one query, two for a licence
    with more of them."""
    rows = Device.objects.filter(licence=licence)
    found = list(rows.order_by("-last_seen_at")[:size])
    if len(found) == size and first and first not in {device.code for device in found}:
        found = [*rows.filter(code=first), *found][:size]
    return sorted(found, key=lambda device: device.code != first)


def newest_devices(licences: Collection[Licence], *, size: int) -> list[Device]:
    """The devices of several licences, those that were seen last (one query)."""
    return list(Device.objects.filter(licence__in=licences).order_by("-last_seen_at")[:size])


def names_of(ids: Collection[int]) -> list[str]:
    """What these devices (primary keys) are called, in their order (one query)."""
    rows = Device.objects.in_bulk(ids)
    return [str(rows[pk]) for pk in ids if pk in rows]


def device_like(licence: Licence, fingerprint: Mapping[str, str]) -> Device | None:
    """The device of this licence that the fingerprint means (A-2). Looks only at devices that share a part."""
    shared = FingerprintPart.objects.filter(device__licence=licence, value__in=list(fingerprint.values()))
    return _most_like(fingerprint, {part.device_id for part in shared if fingerprint.get(part.name) == part.value})


def _most_like(fingerprint: Mapping[str, str], ids: Collection[int]) -> Device | None:
    devices = {d.pk: d for d in Device.objects.filter(pk__in=ids).prefetch_related("activations")} if ids else {}
    known = [KnownDevice(pk, fingerprint_of(d), any(a.is_active for a in d.activations.all())) for pk, d in devices.items()]
    found = same_device(fingerprint, known)
    return devices[found.pk] if found else None


def likely_device(licence: Licence, fingerprint: Mapping[str, str], *, code: str = "") -> Device | None:
    """A-3: the device of this licence that this computer probably is: it has at least one part of it. `code`: that one or none."""
    pairs = Q()
    for name, value in fingerprint.items():
        pairs |= Q(name=name, value=value)
    rows = FingerprintPart.objects.filter(pairs, device__licence=licence, device__is_former=False)
    rows = rows.filter(device__code=code) if code else rows
    best = rows.values("device_id").annotate(equal=Count("pk")).order_by("-equal", "-device__holds_seat", "device_id").first()
    return devices_of(licence).get(pk=best["device_id"]) if best else None


def trial_of(product: Product, fingerprint: Mapping[str, str]) -> Licence | None:
    """The trial that this device once began, among all of the product: a reinstalled program continues it (A-15).

    The database counts equal parts first: a part that thousands share ("no serial number") brings nobody else's devices here.
    """
    alike = Q()
    for name, value in fingerprint.items():
        alike |= Q(name=name, value=value)
    rows = FingerprintPart.objects.filter(alike, device__licence__kind=LicenceKind.TRIAL, device__licence__product=product)
    counted = rows.values("device_id").annotate(equal=Count("pk")).filter(equal__gte=min(MATCH, len(fingerprint)))
    ids = [row["device_id"] for row in counted.order_by("-equal", "device_id")[:LIKELY]]
    found = _most_like(fingerprint, ids)
    return by_pk(found.licence_id) if found else None


def fingerprint_of(device: Device) -> dict[str, str]:
    """The parts by which the device is known (no query)."""
    parts: dict[str, str] = json.loads(device.fingerprint)
    return parts


def device_state(device: Device, activation: Activation | None, *, is_same: bool = True) -> DeviceState:
    """The device as the decision sees it."""
    ended = activation.deactivated_at if activation else None
    state = "none" if activation is None else "active" if activation.is_active else "deactivated"
    return DeviceState(device.code, state, _day(ended), _day(device.blocked_at), is_same=is_same, skew=device.clock_skew)


def _day(at: datetime | None) -> date | None:
    return vendor_date(at, settings.VENDOR_ZONE) if at else None


def new_activations(licence: Licence, *, at: datetime) -> tuple[int, int]:
    """How many activations began within the last day, and within thirty (A-6, S29; one query)."""
    day, month = (Q(activated_at__gt=at - timedelta(days=days)) for days in (1, 30))
    found = licence.activations.filter(month).aggregate(day=Count("pk", filter=day), month=Count("pk"))
    return found["day"], found["month"]


def newest_activation(device: Device) -> Activation | None:
    """The device's newest activation, with what decisions about it need."""
    rows = device.activations.select_related("licence__customer", "licence__product", "licence__edition", "device")
    return rows.order_by("-activated_at", "-pk").first()


def activation_by_token(token: str) -> Activation | None:
    """The activation whose program holds this token, also a deactivated one: it must be told so (A-5)."""
    names = ("activation__licence__customer", "activation__licence__product", "activation__licence__edition", "activation__device")
    row = ActivationToken.objects.filter(token_hash=token_hash(token)).select_related(*names).first()
    if row is not None:
        row.activation.by_token, row.activation.by_key = row.pk, row.device_key
    return row.activation if row else None
