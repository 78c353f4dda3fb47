"""Calendars and agreements for tests, made through the actions."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from podpora.base.actors import system
from podpora.desk import actions
from podpora.desk.models import Calendar, Sla
from podpora.desk.values import CalendarWish, Hours, Priority, SlaWish, Targets

BEFORE = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)
BY = system("tests")
NINE_TO_FIVE = (Hours(540, 1020),)


def calendar(
    code: str = "prague", *, zone: str = "Europe/Prague", hours: tuple[Hours, ...] = NINE_TO_FIVE, days: int = 5, country: str = "",
    at: datetime = BEFORE,
) -> Calendar:  # fmt: skip
    """Nine to five on the first `days` days of a week, unless said otherwise."""
    week = tuple(hours if day < days else () for day in range(7))
    wish = CalendarWish("Praha", "Prague", zone, week, country)
    return actions.save_calendar(code, wish, is_new=not Calendar.objects.filter(code=code).exists(), by=BY, at=at)


def sla(
    code: str = "vip", targets: Mapping[Priority | None, Targets] | Targets | None = None, *, of: Calendar | None = None,
    at: datetime = BEFORE, **more: Any,
) -> Sla:  # fmt: skip
    """An agreement for everything: an answer within four hours of service and a solution within sixteen."""
    if targets is None:
        targets = Targets(240, solution=960)
    rows = {None: targets} if isinstance(targets, Targets) else dict(targets)
    known = of or Calendar.objects.first() or calendar(at=at)
    wish = SlaWish("Dohoda", "Agreement", known.code, rows, **more)
    return actions.save_sla(code, wish, is_new=not Sla.objects.filter(code=code).exists(), by=BY, at=at)


def round_the_clock(at: datetime = BEFORE) -> Calendar:
    return calendar("always", zone="UTC", hours=(Hours(0, 1440),), days=7, at=at)
