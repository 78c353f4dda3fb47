"""Reports: what came, how long it took, what was kept, what was asked most; a manager's of all, a technician's of his queues."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.utils import formats
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from podpora.desk import queries
from podpora.desk.values import GROUPING_NAMES, LONGEST_REPORT, PLAN_NAMES, Grouping, Measured, Period, Report, SlaPlan
from podpora.web.access import technician
from podpora.web.components import chart
from podpora.web.request import Request
from podpora.web.spreadsheets import download

PERIODS = {7: gettext_lazy("7 days"), 30: gettext_lazy("30 days"), 90: gettext_lazy("90 days"), 365: gettext_lazy("a year")}
WAY_NAMES = {
    "buy": gettext_lazy("to the shop"), "forum": gettext_lazy("to the forum"), "ask": gettext_lazy("to an e-mail to us"),
    "read": gettext_lazy("to an article"), "wait": gettext_lazy("to wait"), "": pgettext_lazy("way out", "nowhere"),
}  # fmt: skip


@technician("tickets")
@require_GET
def reports(request: Request) -> HttpResponse:
    wish = _wish(request)
    if wish is None:
        return TemplateResponse(
            request, "desk/reports.html", _bar(request, Period(date.min, date.min), Grouping.QUEUE, wrong=True), status=422
        )
    period, by = wish
    found = queries.report(period, by, request.user, at=request.now, language=_language())
    context = _bar(request, period, by) | {
        "report": found,
        "numbers": numbers(found),
        "volume": _volume(found),
        "backlog": chart.bars(_ages(found), _("Unfinished tickets by age")),
        "groups": [
            (row.name or _("none"), row.measured, minutes(row.measured.first_response), minutes(row.measured.solution))
            for row in found.groups
        ],
        "refusals": [(sentence_of(code), WAY_NAMES.get(way, way), n) for code, way, n in found.refusals],
        "without": [(PLAN_NAMES[SlaPlan(plan)], queue, n) for plan, queue, n in found.without_support],
    }
    return TemplateResponse(request, "desk/reports.html", context)


@technician("tickets")
@require_GET
def export(request: Request) -> HttpResponseBase:
    """The table by group as a file for spreadsheets."""
    wish = _wish(request)
    if wish is None:
        return HttpResponse(status=422)
    period, by = wish
    rows = queries.groups(queries.readable(request.user), period, by, at=request.now, language=_language())
    header = (GROUPING_NAMES[by], *(name for name, _value in _columns(Measured())))
    lines = ([row.name, *(value for _name, value in _columns(row.measured))] for row in rows)
    return download(f"report-{by.value}-{period.since}-{period.until}", header, lines)


def _columns(of: Measured) -> Iterable[tuple[str, Any]]:
    yield _("Opened"), of.opened
    yield _("Solved"), of.solved
    yield _("First response (min)"), None if of.first_response is None else round(of.first_response)
    yield _("Solution (min)"), None if of.solution is None else round(of.solution)
    yield _("Promises kept"), of.kept
    yield _("Promises missed"), of.missed
    yield _("Satisfied"), of.good
    yield _("Not satisfied"), of.bad
    yield _("Time spent (min)"), of.spent


def _wish(request: Request) -> tuple[Period, Grouping] | None:
    """From the address: the last so many days, or dates; None for what makes no sense."""
    given = {name: request.GET.get(name, "")[:20] for name in ("since", "until", "days", "by")}
    days = int(given["days"]) if given["days"].isascii() and given["days"].isdigit() and len(given["days"]) < 5 else 30
    try:
        period = queries.period_of(given["since"], given["until"], at=request.now, days=max(1, min(days, LONGEST_REPORT)))
    except (ValueError, OverflowError):
        return None
    if not 1 <= period.days <= LONGEST_REPORT or not 1990 <= period.since.year <= period.until.year < 2200:
        return None
    by = Grouping(given["by"]) if given["by"] in set(Grouping) else Grouping.QUEUE
    return period, by


def _bar(request: Request, period: Period, by: Grouping, *, wrong: bool = False) -> dict[str, Any]:
    return {
        "period": period, "by": by.value, "wrong": wrong, "periods": list(PERIODS.items()),
        "groupings": [(g.value, name) for g, name in GROUPING_NAMES.items()],
        "group_name": GROUPING_NAMES[by], "days": period.days,
    }  # fmt: skip


def numbers(found: Report) -> Sequence[tuple[str, str, str]]:
    """(name, value, compared with the period before)."""
    now, then = found.now, found.before

    def percent(value: int | None) -> str:
        return "–" if value is None else f"{value} %"

    return (
        (_("Opened"), str(now.opened), str(then.opened)),
        (_("Solved"), str(now.solved), str(then.solved)),
        (_("First response"), minutes(now.first_response), minutes(then.first_response)),
        (_("Solution"), minutes(now.solution), minutes(then.solution)),
        (_("Promises kept"), percent(now.kept_share), percent(then.kept_share)),
        (_("Satisfied"), percent(now.good_share), percent(then.good_share)),
        (_("Time spent"), minutes(now.spent or None), minutes(then.spent or None)),
    )


def minutes(value: float | None) -> str:
    """`42 min`, `3 h 5 min`; a dash for nothing."""
    if value is None:
        return "–"
    hours, rest = divmod(round(value), 60)
    return _("%(n)s h %(m)s min") % {"n": hours, "m": rest} if hours else _("%(n)s min") % {"n": rest}


def _volume(found: Report) -> chart.Chart:
    every = max(1, len(found.volume) // 8)
    points = [(_day(day) if place % every == 0 else "", float(opened)) for place, (day, opened, _solved) in enumerate(found.volume)]
    return chart.line(points, _("Opened tickets"))


def _ages(found: Report) -> list[tuple[str, float]]:
    labels, before = [], 0
    for days, n in found.backlog:
        labels.append(
            (_("over %(n)s d") % {"n": before} if days is None else _("%(a)s–%(b)s d") % {"a": before, "b": days}, float(n))
        )
        before = days or before
    return labels


def _day(day: date) -> str:
    return f"{day.day}. {day.month}." if _language() == "cs" else formats.date_format(day, "M j")


def sentence_of(code: str) -> str:
    return str(WHY_NOT.get(code, code))


WHY_NOT = {
    "support.expired": gettext_lazy("VIP support has ended"), "support.not_included": gettext_lazy("Never had VIP support"),
    "support.suspended": gettext_lazy("VIP support is suspended"), "ticket.role": gettext_lazy("A role without tickets"),
}  # fmt: skip


def _language() -> str:
    return (get_language() or "en")[:2]
