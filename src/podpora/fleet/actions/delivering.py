"""What a device gets: a signed bundle, the same until something changes for it (CS-8, CS-9, CS-15, CS-20)."""

from datetime import datetime
from typing import Any

from django.db import transaction

from podpora.fleet import queries
from podpora.fleet.models import DeviceSettings, Profile
from podpora.fleet.rules import digest_of, outcome_of
from podpora.fleet.values import BUNDLE_LASTS, BUNDLE_RENEWED, SETTINGS_TYPE, Delivery, Outcome, ReportState, Schema
from podpora.licensing.actions import sign
from podpora.licensing.models import Device
from podpora.licensing.queries import fingerprint_of
from podpora.licensing.rules import device_hash


@transaction.atomic
def renew(device: Device, *, at: datetime) -> Delivery | None:
    """The device's bundle after a look at everything; None where its company has no settings.

    What comes out the same keeps its tag. During a roll-out it is the revision of the device's wave; never one below what the device was
    given before (CS-7, CS-8, CS-19).
    """
    customer, product = device.licence.customer, device.licence.product
    profile = queries.find_profile(customer, product) if customer else None
    schema = queries.newest_schema(product)
    if profile is None or schema is None or not profile.revision:
        return None
    Device.objects.select_for_update(no_key=True).only("pk").get(pk=device.pk)  # two polls of one device at once
    given = DeviceSettings.objects.filter(device=device).first()
    mine = given if given is not None and given.profile_id == profile.pk else None
    groups = queries.groups_of_device(profile, device, queries.traits_of(device))
    offered = mine.revision if mine else 0
    number = queries.revision_of_device(profile, device, {group.code for group in groups}, offered=offered, at=at)
    content = queries.content_for(queries.entries_of(profile, number), groups, device.code)
    known = queries.read(schema)
    values = _values(known, outcome_of(known, content, queries.target_of(device), keep_newer=True))
    etag = digest_of([profile.pk, number, schema.version, values])[:32]
    seen = {"stamp": profile.stamp, **queries.seen_of(device)}
    if mine is not None and mine.etag == etag and mine.offered_at <= at < mine.offered_at + BUNDLE_RENEWED:
        DeviceSettings.objects.filter(pk=mine.pk).update(**seen)
        return Delivery(mine.bundle, mine.etag)
    claims = {"revision": number, "schema": schema.version, "values": values}
    bundle = _signed(profile, device, claims, at=at)
    state = mine.state if mine is not None and mine.etag == etag else ReportState.OFFERED
    given_now = {"profile": profile, "revision": number, "etag": etag, "bundle": bundle, "offered_at": at, "state": state}
    DeviceSettings.objects.update_or_create(device=device, defaults=seen | given_now)
    return Delivery(bundle, etag, is_new=True)


def _values(schema: Schema, outcome: Outcome) -> dict[str, Any]:
    """The bundle's entries: `{value, mode, from}`, with `since` where only newer programs know the setting (CS-12)."""
    found = {}
    for key, effective in sorted(outcome.values.items()):
        since = schema.settings[key].since
        entry: dict[str, Any] = {"value": effective.entry.value, "mode": effective.entry.mode.value, "from": effective.layer.key}
        found[key] = entry | ({"since": since} if since else {})
    return found


def _signed(profile: Profile, device: Device, what: dict[str, Any], *, at: datetime) -> str:
    claims = {
        "org": profile.customer.code, "org_name": profile.customer.name, "device": device_hash(fingerprint_of(device)), **what,
        "iat": int(at.timestamp()), "exp": int((at + BUNDLE_LASTS).timestamp()),
    }  # fmt: skip
    return sign(claims, typ=SETTINGS_TYPE, at=at)
