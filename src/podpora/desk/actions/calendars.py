"""Calendars of service time: their windows, the days without, where those come from."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import transaction

from podpora.audit.actions import record
from podpora.audit.actions.connecting import Answer, get
from podpora.audit.rules import check_url
from podpora.base.actors import Actor
from podpora.base.clock import vendor_date
from podpora.base.decisions import refuse
from podpora.base.errors import InvalidInput
from podpora.desk import queries, rules
from podpora.desk.actions.clocks import promises_changed
from podpora.desk.models import Calendar, Holiday, HolidayFeed, TechnicianProfile, Window
from podpora.desk.values import CalendarWish, ServiceCalendar

YEARS_AHEAD = 2  # public holidays are taken over for this year and so many more
FEED_MOST = 1024 * 1024


@transaction.atomic
def save_calendar(code: str, wish: CalendarWish, *, is_new: bool, by: Actor, at: datetime) -> Calendar:
    """Make a calendar or change it. One that could never be open is refused (SLA-16); all tickets follow a change (SLA-4)."""
    names = {"name_cs": " ".join(wish.name_cs.split()), "name_en": " ".join(wish.name_en.split())}
    problems = {name: ["required"] for name, value in {**names, "code": code}.items() if not value}
    if is_new and Calendar.objects.filter(code=code).exists():
        problems["code"] = ["taken"]
    row = None if is_new else Calendar.objects.select_for_update().get(code=code)
    closed = frozenset(row.holidays.values_list("on", flat=True)) if row else frozenset()
    on = vendor_date(at, settings.VENDOR_ZONE)
    problems |= rules.problems_of_calendar(ServiceCalendar(wish.zone, wish.week, closed), on=on)
    if wish.country:
        problems |= _country_problems(wish, on)
    if problems:
        raise InvalidInput(problems)
    before = _written(queries.calendar(code)) if row else None
    row = row or Calendar(code=code)
    row.name_cs, row.name_en, row.zone = names["name_cs"], names["name_en"], wish.zone
    row.country, row.subdivision = wish.country, wish.subdivision
    row.save()
    row.windows.all().delete()
    Window.objects.bulk_create(
        Window(calendar=row, weekday=day, opens=each.opens, closes=each.closes)
        for day, windows in enumerate(wish.week)
        for each in windows
    )
    _take_over_country(row, on)
    promises_changed(at=at)
    verb = "calendar.created" if is_new else "calendar.changed"
    after = _written(queries.calendar(code))
    if before != after:
        record(verb, f"calendar:{code}", by=by, at=at, before=before, after=after)
    return row


def _country_problems(wish: CalendarWish, on: date) -> dict[str, list[str]]:
    try:
        rules.holidays_of(wish.country, wish.subdivision, [on.year])
    except ValueError as problem:
        return {"country": [str(problem)]}
    return {}


def _written(row: Calendar) -> dict[str, Any]:
    facts = queries.service_calendar(row)
    week = [rules.written_hours(day) for day in facts.week]
    names = [row.name_cs, row.name_en]
    return {"names": names, "zone": row.zone, "country": row.country, "subdivision": row.subdivision, "week": week}


@transaction.atomic
def delete_calendar(row: Calendar, *, by: Actor, at: datetime) -> None:
    """Only what nobody uses."""
    used = [*row.slas.order_by("position").values_list("code", flat=True)]
    used += [str(each.person) for each in TechnicianProfile.objects.filter(calendar=row).select_related("person")]
    if used:
        refuse("calendar.in_use", used_by=", ".join(used)).or_refuse()
    record("calendar.deleted", f"calendar:{row.code}", by=by, at=at)
    row.delete()


@transaction.atomic
def add_holiday(row: Calendar, on: date, name: str, *, by: Actor, at: datetime) -> Holiday:
    """A day without service, by hand; the same day again gets the new name."""
    row = Calendar.objects.select_for_update().get(pk=row.pk)
    facts = queries.service_calendar(row)
    closed = ServiceCalendar(facts.zone, facts.week, facts.closed | {on})
    if rules.problems_of_calendar(closed, on=vendor_date(at, settings.VENDOR_ZONE)):
        raise InvalidInput({"on": ["calendar.only_holidays"]})
    name = " ".join(name.split())[:120]
    if same := row.holidays.filter(on=on, source="hand", name=name).first():
        return same
    holiday, _ = Holiday.objects.update_or_create(calendar=row, on=on, source="hand", defaults={"name": name})
    promises_changed(at=at)
    record("calendar.holiday", f"calendar:{row.code}", by=by, at=at, facts={"on": on.isoformat(), "name": holiday.name})
    return holiday


@transaction.atomic
def remove_holiday(row: Calendar, on: date, *, by: Actor, at: datetime) -> bool:
    """Take back a day that was added by hand. False: there was none."""
    if not row.holidays.filter(on=on, source="hand").delete()[0]:
        return False
    promises_changed(at=at)
    record("calendar.holiday_removed", f"calendar:{row.code}", by=by, at=at, facts={"on": on.isoformat()})
    return True


@transaction.atomic
def take_over_holidays(row: Calendar, *, at: datetime) -> bool:
    """The public holidays of the calendar's country for this and the next years; True when something changed. Runs by the clock,
    so that next year's are there before it begins."""
    row = Calendar.objects.select_for_update().get(pk=row.pk)
    if not _take_over_country(row, vendor_date(at, settings.VENDOR_ZONE)):
        return False
    promises_changed(at=at)
    return True


def _take_over_country(row: Calendar, on: date) -> bool:
    years = range(on.year, on.year + YEARS_AHEAD + 1)
    found: Mapping[date, str] = {}
    if row.country:
        found = rules.holidays_of(row.country, row.subdivision, years)
    changed = _replace(row, "country", found, since=date(on.year, 1, 1))
    through = years[-1] if row.country else None
    if row.holidays_through != through:
        Calendar.objects.filter(pk=row.pk).update(holidays_through=through)
    return changed


def _replace(row: Calendar, source: str, found: Mapping[date, str], *, since: date) -> bool:
    """The days of a source from a date on are these; what lies before it stays, so that old tickets keep their clocks."""
    present = dict(row.holidays.filter(source=source, on__gte=since).values_list("on", "name"))
    wanted = {on: name for on, name in found.items() if on >= since}
    if present == wanted:
        return False
    row.holidays.filter(source=source, on__gte=since).delete()
    Holiday.objects.bulk_create(Holiday(calendar=row, on=on, name=name, source=source) for on, name in wanted.items())
    return True


@transaction.atomic
def set_feed(row: Calendar, url: str, *, by: Actor, at: datetime) -> HolidayFeed | None:
    """Where days without service are fetched from; an empty address ends it and takes its days away."""
    url = url.strip()
    if not url:
        if HolidayFeed.objects.filter(calendar=row).delete()[0]:
            row.holidays.filter(source="feed").delete()
            promises_changed(at=at)
            record("calendar.feed", f"calendar:{row.code}", by=by, at=at, facts={"url": ""})
        return None
    check_url(url, settings.WEBHOOK_HOSTS)
    feed = HolidayFeed.objects.filter(calendar=row).first()
    if feed is None or feed.url != url:
        feed, _ = HolidayFeed.objects.update_or_create(
            calendar=row, defaults={"url": url, "etag": "", "fetched_at": None, "last_error": ""}
        )
        record("calendar.feed", f"calendar:{row.code}", by=by, at=at, facts={"url": url})
    return feed


def fetch_feed(feed: HolidayFeed, *, at: datetime) -> str:
    """Fetch the days anew. The reason code of what went wrong, or "". Outside of a transaction: a slow host holds nothing."""
    headers = {"Accept": "text/calendar, text/plain;q=0.5", "User-Agent": "Podpora"}
    if feed.etag:
        headers["If-None-Match"] = feed.etag
    answer = get(feed.url, headers, settings.WEBHOOK_HOSTS, most=FEED_MOST + 1)
    return _kept(feed, answer, at=at)


@transaction.atomic
def _kept(feed: HolidayFeed, answer: Answer, *, at: datetime) -> str:
    row = Calendar.objects.select_for_update().get(pk=feed.calendar_id)
    error, on = "", vendor_date(at, settings.VENDOR_ZONE)
    if answer.status == 200:
        try:
            found = _read(answer.body, range(on.year, on.year + YEARS_AHEAD + 1))
            error = _closed_for_ever(row, found, on)
        except ValueError as problem:
            error = str(problem)
        if not error and _replace(row, "feed", found, since=date(on.year, 1, 1)):
            promises_changed(at=at)
    elif answer.status != 304:
        error = "calendar.feed_not_reached"
    etag = next((value for name, value in answer.headers.items() if name.lower() == "etag"), "")[:200]
    changes: dict[str, Any] = {"fetched_at": at, "last_error": error}
    if not error:
        changes |= {"succeeded_at": at, "etag": etag if answer.status == 200 else feed.etag}
    HolidayFeed.objects.filter(pk=feed.pk).update(**changes)
    return error


def _read(content: bytes, years: Iterable[int]) -> dict[date, str]:
    if len(content) > FEED_MOST:
        raise ValueError("calendar.feed_too_large")
    return rules.read_feed(content, years)


def _closed_for_ever(row: Calendar, found: Mapping[date, str], on: date) -> str:
    """SLA-16 holds for what comes from outside, too."""
    facts = queries.service_calendar(row)
    closed = ServiceCalendar(facts.zone, facts.week, facts.closed | set(found))
    return "calendar.only_holidays" if rules.problems_of_calendar(closed, on=on) else ""
