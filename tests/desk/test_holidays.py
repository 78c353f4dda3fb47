"""Days without service: public holidays, and a calendar fetched from an address."""

import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from podpora.base.errors import InvalidInput
from podpora.desk import actions, queries, rules
from podpora.desk.models import Calendar, Holiday, HolidayFeed
from tests.make import clocks

NOW = datetime(2026, 3, 16, 9, 0, tzinfo=UTC)
EVENTS = (
    "BEGIN:VEVENT\r\nSUMMARY:Company day\r\nDTSTART;VALUE=DATE:20260611\r\nDTEND;VALUE=DATE:20260613\r\nEND:VEVENT\r\n"
    "BEGIN:VEVENT\r\nSUMMARY:Every year\r\nDTSTART;VALUE=DATE:20200504\r\nRRULE:FREQ=YEARLY\r\nEND:VEVENT\r\n"
    "BEGIN:VEVENT\r\nSUMMARY:A meeting\r\nDTSTART:20260701T080000Z\r\nDTEND:20260701T090000Z\r\nEND:VEVENT\r\n"
)


def ical(events: str = EVENTS) -> bytes:
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n{events}END:VCALENDAR\r\n".encode()


def test_public_holidays_of_a_country_and_a_region() -> None:
    czech = rules.holidays_of("CZ", "", [2026])
    assert czech[date(2026, 4, 3)] == "Velký pátek"
    assert date(2026, 6, 4) in rules.holidays_of("DE", "BY", [2026])
    assert date(2026, 6, 4) not in rules.holidays_of("DE", "BE", [2026])
    for country, region in (("XX", ""), ("DE", "QQ")):
        with pytest.raises(ValueError, match=r"calendar\.country_unknown"):
            rules.holidays_of(country, region, [2026])


def test_whole_days_of_a_feed_are_days_without_service() -> None:
    found = rules.read_feed(ical(), range(2026, 2028))
    assert found == {
        date(2026, 6, 11): "Company day", date(2026, 6, 12): "Company day", date(2026, 5, 4): "Every year", date(2027, 5, 4): "Every year",
    }  # fmt: skip


@pytest.mark.parametrize(
    "content", [b"", b"<html>", b"\x00\xff" * 50, b"BEGIN:VCALENDAR\r\n", b"BEGIN:VEVENT\r\nDTSTART:x\r\nEND:VEVENT"]
)
def test_what_is_no_calendar_never_raises_anything_else(content: bytes) -> None:
    try:
        assert rules.read_feed(content, [2026]) == {}
    except ValueError as problem:
        assert str(problem) == "calendar.feed_not_readable"


class Server(HTTPServer):
    body: bytes = b""
    status: int = 200
    asked: list[str | None]


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        self.server.asked.append(self.headers.get("If-None-Match"))
        same = self.headers.get("If-None-Match") == '"one"'
        self.send_response(304 if same else self.server.status)
        self.send_header("ETag", '"one"')
        self.end_headers()
        if not same:
            self.wfile.write(self.server.body)

    def log_message(self, *args: Any) -> None:
        return


@pytest.fixture
def server(settings: Any) -> Iterator[Server]:
    made = Server(("127.0.0.1", 0), Handler)
    made.asked, made.body = [], ical()
    settings.WEBHOOK_HOSTS = frozenset({f"127.0.0.1:{made.server_port}"})
    thread = threading.Thread(target=made.serve_forever, daemon=True)
    thread.start()
    yield made
    made.shutdown()
    made.server_close()


@pytest.mark.django_db
def test_a_feed_is_fetched_with_its_etag_and_keeps_what_it_had_when_it_fails(server: Server) -> None:
    row = clocks.calendar()
    feed = actions.set_feed(row, f"http://127.0.0.1:{server.server_port}/days.ics", by=clocks.BY, at=NOW)
    assert feed is not None

    def fetch() -> str:
        return actions.fetch_feed(HolidayFeed.objects.get(), at=NOW)

    def days() -> int:
        return Holiday.objects.filter(source="feed").count()

    assert (fetch(), days()) == ("", 5)
    assert (fetch(), days(), server.asked) == ("", 5, [None, '"one"'])
    HolidayFeed.objects.update(etag="")
    server.body = b"x" * (1024 * 1024 + 10)
    assert (fetch(), days()) == ("calendar.feed_too_large", 5)
    server.body = b"<html>no</html>"
    assert (fetch(), days()) in (("calendar.feed_not_readable", 5), ("", 0))
    server.status = 500
    assert fetch() == "calendar.feed_not_reached"
    assert HolidayFeed.objects.get().last_error == "calendar.feed_not_reached"
    actions.set_feed(row, "", by=clocks.BY, at=NOW)
    assert (days(), HolidayFeed.objects.count()) == (0, 0)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "url", ["http://example.com/x.ics", "https://10.0.0.1/x", "https://localhost/x", "ftp://example.com/x", "nonsense"]
)
def test_b9_a_feed_leads_to_the_open_internet_only(url: str) -> None:
    with pytest.raises(InvalidInput):
        actions.set_feed(clocks.calendar(), url, by=clocks.BY, at=NOW)


@pytest.mark.django_db
def test_the_next_years_are_taken_over_by_the_clock_and_the_past_stays() -> None:
    row = clocks.calendar(country="CZ")
    assert {each.year for each in queries.service_calendar(queries.calendar("prague")).closed} == {2026, 2027, 2028}
    later = datetime(2027, 1, 2, 9, 0, tzinfo=UTC)
    assert actions.take_over_holidays(Calendar.objects.get(pk=row.pk), at=later)
    assert {each.year for each in queries.service_calendar(queries.calendar("prague")).closed} == {2026, 2027, 2028, 2029}
    assert not actions.take_over_holidays(Calendar.objects.get(pk=row.pk), at=later)
