from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fake import Vendor, serving
from tests.making import Options, Program, program


@pytest.fixture
def vendor() -> Iterator[Vendor]:
    with serving() as made:
        yield made


@pytest.fixture
def installed(vendor: Vendor, tmp_path: Path) -> Program:
    """A program with its store in a folder and the vendor's server behind a socket."""
    return program(tmp_path / "store", server=vendor.url, options=Options())
