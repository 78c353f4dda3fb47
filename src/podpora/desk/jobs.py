"""What the desk does by itself: closes what may no longer be reopened, tells of deadlines, fetches holidays, sets clocks anew; brings
back what was put off, sends what was written for later, runs time rules, asks whether customers were satisfied."""

from datetime import datetime, timedelta
from time import sleep
from typing import Any

from podpora.base.actors import Actor, ActorKind, system
from podpora.desk import actions, queries
from podpora.desk.models import HolidayFeed, TicketWork
from podpora.jobs.values import job, periodic

OTHERS_TURN = 0.05  # seconds


@periodic(every=timedelta(hours=1))
def close_solved(payload: dict[str, Any], *, at: datetime) -> None:
    actions.close_forgotten(by=system("desk"), at=at)


@periodic(every=timedelta(minutes=1))
def tell_of_clocks(payload: dict[str, Any], *, at: datetime) -> None:
    """Warnings and breaches (SLA-15)."""
    actions.tell_of_clocks(by=system("clocks"), at=at)


@periodic(every=timedelta(minutes=1))
def find_technicians(payload: dict[str, Any], *, at: datetime) -> None:
    """Tickets without a deed go back (AS-3), those of whoever left or is away go on (SC-10), those that nobody could take find somebody."""
    by = system("assignment")
    actions.give_back_idle(by=by, at=at)
    actions.hand_on_orphans(by=by, at=at)
    actions.assign_waiting(by=by, at=at)


@job
def recount_clocks(payload: dict[str, Any], *, at: datetime) -> None:
    """All tickets after a change of what was promised (SLA-4), piece by piece; whoever looks sees how far it is.

    Between two pieces others write: SQLite gives its one lock to whoever asks at that moment, and who waits asks only now and then.
    """
    while not actions.recount(at=at):
        sleep(OTHERS_TURN)


@periodic(every=timedelta(days=1))
def take_over_holidays(payload: dict[str, Any], *, at: datetime) -> None:
    """Public holidays of the years to come."""
    for calendar in queries.calendars_in_full().exclude(country=""):
        actions.take_over_holidays(calendar, at=at)


@periodic(every=timedelta(hours=12))
def fetch_feeds(payload: dict[str, Any], *, at: datetime) -> None:
    """Days without service from addresses; one that can't be reached keeps what it had."""
    for feed in HolidayFeed.objects.order_by("pk"):
        actions.fetch_feed(feed, at=at)


@job
def do_ticket_work(payload: dict[str, Any], *, at: datetime) -> None:
    """One deed for many tickets, a few at a time; killed in the middle it goes on where it stood."""
    work = TicketWork.objects.select_related("person").filter(code=payload["work"]).first()
    if work is not None and work.finished_at is None:
        actions.go_on(work, by=Actor(ActorKind.PERSON, str(work.person), person_id=work.person_id), at=at)


@periodic(every=timedelta(minutes=1))
def wake_snoozed(payload: dict[str, Any], *, at: datetime) -> None:
    actions.wake_due(by=system("desk"), at=at)


@periodic(every=timedelta(minutes=5))
def time_rules(payload: dict[str, Any], *, at: datetime) -> None:
    actions.run_time_rules(at=at)


@periodic(every=timedelta(minutes=10))
def ask_whether_satisfied(payload: dict[str, Any], *, at: datetime) -> None:
    actions.ask_due(by=system("desk"), at=at)


@job
def send_scheduled(payload: dict[str, Any], *, at: datetime) -> None:
    actions.send_due(str(payload["code"]), at=at)
