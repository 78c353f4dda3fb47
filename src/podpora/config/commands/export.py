"""podpora export."""

import argparse
import os
import sys
from pathlib import Path

from podpora.base import clock
from podpora.config.commands import CommandFailed
from podpora.config.transfer.backup import snapshot
from podpora.journeys import exporting
from podpora.people.models import Customer

HELP = "Write all data in an open format (one zip of JSON lines and files); works while the system serves."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE", help="the zip file to write")
    parser.add_argument("--customer", default="", metavar="C-…", help="only what is kept of this customer, as he may have it")


def run(options: argparse.Namespace) -> int:
    target: Path = options.file
    if target.is_dir():
        raise CommandFailed(f"{target} is a folder; name a file.")
    parts, about = _wanted(options.customer)
    draft = target.with_name(target.name + ".part")
    try:
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    except OSError as error:
        raise CommandFailed(f"{target} cannot be written: {(error.strerror or str(error)).lower()}.") from None
    try:
        with os.fdopen(handle, "wb") as file, snapshot():
            manifest = exporting.write(file, parts, about=about, at=clock.now(), told=_tell)
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)
    rows = sum(part["rows"] for part in manifest["parts"].values())
    print(f"podpora: {rows} rows and {len(manifest['files'])} files written to {target}")
    return 0


def _wanted(code: str) -> tuple[list[exporting.Part], dict[str, str]]:
    if not code:
        return exporting.parts_of_everything(), {"about": "everything"}
    customer = Customer.objects.filter(code=code.strip().upper()).first()
    if customer is None:
        raise CommandFailed(f"there is no customer {code}; codes look like C-7Q4K92XM and stand on the customer's page.")
    return exporting.parts_of_customer(customer), {"about": f"customer:{customer.code}"}


def _tell(part: str) -> None:
    """Long work shows where it is."""
    if sys.stderr.isatty():
        print(f"podpora: {part} …", file=sys.stderr)
