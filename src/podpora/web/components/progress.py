"""The chart of a roll-out: three lines over time (given, applied, errors) and where waves began. SVG from the server."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from podpora.fleet.values import Point

WIDTH, HEIGHT, LEFT, FOOT, TOP, APART = 640, 200, 44, 24, 10, 60


@dataclass(frozen=True, slots=True)
class Mark:
    """A wave that began, or a line of the grid."""

    place: float
    label: str


@dataclass(frozen=True, slots=True)
class Drawn:
    """Shapes of the chart, and the numbers behind it. Empty: there is nothing to draw yet."""

    given: str = ""
    applied: str = ""
    errors: str = ""
    waves: tuple[Mark, ...] = ()
    grid: tuple[Mark, ...] = ()
    points: tuple[Point, ...] = ()
    first: datetime | None = None
    last: datetime | None = None
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    floor: int = HEIGHT - FOOT


def drawn(points: Sequence[Point], *, most: int) -> Drawn:
    """The lines through these points; `most`: the number at the upper edge. Steps, for between two looks nothing is known."""
    if not points:
        return Drawn()
    first, last, most = points[0].at, points[-1].at, max(most, 1)
    span = max((last - first).total_seconds(), 1)

    def x(at: datetime) -> float:
        return round(LEFT + (WIDTH - LEFT - 8) * (at - first).total_seconds() / span, 1)

    def y(value: float) -> float:
        return round(HEIGHT - FOOT - (HEIGHT - FOOT - TOP) * min(value, most) / most, 1)

    def line(values: Sequence[int]) -> str:
        spots = []
        for place, (point, value) in enumerate(zip(points, values, strict=True)):
            if place:
                spots.append(f"{x(point.at)},{y(values[place - 1])}")
            spots.append(f"{x(point.at)},{y(value)}")
        return " ".join(spots)

    waves: list[Mark] = []
    seen = 0
    for point in points:
        if point.wave > seen:
            seen = point.wave
            place = x(point.at)
            near = waves and place - waves[-1].place < APART
            waves.append(Mark(place, "" if near else _("wave {number}").format(number=seen)))
    grid = tuple(Mark(y(most * part / 2), str(round(most * part / 2))) for part in ((0, 1, 2) if most > 1 else (0, 2)))
    return Drawn(
        line([p.given for p in points]), line([p.applied for p in points]), line([p.errors for p in points]), tuple(waves), grid,
        tuple(points[-12:]), first, last,
    )  # fmt: skip
