"""Where the SDK keeps its state: two copies, each written whole or not at all (LICENSING: "The SDK's manners").

- A copy carries its length and SHA-256, so a torn one is seen; the other one counts then.
- Written as a temporary file, fsync, rename. Readers need no lock and never see half a file.
- Writers take a lock of the operating system (gone with its process, so it can't stay behind), wait for it 3 seconds at most, and then
  go on without: two writers at once can lose one another's last hour, never the licence.
- Several places: one for all users of the computer if it can be written (A-16), else the user's own. All are read, the newest counts.
- A disk that can't be written is no reason to stop: what is new lives in memory until the program ends.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import secrets
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

Doc = dict[str, Any]
MAGIC = b"podpora-store 1 "
COPIES = ("state.podpora", "state.copy")
MARK = "clock.podpora"
LARGEST = 8_388_608
WAIT = 3.0


class Keeps(Protocol):
    """What the SDK needs of a store; hand in your own to keep the state elsewhere (a keyring, a database)."""

    def load(self) -> Doc: ...
    def update(self, change: Callable[[Doc], None]) -> bool: ...
    def stamp(self) -> object: ...
    def mark(self) -> int: ...
    def set_mark(self, mark: int) -> None: ...
    @property
    def problem(self) -> str: ...
    @property
    def is_private(self) -> bool: ...


@dataclass(frozen=True)
class Place:
    """A folder. `shared`: every user of the computer may read and write what lies in it."""

    folder: Path
    shared: bool = False


class Store:
    """Files in the first of the places that can be written."""

    def __init__(self, *places: Place | Path | str, second: Path | str | None = None) -> None:
        """`second`: a folder elsewhere for the second copy of the clock's mark, which survives the deletion of the first."""
        if not places:
            raise ValueError("a store needs a folder")
        self._places = [place if isinstance(place, Place) else Place(Path(place)) for place in places]
        self._second = Path(second) if second is not None else None
        self._mutex = threading.RLock()
        self._memory: Doc = {}
        self._memory_mark = 0
        self._problem = ""

    @classmethod
    def default(cls, vendor: str, product: str) -> Store:
        """The usual places of this operating system. Nothing is made before something is written."""
        shared, own, second = _usual_places(vendor, product)
        places = [Place(shared, shared=True)] if shared.is_dir() else []
        return cls(*places, Place(own), second=second)

    @property
    def problem(self) -> str:
        """`store.read_only` when the last writing failed, else empty."""
        return self._problem

    @property
    def is_private(self) -> bool:
        """Do only this user's programs read it? A licence key is kept only then."""
        return not any(place.shared for place in self._places)

    @property
    def folders(self) -> list[Path]:
        return [place.folder for place in self._places]

    def load(self) -> Doc:
        """The newest whole copy; empty when there is none. Never raises."""
        with self._mutex:
            found = [self._memory, *(doc for place in self._places for name in COPIES if (doc := _read(place.folder / name)))]
        return json.loads(json.dumps(max(found, key=_number)))  # type: ignore[no-any-return]

    def update(self, change: Callable[[Doc], None]) -> bool:
        """Load, change, write, under the lock. False when it could not be written: it is then kept in memory."""
        with self._mutex, self._locked():
            doc = self.load()
            change(doc)
            doc["written"] = _number(doc) + 1
            raw = _packed(doc)
            self._memory = doc
            for place in self._places:
                if _write_copies(place, raw):
                    self._problem = ""
                    return True
            self._problem = "store.read_only"
            return False

    def stamp(self) -> object:
        """Changes when another process has written; costs a few calls of stat."""
        return tuple(_stat(place.folder / name) for place in self._places for name in COPIES)

    def mark(self) -> int:
        """The highest instant that was ever known: both copies of the mark and the newest file written."""
        found = [self._memory_mark, *(_read_mark(path) for path in self._marks())]
        for place in self._places:
            for name in (*COPIES, MARK):
                stat = _stat(place.folder / name)
                found.append(stat[0] // 1_000_000_000 if stat else 0)
        return max(found)

    def set_mark(self, mark: int) -> None:
        """Written to both places, as far as they can be written."""
        self._memory_mark = mark
        for path in self._marks():
            shared = any(place.shared and place.folder == path.parent for place in self._places)
            with contextlib.suppress(OSError):
                _write(path, f"{mark}\n".encode(), shared)

    def _marks(self) -> list[Path]:
        return [place.folder / MARK for place in self._places] + ([self._second / MARK] if self._second else [])

    @contextlib.contextmanager
    def _locked(self) -> Iterator[None]:
        handle = None
        for place in self._places:
            with contextlib.suppress(OSError):
                place.folder.mkdir(parents=True, exist_ok=True)
                handle = os.open(place.folder / "lock", os.O_CREAT | os.O_RDWR, 0o666 if place.shared else 0o600)
                break
        if handle is None:
            yield
            return
        try:
            _wait_for_lock(handle)
            yield
        finally:
            os.close(handle)  # which gives the lock back


class MemoryStore:
    """Keeps nothing after the program's end. For tests, and where there is no disk at all."""

    def __init__(self) -> None:
        self._doc: Doc = {}
        self._mark = 0
        self._mutex = threading.RLock()
        self.problem = ""
        self.is_private = True

    def load(self) -> Doc:
        with self._mutex:
            return json.loads(json.dumps(self._doc))  # type: ignore[no-any-return]

    def update(self, change: Callable[[Doc], None]) -> bool:
        with self._mutex:
            doc = self.load()
            change(doc)
            doc["written"] = _number(doc) + 1
            self._doc = doc
        return True

    def stamp(self) -> object:
        return self._doc.get("written")

    def mark(self) -> int:
        return self._mark

    def set_mark(self, mark: int) -> None:
        self._mark = mark


def _usual_places(vendor: str, product: str) -> tuple[Path, Path, Path]:
    home, env = Path.home(), os.environ
    inside = Path(vendor) / product
    if sys.platform == "win32":
        local = Path(env.get("LOCALAPPDATA") or home / "AppData/Local")
        roaming = Path(env.get("APPDATA") or home / "AppData/Roaming")
        return Path(env.get("PROGRAMDATA") or "C:/ProgramData") / inside, local / inside, roaming / inside
    if sys.platform == "darwin":
        library = home / "Library"
        return Path("/Library/Application Support") / inside, library / "Application Support" / inside, library / "Caches" / inside
    data = Path(env.get("XDG_DATA_HOME") or home / ".local/share")
    state = Path(env.get("XDG_STATE_HOME") or home / ".local/state")
    return Path("/var/lib") / inside, data / inside, state / inside


def _number(doc: Doc) -> int:
    number = doc.get("written", 0)
    return number if type(number) is int else 0


def _packed(doc: Doc) -> bytes:
    body = json.dumps(doc, ensure_ascii=False, sort_keys=True).encode()
    return MAGIC + f"{hashlib.sha256(body).hexdigest()} {len(body)}\n".encode() + body


def _read(path: Path) -> Doc | None:
    """The document, if the copy is whole."""
    try:
        if path.stat().st_size > LARGEST:
            return None
        head, _, body = path.read_bytes().partition(b"\n")
        digest, length = head.removeprefix(MAGIC).decode("ascii").split(" ")
        if not head.startswith(MAGIC) or int(length) != len(body) or hashlib.sha256(body).hexdigest() != digest:
            return None
        doc = json.loads(body)
    except (OSError, ValueError, RecursionError):
        return None
    return doc if isinstance(doc, dict) else None


def _write_copies(place: Place, raw: bytes) -> bool:
    """Both copies, one after the other: at every instant at least one is whole."""
    try:
        place.folder.mkdir(parents=True, exist_ok=True)
        for name in COPIES:
            _write(place.folder / name, raw, place.shared)
    except OSError:
        return False
    return True


def _write(path: Path, raw: bytes, shared: bool) -> None:
    """Temporary file, fsync, rename, fsync of the folder."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}.tmp")
    try:
        handle = os.open(temporary, os.O_CREAT | os.O_WRONLY | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
        try:
            if shared and hasattr(os, "fchmod"):
                os.fchmod(handle, 0o666)  # for every user of the computer
            view = memoryview(raw)
            while view:
                view = view[os.write(handle, view) :]
            os.fsync(handle)
        finally:
            os.close(handle)
        _replace(temporary, path)
    except OSError:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise
    _sync_folder(path.parent)


def _replace(temporary: Path, path: Path) -> None:
    """Windows refuses while somebody reads the old file: a few tries, then it is an error."""
    for _ in range(20):
        try:
            temporary.replace(path)
        except PermissionError:
            if os.name != "nt":
                raise
            time.sleep(0.05)
        else:
            return
    temporary.replace(path)


def _sync_folder(folder: Path) -> None:
    if sys.platform == "win32":
        return
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _stat(path: Path) -> tuple[int, ...] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_ctime_ns, found.st_ino, found.st_size


def _read_mark(path: Path) -> int:
    try:
        text = path.read_bytes()[:32].decode("ascii").strip()
        return int(text) if text.isdigit() else 0
    except (OSError, ValueError):
        return 0


def _wait_for_lock(handle: int) -> bool:
    deadline = time.monotonic() + WAIT
    while not _try_lock(handle):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.002)
    return True


def _try_lock(handle: int) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def store_from(given: Keeps | Path | str | Sequence[Place]) -> Keeps:
    """A store, or the folder of one."""
    if isinstance(given, (str, Path)):
        return Store(given)
    if isinstance(given, Sequence):
        return Store(*given)
    return given
