"""One thing done to many devices: at once up to WORK_AT_ONCE of them, else in a job, piece by piece, with progress and undo."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from podpora.audit import actions as audit
from podpora.audit.rules import recorded
from podpora.base.actors import Actor, ActorKind
from podpora.base.decisions import Refused, refuse
from podpora.base.errors import InvalidInput, NotYours
from podpora.jobs import actions as jobs
from podpora.licensing import queries
from podpora.licensing.actions.activations import deactivate
from podpora.licensing.actions.assigning import check_member, check_team, move_to_team
from podpora.licensing.models import Activation, Device, DeviceWork, Licence
from podpora.licensing.rules.naming import check_pattern, named
from podpora.licensing.values import (
    DEVICE_NO_SEAT,
    UNDOABLE,
    WORK_AT_ONCE,
    WORK_CHUNK,
    WORK_MOST,
    WORK_NO_UNDO,
    WORK_RUNS,
    WORK_UNDONE,
    ActivationState,
    WorkKind,
)
from podpora.people.models import Person, Team

JOB = "podpora.licensing.jobs.work_on"


def start_work(
    licence: Licence, kind: str, devices: Sequence[int], arguments: Mapping[str, str], *, by: Actor, at: datetime
) -> DeviceWork:
    """Do `kind` to these devices (primary keys, in order). Up to WORK_AT_ONCE are done when this returns; more become a job.

    `arguments`: `pattern` to rename, `person` or `team` (codes, empty for nobody) to assign. Refused or InvalidInput as a whole before
    anything is changed; what a single device is refused is counted in `refused`.
    """
    with transaction.atomic():
        work = _made(licence, kind, devices, arguments, by=by, at=at)
        if work.total > WORK_AT_ONCE:
            jobs.enqueue(JOB, {"work": work.code}, at=at, unique_key=f"device-work:{work.code}")
            return work
    while not go_on(work, by=by, at=at):
        work.refresh_from_db()
    work.refresh_from_db()
    return work


def _made(
    licence: Licence, kind: str, devices: Sequence[int], arguments: Mapping[str, str], *, by: Actor, at: datetime
) -> DeviceWork:
    if kind not in list(WorkKind):
        raise InvalidInput({"action": ["unknown"]}, {"action": {"choices": ", ".join(WorkKind)}})
    if not devices:
        raise InvalidInput({"devices": ["required"]})
    if len(devices) > WORK_MOST:
        raise InvalidInput({"devices": ["too_many"]}, {"devices": {"most": WORK_MOST}})
    return DeviceWork.objects.create(
        licence=licence, kind=kind, arguments=_checked(licence, WorkKind(kind), arguments), devices=list(devices), total=len(devices),
        person_id=by.person_id, actor_name=by.name[:254], on_behalf_of=by.on_behalf_of, started_at=at,
    )  # fmt: skip


def _checked(licence: Licence, kind: WorkKind, arguments: Mapping[str, str]) -> dict[str, str]:
    match kind:
        case WorkKind.RENAME:
            return {"pattern": check_pattern(arguments.get("pattern", ""))}
        case WorkKind.ASSIGN:
            person = _person(licence, arguments.get("person", ""))
            return {"person": person.code if person else ""}
        case WorkKind.TEAM:
            team = _team(licence, arguments.get("team", ""))
            return {"team": team.code if team else ""}
    return {}


def _person(licence: Licence, code: str) -> Person | None:
    """A member of the company; None for nobody."""
    if not code:
        return None
    person = Person.objects.filter(code=code, memberships__customer=licence.customer).first()
    if person is None:
        raise InvalidInput({"person": ["unknown"]})
    check_member(licence, person)
    return person


def _team(licence: Licence, code: str) -> Team | None:
    if not code:
        return None
    team = Team.objects.filter(code=code, customer=licence.customer).first()
    if team is None:
        raise InvalidInput({"team": ["unknown"]})
    check_team(licence, team)
    return team


@transaction.atomic
def go_on(work: DeviceWork, *, by: Actor | None = None, at: datetime) -> bool:
    """Do the next WORK_CHUNK devices. True when all of them are done. Safe to call again, also by two workers.

    `by`: who began it, while he waits; a job does it in his name, and in that of the technician who acts as him.
    """
    licence = queries.locked(work.licence)
    work = DeviceWork.objects.select_for_update().get(pk=work.pk)
    work.licence = licence
    if work.finished_at is not None:
        return True
    ids = work.devices[work.done : work.done + WORK_CHUNK]
    by = by or Actor(ActorKind.PERSON, work.actor_name, person_id=work.person_id, on_behalf_of=work.on_behalf_of)
    rows = Device.objects.select_related("person", "team").in_bulk(ids)
    devices = [rows[pk] for pk in ids if pk in rows and rows[pk].licence_id == licence.pk]
    _DOING[WorkKind(work.kind)](work, devices, by=by, at=at)
    work.done += len(ids)
    if work.done >= work.total:
        work.finished_at = at
        facts = {"changed": work.changed, "work": work.code, "refused": work.refused_counts} | _told(work)
        audit.record(f"device.work_{work.kind}", f"licence:{licence.code}", by=by, at=at, facts=facts)
    work.save()
    return work.finished_at is not None


def _told(work: DeviceWork) -> dict[str, str]:
    """What the audit says was filled in, by names."""
    told = dict(work.arguments)
    if "team" in told:
        told["team"] = Team.objects.filter(code=told["team"]).values_list("name", flat=True).first() or ""
    return told


def _refused(work: DeviceWork, code: str, facts: Mapping[str, Any] | None = None) -> None:
    """One more that stayed as it was; the first one's facts are told."""
    known = work.refused.setdefault(code, {"count": 0, "facts": recorded(dict(facts or {}))})
    known["count"] += 1


def _free(work: DeviceWork, devices: Sequence[Device], *, by: Actor, at: datetime) -> None:
    active = Activation.objects.filter(device__in=devices, state=ActivationState.ACTIVE).select_related("device", "licence")
    seated = {activation.device_id: activation for activation in active}
    for device in devices:
        activation = seated.get(device.pk)
        if activation is not None and deactivate(activation, by=by, at=at):
            work.changed += 1
        else:
            _refused(work, DEVICE_NO_SEAT)


def _rename(work: DeviceWork, devices: Sequence[Device], *, by: Actor, at: datetime) -> None:
    number = {pk: place for place, pk in enumerate(work.devices, start=1)}
    changed = []
    for device in devices:
        facts = {
            "name": device.name, "platform": device.platform, "code": device.code, "person": str(device.person or ""),
        }  # fmt: skip
        name = named(work.arguments["pattern"], number[device.pk], facts)
        if name != device.name:
            work.undo.append([device.pk, device.name, name])
            device.name, device.is_named = name, True
            changed.append(device)
    Device.objects.bulk_update(changed, ["name", "is_named"])
    work.changed += len(changed)


def _assign(work: DeviceWork, devices: Sequence[Device], *, by: Actor, at: datetime) -> None:
    person = Person.objects.filter(code=work.arguments["person"]).first() if work.arguments["person"] else None
    to = person.pk if person else None
    changed = [device for device in devices if device.person_id != to]
    work.undo += [[device.pk, device.person_id, to] for device in changed]
    Device.objects.filter(pk__in=[device.pk for device in changed]).update(person=to)
    work.changed += len(changed)


def _to_team(work: DeviceWork, devices: Sequence[Device], *, by: Actor, at: datetime) -> None:
    team = Team.objects.filter(code=work.arguments["team"], customer=work.licence.customer).first()
    if team is None and work.arguments["team"]:  # deleted since
        for _device in devices:
            _refused(work, "unknown")
        return
    for device in devices:
        before = device.team_id
        if before != (team.pk if team else None) and _moved(work, device, team):
            work.undo.append([device.pk, before, team.pk if team else None])
            work.changed += 1


def _moved(work: DeviceWork, device: Device, team: Team | None) -> bool:
    try:
        move_to_team(work.licence, device, team)
    except Refused as refusal:
        code = refusal.decision.code
        _refused(work, code, refusal.decision.facts(code))
        return False
    return True


def _block(work: DeviceWork, devices: Sequence[Device], *, by: Actor, at: datetime) -> None:
    blocking = work.kind == WorkKind.BLOCK
    changed = [device for device in devices if (device.blocked_at is None) == blocking]
    work.undo += [[device.pk, not blocking, blocking] for device in changed]
    Device.objects.filter(pk__in=[device.pk for device in changed]).update(blocked_at=at if blocking else None)
    work.changed += len(changed)


_DOING: Mapping[WorkKind, Callable[..., None]] = {
    WorkKind.FREE: _free, WorkKind.RENAME: _rename, WorkKind.ASSIGN: _assign, WorkKind.TEAM: _to_team, WorkKind.BLOCK: _block,
    WorkKind.UNBLOCK: _block,
}  # fmt: skip


@transaction.atomic
def forget_worker(person: Person) -> None:
    """Somebody is erased: what he did to many devices stays, and not under his name."""
    DeviceWork.objects.filter(person=person).update(actor_name=str(person))


@transaction.atomic
def undo_work(licence: Licence, code: str, *, by: Actor, at: datetime) -> DeviceWork:
    """Every device becomes what it was; one that somebody has changed since stays as it is. NotYours for no such work."""
    licence = queries.locked(licence)
    work = DeviceWork.objects.select_for_update().filter(licence=licence, code=code).first()
    if work is None:
        raise NotYours
    if work.kind not in UNDOABLE:
        raise Refused(refuse(WORK_NO_UNDO))
    if work.undone_at is not None:
        raise Refused(refuse(WORK_UNDONE))
    if work.finished_at is None:
        raise Refused(refuse(WORK_RUNS))
    count = _UNDOING[WorkKind(work.kind)](licence, work, at)
    work.undone_at = at
    work.save(update_fields=["undone_at"])
    audit.record("device.work_undone", f"licence:{licence.code}", by=by, at=at, facts={"changed": count, "work": work.code})
    return work


def _rows(work: DeviceWork) -> list[tuple[Device, Any]]:
    """The devices that are still as the work left them, each with what it was."""
    field = {WorkKind.RENAME: "name", WorkKind.ASSIGN: "person_id", WorkKind.TEAM: "team_id"}.get(WorkKind(work.kind))
    found = []
    for start in range(0, len(work.undo), WORK_CHUNK):
        part = work.undo[start : start + WORK_CHUNK]
        rows = Device.objects.select_related("team").in_bulk([pk for pk, _before, _after in part])
        for pk, before, after in part:
            device = rows.get(pk)
            now = (getattr(device, field) if field else device.blocked_at is not None) if device else None
            if device is not None and now == after:
                found.append((device, before))
    return found


def _undo_rename(licence: Licence, work: DeviceWork, at: datetime) -> int:
    rows = _rows(work)
    for device, before in rows:
        device.name = before
    Device.objects.bulk_update([device for device, _before in rows], ["name"], batch_size=WORK_CHUNK)
    return len(rows)


def _undo_assign(licence: Licence, work: DeviceWork, at: datetime) -> int:
    rows = _rows(work)
    members = set(Person.objects.filter(memberships__customer=licence.customer).values_list("pk", flat=True))
    for device, before in rows:
        device.person_id = before if before in members else None
    Device.objects.bulk_update([device for device, _before in rows], ["person"], batch_size=WORK_CHUNK)
    return len(rows)


def _undo_team(licence: Licence, work: DeviceWork, at: datetime) -> int:
    teams = {team.pk: team for team in Team.objects.filter(customer=licence.customer)}
    count = 0
    for device, before in _rows(work):
        try:
            move_to_team(licence, device, teams.get(before))
        except Refused:
            continue  # its old team has no seat any more
        count += 1
    return count


def _undo_block(licence: Licence, work: DeviceWork, at: datetime) -> int:
    rows = _rows(work)
    for device, was_blocked in rows:
        device.blocked_at = at if was_blocked else None
    Device.objects.bulk_update([device for device, _before in rows], ["blocked_at"], batch_size=WORK_CHUNK)
    return len(rows)


_UNDOING: Mapping[WorkKind, Callable[[Licence, DeviceWork, datetime], int]] = {
    WorkKind.RENAME: _undo_rename, WorkKind.ASSIGN: _undo_assign, WorkKind.TEAM: _undo_team, WorkKind.BLOCK: _undo_block,
    WorkKind.UNBLOCK: _undo_block,
}  # fmt: skip
