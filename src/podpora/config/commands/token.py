"""`podpora token create --name NAME --scope SCOPE[,SCOPE]|all [--person EMAIL]`: prints the token alone."""

import argparse

from podpora.base import clock
from podpora.base.actors import system
from podpora.base.errors import InvalidInput
from podpora.config.commands import CommandFailed
from podpora.people import actions, queries
from podpora.people.values import ALL_SCOPES, SCOPES

HELP = "Make an API token. Only the token is printed; it is shown this once."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="create")
    create = verbs.add_parser("create", help=HELP)
    create.add_argument("--name", required=True, help="what the token is for")
    create.add_argument("--scope", required=True, help=f"all, or some of: {', '.join(SCOPES)}")
    create.add_argument("--person", default="", metavar="EMAIL", help="the token may do and see exactly what this person may")


def run(options: argparse.Namespace) -> int:
    person = None
    if options.person:
        person = queries.person_by_email(options.person)
        if person is None or not person.is_active:
            raise CommandFailed(f"there is no person with the address {options.person}")
    scopes = [scope.strip() for scope in options.scope.split(",") if scope.strip()]
    try:
        secret = actions.create_token(options.name, scopes, person, by=system("podpora token"), at=clock.now())
    except InvalidInput as problem:
        if "scopes" in problem.fields:
            known = ", ".join((ALL_SCOPES, *SCOPES))
            raise CommandFailed(f"unknown scope in {options.scope!r}: choose from {known}") from None
        raise
    print(secret)
    return 0
