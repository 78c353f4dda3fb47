"""`podpora serve` with real processes: it starts, survives what dies, stops cleanly, and says what is wrong."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.server import PODPORA, Site, environment, free_port, podpora, served

pytestmark = [pytest.mark.slow, pytest.mark.once]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with served("serve", tmp_path_factory.mktemp("serve")) as running:
        yield running


def children(site: Site) -> list[int]:
    listed = subprocess.run(["ps", "-o", "pid=", "--ppid", str(site.process.pid)], capture_output=True, text=True, check=False)
    return [int(pid) for pid in listed.stdout.split()]


def eventually(question: Callable[[], bool], seconds: float = 30) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            if question():
                return True
        except OSError:
            pass
        time.sleep(0.1)
    return False


def test_pages_and_background_jobs_come_up(site: Site) -> None:
    assert site.status("/") == 200
    assert eventually(lambda: site.status("/readyz") == 200)


def test_processes_that_are_killed_come_back(site: Site) -> None:
    assert eventually(lambda: len(children(site)) == 2)
    for pid in children(site):
        os.kill(pid, signal.SIGKILL)
    assert eventually(lambda: len(children(site)) == 2)
    assert eventually(lambda: site.status("/healthz") == 200)


def test_static_files_have_hashed_names_that_may_be_kept_for_ever(site: Site) -> None:
    manifest = site.data_dir / "static" / "staticfiles.json"
    assert manifest.exists()


def test_a_taken_port_is_said_in_one_sentence(site: Site, tmp_path: Path) -> None:
    result = podpora(tmp_path, "serve", "--port", site.url.rpartition(":")[2])
    assert result.returncode == 1
    assert result.stderr.count("\n") == 1
    assert "address already in use" in result.stderr


def test_it_stops_cleanly_and_leaves_nothing_behind(tmp_path: Path) -> None:
    with served("serve", tmp_path) as site:
        pids = children(site)
        assert site.stop() == 0
        assert "Traceback" not in site.log.read_text()
        assert eventually(lambda: not any(Path(f"/proc/{pid}").exists() for pid in pids))
        with socket.socket() as probe:
            assert probe.connect_ex(("127.0.0.1", int(site.url.rpartition(":")[2]))) != 0


def test_two_that_start_at_once_on_one_database_do_not_race(tmp_path: Path) -> None:
    settings = environment(tmp_path / "var")
    both = [
        subprocess.Popen(
            [PODPORA, "serve", "--no-worker", "--port", str(free_port())],
            env=settings,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        for _ in range(2)
    ]
    try:
        lines = [b"".join(_until_serving(process)) for process in both]
    finally:
        for process in both:
            process.send_signal(signal.SIGTERM)
            process.wait(30)
            if process.stdout:
                process.stdout.close()
    assert [b"serving on" in text for text in lines] == [True, True]
    assert sum(b"bringing the database up to date" in text for text in lines) == 1


def _until_serving(process: "subprocess.Popen[bytes]") -> list[bytes]:
    lines: list[bytes] = []
    assert process.stdout is not None
    for line in process.stdout:
        lines.append(line)
        if b"serving on" in line:
            break
    return lines


@pytest.mark.parametrize(
    ("arguments", "settings", "words"),
    [
        (["serve", "--port", "0"], {}, "is not a port"),
        (["serve", "--processes", "0"], {}, "from 1 to 64"),
        (["serve", "--host", "no.such.host.invalid"], {}, "is not an address of this machine"),
        (["nonsense"], {}, "there is no command 'nonsense'"),
        (["check"], {"PODPORA_TIME_ZONE": "Mars/Base"}, "PODPORA_TIME_ZONE is 'Mars/Base'"),
        (["check"], {"PODPORA_NOSUCH": "1"}, "PODPORA_NOSUCH is not a setting"),
        (["serve"], {"PODPORA_DATABASE_URL": "postgresql://nobody:x@127.0.0.1:1/none"}, "The database cannot be used"),
        (["restore", "missing.zip"], {}, "missing.zip does not exist"),
        (["demo"], {"PODPORA_DEMO": "0"}, "PODPORA_DEMO=0"),
    ],
)
def test_what_is_wrong_is_said_in_one_sentence(tmp_path: Path, arguments: list[str], settings: dict[str, str], words: str) -> None:
    if arguments[0] == "serve" and "--port" not in arguments:
        arguments = [*arguments, "--port", str(free_port())]
    result = podpora(tmp_path, *arguments, **settings)
    assert result.returncode != 0
    assert words in result.stderr
    assert "Traceback" not in result.stderr


def test_a_data_folder_that_is_no_folder_is_said(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.touch()
    result = podpora(blocked / "var", "serve", PODPORA_SECRET_KEY="x" * 40)
    assert result.returncode == 1
    assert "is not a folder" in result.stderr
