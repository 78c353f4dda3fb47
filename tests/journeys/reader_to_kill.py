"""Stores mails, then lets real workers read them. Run as a script: MAILS KILLS. At its end: JSON, what became of the mails."""

import sys

import django

django.setup()

from podpora.base import clock  # noqa: E402
from podpora.desk.models import Message, Ticket  # noqa: E402
from podpora.mail.actions import store_incoming  # noqa: E402
from podpora.mail.models import IncomingMail, OutgoingMail  # noqa: E402
from tests.make.killing import say, workers_to_kill  # noqa: E402
from tests.make.posted import raw_mail  # noqa: E402


def main(mails: int, kills: int) -> None:
    for n in range(mails):
        raw = raw_mail(f"Mail {n}", sender=f"p{n}@x.example", message_id=f"<{n}@x.example>", files=(("a.txt", b"line"),))
        store_incoming(raw, source="pipe", at=clock.now())
    workers_to_kill(kills, IncomingMail.objects.exclude(state="ticketed").exists, queue="default")
    told = {
        "states": sorted(set(IncomingMail.objects.values_list("state", flat=True))),
        "tickets": Ticket.objects.count(),
        "messages": Message.objects.exclude(mail="").count(),
        "different": Message.objects.exclude(mail="").values("mail").distinct().count(),
        "receipts": OutgoingMail.objects.filter(kind="ticket.received").count(),
    }
    say(told)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
