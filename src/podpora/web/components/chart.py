"""Charts: SVG from the server, with a table behind it. Values in, shapes out."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

WIDTH, HEIGHT, FOOT = 640, 180, 22


@dataclass(frozen=True, slots=True)
class Bar:
    x: float
    y: float
    width: float
    height: float
    label: str
    middle: float
    value: float


@dataclass(frozen=True, slots=True)
class Chart:
    title: str
    bars: tuple[Bar, ...]
    points: str = ""  # of the line, empty for a bar chart
    width: int = WIDTH
    height: int = HEIGHT
    floor: int = HEIGHT - FOOT

    @property
    def summary(self) -> str:
        values = [bar.value for bar in self.bars]
        least, most = min(values, default=0), max(values, default=0)
        return _("{title}: from {least} to {most}").format(title=self.title, least=least, most=most)


def bars(values: Sequence[tuple[str, float]], title: str) -> Chart:
    """A bar for each value."""
    return Chart(title, tuple(_bars(values)))


def line(values: Sequence[tuple[str, float]], title: str) -> Chart:
    """A line through the values."""
    spots = tuple(_bars(values))
    return Chart(title, spots, " ".join(f"{spot.middle},{spot.y}" for spot in spots))


def _bars(values: Sequence[tuple[str, float]]) -> list[Bar]:
    most = max((value for _label, value in values), default=0) or 1
    step = WIDTH / max(1, len(values))
    width = round(min(48, step * 0.64), 1)
    drawn = []
    for place, (label, value) in enumerate(values):
        height = round((HEIGHT - FOOT - 16) * value / most, 1)
        middle = round(step * (place + 0.5), 1)
        drawn.append(Bar(round(middle - width / 2, 1), round(HEIGHT - FOOT - height, 1), width, height, label, middle, value))
    return drawn
