"""Backup and restore: between the engines, whole or not at all, and no mail goes out twice."""

import json
import shutil
import sqlite3
import zipfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from tests.server import podpora

from tests.settings import DATABASE_URL  # isort: skip

pytestmark = [pytest.mark.slow, pytest.mark.once]
OTHER = "podpora_test_restore"


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of a loaded demo, with an upload and a mail that waits."""
    folder = tmp_path_factory.mktemp("source") / "var"
    assert podpora(folder, "demo", "--no-serve").returncode == 0
    upload = folder / "files" / "ab" / "picture.png"
    upload.parent.mkdir(parents=True)
    upload.write_bytes(b"\x89PNG not really" * 100)
    return folder


@pytest.fixture(scope="module")
def backup(demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("backup") / "demo.zip"
    result = podpora(demo, "backup", str(file))
    assert result.returncode == 0, result.stderr
    return file


@pytest.fixture
def postgresql() -> Iterator[str]:
    """The address of an empty database."""
    try:
        server = psycopg.connect(DATABASE_URL.rpartition("/")[0] + "/postgres", autocommit=True, connect_timeout=3)
    except psycopg.Error:
        pytest.skip("no PostgreSQL")
    with server:
        server.execute(f"DROP DATABASE IF EXISTS {OTHER} WITH (FORCE)")
        server.execute(f"CREATE DATABASE {OTHER}")
        yield DATABASE_URL.rpartition("/")[0] + "/" + OTHER
        server.execute(f"DROP DATABASE IF EXISTS {OTHER} WITH (FORCE)")


def tables(file: Path) -> dict[str, object]:
    with zipfile.ZipFile(file) as archive:
        manifest = json.loads(archive.read("manifest.json"))
    return dict(manifest["tables"])


def settled(file: Path) -> dict[str, object]:
    """Without what waited to be sent to webhooks: it is held after a restoration (S73), so that nobody hears of it twice."""
    return {name: told for name, told in tables(file).items() if name != "audit.delivery"}


def test_the_file_is_only_for_its_owner(backup: Path) -> None:
    assert backup.stat().st_mode & 0o777 == 0o600


def test_from_sqlite_to_postgresql_and_back(demo: Path, backup: Path, postgresql: str, tmp_path: Path) -> None:
    there = podpora(tmp_path / "pg", "restore", str(backup), PODPORA_DATABASE_URL=postgresql)
    assert there.returncode == 0, there.stderr
    assert (tmp_path / "pg" / "files" / "ab" / "picture.png").read_bytes().startswith(b"\x89PNG")
    again = tmp_path / "again.zip"
    assert podpora(tmp_path / "pg", "backup", str(again), PODPORA_DATABASE_URL=postgresql).returncode == 0
    assert settled(again) == settled(backup)
    # Sequences go on where the rows end: the next row has a number of its own.
    assert (
        podpora(tmp_path / "pg", "token", "create", "--name", "x", "--scope", "all", PODPORA_DATABASE_URL=postgresql).returncode
        == 0
    )
    back = podpora(tmp_path / "lite", "restore", str(again))
    assert back.returncode == 0, back.stderr
    # The secret came along: keys and signing keys open.
    assert (tmp_path / "lite" / "secret_key").read_text() == (demo / "secret_key").read_text()
    assert podpora(tmp_path / "lite", "keys", "list").stdout == podpora(demo, "keys", "list").stdout
    third = tmp_path / "third.zip"
    podpora(tmp_path / "lite", "backup", str(third))
    assert settled(third) == settled(backup)


def test_f25_data_is_not_replaced_by_mistake_and_its_invoice_numbers_are_not_given_again(
    demo: Path, backup: Path, tmp_path: Path
) -> None:
    shutil.copytree(demo, tmp_path, dirs_exist_ok=True)
    refused = podpora(tmp_path, "restore", str(backup))
    assert (refused.returncode, refused.stderr.count("\n")) == (1, 1)
    assert "--force" in refused.stderr
    with closing(sqlite3.connect(tmp_path / "podpora.sqlite3")) as database, database:
        series, last = database.execute("SELECT series, last FROM orders_invoicecounter ORDER BY series DESC").fetchone()
        database.execute("UPDATE orders_invoicecounter SET last = last + 3 WHERE series = ?", [series])
    replaced = podpora(tmp_path, "restore", "--force", str(backup))
    assert replaced.returncode == 0, replaced.stderr
    assert f"series {series}: {last + 1} to {last + 3} were issued after this backup" in replaced.stdout
    with closing(sqlite3.connect(tmp_path / "podpora.sqlite3")) as database:
        kept = database.execute("SELECT last FROM orders_invoicecounter WHERE series = ?", [series]).fetchone()
    assert kept == (last + 3,)


def test_a_damaged_file_changes_nothing(demo: Path, backup: Path, tmp_path: Path) -> None:
    for damage in ("cut", "not a zip", "changed", "missing table", "newer"):
        bad = tmp_path / f"{damage}.zip"
        if damage == "cut":
            bad.write_bytes(backup.read_bytes()[:-3000])
        elif damage == "not a zip":
            bad.write_text("hello")
        else:
            _rewrite(backup, bad, damage)
        result = podpora(demo, "restore", "--force", str(bad))
        assert (damage, result.returncode, result.stderr.count("\n")) == (damage, 1, 1), result.stderr
    after = tmp_path / "after.zip"
    podpora(demo, "backup", str(after))
    assert tables(backup) == tables(after)


def _rewrite(source: Path, target: Path, damage: str) -> None:
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if damage == "missing table" and name == "data/people.person":
                continue
            if damage == "changed" and name == "data/people.person":
                content = content.replace(b"Jana", b"Dana")
            if damage == "newer" and name == "manifest.json":
                content = content.replace(b'"format": 1', b'"format": 99')
            new.writestr(name, content)


def test_another_secret_is_said(backup: Path, tmp_path: Path) -> None:
    result = podpora(tmp_path, "restore", str(backup), PODPORA_SECRET_KEY="another-secret-of-at-least-32-characters")
    assert result.returncode == 1
    assert "brings its own secret" in result.stderr


def test_s73_what_waited_is_not_sent_by_the_copy(tmp_path: Path) -> None:
    """F24: the system that went on has written its mails and told its receivers; after a restore nothing goes out by itself, and it can be
    sent again by hand."""
    source, target, file = tmp_path / "source", tmp_path / "target", tmp_path / "waiting.zip"
    assert podpora(source, "seed", "--licences", "1").returncode == 0
    _queue_a_mail(source)
    _run(source, QUEUE_A_DELIVERY)
    assert podpora(source, "backup", str(file)).returncode == 0
    assert podpora(target, "restore", str(file)).returncode == 0
    assert _run(source, STATES) == "waiting True"
    assert _run(target, STATES) == "failed False"
    assert podpora(target, "worker", "--once").returncode == 0
    assert not _sent(target)
    assert podpora(source, "worker", "--once").returncode == 0
    assert _sent(source)


QUEUE_A_DELIVERY = """
from podpora.audit.models import Delivery, Webhook
from podpora.base import clock
hook = Webhook.objects.create(url="https://hooks.example.com/", secret_sealed="x", created_at=clock.now())
Delivery.objects.create(webhook=hook, event="licence.issued", body="{}", made_at=clock.now(), next_at=clock.now())
"""
STATES = """
from podpora.audit.models import Delivery
delivery = Delivery.objects.get()
print(delivery.state, delivery.next_at is not None)
"""


def _sent(folder: Path) -> list[Path]:
    """The waiting letter among the mails that were sent; a reminder that fell due meanwhile is another matter."""
    return [mail for mail in (folder / "mail").glob("*.eml") if b"jana@private.example" in mail.read_bytes()]


def _queue_a_mail(folder: Path) -> None:
    _run(
        folder,
        "from podpora.mail.actions import queue_mail; from podpora.mail.values import Letter; from podpora.base import clock\n"
        "queue_mail(Letter('Jana', 'jana@private.example', 'Hello', 'Text'), at=clock.now())",
    )


def _run(folder: Path, code: str) -> str:
    """A few lines in a process on this data; what they print."""
    import subprocess
    import sys

    from tests.server import environment

    begin = "import os; os.environ['DJANGO_SETTINGS_MODULE']='podpora.config.settings'; import django; django.setup()\n"
    done = subprocess.run([sys.executable, "-c", begin + code], env=environment(folder), check=True, capture_output=True, text=True)
    return done.stdout.strip()
