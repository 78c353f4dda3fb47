"""The clocks of a ticket in words."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import translation

from podpora.desk.models import Ticket
from podpora.desk.values import State, Targets
from podpora.web.components.clocks import clock_lines, due_badge, due_words, promise_sentence
from tests.make import clocks, desk, people

AT = datetime(2026, 3, 16, 9, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (1, "due in 1 min"),
        (185, "due in 3 h 5 min"),
        (600, "due in 10 h"),
        (4000, "due in 2 d"),
        (0, "overdue 0 min"),
        (-65, "overdue 1 h 5 min"),
    ],
)
def test_due_in_words(minutes: int, words: str) -> None:
    assert due_words(AT + minutes * MINUTE, AT) == words


def test_a_list_warns_within_the_last_hour() -> None:
    assert due_badge(None, AT) is None
    kinds = [("clock bad" in str(b), "clock warn" in str(b)) for b in (due_badge(AT + n * MINUTE, AT) for n in (-1, 30, 90))]
    assert kinds == [(True, False), (False, True), (False, False)]


@pytest.mark.django_db
def test_what_runs_stands_and_was_kept_beside_a_ticket() -> None:
    clocks.sla(targets=Targets(120, solution=480), of=clocks.round_the_clock())
    ticket, technician = desk.ticket(at=AT), people.staff()

    def lines(at: datetime) -> list[tuple[str, str]]:
        return [(str(line.name), line.state) for line in clock_lines(Ticket.objects.get(pk=ticket.pk), at=at)]

    assert lines(AT) == [("First response", "running"), ("Solution", "running")]
    assert lines(AT + 121 * MINUTE) == [("First response", "breached"), ("Solution", "running")]
    desk.answer(ticket, technician, then=State.WAITING_CUSTOMER, at=AT + 60 * MINUTE)
    assert lines(AT + 61 * MINUTE) == [("Solution", "paused"), ("First response", "kept")]
    desk.answer(ticket, technician, then=State.SOLVED, at=AT + 70 * MINUTE)
    assert lines(AT + 71 * MINUTE) == [("First response", "kept"), ("Solution", "kept")]


@pytest.mark.django_db
@pytest.mark.parametrize(("language", "words"), [("en", "We answer by Monday"), ("cs", "Odpovíme do: pondělí")])
def test_the_customer_reads_until_when_he_is_answered(language: str, words: str) -> None:
    clocks.sla(targets=Targets(120, solution=480), of=clocks.round_the_clock())
    ticket = desk.ticket(at=AT)
    ticket.refresh_from_db()
    with translation.override(language):
        assert promise_sentence(ticket, at=AT).lower().startswith(words.lower())
        assert promise_sentence(ticket, at=AT + 121 * MINUTE)
    desk.answer(ticket, people.staff(), at=AT + MINUTE)
    ticket.refresh_from_db()
    assert "solved" in promise_sentence(ticket, at=AT + 2 * MINUTE)
