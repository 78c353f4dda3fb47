"""Numbers of releases, and the date that decides whether a licence by date covers one. No database."""

from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from podpora.base.errors import InvalidInput
from podpora.catalog import rules
from podpora.catalog.rules.releases import ReleaseInput
from podpora.catalog.values import CoverageFacts, CoverageMode, ReleaseChannel, ReleaseFacts, VersionFacts, VersionState

IN_ORDER = (
    "9.9.9", "10.0.0-alpha.1", "10.0.0-alpha.2", "10.0.0-beta.2", "10.0.0-beta.10", "10.0.0-rc.1", "10.0.0", "10.0.1", "10.2", "10.2.0.1",
    "10.10.0",
)  # fmt: skip
TEN = VersionFacts(10, date(2026, 10, 1))
ELEVEN = VersionFacts(11)


@pytest.mark.parametrize(("older", "newer"), list(pairwise(IN_ORDER)))
def test_numbers_are_ordered_as_people_read_them(older: str, newer: str) -> None:
    assert rules.number_key(older) < rules.number_key(newer)  # type: ignore[operator]


@pytest.mark.parametrize(
    ("one", "other"), [("10.2", "10.2.0"), ("v10.2.1", "10.2.1"), ("10.2.1 (build 7)", "10.2.1"), ("10.2.1+7", "10.2.1")]
)
def test_what_programs_call_themselves(one: str, other: str) -> None:
    assert rules.number_key(one) == rules.number_key(other)


@pytest.mark.parametrize("text", ["", "latest", "x10", "१०.2", "-1", "."])
def test_what_is_no_version(text: str) -> None:
    assert rules.number_key(text) is None
    assert rules.line_of(text) is None


@given(st.text(max_size=40))
def test_no_text_breaks_the_reader(text: str) -> None:
    key = rules.number_key(text)
    assert key is None or key < (key[0], 2, ())


@pytest.mark.parametrize(
    ("number", "channel"),
    [
        ("10.2.1", "stable"), ("11.0.0-rc.1", "rc"), ("11.0.0-beta.3", "beta"), ("11.0.0-alpha", "alpha"), ("11.0.0-dev.20261122", "dev"),
        ("11.0.0-preview.1", "beta"), ("11.0.0-1", "beta"),
    ],
)  # fmt: skip
def test_the_number_speaks_of_its_channel(number: str, channel: str) -> None:
    assert rules.deduced_channel(number) == channel


@pytest.mark.parametrize(
    ("channel", "offered"),
    [("stable", "stable"), ("rc", "stable rc"), ("beta", "stable rc beta"), ("dev", "stable rc beta alpha dev")],
)
def test_a_channel_offers_what_is_more_finished_too(channel: str, offered: str) -> None:
    assert " ".join(ReleaseChannel(channel).offers) == offered


def release(number: str, on: str, **facts: Any) -> ReleaseFacts:
    return ReleaseFacts(number, int(number.split(".")[0]), rules.deduced_channel(number), date.fromisoformat(on), **facts)


HISTORY = [
    release("10.0.0-beta.1", "2026-08-01"), release("10.0.0", "2026-10-01"), release("10.1.0", "2026-12-01"), release("10.1.1", "2027-05-01"),
    release("10.2.0", "2027-06-01"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "number", "on", "back", "counts_from"),
    [
        ("its own day", "10.3.0", "2027-09-01", None, "2027-09-01"),
        ("a fix counts from the first release of its x.y", "10.1.7", "2028-09-01", None, "2026-12-01"),
        ("a fix of a hole is dated back", "10.3.0", "2027-09-01", "2027-01-01", "2027-01-01"),
        ("the earlier of both", "10.1.7", "2028-09-01", "2027-01-01", "2026-12-01"),
        ("a beta opens no x.y (EOL-1)", "10.0.0", "2026-10-01", None, "2026-10-01"),
        ("a later beta of an old x.y is not a fix of it", "10.1.2-beta.1", "2027-07-01", None, "2027-07-01"),
    ],
)  # fmt: skip
def test_the_coverage_date(rule: str, number: str, on: str, back: str | None, counts_from: str) -> None:
    wanted = rules.coverage_date(release(number, on), HISTORY, date.fromisoformat(back) if back else None)
    assert wanted.isoformat() == counts_from
    (found,) = [r for r in rules.with_coverage([*((r, None) for r in HISTORY), (release(number, on), date.fromisoformat(back) if back else None)])
                if r.number == number and r.released_on.isoformat() == on][-1:]  # fmt: skip
    assert found.covers_on == wanted


def errors_of(version: VersionFacts, **facts: Any) -> dict[str, list[str]]:
    given_ = {"number": "10.2.1", "channel": ReleaseChannel.STABLE, "released_on": date(2026, 11, 1)} | facts
    try:
        rules.check_release(version, ReleaseInput(**given_))
    except InvalidInput as problem:
        return {name: list(codes) for name, codes in problem.fields.items()}
    return {}


FILE = {"platform": "windows-x64", "url": "https://download.vendor.example/postolka-10.2.1.exe", "sha256": "a" * 64, "size": 1}


@pytest.mark.parametrize(
    ("version", "facts", "errors"),
    [
        (TEN, {}, {}),
        (TEN, {"number": "10"}, {"number": ["release.not_a_number"]}),
        (TEN, {"number": "10.2.1\n"}, {"number": ["release.not_a_number"]}),
        (TEN, {"number": "11.0.0"}, {"number": ["release.not_of_this_version"]}),
        (TEN, {"number": "10.2.1-beta.1"}, {"channel": ["release.channel_unlike_number"]}),
        (TEN, {"channel": ReleaseChannel.BETA}, {"channel": ["release.channel_unlike_number"]}),
        (TEN, {"released_on": date(2026, 9, 30)}, {"released_on": ["release.before_version"]}),
        (ELEVEN, {"number": "11.0.0"}, {"released_on": ["release.before_version"]}),
        (ELEVEN, {"number": "11.0.0-beta.1", "channel": ReleaseChannel.BETA}, {}),
        (TEN, {"back_dated_to": date(2026, 11, 2)}, {"back_dated_to": ["release.back_dated_forward"]}),
        (TEN, {"min_from": "nine"}, {"min_from": ["release.not_a_number"]}),
        (TEN, {"files": [FILE]}, {}),
        (TEN, {"files": [FILE, FILE]}, {"files.1.platform": ["release.file_twice"]}),
        (TEN, {"files": [FILE | {"url": "http://download.vendor.example/x"}]}, {"files.0.url": ["release.not_https"]}),
        (TEN, {"files": [FILE | {"url": "https://x y"}]}, {"files.0.url": ["release.not_https"]}),
        (TEN, {"files": [FILE | {"sha256": "z" * 64}]}, {"files.0.sha256": ["release.not_a_sha256"]}),
        (TEN, {"files": [FILE | {"size": 0}]}, {"files.0.size": ["out_of_range"]}),
        (TEN, {"files": [FILE | {"platform": "../x"}]}, {"files.0.platform": ["not_valid"]}),
        (TEN, {"files": [FILE | {"platform": f"p{n}"} for n in range(31)]}, {"files": ["too_many"]}),
    ],
)
def test_what_may_be_published(version: VersionFacts, facts: dict[str, Any], errors: dict[str, list[str]]) -> None:
    assert errors_of(version, **facts) == errors


LIFE = VersionFacts(8, date(2020, 1, 1), date(2023, 6, 30), date(2024, 6, 30), date(2025, 6, 30), 9)


@pytest.mark.parametrize(
    ("on", "state"),
    [
        ("2019-12-31", VersionState.ANNOUNCED), ("2020-01-01", VersionState.CURRENT), ("2023-06-30", VersionState.CURRENT),
        ("2023-07-01", VersionState.SECURITY), ("2024-06-30", VersionState.SECURITY), ("2024-07-01", VersionState.ENDED),
        ("2030-01-01", VersionState.ENDED),
    ],
)  # fmt: skip
def test_the_life_of_a_version(on: str, state: VersionState) -> None:
    assert rules.version_state(LIFE, [LIFE], date.fromisoformat(on)) is state


def test_ends_that_are_not_set_follow_the_end_of_support() -> None:
    life = VersionFacts(8, date(2020, 1, 1), date(2023, 6, 30))
    assert (life.fixes_end_on, life.ends_on) == (date(2023, 6, 30), date(2023, 6, 30))
    assert VersionFacts(8, date(2020, 1, 1), date(2023, 6, 30), date(2024, 6, 30)).ends_on == date(2024, 6, 30)
    assert VersionFacts(8, date(2020, 1, 1)).ends_on is None


@pytest.mark.parametrize(
    ("life", "errors"),
    [
        (LIFE, {}),
        (VersionFacts(8, None, None, date(2024, 1, 1)), {"released_on": ["version.end_without_release"]}),
        (VersionFacts(8, date(2020, 1, 1), None, date(2019, 1, 1)), {"security_ends_on": ["version.security_before_release"]}),
        (
            VersionFacts(8, date(2020, 1, 1), date(2023, 1, 1), None, date(2022, 1, 1)),
            {"end_of_life_on": ["version.end_of_life_before_support"]},
        ),
        (VersionFacts(8, replaced_by=8), {"replaced_by": ["version.replaced_by_older"]}),
        (VersionFacts(0), {"major": ["version.major_positive"]}),
    ],
)
def test_what_a_life_may_be(life: VersionFacts, errors: dict[str, list[str]]) -> None:
    if not errors:
        rules.check_life(life)
        return
    with pytest.raises(InvalidInput) as caught:
        rules.check_life(life)
    assert caught.value.fields == errors


def test_the_coverage_mode_of_a_day() -> None:
    history = [CoverageFacts(CoverageMode.BY_DATE, date(2027, 1, 1)), CoverageFacts(CoverageMode.ALL, date(2020, 1, 1))]
    assert rules.coverage_on([], date(2026, 1, 1)) is CoverageMode.BY_MAJOR
    assert rules.coverage_on(history, date(2019, 12, 31)) is CoverageMode.BY_MAJOR
    assert rules.coverage_on(history, date(2026, 12, 31)) is CoverageMode.ALL
    assert rules.coverage_on(history, date(2027, 1, 1)) is CoverageMode.BY_DATE


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 4), st.integers(0, 900)), min_size=1, max_size=12))
def test_a_fix_never_counts_from_later_than_what_it_fixes(made: list[tuple[int, int, int]]) -> None:
    start = date(2025, 1, 1)
    found = rules.with_coverage([(release(f"9.{x}.{y}", (start + timedelta(days=d)).isoformat()), None) for x, y, d in made])
    for one in found:
        assert one.covers_on is not None and one.covers_on <= one.released_on
        assert all(
            one.covers_on <= other.released_on for other in found if rules.line_of(other.number) == rules.line_of(one.number)
        )
