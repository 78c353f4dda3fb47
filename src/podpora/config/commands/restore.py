"""podpora restore."""

import argparse
from pathlib import Path

from podpora.config import serving
from podpora.config.transfer.restore import restore

HELP = "Read a backup into an empty database of either engine. Stop the server first."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE", help="a file that `podpora backup` wrote")
    parser.add_argument("--force", action="store_true", help="replace everything that is in the database now")


def run(options: argparse.Namespace) -> int:
    serving.ensure_data_folder()
    manifest = restore(options.file, force=options.force)
    rows = sum(table["rows"] for table in manifest["tables"].values())
    print(f"podpora: {rows} rows and {len(manifest['files'])} files restored and verified; mail of the backup is held back.")
    for told in manifest["numbers"]:
        print(
            f"podpora: invoices of series {told} were issued after this backup and are not in it; their numbers are not used again."
        )
    return 0
