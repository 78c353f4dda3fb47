"""podpora seed."""

import argparse
import time
from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from django.conf import settings
from django.db import connection, transaction

from podpora.base import clock
from podpora.base.actors import system
from podpora.config import serving
from podpora.config.commands import CommandFailed
from podpora.config.demo.catalogue import make_catalogue
from podpora.config.seed import bulk
from podpora.config.seed.chance import Chance
from podpora.config.seed.companies import make_company
from podpora.config.seed.orders import make_orders
from podpora.config.seed.owners import make_owners
from podpora.config.seed.tickets import make_tickets
from podpora.config.seed.topics import make_topics
from podpora.people.models import Customer

T = TypeVar("T")

HELP = "Make large synthetic data for measuring. Only in a demo or an empty database."


def number(text: str) -> int:
    """How many, for argparse."""
    if not text.isascii() or not text.isdigit() or int(text) > 10_000_000:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 0 to 10000000")
    return int(text)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    for noun in ("licences", "tickets", "orders", "topics", "posts"):
        parser.add_argument(f"--{noun}", type=number, default=0, metavar="N")
    parser.add_argument("--devices", type=number, default=0, metavar="N", help="of one company, on licences of 500 seats")
    parser.add_argument("--seed", type=number, default=1, help="another number makes other data")


def run(options: argparse.Namespace) -> int:
    serving.ensure_data_folder()
    serving.prepare_database()
    fill(options)
    return 0


def fill(options: argparse.Namespace) -> None:
    """Make what was asked for, in one transaction."""
    if not settings.DEMO and Customer.objects.exists():
        raise CommandFailed(
            "This database holds real customers: synthetic data is made only with PODPORA_DEMO=1 or in an empty database."
        )
    bulk.prepare()
    at = clock.now()
    chance = Chance(options.seed, at)
    with transaction.atomic():
        _make(options, chance, at=at)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _make(options: argparse.Namespace, chance: Chance, *, at: datetime) -> None:
    product = make_catalogue(by=system("seed"), at=at)
    if n := options.devices:
        company = _timed(f"a company with {n} devices", lambda: make_company(product, n, chance, by=system("seed"), at=at))
        print(f"podpora: {company.email} owns it", flush=True)
    topics = options.topics or -(-options.posts // 5)
    if not (options.licences or options.tickets or options.orders or topics):
        return
    wanted = options.licences or min(max(options.tickets // 10, options.orders // 2, topics // 10, 1), 10_000)
    owners = _timed(f"{wanted} customers with a licence", lambda: make_owners(product, wanted, chance))
    if options.tickets:
        _timed(f"{options.tickets} tickets", lambda: make_tickets(owners, options.tickets, chance))
    if options.orders:
        _timed(f"{options.orders} orders", lambda: make_orders(owners, options.orders, chance))
    if topics:
        posts = max(options.posts, topics)
        _timed(f"{topics} topics with {posts} posts", lambda: make_topics(owners, topics, posts, chance))


def _timed(what: str, make: Callable[[], T]) -> T:
    begin = time.monotonic()
    made = make()
    print(f"podpora: {what} in {time.monotonic() - begin:.1f} s", flush=True)
    return made
