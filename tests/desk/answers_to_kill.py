"""Answers written for later, then sent by real workers. Run as a script: ANSWERS KILLS. At its end: what became of them."""

import sys
from collections import Counter
from datetime import timedelta

import django

django.setup()

from podpora.base import clock  # noqa: E402
from podpora.desk import actions  # noqa: E402
from podpora.desk.models import Message, Scheduled  # noqa: E402
from podpora.desk.values import ScheduledState, Side, Words  # noqa: E402
from podpora.mail.models import OutgoingMail  # noqa: E402
from tests.make import desk, people  # noqa: E402
from tests.make.killing import say, workers_to_kill  # noqa: E402


def main(answers: int, kills: int) -> None:
    at = clock.now()
    technician = people.staff(at=at)
    customer = people.person(at=at)
    for n in range(answers):
        ticket = desk.ticket(customer, at=at, subject=f"Question {n}")
        actions.schedule(ticket, Words(f"Answer {n}"), at + timedelta(seconds=1), by=people.actor(technician), at=at)
    waiting = Scheduled.objects.exclude(state=ScheduledState.SENT)
    workers_to_kill(kills, waiting.exists)
    said = Message.objects.filter(side=Side.STAFF, text__startswith="Answer ").values_list("text", flat=True)
    mailed = OutgoingMail.objects.filter(kind="ticket.answered", to_address=customer.email).count()
    say({"waiting": waiting.count(), "most": max(Counter(said).values(), default=0), "said": len(set(said)), "mailed": mailed})


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
