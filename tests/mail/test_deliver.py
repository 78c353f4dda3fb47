"""`podpora mail deliver`, run as a mail server runs it: its exit code decides about the mail."""

import os
import resource
import shutil
import sqlite3
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from podpora.config import piping
from tests.make.incoming import Place, kept
from tests.make.installation import ROOT
from tests.server import PODPORA

MAIL = b"From: a@b.example\nTo: Support <support@vendor.example>\nSubject: x\nMessage-ID: <%b@x.example>\n\nhello\n"


def deliver(
    place: Place, raw: bytes, *options: str, before: Callable[[], None] | None = None
) -> "subprocess.CompletedProcess[bytes]":
    return subprocess.run(
        [PODPORA, "mail", "deliver", *options],
        input=raw,
        env=place,
        cwd=ROOT,
        capture_output=True,
        check=False,
        timeout=120,
        preexec_fn=before,
    )


@pytest.mark.slow
def test_a_mail_is_kept_once_with_its_envelope(place: Place) -> None:
    raw = MAIL % b"once"
    first = deliver(place, raw, "--to", "support+x@vendor.example", "--from", "bounces@b.example")
    assert (first.returncode, first.stderr) == (0, b"") and first.stdout.startswith(b"ML-")
    again = deliver(place, raw, "--to", "support+x@vendor.example")
    assert again.returncode == 0 and again.stdout == first.stdout
    line = next(
        line
        for line in kept(place, "code", "source", "envelope_from", "envelope_to", "duplicates", "state")
        if first.stdout.decode().strip() in line
    )
    assert line.split("|")[1:] == ["pipe", "bounces@b.example", "['support+x@vendor.example']", "1", "stored"]


@pytest.mark.slow
def test_the_bytes_are_kept_as_they_came(place: Place) -> None:
    raw = (
        b"Return-Path: <x@b.example>\r\nDelivered-To: info@vendor.example\r\n"
        + (MAIL % b"bytes")
        + bytes(range(256)) * 3
        + b"\r\n.\r\n..\nend"
    )
    code = deliver(place, raw).stdout.decode().strip()
    line = next(line for line in kept(place, "code", "envelope_from", "envelope_to", "raw_bytes.hex()") if code in line)
    assert line.split("|")[1:3] == ["x@b.example", "['info@vendor.example']"]
    assert bytes.fromhex(line.split("|")[3]) == raw


@pytest.mark.slow
@pytest.mark.parametrize("raw", [b"", b"\n\n", b"hello world, this is no mail\n", b"\0\xff\xfe" * 99, b"\n\nTo\n"])
def test_what_is_no_mail_goes_back(place: Place, raw: bytes) -> None:
    done = deliver(place, raw, "--to", "support@vendor.example")
    assert done.returncode == 65 and done.stderr == b"podpora: This is not a mail: it has no header.\n"


@pytest.mark.slow
def test_what_is_too_large_goes_back_with_a_sentence(place: Place) -> None:
    done = deliver(place, MAIL % b"large" + b"x" * piping.LARGEST)
    assert done.returncode == 65 and b"larger than 50 MB" in done.stderr
    assert deliver(place, MAIL % b"largest" + b"x" * (1024 * 1024) + b"\n").returncode == 0


@pytest.mark.slow
@pytest.mark.once
def test_a_database_that_is_away_or_full_is_for_later(place: Place) -> None:
    file = Path(place["PODPORA_DATA_DIR"]) / "podpora.sqlite3"
    space = file.stat().st_size + 100_000
    away = deliver(place | {"PODPORA_DATABASE_URL": "postgresql://x:y@127.0.0.1:1/z"}, MAIL % b"away")
    large = MAIL % b"full" + b"x" * (space + 100_000)
    full = deliver(place, large, before=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (space, space)))
    shutil.move(file, file.with_suffix(".kept"))
    empty = deliver(place, MAIL % b"empty")
    file.unlink()
    shutil.move(file.with_suffix(".kept"), file)
    broken = deliver(place | {"PODPORA_TIME_ZONE": "nowhere"}, MAIL % b"setting")
    option = deliver(place, MAIL % b"option", "--nothing")
    for done in (away, full, empty, broken, option):
        assert done.returncode == 75 and done.stderr and b"Traceback" not in done.stderr, done
    lost = {f"<{name}@x.example>" for name in ("away", "full", "empty", "setting", "option")}
    assert not lost & set(kept(place, "message_id"))
    assert deliver(place, large).returncode == 0  # the same one, when there is space again
    assert lost & set(kept(place, "message_id")) == {"<full@x.example>"}


@pytest.mark.slow
@pytest.mark.once
def test_a_writer_in_between_is_waited_for(place: Place) -> None:
    connection = sqlite3.connect(Path(place["PODPORA_DATA_DIR"]) / "podpora.sqlite3", isolation_level=None)
    connection.execute("BEGIN IMMEDIATE")
    command = [PODPORA, "mail", "deliver"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=place, cwd=ROOT) as waiting:
        assert waiting.stdin
        waiting.stdin.write(MAIL % b"wait")
        waiting.stdin.close()
        time.sleep(3)
        assert waiting.poll() is None
        connection.execute("COMMIT")
        assert waiting.wait(60) == 0
    connection.close()
    assert "<wait@x.example>" in kept(place, "message_id")


@pytest.mark.slow
def test_its_start_loads_no_more_than_it_needs(place: Place) -> None:
    """Started for every mail: pages, journeys and their libraries stay out. Half the time of a whole start."""
    code = (
        "import sys; from podpora.config import piping; sys.argv = ['podpora', 'mail', 'deliver']\n"
        "assert piping.main(sys.argv[1:]) == 0\n"
        "print([m for m in ('podpora.journeys', 'podpora.desk', 'podpora.web', 'allauth', 'structlog', 'ninja') if m in sys.modules])"
    )
    python = str(Path(PODPORA).with_name("python"))
    done = subprocess.run([python, "-c", code], input=MAIL % b"light", env=place, cwd=ROOT, capture_output=True, check=True)
    assert done.stdout.splitlines()[-1] == b"[]"


def test_the_command_is_found_whatever_options_stand_around() -> None:
    assert piping.wants(["mail", "deliver"]) and piping.wants(["mail", "deliver", "--to", "x"])
    assert not piping.wants(["mail", "parse", "deliver"]) and not piping.wants(["deliver"]) and not piping.wants([])
    assert os.EX_TEMPFAIL == piping.LATER and os.EX_DATAERR == piping.NO_MAIL
