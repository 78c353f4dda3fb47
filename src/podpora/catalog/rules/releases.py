"""Releases: their numbers, and the date that decides whether a licence covers them."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from podpora.base.errors import InvalidInput
from podpora.catalog.values import ReleaseChannel, ReleaseFacts, VersionFacts

NUMBER = re.compile(r"(\d{1,9}(?:\.\d{1,9}){1,3})(?:-([0-9A-Za-z]{1,10}(?:\.[0-9A-Za-z]{1,10}){0,3}))?")
SHA256 = re.compile(r"[0-9a-f]{64}")
PLATFORM = re.compile(r"[a-z0-9][a-z0-9._-]{0,29}")
LARGEST_FILE = 2**40
MOST_FILES = 30
_PLACES = 4
_LOOSE = re.compile(r"[vV]?(\d{1,9}(?:\.\d{1,9}){0,5})(?:-([0-9A-Za-z.]+))?")

NumberKey = tuple[tuple[int, ...], int, tuple[tuple[int, int, str], ...]]


def number_key(number: str) -> NumberKey | None:
    """What versions are ordered by: 10.2 = 10.2.0 < 10.10.0-beta.2 < 10.10.0-beta.10 < 10.10.0. None where it is no version.

    Reads what programs say of themselves too: `v10.2.1`, `10.2.1 (build 7)`.
    """
    found = _LOOSE.match(number.strip()) if number.isascii() else None
    if found is None:
        return None
    parts = tuple(int(part) for part in found[1].split("."))
    padded = parts + (0,) * (_PLACES - len(parts))
    before = found[2]
    if not before:
        return padded, 1, ()
    return padded, 0, tuple((0, int(part), "") if part.isdigit() else (1, 0, part.lower()) for part in before.split(".") if part)


def line_of(number: str) -> tuple[int, int] | None:
    """The x.y of a version, whose fixes x.y.* belong together; None where it is no version."""
    key = number_key(number)
    return (key[0][0], key[0][1]) if key else None


def deduced_channel(number: str) -> ReleaseChannel:
    """The channel that a number speaks of: 11.0.0-rc.1 is a release candidate, a plain number is stable."""
    _, dash, rest = number.partition("-")
    if not dash:
        return ReleaseChannel.STABLE
    word = re.match(r"[A-Za-z]*", rest)
    named = word[0].lower() if word else ""
    return next((channel for channel in ReleaseChannel if channel.value == named), ReleaseChannel.BETA)


def coverage_date(release: ReleaseFacts, releases: Iterable[ReleaseFacts], back_dated_to: date | None = None) -> date:
    """The date that a licence by date is asked about: may what was released then run?

    The earliest of: its own release; the day to which it is dated back (a fix of a hole, given to everybody who had what it fixes);
    and the day on which the first stable release of its x.y came out, for a fix of something covered is covered (x.y.*). A beta opens
    no x.y: it does not count as released (EOL-1).
    """
    dates = [release.released_on, *([back_dated_to] if back_dated_to else [])]
    if release.is_stable:
        mine = line_of(release.number)
        dates += [other.released_on for other in releases if other.is_stable and line_of(other.number) == mine]
    return min(dates)


def with_coverage(releases: Sequence[tuple[ReleaseFacts, date | None]]) -> list[ReleaseFacts]:
    """Releases of one product (each with the day to which it is dated back), knowing their coverage date."""
    first: dict[tuple[int, int] | None, date] = {}
    for release, _ in releases:
        if release.is_stable:
            line = line_of(release.number)
            first[line] = min(first.get(line, release.released_on), release.released_on)
    found = []
    for release, back in releases:
        dates = [release.released_on, *([back] if back else [])]
        if release.is_stable:
            dates.append(first[line_of(release.number)])
        found.append(replace(release, covers_on=min(dates)))
    return found


@dataclass(frozen=True, slots=True)
class ReleaseInput:
    """What is checked about a release that somebody wants to publish."""

    number: str
    channel: ReleaseChannel
    released_on: date
    back_dated_to: date | None = None
    min_from: str = ""
    files: Sequence[Mapping[str, Any]] = ()


def check_release(version: VersionFacts, release: ReleaseInput) -> None:
    """May this be published as a release of this major? Raises InvalidInput with every field that is wrong."""
    errors: dict[str, list[str]] = {}
    found = NUMBER.fullmatch(release.number) if release.number.isascii() else None
    if found is None or int(release.number.split(".")[0]) != version.major:
        errors["number"] = ["release.not_a_number" if found is None else "release.not_of_this_version"]
    elif bool(found[2]) == (release.channel is ReleaseChannel.STABLE):
        errors["channel"] = ["release.channel_unlike_number"]
    if release.channel is ReleaseChannel.STABLE and (version.released_on is None or release.released_on < version.released_on):
        errors["released_on"] = ["release.before_version"]
    if release.back_dated_to and release.back_dated_to > release.released_on:
        errors["back_dated_to"] = ["release.back_dated_forward"]
    if release.min_from and NUMBER.fullmatch(release.min_from) is None:
        errors["min_from"] = ["release.not_a_number"]
    errors |= _file_errors(release.files)
    if errors:
        raise InvalidInput(errors)


def _file_errors(files: Sequence[Mapping[str, Any]]) -> dict[str, list[str]]:
    errors: dict[str, list[str]] = {}
    if len(files) > MOST_FILES:
        errors["files"] = ["too_many"]
    seen: set[str] = set()
    for n, file in enumerate(files[:MOST_FILES]):
        platform = str(file["platform"])
        if not PLATFORM.fullmatch(platform):
            errors[f"files.{n}.platform"] = ["not_valid"]
        elif platform in seen:
            errors[f"files.{n}.platform"] = ["release.file_twice"]
        seen.add(platform)
        url = str(file["url"])
        if not url.startswith("https://") or len(url) > 500 or any(c.isspace() or ord(c) < 33 for c in url):
            errors[f"files.{n}.url"] = ["release.not_https"]
        if not SHA256.fullmatch(str(file["sha256"])):
            errors[f"files.{n}.sha256"] = ["release.not_a_sha256"]
        if not 1 <= int(file["size"]) <= LARGEST_FILE:
            errors[f"files.{n}.size"] = ["out_of_range"]
    return errors
