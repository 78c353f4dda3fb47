"""Files are whole or not there, and nothing in them runs."""

import hashlib
import io
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from PIL import Image

from podpora.base import clock
from podpora.base.actors import Actor
from podpora.base.errors import InvalidInput
from podpora.files import actions, queries
from podpora.files.models import StoredFile
from podpora.files.rules import safe_name, safe_type
from podpora.files.values import MAX_SIZE

pytestmark = pytest.mark.django_db


def picture(kind: str = "PNG", size: tuple[int, int] = (4, 3)) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size).save(out, kind)
    return out.getvalue()


def store(content: bytes, at: datetime, by: Actor, name: str = "note.txt", content_type: str = "text/plain") -> StoredFile:
    return actions.store(content, name=name, content_type=content_type, by=by, at=at)


def disposition(stored: StoredFile, *, inline: bool = False) -> str:
    response = queries.response_for(stored, inline=inline)
    response.close()
    return str(response["Content-Disposition"])


def test_what_was_stored_is_what_comes_back(at: datetime, by: Actor) -> None:
    stored = store(b"hello", at, by)
    assert (stored.size, stored.sha256) == (5, hashlib.sha256(b"hello").hexdigest())
    assert queries.content_of(stored) == b"hello"
    assert queries.is_whole(stored)
    assert list(queries.damaged()) == []


def test_an_upload_is_stored_too(at: datetime, by: Actor) -> None:
    upload = SimpleUploadedFile("a.txt", b"hello", "text/plain")
    assert actions.store(upload, name="a.txt", content_type="text/plain", by=by, at=at).size == 5


def test_a_file_comes_only_as_a_download_in_which_nothing_runs(at: datetime, by: Actor) -> None:
    """S47, B4"""
    stored = store(b"<script>alert(1)</script>", at, by, "žluťoučký\u202egnp.html", "text/html")
    for inline in (False, True):
        response = queries.response_for(stored, inline=inline)
        assert response["Content-Disposition"].startswith("attachment; filename*=utf-8''")
        assert "%E2%80%AE" not in response["Content-Disposition"]
        assert response["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in response["Content-Security-Policy"]
        assert b"".join(response.streaming_content) == b"<script>alert(1)</script>"  # type: ignore[arg-type]
        response.close()


@pytest.mark.parametrize(
    ("kind", "content_type"), [("PNG", "image/png"), ("JPEG", "image/jpeg"), ("GIF", "image/gif"), ("WEBP", "image/webp")]
)
def test_a_decoded_picture_may_be_shown_in_place(kind: str, content_type: str, at: datetime, by: Actor) -> None:
    stored = store(picture(kind), at, by, "x.html", "text/html")
    assert (stored.content_type, stored.width, stored.height) == (content_type, 4, 3)
    assert disposition(stored, inline=True).startswith("inline")
    assert disposition(stored).startswith("attachment")


@pytest.mark.parametrize(
    "content", [b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"GIF89a<script>", picture()[:40], b"\x89PNG\r\n\x1a\nhello"]
)
def test_what_only_says_that_it_is_a_picture_is_none(content: bytes, at: datetime, by: Actor) -> None:
    stored = store(content, at, by, "x.png", "image/png")
    assert not stored.is_image
    assert disposition(stored, inline=True).startswith("attachment")


def test_a_picture_of_too_many_pixels_is_not_decoded(at: datetime, by: Actor) -> None:
    """S61"""
    assert not store(picture(size=(6000, 6000)), at, by).is_image


@pytest.mark.parametrize(("size", "code"), [(0, "file.empty"), (MAX_SIZE + 1, "file.too_large")])
def test_limits(size: int, code: str, at: datetime, by: Actor) -> None:
    with pytest.raises(InvalidInput) as wrong:
        store(b"x" * size, at, by)
    assert wrong.value.fields == {"file": [code]}


def test_the_largest_file_is_stored(at: datetime, by: Actor) -> None:
    assert store(b"x" * MAX_SIZE, at, by).size == MAX_SIZE


def test_a_damaged_file_is_found(at: datetime, by: Actor) -> None:
    short, gone = store(b"hello", at, by), store(b"hello", at, by)
    Path(default_storage.path(short.path)).write_bytes(b"hell")
    default_storage.delete(gone.path)
    assert {stored.code for stored in queries.damaged()} == {short.code, gone.code}


def test_a_failed_write_leaves_nothing(at: datetime, by: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    """F09"""

    def broken(handle: int) -> None:
        raise OSError(28, "No space left on device")

    folder = Path(default_storage.path(f"{at:%Y/%m}"))
    before = set(folder.glob("*")) | set(folder.glob(".*"))
    with monkeypatch.context() as patch:
        patch.setattr("podpora.config.storage.os.fsync", broken)
        with pytest.raises(OSError, match="No space"):
            store(b"hello", at, by)
    assert set(folder.glob("*")) | set(folder.glob(".*")) == before
    assert not StoredFile.objects.exists()


def test_the_cleaner_takes_what_no_row_knows_after_a_day(at: datetime, by: Actor) -> None:
    kept = store(b"kept", at, by)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        lost = store(b"lost", at, by)
        raise ZeroDivisionError
    now = clock.now()
    actions.remove_orphans(at=now + timedelta(hours=23))
    assert default_storage.exists(lost.path)
    actions.remove_orphans(at=now + timedelta(hours=25))
    assert not default_storage.exists(lost.path)
    assert queries.is_whole(kept)


def test_discarding(at: datetime, by: Actor, django_capture_on_commit_callbacks: object) -> None:
    stored = store(b"hello", at, by)
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        actions.discard(stored)
        assert default_storage.exists(stored.path)
    assert not default_storage.exists(stored.path)
    assert not StoredFile.objects.exists()


@pytest.mark.parametrize(("name", "safe"), [
    ("report.pdf", "report.pdf"), ("../../etc/passwd", "passwd"), ("C:\\temp\\x.exe", "x.exe"), ("", "attachment"),
    ("a\x00b\r\n.txt", "ab.txt"), ("\u202egnp.exe", "gnp.exe"), ("..", "attachment"), (".htaccess", "htaccess"),
    ("con.txt", "attachment.txt"), ("x. . ", "x"), ("a\u200bb.txt", "ab.txt"), ('a"b<c>.txt', "a_b_c_.txt"), ("žluť.txt", "žluť.txt"),
    ("n" * 300 + ".pdf", "n" * 116 + ".pdf"),
])  # fmt: skip
def test_safe_names(name: str, safe: str) -> None:
    """CO-6, B5"""
    assert safe_name(name) == safe
    assert len(safe_name(name)) <= 120


@pytest.mark.parametrize(("given", "safe"), [
    ("Text/Plain; charset=utf-8", "text/plain"), ("", "application/octet-stream"), ("x", "application/octet-stream"),
    ("text/html\r\nX: y", "application/octet-stream"),
])  # fmt: skip
def test_safe_types(given: str, safe: str) -> None:
    assert safe_type(given) == safe


def test_s61_a_picture_for_a_text_is_drawn_anew(at: datetime, by: Actor) -> None:
    """No place, no camera, no hidden bytes; upright; bounded; what is none is refused with words."""
    out = io.BytesIO()
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 6, "SecretCamera"
    Image.new("RGB", (4000, 100)).save(out, "JPEG", exif=exif)
    stored = actions.store_picture(out.getvalue() + b"<script>hidden</script>", name="x/../žába.jpeg", by=by, at=at)
    content = queries.content_of(stored)
    assert (stored.width, stored.height, stored.name, stored.content_type) == (50, 2000, "žába.jpeg", "image/jpeg")
    assert b"SecretCamera" not in content
    assert b"hidden" not in content
    assert actions.store_picture(picture("GIF"), name="", by=by, at=at).content_type == "image/png"
    flood = picture("PNG", (6000, 5000))
    for raw, code in (
        (b"<svg/>", "file.no_picture"),
        (b"", "file.empty"),
        (flood, "file.too_many_pixels"),
        (b"\x89PNG", "file.no_picture"),
    ):
        with pytest.raises(InvalidInput) as wrong:
            actions.store_picture(raw, name="a.png", by=by, at=at)
        assert wrong.value.fields == {"file": [code]}
