"""Reading files: the answer that carries one, and whether what lies on the disk is what was stored."""

import hashlib
from collections.abc import Iterable, Iterator

from django.core.files.storage import default_storage
from django.db.models import QuerySet
from django.http import FileResponse
from django.utils.http import content_disposition_header

from podpora.files.models import StoredFile

SANDBOX = "default-src 'none'; sandbox; frame-ancestors 'none'"


def response_for(stored: StoredFile, *, inline: bool = False) -> FileResponse:
    """The file as an answer: always a download, except a decoded picture that is asked for in place.

    Whether the reader may have it was asked before. Nothing in it can run: nosniff, and a policy that allows nothing.
    """
    in_place = inline and stored.is_image
    response = FileResponse(default_storage.open(stored.path, "rb"), content_type=stored.content_type)
    response["Content-Length"] = str(stored.size)
    response["Content-Disposition"] = content_disposition_header(not in_place, stored.name) or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = SANDBOX
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Cache-Control"] = "private, no-transform"
    return response


def all_paths(folder: str = "") -> Iterator[str]:
    """Everything that lies in the storage, whether a row knows it or not."""
    try:
        folders, files = default_storage.listdir(folder)
    except (FileNotFoundError, NotADirectoryError):
        return
    yield from sorted(f"{folder}{name}" for name in files)
    for name in sorted(folders):
        yield from all_paths(f"{folder}{name}/")


def content_of(stored: StoredFile) -> bytes:
    with default_storage.open(stored.path, "rb") as file:
        content: bytes = file.read()
    return content


def stored(codes: Iterable[str]) -> QuerySet[StoredFile]:
    """The files with these codes, as far as they are there. Whether the reader may have them is asked elsewhere."""
    return StoredFile.objects.filter(code__in=list(codes))


def is_whole(stored: StoredFile) -> bool:
    """Is the file there, with the size and the hash of its row?"""
    try:
        with default_storage.open(stored.path, "rb") as file:
            digest, size = hashlib.sha256(), 0
            while part := file.read(1024 * 1024):
                digest.update(part)
                size += len(part)
    except OSError:
        return False
    return size == stored.size and digest.hexdigest() == stored.sha256


def damaged() -> Iterator[StoredFile]:
    """Every stored file that is missing or is not what it was."""
    for stored in StoredFile.objects.order_by("id").iterator():
        if not is_whole(stored):
            yield stored
