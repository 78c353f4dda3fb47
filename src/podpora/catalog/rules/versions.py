"""Where in its life a version is."""

from collections.abc import Iterable, Sequence
from datetime import date

from podpora.base.errors import InvalidInput
from podpora.catalog.values import CoverageFacts, CoverageMode, VersionFacts, VersionState


def current_version(versions: Iterable[VersionFacts], on: date) -> VersionFacts | None:
    """The newest major that is officially released on that vendor date; announced ones and betas do not count (EOL-1)."""
    released = [v for v in versions if v.released_on and v.released_on <= on]
    return max(released, key=lambda v: v.major, default=None)


def version_state(version: VersionFacts, versions: Sequence[VersionFacts], on: date) -> VersionState:
    """Announced, current, supported, security, ended; the last day of support still counts as supported (EOL-2).

    While holes of a version whose support has ended are still closed, it is `security`.
    """
    if version.released_on is None or on < version.released_on:
        return VersionState.ANNOUNCED
    if version.support_ends_on and on > version.support_ends_on:
        closed = version.fixes_end_on
        return VersionState.SECURITY if closed and on <= closed else VersionState.ENDED
    current = current_version(versions, on)
    return VersionState.CURRENT if current and current.major == version.major else VersionState.SUPPORTED


def coverage_on(history: Iterable[CoverageFacts], on: date) -> CoverageMode:
    """How a licence that is bought on that vendor date covers versions; by major where nothing was ever set."""
    rows = [row for row in history if row.since <= on]
    return max(rows, key=lambda row: row.since).mode if rows else CoverageMode.BY_MAJOR


def check_life(life: VersionFacts) -> None:
    """May a major's life be written so? Raises InvalidInput with every field that is wrong."""
    errors: dict[str, list[str]] = {}
    released = life.released_on
    if not 1 <= life.major <= 10_000:
        errors["major"] = ["version.major_positive"]
    ends = {
        "support_ends_on": life.support_ends_on,
        "security_ends_on": life.security_ends_on,
        "end_of_life_on": life.end_of_life_on,
    }
    if released is None and any(ends.values()):
        errors["released_on"] = ["version.end_without_release"]
    elif released:
        if life.support_ends_on and life.support_ends_on < released:
            errors["support_ends_on"] = ["version.ends_before_release"]
        if life.security_ends_on and life.security_ends_on < released:
            errors["security_ends_on"] = ["version.security_before_release"]
    if life.end_of_life_on and any(on and on > life.end_of_life_on for on in ends.values()):
        errors["end_of_life_on"] = ["version.end_of_life_before_support"]
    if life.replaced_by is not None and life.replaced_by <= life.major:
        errors["replaced_by"] = ["version.replaced_by_older"]
    if errors:
        raise InvalidInput(errors)
