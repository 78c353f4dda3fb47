"""podpora worker."""

import argparse
import signal
import threading
from types import FrameType

from podpora.base import clock
from podpora.jobs import actions

HELP = "Run background jobs until told to stop: mail, periodic work, whatever pages and the API queued."


def threads(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 32:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 1 to 32")
    return int(text)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--once", action="store_true", help="run what is due now, then end")
    parser.add_argument("--queue", default="", help="only this queue (default: all)")
    parser.add_argument("--threads", type=threads, default=1, help="jobs at the same time (default 1)")


def run(options: argparse.Namespace) -> int:
    if options.once:
        at = clock.now()
        actions.enqueue_periodic(at=at)
        count = actions.run_due(at=at, queue=options.queue)
        print(f"podpora: {count} job{'' if count == 1 else 's'} ran.")
        return 0
    stop = threading.Event()
    _stop_on_signals(stop)
    others = [
        threading.Thread(target=actions.run_forever, args=(stop,), kwargs={"queue": options.queue})
        for _ in range(options.threads - 1)
    ]
    if not options.queue:
        others.append(threading.Thread(target=_fetch_mail, args=(stop,)))
    for thread in others:
        thread.start()
    try:
        actions.run_forever(stop, queue=options.queue)
    finally:
        stop.set()
        for thread in others:
            thread.join()
    return 0


def _fetch_mail(stop: threading.Event) -> None:
    """Mailboxes on IMAP servers, beside the jobs: a slow server holds up nobody."""
    from podpora.config.fetching import Fetcher

    Fetcher(stop).run()


def _stop_on_signals(stop: threading.Event) -> None:
    """The first signal lets the running job finish; a second one ends at once (the lease brings the job back)."""

    def on_signal(number: int, _frame: FrameType | None) -> None:
        signal.signal(number, signal.SIG_DFL)
        stop.set()

    signal.signal(signal.SIGTERM, on_signal)
    signal.signal(signal.SIGINT, on_signal)
