"""Releases of the sample program for tests."""

from datetime import date, datetime
from typing import Any

from podpora.base.actors import system
from podpora.catalog import actions, queries
from podpora.catalog.actions import FileFacts, ReleaseMore, ReleaseNotes
from podpora.catalog.models import Product, Release
from tests.make import licensing as make

BY = system("tests")
FILE = FileFacts("windows-x64", "https://download.vendor.example/postak.exe", "ab" * 32, 12_345_678)


def release(number: str, on: str, *, of: Product | None = None, at: datetime = make.BOUGHT, **more: Any) -> Release:
    """A published build of a major that is there already."""
    version = queries.versions(of or make.product()).get(major=int(number.split(".")[0]))
    facts = ReleaseMore(**{"files": (FILE,), **more})
    notes = ReleaseNotes(f"Novinky {number}", f"What is new in {number}")
    return actions.publish_release(version, number, released_on=date.fromisoformat(on), notes=notes, more=facts, by=BY, at=at)


def releases(*, at: datetime = make.BOUGHT) -> dict[str, Release]:
    """9.8.0, 10.0.0, 10.1.0, 10.2.0 and a beta of 10.3."""
    wanted = {
        "9.8.0": "2025-06-01", "10.0.0": "2025-09-15", "10.1.0": "2025-12-01", "10.2.0": "2026-03-01", "10.3.0-beta.1": "2026-03-05",
    }  # fmt: skip
    return {number: release(number, on, at=at) for number, on in wanted.items()}
