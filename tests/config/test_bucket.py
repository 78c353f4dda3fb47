"""Files in an S3-compatible bucket: whole or not there, private, and a backup goes from a folder into a bucket and back."""

import json
import os
import signal
import subprocess
import sys
import urllib.error
import urllib.request
import zipfile
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as real_settings
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client

from podpora.api import readiness
from podpora.base import clock
from podpora.base.actors import Actor
from podpora.base.errors import FilesAway
from podpora.config import checks, env, places
from podpora.config.places import Bucket
from podpora.desk.models import Ticket
from podpora.desk.values import MessageKind, Upload
from podpora.files import actions, queries
from podpora.files.models import StoredFile
from podpora.licensing.models import Licence
from podpora.people.models import Person
from podpora.people.values import Role
from tests.make import desk, licensing, people, s3
from tests.make.licensing import Terms
from tests.server import environment, podpora

pytestmark = [pytest.mark.django_db, pytest.mark.once]
SECRET = "s" * 40


@pytest.fixture
def bucket(settings: Any) -> Iterator[s3.Store]:
    """The suite's files are in a bucket."""
    with s3.store() as store:
        place = {
            "BACKEND": "podpora.config.bucket.PrivateBucket",
            "OPTIONS": {"bucket": places.bucket_of(store.address("podpora"))},
        }
        settings.STORAGES = {**real_settings.STORAGES, "default": place}
        yield store


def stored(at: datetime, by: Actor, content: bytes = b"hello") -> StoredFile:
    return actions.store(content, name="a.txt", content_type="text/plain", by=by, at=at)


def owner_of(licence: Licence) -> Person:
    assert licence.customer
    return licence.customer.memberships.get(role=Role.OWNER).person


def test_what_was_stored_is_what_comes_back(bucket: s3.Store, at: datetime, by: Actor) -> None:
    kept = stored(at, by)
    assert bucket.things[f"podpora/{kept.path}"].content == b"hello"
    assert queries.content_of(kept) == b"hello"
    assert queries.is_whole(kept)
    response = queries.response_for(kept)
    assert b"".join(response.streaming_content) == b"hello"  # type: ignore[arg-type]
    response.close()


def test_the_largest_file_goes_up_in_one_request(bucket: s3.Store, at: datetime, by: Actor) -> None:
    """F09: so that it is whole or not there."""
    kept = stored(at, by, os.urandom(20 * 1024 * 1024))
    assert [method for method, _name in bucket.requests] == ["PUT"]
    assert queries.is_whole(kept)


def test_a_missing_and_a_changed_file_are_found(bucket: s3.Store, at: datetime, by: Actor) -> None:
    short, gone, whole = stored(at, by), stored(at, by), stored(at, by)
    bucket.things[f"podpora/{short.path}"].content = b"hell"
    del bucket.things[f"podpora/{gone.path}"]
    assert {found.code for found in queries.damaged()} == {short.code, gone.code}
    assert queries.is_whole(whole)


def test_nobody_reads_the_bucket_itself(bucket: s3.Store, at: datetime, by: Actor) -> None:
    kept = stored(at, by)
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(f"{bucket.url}/{s3.BUCKET}/podpora/{kept.path}")
    assert refused.value.code == 403
    refused.value.close()
    with pytest.raises(ValueError, match="never from the bucket"):
        default_storage.url(kept.path)


def test_s15_an_attachment_comes_through_its_page_for_those_who_may_have_it(bucket: s3.Store) -> None:
    licence = licensing.licence(terms=Terms(bought_at=clock.now() - timedelta(days=9)))
    person = owner_of(licence)
    ticket = desk.ticket(person, licence.customer, uploads=[Upload("a.html", b"<script>alert(1)</script>", "text/html")])
    address = f"/centre/{ticket.code}/files/{ticket.messages.get(kind=MessageKind.PUBLIC).attachments.get().code}/"
    mine, foreign = Client(), Client()
    mine.force_login(person)
    foreign.force_login(people.person())
    answer = mine.get(address)
    assert b"".join(answer.streaming_content) == b"<script>alert(1)</script>"  # type: ignore[attr-defined]
    assert (answer.status_code, "Location" in answer) == (200, False)
    assert answer["Content-Disposition"].startswith("attachment")
    assert foreign.get(address).status_code == 404


def test_f08_a_bucket_that_is_away_is_said_and_nothing_is_half_done(bucket: s3.Store) -> None:
    licence = licensing.licence(terms=Terms(bought_at=clock.now() - timedelta(days=9)))
    client = Client()
    client.force_login(owner_of(licence))
    form = {"topic": "vip", "about": licence.code, "subject": "It stops", "text": "Every day.", "once": "abc"}
    for trouble in ("AccessDenied", "NoSuchBucket"):
        bucket.failing = trouble
        answer = client.post("/centre/new/", {**form, "files": [SimpleUploadedFile("a.log", b"text", "text/plain")]})
        assert (answer.status_code, answer["Retry-After"]) == (503, "5")
        assert (Ticket.objects.count(), StoredFile.objects.count()) == (0, 0)
    bucket.failing = ""
    assert client.post("/centre/new/", {**form, "files": [SimpleUploadedFile("a.log", b"text")]}).status_code == 302
    assert StoredFile.objects.count() == 1


def test_f08_the_api_says_it_too(bucket: s3.Store) -> None:
    from podpora.api.envelope import of_exception

    answer = of_exception(desk_request(), FilesAway("the bucket cannot be reached"))
    assert (answer.status_code, json.loads(answer.content)["error"]["code"]) == (503, "server.files_away")


def desk_request() -> Any:
    from django.test import RequestFactory

    return RequestFactory().post("/api/v1/tickets")


def test_the_error_of_a_store_is_one_that_everybody_knows(bucket: s3.Store, at: datetime, by: Actor) -> None:
    kept = stored(at, by)
    bucket.failing = "SlowDown"
    for attempt in (lambda: stored(at, by), lambda: default_storage.open(kept.path), lambda: default_storage.listdir("")):
        with pytest.raises(FilesAway, match=r"the bucket refused: (SlowDown|503)") as error:
            attempt()
        assert s3.SECRET not in str(error.value)
    assert not queries.is_whole(kept)


def test_the_cleaner_takes_what_no_row_knows_after_a_day(bucket: s3.Store, at: datetime, by: Actor) -> None:
    """Measured by our clock, whatever the store's says."""
    kept, lost = stored(at, by), stored(at, by)
    lost.delete()
    foreign = f"other/{lost.path}"
    bucket.things[foreign] = bucket.things[f"podpora/{lost.path}"]
    bucket.things[f"podpora/{lost.path}"].modified -= timedelta(days=30)
    now = clock.now()
    assert actions.remove_orphans(at=now + timedelta(hours=23)) == 0
    assert actions.remove_orphans(at=now + timedelta(hours=25)) == 1
    assert set(bucket.things) == {f"podpora/{kept.path}", foreign}, "what lies beside our prefix is not ours"


KILLED = """
import os, signal
import django
django.setup()
from django.db import transaction
from podpora.base import clock
from podpora.base.actors import system
from podpora.files import actions
with transaction.atomic():
    actions.store(b"half", name="a.txt", content_type="text/plain", by=system("test"), at=clock.now())
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.slow
def test_f09_killed_between_upload_and_row(bucket: s3.Store, tmp_path: Path) -> None:
    """The upload is an orphan, no row points to it, and the cleaner takes it."""
    assert podpora(tmp_path, "seed", "--licences", "1").returncode == 0
    more = {"PODPORA_STORAGE_URL": bucket.address("podpora"), "DJANGO_SETTINGS_MODULE": "podpora.config.settings"}
    killed = subprocess.run([sys.executable, "-c", KILLED], env=environment(tmp_path, **more), check=False)
    assert killed.returncode == -signal.SIGKILL
    assert [thing.content for thing in bucket.things.values()] == [b"half"]
    assert actions.remove_orphans(at=clock.now() + timedelta(hours=23)) == 0
    assert actions.remove_orphans(at=clock.now() + timedelta(hours=25)) == 1
    assert bucket.things == {}


@pytest.mark.slow
def test_a_backup_goes_from_a_folder_into_a_bucket_and_back(bucket: s3.Store, tmp_path: Path) -> None:
    here, there = tmp_path / "here", tmp_path / "there"
    assert podpora(here, "seed", "--licences", "1").returncode == 0
    for number in range(5):
        upload = here / "files" / "2026" / f"0{number + 1}" / f"F-{number}"
        upload.parent.mkdir(parents=True)
        upload.write_bytes(os.urandom(1000 + number))
    first, second = tmp_path / "first.zip", tmp_path / "second.zip"
    in_bucket = {"PODPORA_STORAGE_URL": bucket.address("b")}
    assert podpora(here, "backup", str(first)).returncode == 0
    assert "1" in (result := podpora(there, "restore", str(first), **in_bucket)).stdout, result.stderr
    assert set(bucket.things) == {f"b/2026/0{number + 1}/F-{number}" for number in range(5)}
    assert podpora(there, "backup", str(second), **in_bucket).returncode == 0
    assert manifest(first)["files"] == manifest(second)["files"]
    assert manifest(first)["tables"] == manifest(second)["tables"]
    with zipfile.ZipFile(second) as archive:
        assert archive.read("files/2026/03/F-2") == bucket.things["b/2026/03/F-2"].content
    bucket.failing = "AccessDenied"
    failed = podpora(there, "backup", str(tmp_path / "third.zip"), **in_bucket)
    assert (failed.returncode, failed.stderr.count("\n"), (tmp_path / "third.zip").exists()) == (1, 1, False), failed.stderr


def manifest(file: Path) -> dict[str, Any]:
    with zipfile.ZipFile(file) as archive:
        found: dict[str, Any] = json.loads(archive.read("manifest.json"))
    return found


def test_check_deploy_tries_the_bucket(bucket: s3.Store) -> None:
    assert checks.files_can_be_kept(None) == []
    assert bucket.things == {}, "nothing is left behind"
    bucket.public = True
    assert [found.id for found in checks.files_can_be_kept(None)] == ["podpora.E016"]
    bucket.failing = "InvalidAccessKeyId"
    assert [found.id for found in checks.files_can_be_kept(None)] == ["podpora.E014"]


def test_check_deploy_tries_the_folder() -> None:
    assert checks.files_can_be_kept(None) == []


def test_wrong_credentials_are_told(bucket: s3.Store, settings: Any) -> None:
    wrong = places.bucket_of(bucket.address("podpora").replace("AKIDTESTS", "AKIDOTHERS"))
    settings.STORAGES = {**settings.STORAGES, "default": {**settings.STORAGES["default"], "OPTIONS": {"bucket": wrong}}}
    assert "SignatureDoesNotMatch" in str(checks.files_can_be_kept(None)[0].msg)


def test_the_disk_is_no_question_where_nothing_is_kept_on_it(
    bucket: s3.Store, at: datetime, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    monkeypatch.setattr(readiness, "FREE_BYTES", 10**18)
    asked = "disk" in {problem["code"] for problem in readiness.problems(at=at)}
    assert asked == (connection.vendor == "sqlite")
    settings.STORAGES = real_settings.STORAGES


def read(url: str, tmp_path: Path) -> str:
    return env.read({"PODPORA_DATA_DIR": str(tmp_path), "PODPORA_SECRET_KEY": SECRET, "PODPORA_STORAGE_URL": url}).storage_url


@pytest.mark.parametrize(("url", "bucket"), [
    ("s3://uploads", Bucket("uploads")),
    ("s3://up.loads-1/a/b/", Bucket("up.loads-1", "a/b")),
    ("s3://AK:s%2Fe+c@uploads/x?region=eu-central-1", Bucket("uploads", "x", "", "eu-central-1", "auto", "AK", "s/e+c")),
    ("s3://uploads?endpoint=http%3A%2F%2F127.0.0.1%3A9000&addressing=path",
     Bucket("uploads", "", "http://127.0.0.1:9000", "", "path")),
    ("s3://uploads?endpoint=https://s3.example.com", Bucket("uploads", "", "https://s3.example.com")),
    ("file:///srv/files", None),
])  # fmt: skip
def test_addresses_that_are_understood(url: str, bucket: Bucket | None, tmp_path: Path) -> None:
    assert places.bucket_of(read(url, tmp_path)) == bucket


@pytest.mark.parametrize("url", [
    "s3://", "s3://UP", "s3://a", "s3://up..loads", "s3://AK@uploads", "s3://AK:@uploads", "s3://:secret@uploads", "s3://uploads/a/../b",
    "s3://uploads/a//b", "s3://uploads/a%00b", "s3://uploads?acl=public", "s3://uploads?endpoint=nowhere", "s3://uploads#x",
    "s3://uploads?endpoint=https://u:p@h", "s3://uploads?endpoint=https://h/path", "s3://uploads?region=EU%20West", "s3://uploads:99999",
    "s3://uploads?addressing=none", "s3://uploads?endpoint=ftp://h", "file://host/folder", "file://folder", "s4://uploads",
])  # fmt: skip
def test_addresses_that_are_not(url: str, tmp_path: Path) -> None:
    with pytest.raises(env.BadSetting) as problem:
        read(url, tmp_path)
    said = str(problem.value)
    assert said.startswith("PODPORA_STORAGE_URL") and said.endswith(".") and "\n" not in said and "secret@" not in said


def test_credentials_may_come_from_the_environment(
    bucket: s3.Store, monkeypatch: pytest.MonkeyPatch, at: datetime, by: Actor
) -> None:
    from podpora.config.bucket import PrivateBucket

    monkeypatch.setenv("AWS_ACCESS_KEY_ID", s3.KEY)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", s3.SECRET)
    place = places.bucket_of(f"s3://{s3.BUCKET}/env?endpoint={bucket.url}&region=eu-west-1&addressing=path")
    assert place is not None
    PrivateBucket(bucket=place).save_over("a", SimpleUploadedFile("a", b"x"))
    assert list(bucket.things) == ["env/a"]


def test_the_address_may_come_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "url").write_text("s3://AK:secret@uploads\n")
    given = {"PODPORA_DATA_DIR": str(tmp_path), "PODPORA_SECRET_KEY": SECRET, "PODPORA_STORAGE_URL_FILE": str(tmp_path / "url")}
    assert env.read(given).storage_url == "s3://AK:secret@uploads"


def test_without_the_extra_the_start_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(places, "find_spec", lambda name: None)
    with pytest.raises(env.BadSetting) as problem:
        read("s3://AK:secret@uploads", tmp_path)
    assert str(problem.value) == (
        "PODPORA_STORAGE_URL is 's3://…@uploads', for which a package is missing: pip install 'podpora[s3]'."
    )
    assert read("file:///srv/files", tmp_path) == "file:///srv/files"
