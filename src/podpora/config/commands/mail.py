"""`podpora mail`: what mail software and operators do with mail."""

import argparse
import json
import signal
import ssl
import sys
import threading
from email.utils import parseaddr
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import DatabaseError, connection

from podpora.base import clock
from podpora.base.clock import format_instant
from podpora.config.commands import CommandFailed
from podpora.mail import actions, queries
from podpora.mail.rules.parsing import ParsedMail, parse
from podpora.mail.values import Source

if TYPE_CHECKING:
    from podpora.config import listening

HELP = "Mail on its way in: from a pipe, by SMTP and LMTP, from IMAP servers; and how mails are read."
LARGEST = 100 * 1024 * 1024
DEFAULT_SMTP = "127.0.0.1:2525"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    what = parser.add_subparsers(dest="what", required=True, metavar="COMMAND")
    what.add_parser("deliver", help="keep one mail from standard input (for a mail server's pipe)")  # config/piping.py
    listen = what.add_parser("listen", help="take mail by SMTP and LMTP for the addresses of the mailboxes")
    listen.add_argument(
        "--smtp", action="append", default=[], metavar="HOST:PORT", help=f"(default without --lmtp: {DEFAULT_SMTP})"
    )
    listen.add_argument("--lmtp", action="append", default=[], metavar="HOST:PORT|/PATH", help="a port, or the path of a socket")
    listen.add_argument("--tls-cert", metavar="FILE", help="a certificate chain (PEM): then STARTTLS is offered")
    listen.add_argument("--tls-key", metavar="FILE", help="its private key, if it is not in the same file")
    poll = what.add_parser("poll", help="fetch the mailboxes that have an IMAP server; workers do it by themselves")
    poll.add_argument("--once", action="store_true", help="what is there now, then end")
    parsing = what.add_parser("parse", help="show how mails are read, one JSON object a line; touches no database")
    parsing.add_argument("files", nargs="+", metavar="FILE", help="a raw mail (RFC 5322); - is standard input")


def run(options: argparse.Namespace) -> None:
    match options.what:
        case "parse":
            for name in options.files:
                print(json.dumps(described(name, _read(name)), ensure_ascii=True), flush=True)
        case "listen":
            _listen(options)
        case "poll":
            _poll(options)


def _listen(options: argparse.Namespace) -> None:
    from podpora.config import listening

    addresses = [_address(Source.SMTP, text) for text in options.smtp] + [_address(Source.LMTP, text) for text in options.lmtp]
    addresses = addresses or [_address(Source.SMTP, DEFAULT_SMTP)]
    try:
        actions.ensure_mailboxes(at=clock.now())
    except DatabaseError as problem:  # it may come back while we listen; until then every mail is put off
        print(f"podpora: the database is away: {' '.join(str(problem).split())}", file=sys.stderr)
    finally:
        connection.close()
    hostname = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2]
    try:
        listening.Listener(addresses, hostname, _certificate(options)).run(_say_where)
    except OSError as problem:
        raise CommandFailed(f"Nothing can be listened to there: {(problem.strerror or str(problem)).lower()}.") from None


def _poll(options: argparse.Namespace) -> None:
    from podpora.config import fetching

    actions.ensure_mailboxes(at=clock.now())
    if not queries.mailboxes().exclude(imap_host="").exists():
        raise CommandFailed("No mailbox is fetched: name a server in Office, Mailboxes, or in PODPORA_IMAP_URL.")
    if options.once:
        if not fetching.poll_once(lambda line: print(f"podpora: {line}", flush=True)):
            raise CommandFailed("Not every mailbox could be read.")
        return
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: stop.set())
    fetching.Fetcher(stop).run()


def _say_where(places: list[str]) -> None:
    for place in places:
        print(f"podpora: listening for {place}", flush=True)


def _address(protocol: Source, text: str) -> "listening.Address":
    """`HOST:PORT`, `[::1]:PORT`, or for LMTP the path of a socket. Port 0: any free one."""
    from podpora.config import listening

    if protocol is Source.LMTP and text.startswith("/"):
        return listening.Address(protocol, path=text)
    host, colon, port = text.rpartition(":")
    if not colon or not port.isascii() or not port.isdigit() or int(port) > 65_535 or ("]" in port or not host.strip("[]")):
        raise CommandFailed(f"{text!r} is not an address to listen on; write HOST:PORT, for example 127.0.0.1:2525.")
    return listening.Address(protocol, host.strip("[]"), int(port))


def _certificate(options: argparse.Namespace) -> ssl.SSLContext | None:
    if not options.tls_cert:
        return None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    try:
        context.load_cert_chain(options.tls_cert, options.tls_key or None)
    except (OSError, ssl.SSLError) as problem:
        raise CommandFailed(f"The certificate {options.tls_cert} can't be used: {problem}") from None
    return context


def _read(name: str) -> bytes:
    try:
        if name == "-":
            return sys.stdin.buffer.read(LARGEST)
        with Path(name).open("rb") as file:
            return file.read(LARGEST)
    except OSError as problem:
        raise CommandFailed(f"{name} can't be read: {problem.strerror}") from None


def described(name: str, raw: bytes) -> dict[str, Any]:
    """One mail as JSON (docs/reference/mail.md)."""
    try:
        mail, error = parse(raw), None
    except Exception as problem:  # the promise is that it never raises; if it does, this says so
        mail, error = ParsedMail(), f"{type(problem).__name__}: {problem}"[:200]
    return {
        "file": name, "from": _written(mail.sender), "to": [_written(box) for box in mail.to], "cc": [_written(box) for box in mail.cc],
        "reply_to": [_written(box) for box in mail.reply_to], "subject": mail.subject,
        "date": format_instant(mail.date) if mail.date else None, "message_id": mail.message_id or None,
        "in_reply_to": " ".join(mail.in_reply_to) or None, "references": list(mail.references), "auto_submitted": bool(mail.automatic),
        "bounce": {"recipient": mail.bounce.recipient, "status": mail.bounce.status} if mail.bounce else None, "text": mail.text,
        "html": mail.html_to_show, "reply_text": mail.reply_text,
        "attachments": [
            {
                "name": file.name, "content_type": file.content_type, "size": len(file.content), "inline": file.inline,
                "content_id": file.content_id or None,
            }
            for file in mail.files
        ],
        "warnings": list(mail.warnings), "error": error,
    }  # fmt: skip


def _written(box: Any) -> dict[str, str] | None:
    return {"address": box.address, "name": box.name} if box else None
