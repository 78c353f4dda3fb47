"""podpora articles."""

import argparse
from pathlib import Path

from podpora.base import clock
from podpora.base.actors import system
from podpora.config.commands import CommandFailed
from podpora.knowledge import actions

HELP = "Load the articles that explain what the system refuses and why; those that are there stay as they are."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="load")
    load = verbs.add_parser("load", help="those that are not there yet")
    load.add_argument(
        "--from", dest="folder", type=Path, metavar="FOLDER", help="a folder with cs/ and en/ instead of those that come along"
    )


def run(options: argparse.Namespace) -> int:
    if options.folder is not None and not options.folder.is_dir():
        raise CommandFailed(f"{options.folder} is no folder.")
    made = actions.load_standard(options.folder, by=system("articles"), at=clock.now())
    print(f"podpora: {len(made)} articles loaded")
    return 0
