"""Ledgers that are alike get the same answer (entitlements/queries.py: likeness): what a process remembers is never another's right."""

import json
from dataclasses import astuple, replace
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection
from hypothesis import assume, given
from hypothesis import strategies as st

from podpora.base import sql
from podpora.base.clock import vendor_date
from podpora.catalog.values import Level, Policy, Tier
from podpora.entitlements.queries import likeness
from podpora.entitlements.values import Entry, EntryKind
from podpora.journeys import activation, rights
from tests.entitlements.test_properties import START, instants, ledgers
from tests.make.ledger import VERSIONS

LEVELS = {Tier.PRO: Level.WITH_SUPPORT, Tier.FREE: Level.NO, Tier.TRIAL: Level.LIMITED}


def as_text(entries: list[Entry]) -> str:
    """As the database writes it."""

    def written(value: Any) -> Any:
        if isinstance(value, datetime):
            return sql.as_parameter(value)
        if isinstance(value, date):
            return value.isoformat()
        return int(value) if isinstance(value, bool) and connection.vendor == "sqlite" else value

    return json.dumps([[*map(written, astuple(entry)), 1] for entry in entries])


def answer(entries: list[Entry], policy: Policy, major: int, at: datetime) -> Any:
    """Everything that a certificate says of rights."""
    answers = rights.answers_from("L-1", entries, rights.Facts(VERSIONS, policy), LEVELS, at=at, explained=False)
    version = activation.covered(answers, 1, f"{major}.1", major, at=at)
    return activation.standing_from("L-1", answers, major, version, at=at).granted


def days(policy: Policy, at: datetime) -> tuple[date, date]:
    return vendor_date(at, policy.zone), (at - timedelta(hours=12)).date()


@given(ledgers(with_strikes=False), instants, st.sampled_from([8, 9, 10]), st.data())
def test_ledgers_that_are_alike_get_the_same_answer(
    ledger: tuple[Policy, list[Entry]], at: datetime, major: int, data: st.DataObject
) -> None:
    """Another ledger with the same days and numbers, whose instants stand in the same order, asked at another moment of the day."""
    policy, entries = ledger
    moments = sorted({moment for e in entries for moment in (e.at, e.ordered_at) if moment})
    at = max(at, moments[-1])
    gaps = data.draw(st.lists(st.integers(1, 60 * 24 * 200), min_size=len(moments), max_size=len(moments)))
    others = {moment: START + timedelta(minutes=sum(gaps[: place + 1])) for place, moment in enumerate(moments)}
    asked = at + timedelta(minutes=data.draw(st.integers(-24 * 60, 24 * 60)))
    assume(days(policy, asked) == days(policy, at) and others[moments[-1]] <= asked)
    alike = [
        replace(e, source=f"other {e.source}", at=others[e.at], ordered_at=others.get(e.ordered_at))  # type: ignore[index, arg-type]
        for e in entries
    ]
    assert likeness(as_text(entries), at) == likeness(as_text(alike), asked) is not None
    assert answer(entries, policy, major, at) == answer(alike, policy, major, asked)


@given(ledgers(), instants)
def test_what_was_struck_or_has_not_come_yet_is_like_nothing(ledger: tuple[Policy, list[Entry]], at: datetime) -> None:
    _policy, entries = ledger
    is_special = any(e.kind.strikes or e.at is None or e.at > at or (e.ordered_at and e.ordered_at > at) for e in entries)
    assert (likeness(as_text(entries), at) is None) == is_special


def test_every_number_of_an_entry_tells_ledgers_apart() -> None:
    at = START + timedelta(days=900)
    entry = Entry("1", EntryKind.PURCHASE, START, START.date(), START, START.date(), years=1, seats_each=3, through_major=9)
    other = {
        "kind": EntryKind.SUBSCRIPTION, "on": START.date() + timedelta(days=1), "ordered_on": None, "ordered_at": None, "units": 2, "years": 2,
        "years_each": 1, "days": 1, "seats_each": 4, "through_major": 10, "covers_all": True, "update_years": 1, "update_years_each": 1,
        "run_days": 30, "stacks": False, "seats_less": 1, "less_from": START.date(), "struck_units": 1,
    }  # fmt: skip
    assert set(other) == set(Entry.__dataclass_fields__) - {"source", "at", "cancelled_at", "strikes"}
    for name, value in other.items():
        assert likeness(as_text([entry]), at) != likeness(as_text([replace(entry, **{name: value})]), at), name  # type: ignore[arg-type]


def test_what_came_first_tells_ledgers_apart() -> None:
    at, later = START + timedelta(days=900), START + timedelta(minutes=5)
    first = Entry("1", EntryKind.UPGRADE, START, START.date(), years=1, through_major=10)
    second = Entry("2", EntryKind.RENEWAL, later, START.date(), years_each=1)
    turned = [replace(first, at=later), replace(second, at=START)]
    assert likeness(as_text([first, second]), at) != likeness(as_text(turned), at)
    assert likeness(as_text([first, second]), at) == likeness(as_text([second, first]), at)
