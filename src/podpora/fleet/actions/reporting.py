"""What a program says became of its settings (CS-8, CS-10, CS-14)."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction

from podpora.audit.actions import record
from podpora.base.actors import Actor
from podpora.fleet.actions.rollouts import look_after_error
from podpora.fleet.models import DeviceSettings
from podpora.fleet.notices import bundle_refused
from podpora.fleet.values import HARMLESS, LONGEST_REASON, MOST_KEYS_REPORTED, MOST_REFUSED, OVERRIDDEN, ReportState
from podpora.licensing.models import Device


@transaction.atomic
def report(
    device: Device,
    *,
    revision: int,
    keys: Mapping[str, Mapping[str, Any]],
    refused: Sequence[Mapping[str, Any]],
    by: Actor,
    at: datetime,
) -> DeviceSettings | None:
    """Keep what was not applied. The same report again writes nothing; None where the device has no settings.

    A program may say anything: codes and reasons are cut to size, what was applied is not listed, an unknown revision is kept as said.
    """
    rows = DeviceSettings.objects.select_for_update(of=("self",), no_key=True).select_related(
        "device", "profile__customer", "profile__product"
    )
    given = rows.filter(device=device).first()
    if given is None:
        return None
    wrong = {
        key[:100]: {name: str(told.get(name, ""))[:LONGEST_REASON] for name in ("state", "code", "reason")}
        for key, told in list(keys.items())[:MOST_KEYS_REPORTED]
        if told.get("state") != "applied"
    }
    not_taken = [{"code": str(one.get("code", ""))[:60]} for one in refused[:MOST_REFUSED]]
    state = _state(wrong, not_taken)
    if revision != given.revision and not not_taken:
        state = ReportState.OFFERED  # it speaks of another one: of what it was given last, nothing was heard yet
    said = (state, revision, wrong, not_taken)
    if said == (given.state, given.reported_revision, given.keys, given.refused):
        return given
    given.state, given.reported_revision, given.keys, given.refused, given.reported_at = *said, at
    given.is_drifted = any(told["state"] == OVERRIDDEN for told in wrong.values())
    given.save(update_fields=["state", "reported_revision", "keys", "refused", "reported_at", "is_drifted"])
    if state in (ReportState.PARTIAL, ReportState.REFUSED):
        look_after_error(given.profile_id, at=at)
    if not_taken:
        bundle_refused(given, sorted({one["code"] for one in not_taken}), zone=settings.VENDOR_ZONE, at=at)
        record("settings.refused", device, by=by, at=at, facts={"codes": sorted({one["code"] for one in not_taken})})
    return given


def _state(wrong: Mapping[str, Mapping[str, Any]], refused: Sequence[Mapping[str, Any]]) -> ReportState:
    """No error: what an older program leaves out (CS-12), what the computer's own policy overrides (CS-23). What it could not use is (CS-14)."""
    if refused:
        return ReportState.REFUSED
    return ReportState.PARTIAL if any(told["state"] not in HARMLESS for told in wrong.values()) else ReportState.APPLIED
