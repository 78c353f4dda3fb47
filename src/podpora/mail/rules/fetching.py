"""How long a mailbox waits that can't be reached, and which part of a folder is asked for next."""

import os
import re
import socket
from collections.abc import Iterable
from datetime import timedelta

FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(minutes=15)
WINDOW = 1_000  # UIDs in one question: an answer is a line for each mail
_CHANGE = re.compile(rb"\* (\d{1,10}) (EXISTS|EXPUNGE)\b", re.IGNORECASE)


def wait_after(failures: int) -> timedelta:
    """30 seconds, doubling, never more than 15 minutes."""
    return min(FIRST_WAIT * (1 << min(max(failures, 1) - 1, 10)), LONGEST_WAIT)


def windows(last_uid: int, uid_next: int) -> list[tuple[int, int]]:
    """The UIDs behind `last_uid`, in pieces: [(first, last)]; without `uid_next` (0) one piece without an end (last 0)."""
    if not uid_next:
        return [(last_uid + 1, 0)]
    return [(first, min(first + WINDOW, uid_next) - 1) for first in range(last_uid + 1, uid_next, WINDOW)]


def news(lines: Iterable[bytes], mails: int) -> tuple[bool, int]:
    """What a server tells that is listened to: is there new mail in this folder of so many `mails`, and how many it has now.

    A server that only repeats how many there are tells nothing new.
    """
    is_new = False
    for line in lines:
        found = _CHANGE.match(line)
        if found and found[2].upper() == b"EXPUNGE":
            mails -= 1
        elif found:
            is_new, mails = is_new or int(found[1]) > mails, int(found[1])
    return is_new, mails


def is_goodbye(said: str) -> bool:
    """Did the server itself end the line (BYE, RFC 3501 7.1.5)? Otherwise the line broke, which is no matter of the mail that was asked for."""
    return "socket error" not in said and "EOF" not in said


def reader_name(chance: str) -> str:
    """Names one reader: host, process and chance."""
    return f"{socket.gethostname()[:40]}:{os.getpid()}:{chance}"


def has_died(reader: str) -> bool:
    """Was this reader a process of this machine that is no more? Then nobody has to wait for its lease to run out."""
    host, _, rest = reader.partition(":")
    pid = rest.partition(":")[0]
    if host != socket.gethostname()[:40] or not pid.isdigit():
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except OSError:
        return False
    return False
