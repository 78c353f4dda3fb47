"""podpora search."""

import argparse

from podpora.base import clock
from podpora.config.commands import CommandFailed
from podpora.search import actions, queries
from podpora.search.values import kinds, source

HELP = "Show what the search index holds, or make it anew from what is stored."
AT_ONCE = 500


def add_arguments(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="show|rebuild")
    verbs.add_parser("show", help="how many documents of each kind")
    rebuild = verbs.add_parser("rebuild", help="read everything again; searching goes on meanwhile")
    rebuild.add_argument("--kind", help="only this kind")


def run(options: argparse.Namespace) -> int:
    if options.verb == "show":
        found = queries.counts()
        for kind in kinds():
            print(f"{kind}  {found.get(kind, 0)}")
        return 0
    if options.kind and options.kind not in kinds():
        raise CommandFailed(f"there is nothing of the kind {options.kind!r} to find; there are: {', '.join(kinds())}.")
    for kind in [options.kind] if options.kind else kinds():
        print(f"podpora: {kind}: {_rebuild(kind)} made anew")
    actions.learn_anew(at=clock.now())
    while actions.learn_words(at=clock.now()):
        pass
    print(f"podpora: {queries.vocabulary()} words known")
    return 0


def _rebuild(kind: str) -> int:
    """A few at a time, each in a transaction of its own, so that nobody waits for long."""
    count, last = 0, 0
    while refs := source(kind).refs(last, AT_ONCE):
        count += actions.index(kind, refs, at=clock.now())
        last = refs[-1]
    return count
