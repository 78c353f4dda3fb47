"""podpora init."""

import argparse
import getpass
import re
import sys

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from podpora.base import clock
from podpora.base.actors import system
from podpora.catalog import actions as catalog
from podpora.catalog.models import Product
from podpora.config import serving
from podpora.config.commands import CommandFailed
from podpora.knowledge import actions as knowledge
from podpora.licensing import actions as licensing
from podpora.people import actions as people
from podpora.people import queries
from podpora.people.models import Person
from podpora.people.values import StaffRole
from podpora.search import actions as search

HELP = "Set up a new installation: first manager, product, signing key. Asks for what the options do not say."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--email", default="", help="the manager's address")
    parser.add_argument("--name", default="", help="the manager's name")
    parser.add_argument(
        "--password-file", type=argparse.FileType("r"), metavar="FILE", help="file with the manager's password (- reads it)"
    )
    parser.add_argument("--product", default="", metavar="CODE", help="short code of the product: letters, digits, hyphens")
    parser.add_argument("--product-name", default="", metavar="NAME", help="the product's name")


def run(options: argparse.Namespace) -> int:
    serving.ensure_data_folder()
    serving.prepare_database()
    if Person.objects.filter(staff_role=StaffRole.MANAGER, is_active=True).exists():
        raise CommandFailed("This installation has a manager already; he invites others on the office's pages.")
    email = options.email or _ask("Manager's e-mail address", "--email")
    name = options.name or _ask("Manager's name", "--name")
    password = options.password_file.read().strip() if options.password_file else _ask_password()
    _check_password(password, email)
    product_name = options.product_name or _ask("Name of your product", "--product-name")
    product = options.product or _code_from(product_name)
    _make(email, name, password, product, product_name)
    print(f"podpora: {email} is the manager, {product_name} the product, and a signing key is there. Next: podpora serve")
    return 0


@transaction.atomic
def _make(email: str, name: str, password: str, product: str, product_name: str) -> None:
    by, at = system("podpora init"), clock.now()
    if queries.person_by_email(email):
        raise CommandFailed(f"There is a person with the address {email} already.")
    people.create_person(email, name, password=password, staff_role=StaffRole.MANAGER, by=by, at=at)
    if not Product.objects.filter(code=product).exists():
        made = catalog.create_product(product, product_name, by=by, at=at)
        catalog.create_edition(made, "free", "FREE", features={}, by=by, at=at)
        catalog.create_edition(made, "pro", "PRO", features={}, by=by, at=at)
    licensing.ensure_signing_key(by=by, at=at)
    knowledge.load_standard(by=by, at=at)
    search.load_alike(at=at)


def _ask(question: str, option: str) -> str:
    if not sys.stdin.isatty():
        raise CommandFailed(f"{question} is missing: give {option}.")
    while not (answer := input(f"{question}: ").strip()):
        pass
    return answer


def _ask_password() -> str:
    if not sys.stdin.isatty():
        raise CommandFailed("The manager's password is missing: give --password-file.")
    password = getpass.getpass("Manager's password: ")
    if password != getpass.getpass("Once more: "):
        raise CommandFailed("The two passwords differ.")
    return password


def _check_password(password: str, email: str) -> None:
    try:
        validate_password(password, Person(email=email))
    except ValidationError as problem:
        raise CommandFailed(" ".join(problem.messages)) from None


def _code_from(name: str) -> str:
    """`Our Program 2` -> `our-program-2`."""
    code = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
    if not code:
        raise CommandFailed("The product needs a code in Latin letters: give --product.")
    return code[:40]
