"""The words of staged roll-outs and of second approvals: waves, the plan of a roll-out, where both stand."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from podpora.base.codes import public_code
from podpora.base.reasons import declare
from podpora.notifications.values import declare_kind

MOST_WAVES, MOST_EXCLUSIONS, MOST_POINTS = 20, 50, 300
LONGEST_PAUSE_HOURS = 24 * 90
ERROR_LIMIT = 2.0  # per cent, where nobody says another


@dataclass(frozen=True, slots=True)
class Wave:
    """A part of the devices. `percent`: of all, by a stable hash; `groups`: everybody in one of them. Either is enough.

    `hours`: how long it is watched before the next one begins; None: until somebody says so.
    """

    percent: float = 0.0
    groups: frozenset[str] = frozenset()
    hours: int | None = 24


Period = tuple[date, date]  # both days belong to it


@dataclass(frozen=True, slots=True)
class Plan:
    """How a revision goes out: wave after wave, never on the days of `exclusions` (in `zone`), halted above `error_limit` per cent."""

    waves: tuple[Wave, ...]
    exclusions: tuple[Period, ...] = ()
    zone: str = "Europe/Prague"
    error_limit: float = ERROR_LIMIT


@dataclass(frozen=True, slots=True)
class Publishing:
    """What an administrator publishes: on which revision his drafts are based, why, and how it goes out.

    `plan` None: to every device at once. `instead_of`: the roll-out that is under way and that this one replaces.
    """

    based_on: int
    comment: str = ""
    plan: Plan | None = None
    instead_of: str = ""


class RollOutState(StrEnum):
    RUNNING = "running"
    PAUSED = "paused"  # no further wave begins; those that have begun go on
    HALTED = "halted"  # no further device gets it (CS-18)
    DONE = "done"
    REPLACED = "replaced"  # a newer revision was published instead
    TAKEN_BACK = "taken_back"  # a rollback was published


OPEN_STATES = (RollOutState.RUNNING, RollOutState.PAUSED, RollOutState.HALTED)
ROLLOUT_NAMES: dict[RollOutState, Promise] = {
    RollOutState.RUNNING: pgettext_lazy("roll-out", "Running"),
    RollOutState.PAUSED: pgettext_lazy("roll-out", "Paused"),
    RollOutState.HALTED: pgettext_lazy("roll-out", "Halted"),
    RollOutState.DONE: pgettext_lazy("roll-out", "Done"),
    RollOutState.REPLACED: pgettext_lazy("roll-out", "Replaced"),
    RollOutState.TAKEN_BACK: pgettext_lazy("roll-out", "Taken back"),
}


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a roll-out is, in devices. `reached`: of the waves that have begun; `given`: that fetched it."""

    total: int = 0
    reached: int = 0
    given: int = 0
    applied: int = 0
    errors: int = 0


@dataclass(frozen=True, slots=True)
class Point:
    """A moment of a roll-out, for its chart."""

    at: datetime
    given: int
    applied: int
    errors: int
    wave: int


class ProposalState(StrEnum):
    WAITING = "waiting"
    APPROVED = "approved"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


PROPOSAL_NAMES: dict[ProposalState, Promise] = {
    ProposalState.WAITING: pgettext_lazy("proposal", "Waits for a second person"),
    ProposalState.APPROVED: pgettext_lazy("proposal", "Approved"),
    ProposalState.DECLINED: pgettext_lazy("proposal", "Declined"),
    ProposalState.WITHDRAWN: pgettext_lazy("proposal", "Withdrawn"),
}


def rollout_code() -> str:
    return public_code("RO")


def proposal_code() -> str:
    return public_code("PP")


def points_from(stored: list[list[Any]]) -> list[Point]:
    """As `[instant, given, applied, errors, wave]`, oldest first."""
    return [Point(datetime.fromisoformat(at), given, applied, errors, wave) for at, given, applied, errors, wave in stored]


declare("settings.rollout_open", _("Revision {revision} is being rolled out ({rollout}). Publishing now replaces that roll-out."))
declare("settings.rollout_over", _("This roll-out is over: {state}."))
declare("settings.rollout_no_more_waves", _("The last wave has begun already."))
declare("settings.rollout_waves", _("A roll-out has 1 to 20 waves."))
declare("settings.rollout_last_wave", _("The last wave has to be 100 %, so that every device is reached."))
declare("settings.rollout_order", _("Each wave has to be larger than the one before, or name a group."))
declare("settings.rollout_zone", _("There is no such time zone; one looks like Europe/Prague."))
declare("settings.rollout_dates", _("Write each exclusion as a first and a last day, the earlier one first, 50 at most."))
declare(
    "settings.first_revision",
    _("The first revision goes to every device at once: there is nothing that the others could have meanwhile."),
)
declare("settings.proposal_over", _("This was decided already: {state}."))
declare("settings.own_proposal", _("Another person has to look at it: whoever asked can't approve."))
declare("settings.proposal_waits", _("A change of yours waits for approval ({proposal}). Withdraw it first, or wait."))

ROLLOUT_HALTED = declare_kind("settings.rollout_halted", label=_("A roll-out of settings halted itself"), can_mute=False)
ROLLOUT_DONE = declare_kind("settings.rollout_done", label=_("A roll-out of settings is done"))
APPROVAL_ASKED = declare_kind("settings.approval_asked", label=_("Settings wait for your approval"))
APPROVAL_GIVEN = declare_kind("settings.approval_given", label=_("What you asked approval for was decided"))
BUNDLE_REFUSED = declare_kind("settings.bundle_refused", label=_("A device refused settings that came in"))
