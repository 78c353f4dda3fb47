"""When people and programs are reminded (VIP-14).

Thirty, seven and one day before the end, on the last day, and a week after it: each once for every end. A renewal moves the end, so the
steps of the old one have nobody to be sent to. Whoever slept through some steps (a scheduler that stood still, an imported licence) is
told the newest one only: three letters at once would be noise (F20).
"""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from podpora.catalog.values import Policy, VersionFacts
from podpora.entitlements.rules.years import add_months
from podpora.entitlements.values import Due, Ending, EntryKind, Rights

STEPS = (30, 7, 1, 0, -7)  # days that are left
TRIAL_STEPS = (7, 1, 0)
LATE = timedelta(days=14)  # after the end; a later letter would be advertising
SOON = timedelta(days=30)
TRIAL_SOON = timedelta(days=7)


def ending_of(rights: Rights) -> tuple[Ending, date] | None:
    """What of this licence ends, and its last day; None for what has no end or nothing to go on with."""
    if rights.suspended_at or rights.base is None:
        return None
    match rights.base:
        case EntryKind.TRIAL if rights.run.until:
            return Ending.TRIAL, rights.run.until
        case EntryKind.SUBSCRIPTION if rights.run.until and rights.support_through in (None, rights.run.until):
            return Ending.SUBSCRIPTION, rights.run.until
        case EntryKind.PURCHASE | EntryKind.SUBSCRIPTION if rights.support_through:
            return Ending.SUPPORT, rights.support_through
    return None


def due(rights: Rights, *, on: date) -> Due | None:
    """The newest step whose day has come by vendor date `on`; whether it was sent before, the caller knows."""
    found = ending_of(rights)
    if found is None:
        return None
    ending, through = found
    left = (through - on).days
    if on > through + LATE:
        return None
    step = min((step for step in (TRIAL_STEPS if ending is Ending.TRIAL else STEPS) if left <= step), default=None)
    return None if step is None else Due(ending, through, step, left)


def program_notices(
    rights: Rights, versions: Sequence[VersionFacts], *, major: int | None, on: date, policy: Policy
) -> Iterable[str]:
    """What the program may say by itself: codes for the certificate's `notices`. Never more than one about each end."""
    found = ending_of(rights)
    if found is not None:
        ending, through = found
        if ending is Ending.SUPPORT and on <= through <= on + SOON:
            yield "support.ends_soon"
        elif ending is Ending.SUPPORT and through < on <= through + LATE:
            yield "support.ended_recently"
        elif ending is Ending.TRIAL and on <= through <= on + TRIAL_SOON:
            yield "licence.trial_ends_soon"
        elif ending is Ending.SUBSCRIPTION and on <= through <= on + SOON:
            yield "licence.ends_soon"
    running = next((v for v in versions if v.major == (major if major is not None else rights.run.through_major)), None)
    if running and running.support_ends_on:
        limit = add_months(on, policy.end_of_life_notice_months)
        if on <= running.support_ends_on <= limit:
            yield "version.end_of_life_soon"
