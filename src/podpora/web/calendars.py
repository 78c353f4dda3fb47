"""Calendars that a person subscribes to: all-day events as iCalendar (RFC 5545), the same for every feed of the product.

return feed(_("Supported versions"), [Event("v8-end", date(2026, 6, 30), _("Support for version 8 ends"))])
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpResponse

if TYPE_CHECKING:
    from icalendar import Event as CalendarEvent

REFRESH = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class Event:
    """One day in a calendar. `uid` stays the same when the day moves, so that the reader's calendar moves it and makes no second one."""

    uid: str
    on: date
    title: str
    text: str = ""
    url: str = ""


def feed(name: str, events: Iterable[Event], *, at: datetime | None = None) -> HttpResponse:
    """The events as a calendar of this name. `at`: when it was made (DTSTAMP); without it the first instant of each event's day."""
    from icalendar import Calendar  # a tenth of a second to import, and seldom needed

    calendar = Calendar()
    head = {"prodid": "-//Podpora//podpora//EN", "version": "2.0", "calscale": "GREGORIAN", "method": "PUBLISH"}
    for field, value in (head | {"x-wr-calname": str(name), "name": str(name), "x-published-ttl": REFRESH}).items():
        calendar.add(field, value)
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    host = urlsplit(settings.SITE_URL).hostname or "podpora"
    for event in events:
        calendar.add_component(_component(event, host, at))
    response = HttpResponse(calendar.to_ical(), content_type="text/calendar; charset=utf-8")
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _component(event: Event, host: str, at: datetime | None) -> "CalendarEvent":
    from icalendar import Event as CalendarEvent

    made = CalendarEvent()
    said = {
        "uid": f"{event.uid}@{host}",
        "dtstamp": at or datetime(event.on.year, event.on.month, event.on.day, tzinfo=settings.VENDOR_ZONE),
        "dtstart": event.on,
        "dtend": event.on + timedelta(days=1),
        "summary": str(event.title),
        "description": str(event.text),
        "url": event.url,
        "transp": "TRANSPARENT",
    }
    for field, value in said.items():
        if value:
            made.add(field, value)
    return made
