"""Stores mails and starts real workers one after another, each to be killed by the test. Run as a script.

Standard output: the process id of each worker; at the end a line of JSON that says what became of the mails.
"""

import json
import os
import sys
import threading
from datetime import timedelta

import django

django.setup()

from django.db import connection  # noqa: E402

from podpora.base import clock  # noqa: E402
from podpora.desk.models import Message, Ticket  # noqa: E402
from podpora.jobs.actions import run_forever  # noqa: E402
from podpora.mail.actions import store_incoming  # noqa: E402
from podpora.mail.models import IncomingMail, OutgoingMail  # noqa: E402
from tests.make.posted import raw_mail  # noqa: E402


def worker() -> None:
    stop = threading.Event()
    threading.Thread(target=_stop_when_all_is_read, args=(stop,), daemon=True).start()
    run_forever(stop, queue="default")


def _stop_when_all_is_read(stop: threading.Event) -> None:
    while IncomingMail.objects.exclude(state="ticketed").exists():
        stop.wait(0.2)
    connection.close()
    stop.set()


def main(mails: int, kills: int) -> None:
    for n in range(mails):
        raw = raw_mail(f"Mail {n}", sender=f"p{n}@x.example", message_id=f"<{n}@x.example>", files=(("a.txt", b"line"),))
        store_incoming(raw, source="pipe", at=clock.now())
    for life in range(kills + 1):
        connection.close()
        child = os.fork()
        if child == 0:
            if life == kills:  # the leases of the killed have run out by then
                clock.start_at(clock.now() + timedelta(hours=1))
            worker()
            os._exit(0)
        sys.stdout.write(f"{child}\n")
        sys.stdout.flush()
        os.waitpid(child, 0)
    told = {
        "states": sorted(set(IncomingMail.objects.values_list("state", flat=True))),
        "tickets": Ticket.objects.count(),
        "messages": Message.objects.exclude(mail="").count(),
        "different": Message.objects.exclude(mail="").values("mail").distinct().count(),
        "receipts": OutgoingMail.objects.filter(kind="ticket.received").count(),
    }
    sys.stdout.write(f"{json.dumps(told)}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
