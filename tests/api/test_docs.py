"""The API explains itself: a page under the strict CSP, and nothing undocumented."""

import re
from pathlib import Path

import pytest
from django.test import Client

from tests.make.api import Api

pytestmark = pytest.mark.django_db
REFERENCE = Path(__file__).resolve().parents[2] / "docs" / "reference"


def test_the_page_shows_every_call_without_script_or_style_of_its_own() -> None:
    response = Client().get("/api/docs")
    html = response.content.decode()
    assert response.status_code == 200
    document = Api().get("openapi.json").json()
    for path, operations in document["paths"].items():
        for method in operations:
            assert f"<code>{method.upper()} {path}</code>" in html
    assert "device.fingerprint" in html
    assert not re.search(r"<style|style=|<script(?![^>]*src=)|https?://(?!127\.0\.0\.1)", html)


def test_every_call_is_documented() -> None:
    page = "".join(found.read_text() for found in REFERENCE.glob("*.md"))
    document = Api().get("openapi.json").json()
    calls = [f"{method.upper()} {path.removeprefix('/api/v1/')}" for path, ops in document["paths"].items() for method in ops]
    assert [call for call in calls if f"`{call}" not in page] == []
