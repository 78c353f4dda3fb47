"""Writing files: store, discard, clear away what no row knows."""

import hashlib
import io
import warnings
from datetime import datetime, timedelta

from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage
from django.db import transaction

from podpora.base.actors import Actor
from podpora.base.errors import InvalidInput
from podpora.files import queries, rules
from podpora.files.models import StoredFile, file_code
from podpora.files.values import (
    EMPTY,
    IMAGE_TYPES,
    LONGEST_SIDE,
    MAX_PIXELS,
    MAX_SIZE,
    NO_PICTURE,
    PICTURE_SIZE,
    TOO_LARGE,
    TOO_MANY_PIXELS,
)

ORPHAN_AFTER = timedelta(days=1)


def store(
    content: "bytes | File[bytes]", *, name: str, content_type: str, by: Actor, at: datetime, max_size: int = MAX_SIZE
) -> StoredFile:
    """Keep a file. It is whole on the disk before its row exists; if the transaction fails, the cleaner takes it.

    Raises InvalidInput({"file": […]}) when it is empty or larger than `max_size`.
    """
    raw = _bytes_of(content, max_size)
    code = file_code()
    image = _picture(raw)
    path = default_storage.save(f"{at:%Y/%m}/{code}", ContentFile(raw))
    return StoredFile.objects.create(
        code=code,
        name=rules.safe_name(name),
        content_type=image[0] if image else rules.safe_type(content_type),
        size=len(raw),
        sha256=hashlib.sha256(raw).hexdigest(),
        path=path,
        width=image[1] if image else None,
        height=image[2] if image else None,
        stored_at=at,
        stored_by=by.name[:254],
        person_id=by.person_id,
    )


def _bytes_of(content: "bytes | File[bytes]", max_size: int) -> bytes:
    raw: bytes = content if isinstance(content, bytes) else content.read(max_size + 1)
    if not raw:
        raise InvalidInput({"file": [EMPTY]})
    if len(raw) > max_size:
        raise InvalidInput({"file": [TOO_LARGE]})
    return raw


def _picture(raw: bytes) -> tuple[str, int, int] | None:
    """(content type, width, height) of a picture that can be decoded and is not a bomb (S61); None for all else."""
    from PIL import Image  # seven megabytes that a process without uploads need not carry

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            with Image.open(io.BytesIO(raw), formats=list(IMAGE_TYPES)) as image:
                width, height = image.size
                if width * height > MAX_PIXELS or not image.format:
                    return None
                image.load()
                return IMAGE_TYPES[image.format], width, height
    except Exception:  # a decoder fed with a stranger's bytes may raise anything; then it is no picture
        return None


def store_picture(content: "bytes | File[bytes]", *, name: str, by: Actor, at: datetime) -> StoredFile:
    """Keep a picture for a text that many read: drawn anew, so that nothing but the picture is left of the upload (no place, no
    camera, no hidden bytes), upright, and at most 2000 pixels long. Of a moving picture the first one.

    Raises InvalidInput({"file": […]}): empty, larger than 8 MB, too many pixels, or no picture at all (S61).
    """
    kind, drawn = _drawn_anew(_bytes_of(content, PICTURE_SIZE))
    stem = rules.safe_name(name, "picture").rpartition(".")[0] or "picture"
    return store(drawn, name=f"{stem}.{kind.lower()}", content_type=IMAGE_TYPES[kind], by=by, at=at)


def _drawn_anew(raw: bytes) -> tuple[str, bytes]:
    from PIL import Image, ImageOps  # see `_picture`

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            with Image.open(io.BytesIO(raw), formats=list(IMAGE_TYPES)) as image:
                if image.width * image.height > MAX_PIXELS:
                    raise InvalidInput({"file": [TOO_MANY_PIXELS]})
                kind = "JPEG" if image.format == "JPEG" else "PNG"
                upright = ImageOps.exif_transpose(image)
                upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
                canvas = upright.convert("RGB" if kind == "JPEG" else "RGBA")
                bare = Image.new(canvas.mode, canvas.size)
                bare.paste(canvas)
                out = io.BytesIO()
                bare.save(out, kind, optimize=True, **({"quality": 85} if kind == "JPEG" else {}))
                return kind, out.getvalue()
    except InvalidInput:
        raise
    except Exception:  # a decoder fed with a stranger's bytes may raise anything; then it is no picture
        raise InvalidInput({"file": [NO_PICTURE]}) from None


@transaction.atomic
def discard(stored: StoredFile) -> None:
    """Remove a file and its row; the bytes go only after the transaction has succeeded."""
    path = stored.path
    stored.delete()
    transaction.on_commit(lambda: default_storage.delete(path))


def forget_person(person_id: int) -> None:
    """Who stored his files is forgotten; the files belong to what they are attached to."""
    StoredFile.objects.filter(person_id=person_id).update(stored_by="—")


def remove_orphans(*, at: datetime) -> int:
    """Delete what lies in the storage for more than a day and belongs to no row. How many files."""
    known = set(StoredFile.objects.values_list("path", flat=True))
    return sum(_remove_orphan(path, at) for path in queries.all_paths() if path not in known)


def _remove_orphan(path: str, at: datetime) -> int:
    try:
        if at - default_storage.get_modified_time(path) < ORPHAN_AFTER:
            return 0
        default_storage.delete(path)
    except OSError:
        return 0
    return 1
