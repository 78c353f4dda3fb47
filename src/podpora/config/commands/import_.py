"""podpora import."""

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import transaction

from podpora.base import clock
from podpora.base.actors import system
from podpora.config import discourse
from podpora.config.commands import CommandFailed
from podpora.config.importing import Parts, Report, opened
from podpora.journeys import importing
from podpora.journeys.importing import Done

HELP = "Bring customers, orders, licences, tickets and a forum in from another system, or from an export. Safe to run again."
SHOWN_EVERY = 500


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "file",
        type=Path,
        metavar="FILE",
        help="customers.csv, tickets.csv, topics.csv …, a JSON file, an export's zip, or a folder",
    )
    parser.add_argument(
        "--from", dest="source", choices=("discourse",), default="", help="the system that wrote the file or the folder"
    )
    parser.add_argument("--site", default="", metavar="URL", help="address of the old forum: links to it become links to here")
    parser.add_argument("--uploads", type=Path, metavar="FOLDER", help="its pictures and files (uploads/ of a Discourse backup)")
    parser.add_argument(
        "--what", choices=tuple(importing.NOUNS), default="", help="what is in the file, when its name does not say"
    )
    parser.add_argument("--dry-run", action="store_true", help="say row by row what would happen; write nothing")
    parser.add_argument("--report", type=Path, metavar="FILE", help="where the report goes (FILE.report.csv)")


def run(options: argparse.Namespace) -> int:
    report = Report(None if options.dry_run else options.report or options.file.with_name(options.file.name + ".report.csv"))
    try:
        with _parts(options) as parts:
            if options.dry_run:
                _try(parts, report)
            else:
                _bring_in(parts, report, print_all=False)
    finally:
        report.close()
    made, known, refused, left_out = (report.counts[name] for name in ("made", "known", "refused", "left_out"))
    told = f"{made} {'would be ' if options.dry_run else ''}made, {known} known, {refused} refused"
    told += f", {left_out} left out" if left_out else ""
    if refused:
        raise CommandFailed(f"{told}; mend the refused rows and import the file again: what is in stays as it is.")
    print(f"podpora: {told}")
    return 0


@contextmanager
def _parts(options: argparse.Namespace) -> Iterator[Parts]:
    if not options.source:
        with opened(options.file, options.what) as parts:
            yield parts
        return
    if not options.file.exists():
        raise CommandFailed(f"{options.file} does not exist.")
    if options.uploads is not None and not options.uploads.is_dir():
        raise CommandFailed(f"{options.uploads} is not a folder.")
    found = discourse.parts(options.file, site=options.site, uploads=options.uploads)
    yield [part for part in found if options.what in ("", part[0])]


def _try(parts: Parts, report: Report) -> None:
    """Everything as it would be, then taken back as a whole: rows may name what earlier rows bring."""
    with transaction.atomic():
        _bring_in(parts, report, print_all=True)
        transaction.set_rollback(True)


def _bring_in(parts: Parts, report: Report, *, print_all: bool) -> None:
    by = system("podpora import")
    for noun, rows, sources in parts:
        for count, done in enumerate(importing.bring_in(noun, rows, sources, by=by, at=clock.now()), start=1):
            if noun in importing.QUIET:
                continue
            report.tell(noun, done)
            if print_all or done.result in ("refused", "left_out") or done.why:
                _print(noun, done)
            elif count % SHOWN_EVERY == 0:
                print(f"podpora: {noun}: {count} rows", file=sys.stderr)


def _print(noun: str, done: Done) -> None:
    where = f"{noun} {done.number}" + (f" ({done.external_id})" if done.external_id else "")
    if done.result in ("made", "known"):
        print(f"{where}: {done.result} {done.code}")
    for field, problem in dict(done.fields).items():
        print(f"{where}: {field}: {problem}")
    if done.why:
        print(f"{where}: {'left out: ' if done.result != 'refused' else ''}{done.why}")
