"""Lets mail in by one of its ways, in processes of which most are killed. Run as a script: WAY KILLS [ARGUMENT].

deliver   hands over mails as a mail server's pipe does, each again until its exit code is 0
poll      reads the mailbox of PODPORA_IMAP_URL, again and again, until a reader has lived
listen    serves SMTP on port ARGUMENT; the last server lives until standard input ends

At its end: JSON, what was kept.
"""

import contextlib
import json
import os
import random
import signal
import sys
import time
from collections.abc import Callable

import django

django.setup()

from django.db import connection  # noqa: E402

from podpora.base import clock  # noqa: E402
from podpora.config import fetching, listening, piping  # noqa: E402
from podpora.jobs.models import Job  # noqa: E402
from podpora.mail import actions, queries  # noqa: E402
from podpora.mail.models import IncomingMail, Mailbox  # noqa: E402
from podpora.mail.values import Source  # noqa: E402
from tests.make.killing import say  # noqa: E402

CHANCE = random.Random(11)
LARGE = 300_000  # bytes: such a mail is kept as a file


def started(work: Callable[[], int]) -> int:
    """The process id of a child that does this work; its exit code is what the work returns."""
    child = os.fork()
    if child:
        return child
    code = 70
    try:
        code = work()
    finally:
        os._exit(code)


def lived(work: Callable[[], int], *, after: float | None) -> int | None:
    """The exit code of the work, or None when it was killed in the middle: so many seconds after its begin."""
    child = started(work)
    until = None if after is None else time.monotonic() + after
    while until is not None and time.monotonic() < until:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.002)
    if until is not None:
        os.kill(child, signal.SIGKILL)
    status = os.waitpid(child, 0)[1]
    return None if os.WIFSIGNALED(status) else os.waitstatus_to_exitcode(status)


def took(work: Callable[[], int]) -> float:
    """How long the work takes when nobody kills it."""
    began = time.monotonic()
    assert lived(work, after=None) == 0
    return time.monotonic() - began


def deliver(kills: int) -> int:
    """How many of the kills hit."""
    hit = number = 0
    whole = min(took(lambda: piped(mail(-1))) for _ in range(3))
    while hit < kills:
        raw, number, code = mail(number), number + 1, None
        while code != 0:
            kill = CHANCE.random() * whole * 1.1 if hit < kills and CHANCE.random() < 0.8 else None
            code = lived(lambda raw=raw: piped(raw), after=kill)  # type: ignore[misc]
            hit += code is None
    return hit


def mail(number: int) -> bytes:
    more = b"x" * LARGE if number % 5 == 4 else b""
    return f"From: p@x.example\nSubject: Mail {number}\nMessage-ID: <kill-{number}@x.example>\n\nhello\n".encode() + more


def piped(raw: bytes) -> int:
    reading, writing = os.pipe()
    if os.fork() == 0:  # the mail server's side of the pipe, which a death of the reader does not harm
        os.close(reading)
        with contextlib.suppress(OSError), os.fdopen(writing, "wb") as pipe:
            pipe.write(raw)
        os._exit(0)
    os.close(writing)
    os.dup2(reading, 0)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    return piping.main(["mail", "deliver", "--to", "support@vendor.example"])


def poll(kills: int) -> int:
    hit, code = 0, None
    while code != 0 or hit < kills:
        code = lived(once, after=0.02 + CHANCE.random() * 0.25 if hit < kills else None)
        hit += code is None
        if code == 0 and hit < kills:  # all of it is read: from the beginning again, which must not double anything
            Mailbox.objects.update(last_uid=0)
            connection.close()
    return hit


def once() -> int:
    return 0 if fetching.poll_once(lambda _line: None) else 1


def listen(kills: int, port: int) -> int:
    address = listening.Address(Source.SMTP, "127.0.0.1", port)

    def serve() -> int:
        listening.Listener([address], "vendor.example").run(lambda _places: None)
        return 0

    for _ in range(kills):
        assert lived(serve, after=0.05 + CHANCE.random() * 0.15) is None
    last = started(serve)
    say("killed")
    sys.stdin.read()
    os.kill(last, signal.SIGTERM)
    assert os.waitpid(last, 0)[1] == 0
    return kills


def main(way: str, kills: int, argument: str = "") -> None:
    actions.ensure_mailboxes(at=clock.now())
    if way == "listen":
        Mailbox.objects.create(address="support@vendor.example", created_at=clock.now())
    connection.close()
    match way:
        case "deliver":
            hit = deliver(kills)
        case "poll":
            hit = poll(kills)
        case _:
            hit = listen(kills, int(argument))
    ids = list(IncomingMail.objects.values_list("message_id", flat=True))
    jobs = Job.objects.filter(name="podpora.config.jobs.read_mail").count()
    whole = all(len(queries.raw_of(one)) == one.size for one in IncomingMail.objects.all())
    say(json.dumps({"hit": hit, "ids": ids, "jobs": jobs, "is_whole": whole}))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), *sys.argv[3:])
