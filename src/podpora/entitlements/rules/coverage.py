"""Does the licence cover this release? (LICENSING.md, "What covers a version"; EOL-1, EOL-8, EOL-10)

A perpetual right never depends on the clock: the release's major, or the date that decides about it (its coverage date, which the
program has compiled in), is compared with what the licence says. `on` below only tells which releases are out, and warns about ended
versions. The SDK makes the same comparison offline.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from podpora.base.decisions import Decision, Reason
from podpora.catalog.rules import coverage_date, deduced_channel, number_key
from podpora.catalog.values import ReleaseChannel, ReleaseFacts, VersionFacts
from podpora.entitlements.rules.run import is_ended
from podpora.entitlements.values import RunRight


def covers_release(run: RunRight, release: ReleaseFacts) -> bool:
    """Covered by all, by its major, or by the date that decides about it. Any one is enough."""
    if run.covers_all or (run.through_major is not None and release.major <= run.through_major):
        return True
    return run.updates_until is not None and _date_of(release) <= run.updates_until


def _date_of(release: ReleaseFacts) -> date:
    return release.covers_on or release.released_on


def may_run_release(run: RunRight, release: ReleaseFacts, versions: Sequence[VersionFacts], *, on: date) -> Decision:
    """EOL-8: may this release run? Warns when the support of its major has ended, which never stops it."""
    reasons = []
    if not covers_release(run, release):
        facts: dict[str, Any] = {"major": release.major, "through_major": run.newest_major, "version": release.number}
        if run.updates_until is not None:
            facts |= {"updates_until": run.updates_until, "covers_on": _date_of(release)}
        reasons.append(Reason("version.not_covered", facts))
    version = next((v for v in versions if v.major == release.major), None)
    if version and is_ended(version, on):
        ended = {"major": version.major, "support_ends_on": version.support_ends_on}
        reasons.append(Reason("version.end_of_life", ended, blocks=False))
    return Decision(tuple(reasons))


def release_meant(version: str, known: Iterable[ReleaseFacts], *, on: date) -> ReleaseFacts | None:
    """The release that a program says it is. One that was never published here came out today at the latest: only its major and
    the x.y that it fixes can cover it. None where the text is no version.
    """
    releases = list(known)
    key = number_key(version)
    if key is None:
        return None
    found = next((release for release in releases if number_key(release.number) == key), None)
    if found is not None:
        return found
    unknown = ReleaseFacts(version, key[0][0], _channel(version), on)
    return replace(unknown, covers_on=coverage_date(unknown, releases))


def _channel(version: str) -> ReleaseChannel:
    key = number_key(version)
    return ReleaseChannel.STABLE if key and key[1] else deduced_channel(version)


def newest_owned(
    run: RunRight, releases: Iterable[ReleaseFacts], *, on: date, channel: ReleaseChannel = ReleaseChannel.STABLE
) -> ReleaseFacts | None:
    """The newest version that the licence covers, for ever; None where none that is out is covered."""
    return max((r for r in _offered(releases, channel, on) if covers_release(run, r)), key=_newness, default=None)


def newest_of(
    releases: Iterable[ReleaseFacts], *, on: date, channel: ReleaseChannel = ReleaseChannel.STABLE
) -> ReleaseFacts | None:
    """The newest release that is out on that day, covered or not."""
    return max(_offered(releases, channel, on), key=_newness, default=None)


def next_update(
    run: RunRight, releases: Iterable[ReleaseFacts], version: str, *, on: date, channel: ReleaseChannel = ReleaseChannel.STABLE
) -> ReleaseFacts | None:
    """The newest covered release to which a program of this version can be updated now.

    Where the newest can't be reached directly (`min_from`), the stepping stone on the way to it. None: nothing newer is covered.
    """
    here = number_key(version)
    if here is None:
        return None
    reachable = [
        release
        for release in _offered(releases, channel, on)
        if covers_release(run, release) and _newness(release) > here and (number_key(release.min_from) or here) <= here
    ]
    return max(reachable, key=_newness, default=None)


def _offered(releases: Iterable[ReleaseFacts], channel: ReleaseChannel, on: date) -> Iterable[ReleaseFacts]:
    return (r for r in releases if r.channel in channel.offers and r.released_on <= on and number_key(r.number))


def _newness(release: ReleaseFacts) -> tuple[object, ...]:
    return number_key(release.number) or ()
