"""podpora backup."""

import argparse
from pathlib import Path

from podpora.base import clock
from podpora.config.transfer.backup import backup

HELP = "Write all data, uploads and keys to one file; works while the system serves."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE", help="the zip file to write")


def run(options: argparse.Namespace) -> int:
    manifest = backup(options.file, at=clock.now())
    rows = sum(table["rows"] for table in manifest["tables"].values())
    print(f"podpora: {rows} rows and {len(manifest['files'])} files written to {options.file}")
    return 0
