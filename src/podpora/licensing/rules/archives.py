"""Files that come many at once: one by one, or in a zip (S49). Pure: bytes in, names and texts out."""

import io
import zipfile
import zlib
from collections.abc import Iterable, Iterator

from podpora.licensing.rules.offline import REQUEST_BYTES
from podpora.licensing.values import ARCHIVE_NOT_READABLE, TOO_MANY_FILES, NamedText, Unreadable

MOST_FILES = 500
_READABLE = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_FORGIVEN = 100  # bytes of white space at a file's ends


def texts_of(files: Iterable[tuple[str, bytes]]) -> list[NamedText]:
    """Each file's name and text, those of a zip one by one. Unreadable when an archive can't be used or there are too many files.

    Of a file that is too large only so much is read that it is seen to be too large; what unpacks to more than it says is never held.
    """
    found: list[NamedText] = []
    for name, raw in files:
        for inner, content in _unpacked(raw) if raw.startswith(b"PK") else [(name, raw)]:
            if len(found) == MOST_FILES:
                raise Unreadable(TOO_MANY_FILES, most=MOST_FILES)
            found.append(NamedText(_shown(inner), content.decode("utf-8", "replace")))
    return found


def _unpacked(raw: bytes) -> Iterator[tuple[str, bytes]]:
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir() and not _is_ballast(entry.filename)]
            if len(entries) > MOST_FILES:
                raise Unreadable(TOO_MANY_FILES, most=MOST_FILES)
            for entry in entries:
                if entry.flag_bits & 1 or entry.compress_type not in _READABLE:
                    raise Unreadable(ARCHIVE_NOT_READABLE)
                with archive.open(entry) as file:
                    yield entry.filename, file.read(REQUEST_BYTES + _FORGIVEN + 1)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, RuntimeError):
        raise Unreadable(ARCHIVE_NOT_READABLE) from None


def _is_ballast(name: str) -> bool:
    """What file managers put into archives without being asked."""
    return name.startswith("__MACOSX/") or name.rpartition("/")[2].startswith(".")


def _shown(name: str) -> str:
    """The last part of a file's name, fit to be shown. It is never used as a path."""
    last = name.replace("\\", "/").rpartition("/")[2]
    return "".join(character for character in last if character.isprintable())[:100]
