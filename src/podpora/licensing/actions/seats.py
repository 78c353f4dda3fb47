"""More devices than seats: the owner is told and picks; when his time is over the longest silent devices are taken off (X-3, ORG-5)."""

from collections.abc import Callable, Sequence
from datetime import date, datetime

from podpora.audit import actions as audit
from podpora.base.actors import Actor
from podpora.base.transactions import one_transaction
from podpora.licensing import notices, queries
from podpora.licensing.actions.activations import deactivate
from podpora.licensing.models import Licence, SeatNotice

Pick = Callable[[Sequence[tuple[str, datetime]], int], list[str]]  # (device, last contact) and how many -> which go


@one_transaction
def give_notice(
    licence: Licence, seats: int, *, takes_effect_on: date, release_on: date, by: Actor, at: datetime
) -> SeatNotice | None:
    """Tell the owner that so many devices are too many. Told again for the same number, nothing happens; None: they all fit."""
    licence = queries.locked(licence)
    there = SeatNotice.objects.select_for_update().filter(licence=licence, done_at=None).first()
    if licence.seats_used <= seats:
        if there is not None:
            _close(there, at=at)
        return None
    if there is not None and there.seats == seats:
        return there
    if there is not None:
        _close(there, at=at)
    notice = SeatNotice.objects.create(
        licence=licence, seats=seats, takes_effect_on=takes_effect_on, release_on=release_on, told_at=at
    )
    facts = {"seats": seats, "used": licence.seats_used, "release_on": release_on.isoformat()}
    audit.record("licence.seat_notice", f"licence:{licence.code}", by=by, at=at, facts=facts)
    devices = queries.active_devices(licence).order_by("last_seen_at", "pk")
    names = [str(device) for device in devices[: licence.seats_used - seats]]
    notices.too_many_devices(notice, names, at=at)
    return notice


@one_transaction
def end_notice(notice: SeatNotice, pick: Pick, *, by: Actor, at: datetime) -> int:
    """The owner's time is over: what is still too many is taken off, as `pick` chooses (by default the
    longest silent). How many; told twice, none."""
    licence = queries.locked(notice.licence)
    notice = SeatNotice.objects.select_for_update(of=("self",)).select_related("licence__customer").get(pk=notice.pk)
    if notice.done_at is not None:
        return 0
    devices = {device.code: device for device in queries.active_devices(licence)}
    too_many = pick([(d.code, d.last_seen_at) for d in devices.values()], licence.seats_used - licence.seats)
    for code in too_many:
        for activation in devices[code].activations.all():
            if activation.is_active:
                deactivate(activation, by=by, at=at)
    _close(notice, at=at)
    if too_many:
        notices.devices_released(notice, [str(devices[code]) for code in too_many], at=at)
    return len(too_many)


def _close(notice: SeatNotice, *, at: datetime) -> None:
    notice.done_at = at
    notice.save(update_fields=["done_at"])
