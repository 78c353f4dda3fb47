"""Roll-outs and proposals: which one is open, how far it is, which revision a device gets meanwhile."""

from collections.abc import Collection
from datetime import datetime

from django.db.models import Count, Q, QuerySet

from podpora.base.errors import NotYours
from podpora.fleet.models import DeviceSettings, Profile, Proposal, RollOut
from podpora.fleet.rules import has_reached, is_held, plan_from, revision_for
from podpora.fleet.values import OPEN_STATES, Point, Progress, ProposalState, ReportState, RollOutState, points_from
from podpora.licensing.models import Device

WRONG = (ReportState.PARTIAL, ReportState.REFUSED)


def rollouts_of(profile: Profile) -> QuerySet[RollOut]:
    """Newest first."""
    return RollOut.objects.filter(profile=profile).select_related("profile__customer", "profile__product")


def rollout_in(profile: Profile, code: str) -> RollOut:
    """The profile's roll-out with this code; raises NotYours (CS-24)."""
    found = None if "\x00" in code else rollouts_of(profile).filter(code=code).first()
    if found is None:
        raise NotYours
    return found


def open_rollout(profile: Profile) -> RollOut | None:
    """The one that is under way; there is one at most."""
    return rollouts_of(profile).filter(state__in=OPEN_STATES).first()


def settled_revision(profile: Profile) -> int:
    """The revision that every device may have: the newest, unless it is still being rolled out."""
    rollout = open_rollout(profile)
    return rollout.settled if rollout else profile.revision


def revision_of_device(profile: Profile, device: Device, groups: Collection[str], *, offered: int, at: datetime) -> int:
    """The revision that this device gets now: that of its wave, and never one below what it was given (CS-7, CS-8, CS-19)."""
    rollout = open_rollout(profile)
    if rollout is None:
        return max(profile.revision, offered)
    plan = plan_from(rollout.plan)
    reached = has_reached(device.code, groups, rollout=rollout.code, waves=plan.waves[: rollout.wave])
    stopped = rollout.state == RollOutState.HALTED or is_held(plan, at=at)
    return revision_for(reached, offered=offered, rolling=rollout.revision, settled=rollout.settled, is_stopped=stopped)


def progress_of(rollout: RollOut) -> Progress:
    """How far it is: one statement over the index of reports."""
    counts = DeviceSettings.objects.filter(profile=rollout.profile_id, revision=rollout.revision).aggregate(
        given=Count("pk"), applied=Count("pk", filter=Q(state=ReportState.APPLIED)), errors=Count("pk", filter=Q(state__in=WRONG))
    )
    return Progress(rollout.total, rollout.reached, **counts)


def points_of(rollout: RollOut, *, at: datetime) -> list[Point]:
    """Its past for a chart, up to now while it is open."""
    points = points_from(rollout.points)
    if rollout.is_open:
        now = progress_of(rollout)
        points.append(Point(at, now.given, now.applied, now.errors, rollout.wave))
    return points


def due_rollouts() -> QuerySet[RollOut]:
    """Those that the clock moves."""
    return RollOut.objects.filter(state__in=(RollOutState.RUNNING, RollOutState.PAUSED)).order_by("pk")


def proposals_of(profile: Profile) -> QuerySet[Proposal]:
    """Newest first."""
    return Proposal.objects.filter(profile=profile).select_related("profile__customer", "profile__product", "person", "decided_by")


def proposal_in(profile: Profile, code: str) -> Proposal:
    """The profile's proposal with this code; raises NotYours (CS-24)."""
    found = None if "\x00" in code else proposals_of(profile).filter(code=code).first()
    if found is None:
        raise NotYours
    return found


def waiting_proposals(profile: Profile) -> QuerySet[Proposal]:
    return proposals_of(profile).filter(state=ProposalState.WAITING)
