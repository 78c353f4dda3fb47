"""The store: torn at every byte, written by two processes, on a disk that can't be written, for two users (A-16)."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from podpora_sdk import MemoryStore, Place, Store
from podpora_sdk.store import COPIES, MARK, store_from
from tests.making import Program, Time, TimedStore, program
from tests.vectors.making import NOW, certificate

SRC = Path(__file__).resolve().parents[1] / "src"


def activated(folder: Path) -> Program:
    made = program(folder)
    assert made.started().install_offline(certificate()).ok
    return made


@pytest.mark.parametrize("copy", COPIES)
def test_one_copy_torn_at_every_byte(tmp_path: Path, copy: str) -> None:
    made = activated(tmp_path)
    path = tmp_path / copy
    whole = path.read_bytes()
    expected = Store(tmp_path).load()
    for length in range(len(whole)):
        path.write_bytes(whole[:length])
        assert Store(tmp_path).load() == expected, length
    path.write_bytes(whole)
    assert made.started().state().may_run


def test_one_copy_with_every_byte_changed(tmp_path: Path) -> None:
    activated(tmp_path)
    path = tmp_path / COPIES[0]
    whole = path.read_bytes()
    expected = Store(tmp_path).load()
    for place in range(len(whole)):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 0xFF]) + whole[place + 1 :])
        assert Store(tmp_path).load() == expected, place


@pytest.mark.parametrize("content", [b"", b"\0" * 4096, b"{}", b"podpora-store 1 x", b"podpora-store 1 x y\n{}", b"[" * 100_000])
def test_both_copies_lost_is_not_activated_and_not_a_crash(tmp_path: Path, content: bytes) -> None:
    made = activated(tmp_path)
    for copy in COPIES:
        (tmp_path / copy).write_bytes(content)
    state = made.started().state()
    assert (state.may_run, state.reason) == (False, "licence.not_activated")
    assert made.started().install_offline(certificate()).ok


@pytest.mark.parametrize("doc", [{"certificate": 5}, {"certificate": "x"}, {"device_key": "x", "pending": 7, "ended": [], "hashes": "x"},
                                 {"verdict": "x", "announcements": 5, "written": "x", "installation": 5, "initials": 3, "settings": 5}])  # fmt: skip
def test_a_store_with_another_content_is_not_a_crash(doc: dict[str, object]) -> None:
    store = MemoryStore()
    store.update(lambda kept: kept.update(doc))
    licensing = program(store).started()
    assert not licensing.state().may_run
    assert licensing.offline_request().ok
    assert licensing.install_offline(certificate()).ok
    assert licensing.state().may_run
    assert list(licensing.settings()) == []


def test_a_stored_certificate_that_was_changed_says_so(tmp_path: Path) -> None:
    made = activated(tmp_path)
    Store(tmp_path).update(lambda doc: doc.update(certificate=doc["certificate"][:-4] + "AAAA"))
    assert made.started().state().reason in ("licence.signature_invalid", "licence.certificate_malformed")
    assert not made.started().state().may_run


def test_killed_while_writing(tmp_path: Path) -> None:
    """Fifteen times: the process dies somewhere in a write, the state is whole and never goes back."""
    loop = f"""
import sys; sys.path.insert(0, {str(SRC)!r})
from podpora_sdk import Store
store = Store({str(tmp_path)!r})
print("ready", flush=True)
while True:
    store.update(lambda doc: doc.update(number=doc.get("number", 0) + 1, filler="x" * 20_000))
"""
    before = 0
    for turn in range(15):
        process = subprocess.Popen([sys.executable, "-c", loop], stdout=subprocess.PIPE)
        assert process.stdout
        process.stdout.readline()
        time.sleep(0.005 + turn * 0.004)
        process.send_signal(signal.SIGKILL)
        process.wait()
        process.stdout.close()
        now = Store(tmp_path).load().get("number", 0)
        assert now >= before
        before = now
    assert before > 0


def test_two_processes_lose_nothing(tmp_path: Path) -> None:
    """Each adds one, a hundred times: the lock lets none be lost."""
    code = f"""
import sys, time; sys.path.insert(0, {str(SRC)!r})
from podpora_sdk import Store
store = Store({str(tmp_path)!r})
for _ in range(100):
    store.update(lambda doc: doc.update(number=doc.get("number", 0) + 1))
    time.sleep(0.005)  # no program writes without a break; the other one's turn comes
"""
    processes = [subprocess.Popen([sys.executable, "-c", code]) for _ in range(2)]
    assert [process.wait(60) for process in processes] == [0, 0]
    assert Store(tmp_path).load()["number"] == 200


def test_a_writer_that_hangs_does_not_stop_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import fcntl

    from podpora_sdk import store as module

    Store(tmp_path).update(lambda doc: doc.update(a=1))
    handle = os.open(tmp_path / "lock", os.O_RDWR)
    fcntl.flock(handle, fcntl.LOCK_EX)
    monkeypatch.setattr(module, "WAIT", 0.2)
    began = time.monotonic()
    assert Store(tmp_path).update(lambda doc: doc.update(b=2))
    assert time.monotonic() - began < 2
    os.close(handle)
    assert Store(tmp_path).load()["b"] == 2


def test_two_processes_see_one_another(tmp_path: Path) -> None:
    one, other = activated(tmp_path).started(), program(tmp_path).started()
    assert other.state().may_run
    assert one.install_offline(certificate(serial=8, holder="New name")).ok
    assert other.state().holder == "New name"
    assert other.install_offline(certificate(serial=7)).code == "licence.stale_serial"
    assert one.offline_proof().ok
    assert other.state().reason == "licence.not_activated"


def test_many_threads_at_once(tmp_path: Path) -> None:
    licensing = activated(tmp_path).started()
    seen, problems = [], []

    def work(number: int) -> None:
        try:
            for turn in range(20):
                if number == 0:
                    licensing.install_offline(certificate(serial=8 + turn))
                seen.append(licensing.state().may_run)
                licensing.offline_request()
                licensing.settings()
        except BaseException as problem:
            problems.append(problem)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert problems == []
    assert all(seen)
    assert len(seen) == 160


def test_a_place_that_can_never_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    made = program(tmp_path / "file" / "store")
    licensing = made.started()
    assert licensing.install_offline(certificate()).ok  # kept in memory
    state = licensing.state()
    assert (state.may_run, state.store_problem) == (True, "store.read_only")
    assert licensing.offline_proof().code == "store.read_only"  # what can't be noted must not be proven
    assert licensing.state().may_run
    assert not made.started().state().may_run


def test_a_read_only_disk_with_a_licence_on_it(tmp_path: Path) -> None:
    """Under a user who may only read: the licence counts, nothing raises."""
    folder = tmp_path / "store"
    activated(folder)
    for path in [*folder.iterdir(), folder]:
        path.chmod(0o555 if path.is_dir() else 0o444)
    for path in [tmp_path, *tmp_path.parents]:
        if path.stat().st_uid == os.geteuid() and str(path).startswith("/tmp/pytest"):
            path.chmod(0o755)
    code = f"""
import json, os, sys
sys.path[:0] = {[str(SRC), str(SRC.parent)]!r}
from pathlib import Path
from tests.making import program
import podpora_sdk.machines.linux, platform
if os.geteuid() == 0:
    os.setgroups([]); os.setgid(65534); os.setuid(65534)
licensing = program(Path({str(folder)!r})).started()
state = licensing.state()
result = licensing.refresh()
print(json.dumps([state.may_run, state.reason, result.code, licensing.offline_request().ok, licensing.state().store_problem]))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == [True, "licence.valid", "licence.not_activated", True, "store.read_only"]


def test_a16_a_shared_place_first_then_the_users_own(tmp_path: Path) -> None:
    shared, own = tmp_path / "shared", tmp_path / "own"
    shared.mkdir()
    time = Time()
    first_user = TimedStore(Place(shared, shared=True), own, time=time)
    assert program(first_user, time=time).started().install_offline(certificate()).ok
    assert [path.name for path in own.iterdir()] == [MARK]  # the second place of the clock's mark
    assert (shared / COPIES[0]).stat().st_mode & 0o777 == 0o666
    other_user = Store(Place(shared, shared=True), tmp_path / "other")
    assert program(other_user).started().state().may_run  # one activation for both
    assert not other_user.is_private


def test_a16_a_shared_place_that_may_only_be_read(tmp_path: Path) -> None:
    shared = tmp_path / "shared"
    shared.mkdir()
    time = Time()
    program(TimedStore(Place(shared, shared=True), time=time), time=time).started().install_offline(certificate())
    for name in (*COPIES, MARK, "lock"):
        (shared / name).rename(shared / f"{name}.kept")
        (shared / name).mkdir()  # a folder in its place can't be replaced by a file
    store = Store(Place(shared, shared=True), tmp_path / "own")
    assert program(store).started().install_offline(certificate()).ok
    assert store.problem == ""
    assert program(Store(Place(shared, shared=True), tmp_path / "own")).started().state().may_run


def test_an_own_place_is_private(tmp_path: Path) -> None:
    activated(tmp_path / "store")
    assert {path.stat().st_mode & 0o077 for path in (tmp_path / "store").iterdir()} == {0}


def test_no_temporary_file_stays_behind(tmp_path: Path) -> None:
    activated(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([*COPIES, MARK, "lock"])


def test_the_usual_places(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    store = Store.default("Vendor", "Postak")
    assert store.folders == [tmp_path / "data/Vendor/Postak"]
    assert not (tmp_path / "data").exists()
    store.set_mark(NOW)
    assert (tmp_path / "state/Vendor/Postak" / MARK).exists()
    (tmp_path / "data/Vendor/Postak" / MARK).unlink()
    assert Store.default("Vendor", "Postak").mark() == NOW  # the second place


def test_a_store_is_needed() -> None:
    with pytest.raises(ValueError, match="folder"):
        Store()
    assert isinstance(store_from([Place(Path("x"))]), Store)
