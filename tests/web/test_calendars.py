"""Feeds of calendars: what another program reads out of them."""

from datetime import UTC, date, datetime

import pytest
from icalendar import Calendar

from podpora.web.calendars import Event, feed

AT = datetime(2026, 11, 22, 9, tzinfo=UTC)


def read(*events: Event, name: str = "Verze") -> Calendar:
    response = feed(name, events, at=AT)
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    return Calendar.from_ical(response.content)


def test_an_event_is_a_whole_day_that_blocks_nobody() -> None:
    calendar = read(
        Event("v8-end", date(2026, 6, 30), "Podpora verze 8 končí", "Poslední den.", "https://podpora.example/versions/")
    )
    (event,) = calendar.walk("VEVENT")
    assert str(calendar["X-WR-CALNAME"]) == "Verze"
    assert event.decoded("dtstart") == date(2026, 6, 30)
    assert event.decoded("dtend") == date(2026, 7, 1)
    assert str(event["summary"]) == "Podpora verze 8 končí"
    assert str(event["url"]) == "https://podpora.example/versions/"
    assert str(event["transp"]) == "TRANSPARENT"
    assert event.decoded("dtstamp") == AT
    assert str(event["uid"]).startswith("v8-end@")


@pytest.mark.parametrize("title", ["a, b; c", "two\nlines", "BEGIN:VEVENT", "\r\nATTENDEE:mailto:x@evil.example", "ž" * 200])
def test_no_text_breaks_out_of_its_line(title: str) -> None:
    (event,) = read(Event("x", date(2026, 6, 30), title)).walk("VEVENT")
    assert str(event["summary"]).replace("\r\n", "\n") == title.replace("\r\n", "\n")
    assert "attendee" not in event


def test_an_empty_calendar_is_a_calendar() -> None:
    assert read().walk("VEVENT") == []
