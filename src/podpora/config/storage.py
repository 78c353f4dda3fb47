"""Where files lie: a local folder or a bucket. In either a file is whole or not there (F09), and nobody reads it but through us."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.core.files.storage import FileSystemStorage

from podpora.base import clock
from podpora.base.errors import FilesAway
from podpora.config import env, places


def settings_for(environment: "env.Environment") -> dict[str, Any]:
    """The storage of uploads as Django's STORAGES wants it."""
    bucket = places.bucket_of(environment.storage_url)
    if bucket is None:
        folder = places.folder_of(environment.storage_url) or environment.data_dir / "files"
        return {"BACKEND": "podpora.config.storage.DurableFolder", "OPTIONS": {"location": str(folder), "base_url": None}}
    return {"BACKEND": "podpora.config.bucket.PrivateBucket", "OPTIONS": {"bucket": bucket}}


class DurableFolder(FileSystemStorage):
    """Writes under a temporary name, forces the bytes to the disk, renames, forces the folder."""

    def _save(self, name: str, content: Any) -> str:
        with _said_in_one_word():
            self._write(Path(self.path(name)), content)
        return str(name).replace("\\", "/")

    def save_over(self, name: str, content: Any) -> None:
        """Write exactly this name, whatever was there (restoring a backup)."""
        self._save(name, content)

    def _write(self, target: Path, content: Any) -> None:
        target.parent.mkdir(parents=True, exist_ok=True)
        draft = target.with_name(f".{target.name}.{secrets.token_hex(6)}.part")
        try:
            with draft.open("xb") as file:
                for part in content.chunks():
                    file.write(part)
                file.flush()
                os.fsync(file.fileno())
            draft.replace(target)
        except BaseException:
            draft.unlink(missing_ok=True)
            raise
        moment = clock.now().timestamp()  # the installation's time, so that the orphan cleaner measures with one clock
        os.utime(target, (moment, moment))
        _force_folder(target.parent)


@contextmanager
def _said_in_one_word() -> Iterator[None]:
    """A disk that is full or away is not the fault of whoever sent the file (F08)."""
    try:
        yield
    except OSError as error:
        raise FilesAway(error.errno, error.strerror) from error


def _force_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
