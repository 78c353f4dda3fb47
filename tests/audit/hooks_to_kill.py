"""Announces events and starts real workers one after another, each to be killed by the test. Run as a script: URL EVENTS KILLS.

Standard output: the process id of each worker; a line `done` when nothing waits any more.
"""

import os
import sys
import threading
from datetime import timedelta

import django

django.setup()

from django.db import connection  # noqa: E402

from podpora.audit import actions  # noqa: E402
from podpora.audit.actions import WebhookFacts  # noqa: E402
from podpora.audit.models import Delivery  # noqa: E402
from podpora.base import clock  # noqa: E402
from podpora.base.actors import system  # noqa: E402
from podpora.jobs.actions import run_forever  # noqa: E402


def worker() -> None:
    stop = threading.Event()
    threading.Thread(target=_stop_when_all_is_sent, args=(stop,), daemon=True).start()
    run_forever(stop)


def _stop_when_all_is_sent(stop: threading.Event) -> None:
    while Delivery.objects.filter(state="waiting").exists():
        stop.wait(0.2)
    connection.close()
    stop.set()


def main(url: str, events: int, kills: int) -> None:
    actions.create_webhook(WebhookFacts(url), by=system("tests"), at=clock.now())
    for n in range(events):
        actions.announce("licence.limit_reached", {"licence": f"L-{n}", "seats": 1}, at=clock.now())
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
    sys.stdout.write("done\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
