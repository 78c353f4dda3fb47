"""Calendars of service time: windows of the week, days without service, a look at the whole year."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from babel import Locale
from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.dates import MONTHS, WEEKDAYS, WEEKDAYS_ABBR
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from podpora.base.decisions import Decision, Refused
from podpora.base.errors import InvalidInput
from podpora.base.fields import field_sentence
from podpora.desk import actions, queries, rules
from podpora.desk.models import Calendar
from podpora.desk.values import CalendarWish, Hours
from podpora.web.access import manager
from podpora.web.components.forms import SeenForm, show_problem
from podpora.web.request import Request

DAYS = range(7)


class HoursField(forms.CharField):
    """Windows of a day: `8:00-12:00, 13:00-17:00`; nothing: closed."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, max_length=200, **kwargs)

    def clean(self, value: Any) -> tuple[Hours, ...]:
        try:
            return rules.read_hours(super().clean(value))
        except ValueError as problem:
            raise forms.ValidationError(field_sentence(str(problem))) from None


class CalendarForm(SeenForm):
    name_cs = forms.CharField(label=gettext_lazy("Name in Czech"), max_length=80)
    name_en = forms.CharField(label=gettext_lazy("Name in English"), max_length=80)
    zone = forms.CharField(label=gettext_lazy("Time zone"), max_length=64, help_text=gettext_lazy("Such as Europe/Prague."))
    country = forms.ChoiceField(label=gettext_lazy("Public holidays of"), required=False)
    subdivision = forms.CharField(
        label=gettext_lazy("Region"), required=False, max_length=10, help_text=gettext_lazy("Its code, such as BY for Bavaria.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["country"].choices = country_choices()  # type: ignore[attr-defined]
        for day in DAYS:
            hint = _("Such as 8:00-12:00, 13:00-17:00; a day ends at 24:00. Empty: closed.") if day == 0 else ""
            self.fields[f"day_{day}"] = HoursField(label=str(WEEKDAYS[day]).capitalize(), help_text=hint)

    def wish(self) -> CalendarWish:
        clean = self.cleaned_data
        week = tuple(clean[f"day_{day}"] for day in DAYS)
        return CalendarWish(
            clean["name_cs"], clean["name_en"], clean["zone"].strip(), week, clean["country"], clean["subdivision"].strip().upper()
        )


class NewCalendarForm(CalendarForm):
    code = forms.SlugField(
        label=gettext_lazy("Code"),
        max_length=40,
        help_text=gettext_lazy("For addresses and the API: small letters, digits and hyphens. It can't be changed later."),
    )
    field_order = ("name_cs", "name_en", "code", "zone", "country", "subdivision")


class HolidayForm(forms.Form):
    on = forms.DateField(label=gettext_lazy("Day"), widget=forms.DateInput(attrs={"type": "date"}))
    name = forms.CharField(label=gettext_lazy("What is it"), required=False, max_length=120)


class FeedForm(forms.Form):
    url = forms.CharField(
        label=gettext_lazy("Address of a calendar"),
        required=False,
        max_length=500,
        help_text=gettext_lazy("iCalendar (.ics) by https. Its whole days are days without service; it is fetched twice a day."),
    )


def country_choices() -> list[tuple[str, str]]:
    names = Locale.parse((get_language() or "en")[:2]).territories
    known = sorted((str(names.get(code, code)), code) for code in rules.countries())
    return [("", _("none")), *((code, name) for name, code in known)]


@manager
@require_http_methods(["GET", "POST"])
def new_calendar(request: Request) -> HttpResponse:
    initial = {f"day_{day}": "9:00-17:00" for day in range(5)} | {"zone": str(timezone.get_default_timezone())}
    form = NewCalendarForm(request.POST or None, initial=initial)
    if form.is_valid():
        try:
            actions.save_calendar(form.cleaned_data["code"], form.wish(), is_new=True, by=request.actor, at=request.now)
        except InvalidInput as problem:
            _show(form, problem)
        else:
            messages.success(request, _("Saved."))
            return redirect("office:service")
    context = {"form": form, "crumbs": _crumbs(_("A new calendar")), "heading": _("A new calendar")}
    return TemplateResponse(request, "office/service/form.html", context, status=422 if form.errors else 200)


@manager
@require_http_methods(["GET", "POST"])
def calendar(request: Request, code: str) -> HttpResponse:
    """The calendar and its year. What is sent says what is meant: save, add a day, take one back, set the feed, fetch it, delete."""
    found = queries.calendar(code)
    what = request.POST.get("what", "save") if request.method == "POST" else ""
    initial = initial_of(found)
    form = CalendarForm(request.POST if what == "save" else None, initial=initial)
    day, feed = (
        HolidayForm(request.POST if what == "add" else None),
        FeedForm(request.POST if what == "feed" else None, initial=_feed(found)),
    )
    problem: Decision | None = None
    try:
        if what and _done(request, found, what, {"save": form, "add": day, "feed": feed}):
            return redirect("office:service") if what == "delete" else redirect("office:calendar", found.code)
    except InvalidInput as wrong:
        _show({"save": form, "feed": feed}.get(what, day), wrong)
    except Refused as refusal:
        problem = refusal.decision
    status = 422 if form.errors or day.errors or feed.errors or problem else 200
    context = _page(request, found) | {"form": form, "day_form": day, "feed_form": feed, "problem": problem}
    return TemplateResponse(request, "office/service/calendar.html", context, status=status)


def _done(request: Request, found: Calendar, what: str, forms_by: dict[str, forms.Form]) -> bool:
    form, by, at = forms_by.get(what), request.actor, request.now
    if form is not None and not form.is_valid():
        return False
    match what:
        case "save":
            actions.save_calendar(found.code, forms_by["save"].wish(), is_new=False, by=by, at=at)  # type: ignore[attr-defined]
        case "add":
            clean = forms_by["add"].cleaned_data
            actions.add_holiday(found, clean["on"], clean["name"], by=by, at=at)
        case "remove":
            actions.remove_holiday(found, _day_of(request.POST.get("on", "")), by=by, at=at)
        case "feed":
            actions.set_feed(found, forms_by["feed"].cleaned_data["url"], by=by, at=at)
            _fetch(request, found)
        case "fetch":
            _fetch(request, found)
        case "delete":
            actions.delete_calendar(found, by=by, at=at)
        case _:
            return False
    messages.success(request, _("Saved."))
    return True


def _fetch(request: Request, found: Calendar) -> None:
    feed = getattr(queries.calendar(found.code), "feed", None)
    if feed is not None and (error := actions.fetch_feed(feed, at=request.now)):
        messages.warning(request, field_sentence(error))


def _day_of(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return date.min


def _show(form: forms.Form, problem: InvalidInput) -> None:
    """The week as a whole is said at Monday."""
    fields = {"day_0" if name == "week" else name: codes for name, codes in problem.fields.items()}
    show_problem(form, InvalidInput(fields))


def initial_of(found: Calendar) -> dict[str, Any]:
    week = queries.service_calendar(found).week
    facts = {name: getattr(found, name) for name in ("name_cs", "name_en", "zone", "country", "subdivision")}
    return facts | {f"day_{day}": rules.written_hours(week[day]) for day in DAYS}


def _feed(found: Calendar) -> dict[str, str]:
    feed = getattr(found, "feed", None)
    return {"url": feed.url if feed else ""}


def _page(request: Request, found: Calendar) -> dict[str, Any]:
    this_year = timezone.localdate(request.now).year
    asked = request.GET.get("year", "")
    year = int(asked) if asked.isascii() and asked.isdigit() and this_year - 10 <= int(asked) <= this_year + 10 else this_year
    name = calendar_name(found)
    return {
        "calendar": found,
        "heading": name,
        "crumbs": _crumbs(name),
        "year": year,
        "years": range(this_year, this_year + actions.YEARS_AHEAD + 1),
        "months": months(found, year),
        "weekdays": [str(WEEKDAYS_ABBR[day]) for day in DAYS],
        "holidays": [holiday for holiday in found.holidays.all() if holiday.on.year == year],
        "feed": getattr(found, "feed", None),
        "feed_error": field_sentence(found.feed.last_error) if getattr(found, "feed", None) and found.feed.last_error else "",
    }


def months(found: Calendar, year: int) -> Sequence[tuple[str, Sequence[Sequence[Any]]]]:
    """Each month as weeks of (day, kind, title); None before the first and after the last."""
    facts = queries.service_calendar(found)
    names = {holiday.on: holiday.name for holiday in found.holidays.all()}
    usual = [sum(hours.closes - hours.opens for hours in day) for day in facts.week]
    shown = []
    for number, days in enumerate(rules.year_preview(facts, year), 1):
        cells: list[Any] = [None] * days[0][0].weekday()
        for on, minutes in days:
            kind = "open" if minutes else "holiday" if on in names and usual[on.weekday()] else "closed"
            cells.append((on.day, kind, names.get(on, "")))
        cells += [None] * (-len(cells) % 7)
        shown.append((str(MONTHS[number]), [cells[n : n + 7] for n in range(0, len(cells), 7)]))
    return shown


def calendar_name(found: Calendar) -> str:
    return found.name_cs if (get_language() or "").startswith("cs") else found.name_en


def _crumbs(name: str) -> list[tuple[str, str]]:
    return [(_("Service times"), reverse("office:service")), (name, "")]
