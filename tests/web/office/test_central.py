"""The vendor's description of settings: checked and compared first, counted when somebody says so."""

import json

import pytest

from podpora.fleet.models import SettingsSchema
from tests.make import licensing as make
from tests.make import people, web
from tests.make.fleet import document, schema

pytestmark = pytest.mark.django_db


def test_a_description_is_checked_compared_and_then_kept() -> None:
    schema(1)
    manager = web.client(people.manager())
    assert "version 1, 5 settings" in manager.get("/office/settings/").content.decode()
    newer = document(2, **{"look.zoom": {"type": "number", "title": {"cs": "Z", "en": "Zoom"}}})
    newer["properties"]["mail.port"] = newer["properties"]["mail.port"] | {"maximum": 1024}
    text = json.dumps(newer)
    looked = manager.post("/office/settings/", {"document": text}).content.decode()
    assert "Zoom" in looked
    assert "may not fit any more" in looked
    assert SettingsSchema.objects.count() == 1
    kept = {"document": text, "keep": "1"}
    assert [manager.post("/office/settings/", kept).status_code for _ in range(2)] == [302, 302]  # twice is once
    assert SettingsSchema.objects.count() == 2
    assert "look.zoom" in manager.get("/office/settings/2/").content.decode()
    assert manager.get("/office/settings/9/").status_code == 404


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "not a JSON document"),
        ("[" * 100_000, "not a JSON document"),
        ("[]", "has to be a JSON object"),
        (json.dumps(document(2, **{"a.password": {"type": "string", "title": {"cs": "A", "en": "A"}}})), "a.password"),
        (json.dumps(document(2, **{"a": {"$ref": "#/properties/a"}})), "left out on purpose"),
        (json.dumps({"x-version": 2, "properties": {f"k{n}": {"type": "string"} for n in range(10_000)}}), "2,000 settings"),
    ],
)
def test_what_can_not_be_a_description_is_named(text: str, said: str) -> None:
    make.product()
    answer = web.client(people.manager()).post("/office/settings/", {"document": text})
    assert (answer.status_code, said in answer.content.decode()) == (422, True)
    assert not SettingsSchema.objects.exists()
