"""podpora keys."""

import argparse
from datetime import timedelta

from podpora.base import clock
from podpora.base.actors import system
from podpora.base.clock import format_instant
from podpora.catalog import queries as catalog
from podpora.catalog.models import Product
from podpora.config.commands import CommandFailed
from podpora.licensing import actions, queries

HELP = "Show the keys that sign certificates, or let a new one sign from now on."
OVERLAP = 90


def add_arguments(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="list|rotate")
    verbs.add_parser("list", help="all keys: the active one, and older ones with the day until which they are accepted")
    rotate = verbs.add_parser("rotate", help="make a new key; the old one announces it with its signature")
    rotate.add_argument(
        "--overlap-days", type=int, default=OVERLAP, help=f"so long the old key's certificates are accepted ({OVERLAP} days)"
    )


def run(options: argparse.Namespace) -> int:
    if options.verb == "rotate":
        _rotate(options.overlap_days)
    else:
        _list()
    return 0


def _list() -> None:
    rows = list(queries.signing_keys())
    if not rows:
        print("podpora: no key yet; the first certificate makes it, or: podpora keys rotate")
    for row in rows:
        until = f"accepted until {format_instant(row.expires_at)}" if row.expires_at else "signs"
        print(f"{row.kid}  {row.state:<8}  made {format_instant(row.created_at)}  {until}")


def _rotate(days: int) -> None:
    """Programs hold certificates until their lease ends, so the old key has to be accepted at least that long."""
    lease = max((catalog.policy_of(product).lease_days for product in Product.objects.all()), default=30)
    if not lease <= days <= 3650:
        raise CommandFailed(f"--overlap-days must be {lease} (the lease of a certificate) to 3650.")
    row = actions.rotate_signing_key(overlap=timedelta(days=days), by=system("podpora keys"), at=clock.now())
    print(f"podpora: {row.kid} signs from now on; the key before it is accepted for {days} days more.")
