"""Staged roll-outs: wave after wave, paused, halted, resumed (CS-17 to CS-19). Whatever changes who gets what raises the profile's stamp."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import F

from podpora.audit.actions import record
from podpora.base.actors import Actor, system
from podpora.base.decisions import refuse
from podpora.fleet import notices, queries
from podpora.fleet.models import Profile, Revision, RollOut
from podpora.fleet.rules import is_held, must_halt, next_wave_at, plan_from, plan_json
from podpora.fleet.values import OPEN_STATES, ROLLOUT_NAMES, Plan, RollOutState
from podpora.fleet.values.rollouts import MOST_POINTS


def begin_rollout(profile: Profile, revision: Revision, settled: int, plan: Plan, *, by: Actor, at: datetime) -> RollOut:
    """Part of publishing: the first wave begins now. The profile is locked by its caller."""
    rollout = RollOut(
        profile=profile, revision=revision.number, settled=settled, plan=plan_json(plan), is_held=is_held(plan, at=at), started_at=at,
        wave_at=at, person=revision.person, by_name=by.name[:254],
    )  # fmt: skip
    _begin_wave(rollout, plan, at=at)
    rollout.points = [[at.isoformat(), 0, 0, 0, rollout.wave]]
    rollout.save()
    facts = {"rollout": rollout.code, "revision": revision.number, "waves": len(plan.waves)}
    record("settings.rollout_started", f"settings:{profile.customer.code}", by=by, at=at, facts=facts)
    return rollout


def end_rollout(rollout: RollOut, state: RollOutState, *, by: Actor, at: datetime) -> None:
    """It is over, for this reason."""
    _note_point(rollout, at=at)
    rollout.state, rollout.ended_at, rollout.next_at = state, at, None
    rollout.save()
    _told("settings.rollout_ended", rollout, by=by, at=at, state=state.value)


@transaction.atomic
def pause_rollout(rollout: RollOut, *, by: Actor, at: datetime) -> RollOut:
    """No further wave begins; devices of those that have begun go on getting it. Paused already: nothing happens."""
    found = _locked(rollout, may_be=(RollOutState.RUNNING, RollOutState.PAUSED))
    if found.state == RollOutState.RUNNING:
        found.state = RollOutState.PAUSED
        found.save(update_fields=["state"])
        _told("settings.rollout_paused", found, by=by, at=at)
    return found


@transaction.atomic
def halt_rollout(rollout: RollOut, *, by: Actor, at: datetime) -> RollOut:
    """No further device gets it; those that have it keep it. Halted already: nothing happens."""
    found = _locked(rollout, may_be=OPEN_STATES)
    if found.state != RollOutState.HALTED:
        _halt(found, {}, by=by, at=at)
    return found


@transaction.atomic
def resume_rollout(rollout: RollOut, *, by: Actor, at: datetime) -> RollOut:
    """Go on after a pause or a halt; the present wave is watched anew for its whole time. Running already: nothing happens."""
    found = _locked(rollout, may_be=OPEN_STATES)
    if found.state == RollOutState.RUNNING:
        return found
    plan = plan_from(found.plan)
    # After a halt for too many errors, an administrator has looked at them: those that are known do not halt it again.
    found.why_halted = {"forgiven": queries.progress_of(found).errors} if found.state == RollOutState.HALTED else found.why_halted
    found.state, found.wave_at = RollOutState.RUNNING, at
    found.next_at = next_wave_at(plan, found.wave, began_at=at)
    found.save()
    _touch(found)
    _told("settings.rollout_resumed", found, by=by, at=at)
    return found


@transaction.atomic
def next_wave(rollout: RollOut, seen: int, *, by: Actor, at: datetime) -> RollOut:
    """Begin the next wave now. `seen`: how many had begun when somebody wished it, so that asking twice is asking once."""
    found = _locked(rollout, may_be=(RollOutState.RUNNING, RollOutState.PAUSED))
    plan = plan_from(found.plan)
    if seen < found.wave:
        return found
    if found.wave >= len(plan.waves):
        refuse("settings.rollout_no_more_waves").or_refuse()
    _note_point(found, at=at)
    found.state = RollOutState.RUNNING
    _begin_wave(found, plan, at=at)
    found.save()
    _touch(found)
    _told("settings.rollout_wave", found, by=by, at=at, wave=found.wave)
    return found


@transaction.atomic
def move_rollout(rollout: RollOut, *, at: datetime) -> RollOut:
    """What the clock does: note how far it is, halt it (CS-18), begin the next wave, end it. Called every few minutes."""
    found = _row(rollout)
    if found.state not in (RollOutState.RUNNING, RollOutState.PAUSED):
        return found
    plan, by = plan_from(found.plan), system("settings")
    _note_point(found, at=at)
    held = is_held(plan, at=at)
    if held != found.is_held:
        found.is_held = held
        _touch(found)
    found.save(update_fields=["points", "is_held"])
    if found.state == RollOutState.PAUSED or held:
        return found
    if halt_if_needed(found, at=at) or found.next_at is None or at < found.next_at:
        return found
    if found.wave >= len(plan.waves):
        end_rollout(found, RollOutState.DONE, by=by, at=at)
        notices.rollout_done(found, at=at)
        return found
    return next_wave(found, found.wave, by=by, at=at)


def halt_if_needed(rollout: RollOut, *, at: datetime) -> bool:
    """CS-18: too many of those that have it report errors. The roll-out is locked by its caller; who looks after settings is told."""
    facts = _too_many(rollout)
    if facts is None:
        return False
    _halt(rollout, facts, by=system("settings"), at=at)
    notices.rollout_halted(rollout, facts, at=at)
    return True


def _too_many(rollout: RollOut) -> dict[str, float] | None:
    """The errors, if they are too many; what a person has seen and forgiven does not count."""
    progress, limit = queries.progress_of(rollout), plan_from(rollout.plan).error_limit
    errors, reports = progress.errors - int(rollout.why_halted.get("forgiven", 0)), progress.applied + progress.errors
    if not must_halt(errors, reports, reached=rollout.reached, limit_percent=limit):
        return None
    return {"errors": progress.errors, "reports": reports, "limit": limit}


@transaction.atomic
def look_after_error(profile_id: int, *, at: datetime) -> None:
    """A device reports an error: does the roll-out that it belongs to halt at once? Only what would halt it waits for the others."""
    moving = RollOut.objects.filter(profile=profile_id, state__in=(RollOutState.RUNNING, RollOutState.PAUSED)).first()
    if moving is not None and _too_many(moving) is not None:
        found = _row(moving)
        if found.state in (RollOutState.RUNNING, RollOutState.PAUSED):
            halt_if_needed(found, at=at)


def _begin_wave(rollout: RollOut, plan: Plan, *, at: datetime) -> None:
    rollout.wave += 1
    rollout.wave_at, rollout.next_at = at, next_wave_at(plan, rollout.wave, began_at=at)
    rollout.total, rollout.reached = queries.count_reached(rollout.profile, rollout.code, plan.waves[: rollout.wave])


def _halt(rollout: RollOut, facts: Mapping[str, object], *, by: Actor, at: datetime) -> None:
    _note_point(rollout, at=at)
    rollout.state, rollout.why_halted = RollOutState.HALTED, dict(facts)
    rollout.save()
    _touch(rollout)
    now = queries.progress_of(rollout)
    counts = {"errors": now.errors, "reports": now.applied + now.errors}
    _told("settings.rollout_halted", rollout, by=by, at=at, **(counts | dict(facts)))


def _note_point(rollout: RollOut, *, at: datetime) -> None:
    """One more point of its past, if something changed; of very many every second one goes."""
    now = queries.progress_of(rollout)
    point = [at.isoformat(), now.given, now.applied, now.errors, rollout.wave]
    if rollout.points and rollout.points[-1][1:] == point[1:]:
        return
    points = [*rollout.points, point]
    rollout.points = points if len(points) <= MOST_POINTS else [points[0], *points[1:-1:2], points[-1]]


def _locked(rollout: RollOut, *, may_be: tuple[RollOutState, ...]) -> RollOut:
    found = _row(rollout)
    if found.state not in may_be:
        refuse("settings.rollout_over", state=str(ROLLOUT_NAMES[RollOutState(found.state)])).or_refuse()
    return found


def _row(rollout: RollOut) -> RollOut:
    """As it is now, locked. The profile comes first, as where something is published: whoever locks both does it in one order."""
    Profile.objects.select_for_update(no_key=True).only("pk").get(pk=rollout.profile_id)
    return RollOut.objects.select_related("profile__customer", "profile__product").get(pk=rollout.pk)


def _touch(rollout: RollOut) -> None:
    """Every device of the profile looks again at its next poll."""
    Profile.objects.filter(pk=rollout.profile_id).update(stamp=F("stamp") + 1)


def _told(verb: str, rollout: RollOut, *, by: Actor, at: datetime, **facts: object) -> None:
    about = {"rollout": rollout.code, "revision": rollout.revision, **facts}
    record(verb, f"settings:{rollout.profile.customer.code}", by=by, at=at, facts=about)
