"""Files that `podpora import` reads: CSV or JSON of one noun or of several, or the zip that `podpora export` wrote; and its report."""

import csv
import io
import json
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

from podpora.config.commands import CommandFailed
from podpora.journeys import exporting, importing
from podpora.journeys.exporting.archive import lines_of
from podpora.journeys.importing import Done, Row, Sources
from podpora.journeys.importing.running import FIELDS

Rows = Iterator[tuple[int, Row]]
Parts = list[tuple[str, Rows, Sources]]
NESTED = ("lines", "money", "ledger", "messages", "penalties", "following", "files", "older")  # what no cell of a table can say
REPORT = ("file", "row", "external_id", "result", "code", "field", "problem")
LONGEST_LINE = 4 * 1024 * 1024


@contextmanager
def opened(path: Path, what: str) -> Iterator[Parts]:
    """What there is to bring in: (noun, rows, files) in the order in which it has to be brought in."""
    if not path.is_file():
        raise CommandFailed(f"{path} does not exist.")
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            yield list(_of_archive(archive, path, what))
        return
    if path.suffix.lower() == ".json":
        yield list(_of_json(path, what))
        return
    noun = what or path.stem.lower()
    if noun not in importing.NOUNS:
        raise CommandFailed(f"What is in {path.name}? Name the file customers.csv, or give --what {'|'.join(importing.NOUNS)}.")
    rows = _of_csv(path, noun)
    yield [(noun, importing.grouped(rows) if noun == "orders" else rows, Sources())]


def _of_archive(archive: zipfile.ZipFile, path: Path, what: str) -> Iterator[tuple[str, Rows, Sources]]:
    try:
        manifest = json.loads(archive.read("manifest.json"))
        is_ours, version = manifest["format"] == exporting.FORMAT, int(manifest["version"])
    except (KeyError, TypeError, ValueError, zipfile.BadZipFile):
        raise CommandFailed(f"{path} is not an export of Podpora; a backup is read by `podpora restore`.") from None
    if not is_ours or version > exporting.VERSION:
        raise CommandFailed(f"{path} has the format {manifest['format']} {version}, which is newer than this Podpora reads.")

    def file(name: str) -> bytes:
        return archive.read(f"files/{name}")

    sources = Sources(file)
    for noun, step in importing.STEPS:
        if what in ("", noun):
            yield step, _of_lines(archive, noun), sources


def _of_json(path: Path, what: str) -> Iterator[tuple[str, Rows, Sources]]:
    """`{"categories": [...], "members": [...], "topics": [...], "posts": [...]}`; or a list of the noun that the file is named for."""
    try:
        told = json.loads(path.read_text("utf-8-sig"))
    except (ValueError, UnicodeDecodeError):
        raise CommandFailed(f"{path} is not JSON in UTF-8.") from None
    if isinstance(told, list):
        told = {what or path.stem.lower(): told}
    if (
        not isinstance(told, dict)
        or not set(told) <= set(importing.NOUNS)
        or not all(isinstance(rows, list) for rows in told.values())
    ):
        raise CommandFailed(f"{path}: an object with lists was expected, under the names {', '.join(importing.NOUNS)}.")
    sources = Sources()
    for noun, step in importing.STEPS:
        if noun in told and what in ("", noun):
            rows = (row if isinstance(row, dict) else {"": "not an object"} for row in told[noun])
            yield step, enumerate(rows, start=1), sources


def _of_lines(archive: zipfile.ZipFile, noun: str) -> Rows:
    for number, line in enumerate(lines_of(archive, noun), start=1):
        try:
            row = json.loads(line) if len(line) <= LONGEST_LINE else None
        except ValueError:
            row = None
        yield number, row if isinstance(row, dict) else {"": "not a line of JSON"}


def _of_csv(path: Path, noun: str) -> Rows:
    """A header and rows; commas or semicolons between; UTF-8 (with or without the mark that spreadsheets write)."""
    with _text(path) as file:
        first = file.readline()
        if not first.strip():
            raise CommandFailed(f"{path} is empty; its first line names the fields: {', '.join(FIELDS[noun])}.")
        delimiter = max(";,\t", key=first.count)
        names = [name.strip().lower() for name in next(csv.reader([first], delimiter=delimiter))]
        _check_header(path, names, noun)
        file.seek(0)
        reader = csv.reader(file, delimiter=delimiter)
        next(reader)
        try:
            for cells in reader:
                if any(cell.strip() for cell in cells):
                    yield reader.line_num, _row(names, cells)
        except csv.Error as error:
            raise CommandFailed(f"{path}, line {reader.line_num}: {error}.") from None
        except UnicodeDecodeError:
            raise CommandFailed(f"{path} is not UTF-8 after line {reader.line_num}; save it as UTF-8.") from None


def _row(names: list[str], cells: list[str]) -> dict[str, Any]:
    """Cells too many are told as a field that is not known; those that are missing are empty."""
    row: dict[str, Any] = {name: _plain(cell) for name, cell in zip(names, cells, strict=False)}
    return row | ({f"column {len(names) + 1}": "?"} if len(cells) > len(names) else {})


def _plain(cell: str) -> str:
    """Our own files disarm formulas with an apostrophe (S24); reading takes it away again."""
    return cell[1:] if cell[:1] == "'" and cell[1:2] in ("=", "+", "-", "@", "\t") else cell


@contextmanager
def _text(path: Path) -> Iterator[IO[str]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            yield file
    except UnicodeDecodeError:
        raise CommandFailed(f"{path} is not UTF-8; save it as UTF-8.") from None


def _check_header(path: Path, names: list[str], noun: str) -> None:
    allowed = [name for name in FIELDS[noun] if name not in NESTED]
    for name in names:
        if name not in allowed:
            raise CommandFailed(f"{path}: there is no field {name!r} for {noun}; there are {', '.join(allowed)}.")
        if names.count(name) > 1:
            raise CommandFailed(f"{path}: the field {name!r} stands there twice.")
    if "external_id" not in names:
        raise CommandFailed(f"{path}: the field external_id is missing: it is how a row is known again.")


class Report:
    """What became of every row, as CSV beside the file; added to when an import goes on."""

    def __init__(self, path: Path | None) -> None:
        self.counts = {"made": 0, "known": 0, "refused": 0, "left_out": 0}
        self._file: IO[str] = io.StringIO()
        if path is not None:
            is_new = not path.exists() or path.stat().st_size == 0
            self._file = path.open("a", encoding="utf-8", newline="")
            if is_new:
                csv.writer(self._file).writerow(REPORT)

    def tell(self, file: str, done: Done) -> None:
        self.counts[done.result] += 1
        problems = list(dict(done.fields).items()) or [("", done.why)]
        for field, problem in problems:
            cells = (file, done.number, done.external_id, done.result, done.code, field, problem)
            csv.writer(self._file).writerow([_disarmed(str(cell)) for cell in cells])
        with suppress(ValueError):
            self._file.flush()

    def close(self) -> None:
        self._file.close()


def _disarmed(cell: str) -> str:
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell
