"""Hatchling metadata hook: the runtime requirements are written once, in requirements/runtime.in."""

from pathlib import Path
from typing import Any

from hatchling.metadata.plugin.interface import MetadataHookInterface


class CustomMetadataHook(MetadataHookInterface):
    """Copies requirements/runtime.in into the wheel's metadata."""

    def update(self, metadata: dict[str, Any]) -> None:
        lines = (Path(self.root) / "requirements" / "runtime.in").read_text().splitlines()
        build_only = ("hatchling", "editables")
        metadata["dependencies"] = [line for line in lines if line and not line.startswith(("#", *build_only))]
