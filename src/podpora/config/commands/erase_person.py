"""`podpora erase-person EMAIL --yes`: forgets who a person was."""

import argparse

from podpora.base import clock
from podpora.base.actors import system
from podpora.config.commands import CommandFailed
from podpora.journeys import erasing
from podpora.people import queries

HELP = "Forget a person's name, addresses, mails, sessions and tokens. Issued invoices and what was written in tickets stay."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("email", help="the person's address")
    parser.add_argument("--yes", action="store_true", help="really do it; it can't be undone")


def run(options: argparse.Namespace) -> int:
    person = queries.person_by_email(options.email)
    if person is None:
        raise CommandFailed(f"there is no person with the address {options.email}")
    if not options.yes:
        raise CommandFailed(f"{person.code} ({person.email}) would be erased for ever: add --yes to do it")
    erasing.erase_person(person, by=system("podpora erase-person"), at=clock.now())
    print(f"podpora: {person.code} is erased. Kept: issued invoices, and what was written in tickets.")
    return 0
