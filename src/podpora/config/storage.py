"""Where files lie: a local folder in which a file is either whole or not there (F09)."""

import os
import secrets
from pathlib import Path
from typing import Any

from django.core.files.storage import FileSystemStorage

from podpora.base import clock


class DurableFolder(FileSystemStorage):
    """Writes under a temporary name, forces the bytes to the disk, renames, forces the folder."""

    def _save(self, name: str, content: Any) -> str:
        target = Path(self.path(name))
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
        return str(name).replace("\\", "/")


def _force_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
