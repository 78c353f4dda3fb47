"""`podpora mail deliver`: one mail from a mail server's pipe. The exit code decides about the mail (sysexits.h):

0   it is kept here: the mail server may forget it
65  this is no mail, or it is too large: it goes back to its sender
75  try again later: whatever else went wrong, also our own mistakes. The mail server keeps it.
"""

import argparse
import os
import sys
from collections.abc import Sequence
from typing import BinaryIO

OK, NO_MAIL, LATER = 0, 65, 75
LARGEST = 50 * 1024 * 1024


def wants(arguments: Sequence[str]) -> bool:
    """Is this the command? It has its own settings and its own way to fail."""
    return [one for one in arguments if not one.startswith("-")][:2] == ["mail", "deliver"]


def main(arguments: Sequence[str]) -> int:
    """The exit code. Never raises: a traceback's exit code would send the mail back to its sender."""
    try:
        return _deliver(arguments)
    except SystemExit as end:  # a setting, or a wrong option of the pipe: not the mail's fault
        if isinstance(end.code, str):
            return _say(end.code.removeprefix("podpora: "), LATER)
        return LATER if end.code else OK
    except Exception as problem:
        return _say(f"The mail could not be kept now: {type(problem).__name__}: {' '.join(str(problem).split())}"[:500], LATER)


def _deliver(arguments: Sequence[str]) -> int:
    options = _parser().parse_args(arguments[list(arguments).index("deliver") + 1 :])
    raw = _read(sys.stdin.buffer)
    os.environ["DJANGO_SETTINGS_MODULE"] = "podpora.config.light"
    import django

    django.setup()
    from podpora.base import clock
    from podpora.mail import actions
    from podpora.mail.rules import envelope

    if len(raw) > LARGEST:
        return _say(f"This mail is larger than {LARGEST // 1024 // 1024} MB, which is the most that is taken.", NO_MAIL)
    if not envelope.is_mail(raw):
        return _say("This is not a mail: it has no header.", NO_MAIL)
    at = clock.now()
    actions.ensure_mailboxes(at=at)
    recipients = options.to or envelope.recipients(raw)
    sender = envelope.return_path(raw) if options.sender is None else options.sender
    stored = actions.receive(raw, source="pipe", envelope_from=sender, recipients=recipients, at=at)
    print(" ".join(one.code for one in stored))
    return OK


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="podpora mail deliver", description="Keep one mail (RFC 5322) from standard input.")
    parser.add_argument("--to", action="append", metavar="ADDRESS", help="whom it was sent to (default: what its headers say)")
    parser.add_argument("--from", dest="sender", metavar="ADDRESS", help="the envelope's sender (default: Return-Path)")
    return parser


def _read(source: BinaryIO) -> bytes:
    """The whole mail, or one byte more than is taken."""
    parts, size = [], 0
    while size <= LARGEST and (part := source.read(min(1024 * 1024, LARGEST + 1 - size))):
        parts.append(part)
        size += len(part)
    return b"".join(parts)


def _say(sentence: str, code: int) -> int:
    print(f"podpora: {sentence}", file=sys.stderr)
    return code
