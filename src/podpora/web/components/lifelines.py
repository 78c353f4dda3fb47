"""The lives of a program's versions as one drawing: support, security fixes after it, today. Pure geometry, like the timeline."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from podpora.catalog.values import VersionFacts
from podpora.web.components.timeline import LETTER, Drawing, Shape

ROW, BAR, TOP = 38.0, 22.0, 26.0
MOST_YEARS = 8  # ahead of today: a version without a published end fades out there


@dataclass(frozen=True, slots=True)
class Lifelines:
    wide: Drawing
    narrow: Drawing
    summary: str


@dataclass(frozen=True, slots=True)
class _Scale:
    first: date
    last: date
    left: float
    right: float

    def x(self, on: date) -> float:
        share = (on - self.first).days / max(1, (self.last - self.first).days)
        return round(self.left + min(1.0, max(0.0, share)) * (self.right - self.left), 1)


def draw(versions: Sequence[VersionFacts], today: date) -> Lifelines | None:
    """The released and announced versions, newest first; None where no date is known."""
    shown = [v for v in sorted(versions, key=lambda v: -v.major) if v.released_on]
    if not shown:
        return None
    ends = [today, *(v.ends_on for v in shown if v.ends_on)]
    last = min(max(ends), today + timedelta(days=365 * MOST_YEARS))
    first = min(v.released_on for v in shown if v.released_on)
    pad = timedelta(days=max(30, (last - first).days // 20))
    summary = _("Lives of the versions: {lives}.").format(lives="; ".join(_in_words(v) for v in shown))
    span = (first - pad, last + pad)
    return Lifelines(_page(1000, 110, shown, span, today), _page(340, 0, shown, span, today), summary)


def _in_words(version: VersionFacts) -> str:
    start = _written(version.released_on)
    if version.ends_on is None:
        return _("{major} from {start}").format(major=version.major, start=start)
    return _("{major} from {start} to {end}").format(major=version.major, start=start, end=_written(version.ends_on))


def _written(on: date | None) -> str:
    return date_format(on, "DATE_FORMAT").replace(" ", "\u00a0") if on else ""


def _page(width: int, left: float, shown: Sequence[VersionFacts], span: tuple[date, date], today: date) -> Drawing:
    page = Drawing(width)
    scale = _Scale(*span, left, float(width))
    row = ROW if left else ROW + 16
    bottom = TOP + row * len(shown)
    page.height = bottom + 4
    _years(page, scale, today, bottom)
    for n, version in enumerate(shown):
        _life(page, scale, TOP + row * n + (0 if left else 16), version)
    x = scale.x(today)
    page.shapes.append(Shape("line", "today", x, 16, x2=x, y2=bottom))
    half = len(_("today")) * LETTER / 2
    anchor = "end" if x + half > scale.right else "start" if x - half < scale.left else "middle"
    page.shapes.append(Shape("text", "now", x, 12, text=_("today"), anchor=anchor))
    page.shapes.sort(key=lambda shape: shape.what == "text")
    return page


def _life(page: Drawing, scale: _Scale, y: float, version: VersionFacts) -> None:
    assert version.released_on is not None
    middle, name = y + BAR / 2 + 4.5, _("Version {major}").format(major=version.major)
    page.shapes.append(Shape("text", "title" if scale.left else "title halo", 0, middle if scale.left else y - 4, text=name))
    start = scale.x(version.released_on)
    support = scale.x(version.support_ends_on + timedelta(days=1)) if version.support_ends_on else scale.right
    page.shapes.append(Shape("bar", "version", start, y, max(3.0, support - start), BAR))
    fixes = version.fixes_end_on
    end = support
    if version.support_ends_on and fixes and fixes > version.support_ends_on:
        end = scale.x(fixes + timedelta(days=1))
        page.shapes.append(Shape("bar", "fixes", support, y, max(3.0, end - support), BAR))
    if version.ends_on:
        over = scale.x(version.ends_on + timedelta(days=1))
        page.shapes.append(Shape("line", "end", over, y - 3, x2=over, y2=y + BAR + 3))
        if over > end:
            page.shapes.append(Shape("line", "gap", end, y + BAR / 2, x2=over, y2=y + BAR / 2))
    _inside(page, version, (start, support), middle)


def _inside(page: Drawing, version: VersionFacts, bar: tuple[float, float], base: float) -> None:
    """The longest text that fits into the bar of the support."""
    through = version.support_ends_on
    end = _written(through)
    texts = [_("supported until {day}").format(day=end), end] if through else [_("no end published")]
    for text in texts:
        if len(text) * LETTER + 16 <= bar[1] - bar[0]:
            page.shapes.append(Shape("text", "on-version", bar[0] + 8, base, text=text))
            return


def _years(page: Drawing, scale: _Scale, today: date, bottom: float) -> None:
    count = scale.last.year - scale.first.year
    step = 1 if count <= (scale.right - scale.left) / 48 else 2
    for year in range(scale.first.year + 1, scale.last.year + 1):
        x = scale.x(date(year, 1, 1))
        page.shapes.append(Shape("line", "year", x, 18, x2=x, y2=bottom))
        near = abs(x - scale.x(today)) < 52 or x > scale.right - 14 or x < scale.left + 14
        if not near and (year - scale.first.year) % step == 0:
            page.shapes.append(Shape("text", "soft", x, 12, text=str(year), anchor="middle"))
