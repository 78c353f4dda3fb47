"""What the user chose, in a file of his own. The company's settings are never written here: a lock that goes away gives it back (CS-6)."""

from __future__ import annotations

import contextlib
import json
import os
import tempfile
from pathlib import Path
from typing import Any


class Chosen:
    """The user's choices: key -> value. A file that can't be read counts as empty; each change is whole or not there."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._values: dict[str, Any] = {}
        with contextlib.suppress(OSError, ValueError, RecursionError):
            found = json.loads(path.read_text(encoding="utf-8"))
            self._values = found if isinstance(found, dict) else {}

    def get(self, key: str) -> Any:
        """None: nothing was chosen."""
        return self._values.get(key)

    def put(self, key: str, value: Any) -> None:
        """None takes the choice back. OSError where the disk does not take it; then nothing has changed."""
        values = {name: each for name, each in self._values.items() if name != key}
        if value is not None:
            values[key] = value
        self._write(values)
        self._values = values

    def _write(self, values: dict[str, Any]) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=self._path.parent, prefix=".settings-")
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                json.dump(values, file, ensure_ascii=False, indent=1, sort_keys=True)
                file.flush()
                os.fsync(file.fileno())
            Path(name).replace(self._path)
        except OSError:
            Path(name).unlink(missing_ok=True)
            raise
