"""A licence as a drawing: the right to run, the right to support with its gaps, versions with their end of life, today.

Pure geometry: dates in, shapes out; `components/timeline.html` draws them as SVG. There are two drawings, one for a
wide page and one for a phone, and a table that says the same in words.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from podpora.catalog.values import VersionFacts
from podpora.entitlements.values import Period, Rights

LETTER = 6.6  # average width of a letter at the size of the drawing's text
LANE = 30
BAR = 20
TEXT_DOWN = 4.5  # from the middle of a bar to the base line of its text


@dataclass(frozen=True, slots=True)
class Shape:
    """One thing to draw: `bar` (x, y, width, height), `line` (x, y to x2, y2), `path` (d) or `text` (x, y)."""

    what: str
    look: str
    x: float = 0
    y: float = 0
    width: float = 0
    height: float = 0
    x2: float = 0
    y2: float = 0
    text: str = ""
    anchor: str = "start"
    d: str = ""


@dataclass(slots=True)
class Drawing:
    width: int
    height: float = 0
    shapes: list[Shape] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the table beside the drawing."""

    what: str
    since: date | None
    until: date | None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Timeline:
    wide: Drawing
    narrow: Drawing
    rows: tuple[Row, ...]
    summary: str


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a text wants to stand: in a bar that begins at `x` and is `room` wide."""

    x: float
    middle: float
    room: float


@dataclass(frozen=True, slots=True)
class _Scale:
    """Dates to places."""

    first: date
    last: date
    left: float
    right: float

    def x(self, on: date) -> float:
        share = (on - self.first).days / max(1, (self.last - self.first).days)
        return round(self.left + min(1.0, max(0.0, share)) * (self.right - self.left), 1)


def draw(rights: Rights, versions: Sequence[VersionFacts], today: date) -> Timeline | None:
    """The timeline of a licence; None where there never was a right to draw."""
    start = _start(rights)
    if start is None:
        return None
    shown = _shown(rights, versions, start)
    first, last = _span(rights, shown, start, today)
    wide = _drawing(1000, 150, 980, rights, shown, (start, first, last, today))
    narrow = _drawing(340, 0, 340, rights, shown, (start, first, last, today))
    return Timeline(wide, narrow, tuple(_rows(rights, shown, start)), _summary(rights))


def _written(on: date) -> str:
    """The reader's way of writing a date, never broken at the end of a line."""
    return date_format(on, "DATE_FORMAT").replace(" ", "\u00a0")


def _start(rights: Rights) -> date | None:
    dates = [step.entry.on for step in rights.trail if step.standing and step.entry.on] + [p.starts_on for p in rights.periods]
    return min(dates, default=None)


def _shown(rights: Rights, versions: Sequence[VersionFacts], start: date) -> list[VersionFacts]:
    """The versions that say something here: released, and not over before the licence began; the newest four."""
    told = [v for v in versions if v.released_on and (v.support_ends_on is None or v.support_ends_on >= start)]
    return sorted(told, key=lambda v: v.major)[-4:]


def _span(rights: Rights, shown: Iterable[VersionFacts], start: date, today: date) -> tuple[date, date]:
    ends = [today, *(p.ends_on for p in rights.periods), *(v.support_ends_on for v in shown if v.support_ends_on)]
    if rights.run.until:
        ends.append(rights.run.until)
    last = min(max(ends), today + timedelta(days=365 * 8))
    pad = timedelta(days=max(20, (last - start).days // 16))
    return start - pad, last + pad


def _drawing(
    width: int, left: float, right: float, rights: Rights, shown: list[VersionFacts], dates: tuple[date, date, date, date]
) -> Drawing:
    start, first, last, today = dates
    page = Drawing(width)
    scale = _Scale(first, last, left, right)
    top = 26.0
    y = top
    if left == 0:
        y += 4
    y = _run_lane(page, scale, y, rights, start)
    y = _support_lane(page, scale, y, rights)
    y = _version_lanes(page, scale, y, rights, shown)
    page.height = y + 2
    _years(page, scale, today, y)
    x = scale.x(today)
    page.shapes.append(Shape("line", "today", x, 16, x2=x, y2=y))
    page.shapes.append(_label(_("today"), x, 12, "now", scale))
    page.shapes.sort(key=lambda shape: shape.what == "text")  # words lie over bars and lines
    return page


def _title(page: Drawing, scale: _Scale, y: float, text: str) -> float:
    """The name of a lane: to its left on a wide page, above it on a phone. Returns where the lane begins."""
    if scale.left:
        page.shapes.append(Shape("text", "title", 0, y + LANE / 2 + TEXT_DOWN, text=text))
        return y
    page.shapes.append(Shape("text", "title halo", 0, y + 10, text=text))
    return y + 17


def _run_lane(page: Drawing, scale: _Scale, y: float, rights: Rights, start: date) -> float:
    y = _title(page, scale, y, _("Right to run"))
    page.shapes.append(Shape("bar", "lane", scale.left, y, scale.right - scale.left, LANE))
    if not rights.run.is_empty:
        x = scale.x(start)
        if rights.run.until is None:
            point = scale.right
            page.shapes.append(Shape("path", "run", d=f"M{x} {y}H{point - 12}L{point} {y + LANE / 2}L{point - 12} {y + LANE}H{x}z"))
            room = point - 16 - x
        else:
            room = scale.x(rights.run.until + timedelta(days=1)) - x
            page.shapes.append(Shape("bar", "run", x, y, max(3.0, room), LANE))
        _inside(page, [run_text(rights), run_text(rights, short=True)], _Place(x, y + LANE / 2, room), scale, look="on on-run")
    return y + LANE + 14


def _support_lane(page: Drawing, scale: _Scale, y: float, rights: Rights) -> float:
    y = _title(page, scale, y, _("Right to support"))
    page.shapes.append(Shape("bar", "lane", scale.left, y, scale.right - scale.left, LANE))
    before: Period | None = None
    for period in rights.periods:
        x, end = scale.x(period.starts_on), scale.x(period.ends_on)
        if before and before.ends_on < period.starts_on:
            _gap(page, scale, y, before, period)
        page.shapes.append(Shape("bar", "support", x, y, max(3.0, end - x), LANE))
        through = _written(period.through)
        texts = [f"{date_format(period.starts_on, 'DATE_FORMAT')} – {through}", _("until {day}").format(day=through), through]
        _inside(
            page,
            texts,
            _Place(x, y + LANE / 2, end - x),
            scale,
            look="on on-support",
            spill="right" if period is rights.periods[-1] else "",
        )
        before = period
    if not rights.periods:
        page.shapes.append(
            Shape("text", "soft halo-lane", scale.left + 10, y + LANE / 2 + TEXT_DOWN, text=_("none with this licence"))
        )
    return y + LANE + 14


def _gap(page: Drawing, scale: _Scale, y: float, before: Period, after: Period) -> None:
    x, end = scale.x(before.ends_on), scale.x(after.starts_on)
    middle = y + LANE / 2
    text = _days((after.starts_on - before.ends_on).days)
    page.shapes.append(Shape("line", "gap", x + 3, middle, x2=end - 3, y2=middle))
    if len(text) * LETTER + 12 < end - x:
        page.shapes.append(Shape("text", "soft halo-lane", (x + end) / 2, middle + TEXT_DOWN, text=text, anchor="middle"))


def _days(count: int) -> str:
    return ngettext("%(count)d day without", "%(count)d days without", count) % {"count": count}


def _version_lanes(page: Drawing, scale: _Scale, y: float, rights: Rights, shown: list[VersionFacts]) -> float:
    """Each version in a row of its own, so that their labels never meet."""
    if not shown:
        return y
    begin = _title(page, scale, y - (LANE - BAR) / 2 if scale.left else y, _("Versions"))
    y = y if scale.left else begin
    for version in shown:
        covered = rights.run.covers(version.major)
        x = scale.x(max(version.released_on or scale.first, scale.first))
        end = scale.x(version.support_ends_on + timedelta(days=1)) if version.support_ends_on else scale.right
        page.shapes.append(Shape("bar", "version" if covered else "version not-mine", x, y, max(3.0, end - x), BAR))
        if version.support_ends_on:
            page.shapes.append(Shape("line", "end", end, y - 2, x2=end, y2=y + BAR + 2))
        _inside(
            page,
            _version_texts(version, covered),
            _Place(x, y + BAR / 2, end - x),
            scale,
            look="on-version" if covered else "on-version soft",
            spill="both",
        )
        y += BAR + 6
    return y + 6


def _version_texts(version: VersionFacts, covered: bool) -> list[str]:
    name = str(version.major) if covered else _("{major} (not yours)").format(major=version.major)
    if version.support_ends_on is None:
        return [name]
    end = _written(version.support_ends_on)
    return [_("{version} · supported until {day}").format(version=name, day=end), f"{name} · {end}", name]


def _inside(page: Drawing, texts: list[str], place: _Place, scale: _Scale, *, look: str = "on", spill: str = "") -> None:
    """The longest text that fits into its bar; else, if it may spill, beside the bar (`right`, or `both` sides)."""
    x, room, base = place.x, place.room, place.middle + TEXT_DOWN
    for text in texts:
        if len(text) * LETTER + 16 <= room:
            page.shapes.append(Shape("text", look, x + 8, base, text=text))
            return
    if not spill:
        return
    for text in texts:
        wide = len(text) * LETTER + 8
        if x + room + wide <= scale.right:
            page.shapes.append(Shape("text", "beside halo", x + room + 6, base, text=text))
            return
        if spill == "both" and x - wide >= scale.left:
            page.shapes.append(Shape("text", "beside halo", x - 6, base, text=text, anchor="end"))
            return


def _years(page: Drawing, scale: _Scale, today: date, bottom: float) -> None:
    """A thin line at each New Year; its number where nothing else stands."""
    count = scale.last.year - scale.first.year
    step = 1 if count <= (scale.right - scale.left) / 48 else 2
    lines = []
    for year in range(scale.first.year + 1, scale.last.year + 1):
        x = scale.x(date(year, 1, 1))
        lines.append(Shape("line", "year", x, 18, x2=x, y2=bottom))
        near = abs(x - scale.x(today)) < 52 or x > scale.right - 14 or x < scale.left + 14
        if not near and (year - scale.first.year) % step == 0:
            lines.append(Shape("text", "soft", x, 12, text=str(year), anchor="middle"))
    page.shapes[:0] = lines


def _label(text: str, x: float, y: float, look: str, scale: _Scale) -> Shape:
    half = len(text) * LETTER / 2
    if x - half < scale.left:
        return Shape("text", look, scale.left, y, text=text)
    if x + half > scale.right:
        return Shape("text", look, scale.right, y, text=text, anchor="end")
    return Shape("text", look, x, y, text=text, anchor="middle")


def run_text(rights: Rights, *, short: bool = False) -> str:
    """What may run, in a few words."""
    run = rights.run
    if run.is_empty:
        return _("none")
    if run.covers_all:
        versions = _("all versions")
    elif run.updates_until and run.through_major is None:
        day = _written(run.updates_until)
        versions = (_("until {day}") if short else _("what is released until {day}")).format(day=day)
    else:
        versions = (_("up to {major}") if short else _("version {major} and all older ones")).format(major=run.through_major)
    if run.until is None:
        return versions if short else _("{versions}, for ever").format(versions=versions)
    return _("{versions}, until {day}").format(versions=versions, day=_written(run.until))


def _rows(rights: Rights, shown: list[VersionFacts], start: date) -> Iterable[Row]:
    yield Row(_("Right to run"), start, rights.run.until, run_text(rights))
    for period in rights.periods:
        yield Row(_("Right to support"), period.starts_on, period.through)
    for version in shown:
        note = _("covered") if rights.run.covers(version.major) else _("not covered")
        yield Row(_("Version {major}").format(major=version.major), version.released_on, version.support_ends_on, note)


def _summary(rights: Rights) -> str:
    through = rights.support_through
    support = _("support until {day}").format(day=_written(through)) if through else _("no support term")
    return _("Timeline of the licence: {run}; {support}.").format(run=run_text(rights), support=support)
