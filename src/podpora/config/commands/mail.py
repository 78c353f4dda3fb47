"""`podpora mail`: what mail software and operators do with mail."""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from podpora.base.clock import format_instant
from podpora.config.commands import CommandFailed
from podpora.mail.rules.parsing import ParsedMail, parse

HELP = "Read mails."
LARGEST = 100 * 1024 * 1024


def add_arguments(parser: argparse.ArgumentParser) -> None:
    what = parser.add_subparsers(dest="what", required=True, metavar="COMMAND")
    parsing = what.add_parser("parse", help="show how mails are read, one JSON object a line; touches no database")
    parsing.add_argument("files", nargs="+", metavar="FILE", help="a raw mail (RFC 5322); - is standard input")


def run(options: argparse.Namespace) -> None:
    for name in options.files:
        print(json.dumps(described(name, _read(name)), ensure_ascii=True), flush=True)


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
