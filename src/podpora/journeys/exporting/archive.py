"""The zip that data goes out in: written part by part, however much there is."""

import hashlib
import json
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import IO, Any

from podpora import __version__
from podpora.base.clock import format_instant
from podpora.files import queries as files
from podpora.files.models import StoredFile

FORMAT = "podpora-export"
VERSION = 1

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Part:
    """One noun: its rows, read while they are written, and the files that they name."""

    noun: str
    rows: Callable[[], Iterable[Row]]
    files: Callable[[], Iterable[StoredFile]] = tuple


def write(
    target: "IO[bytes] | str", parts: Iterable[Part], *, about: Mapping[str, Any], at: datetime, told: Callable[[str], object] = len
) -> Row:
    """Write all parts into one zip; `told` hears of each before it begins. Returns the manifest."""
    manifest: Row = {
        "format": FORMAT, "version": VERSION, "podpora": __version__, "made_at": format_instant(at), **about, "parts": {}, "files": {},
    }  # fmt: skip
    found = list(parts)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as archive:
        for part in found:
            told(part.noun)
            manifest["parts"][part.noun] = _write_rows(archive, part)
        told("files")
        for part in found:
            manifest["files"] |= _write_files(archive, part.files(), manifest["files"])
        archive.writestr("manifest.json", json.dumps(manifest, indent=1, ensure_ascii=False))
    return manifest


def _write_rows(archive: zipfile.ZipFile, part: Part) -> Row:
    count, digest = 0, hashlib.sha256()
    with archive.open(f"{part.noun}.jsonl", "w", force_zip64=True) as file:
        for row in part.rows():
            line = json.dumps(row, ensure_ascii=False, separators=(",", ":"), default=_plain).encode() + b"\n"
            file.write(line)
            digest.update(line)
            count += 1
    return {"rows": count, "sha256": digest.hexdigest()}


def _write_files(archive: zipfile.ZipFile, wanted: Iterable[StoredFile], known: Mapping[str, Any]) -> Row:
    written: Row = {}
    for stored in wanted:
        if stored.code in known or stored.code in written:
            continue
        with suppress(FileNotFoundError):  # a file that is lost does not keep the rest
            archive.writestr(f"files/{stored.code}", files.content_of(stored))
            written[stored.code] = {"name": stored.name, "type": stored.content_type, "size": stored.size, "sha256": stored.sha256}
    return written


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return format_instant(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value, "f")
    return str(value)


def lines_of(archive: zipfile.ZipFile, noun: str) -> Iterator[bytes]:
    """The lines of a part; none when it is not there."""
    if f"{noun}.jsonl" in archive.namelist():
        with archive.open(f"{noun}.jsonl") as file:
            yield from file
