"""The vendor's document: what is taken, what is refused and where, and what differs between two versions."""

from typing import Any

import pytest

from podpora.base.errors import InvalidInput
from podpora.fleet.rules import compare, read_schema
from podpora.fleet.values import Mode, SchemaChange, SettingType

TITLE = {"cs": "Motiv", "en": "Theme"}


def document(**properties: Any) -> dict[str, Any]:
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema", "type": "object", "x-version": 3,
        "x-pages": [{"id": "look", "title": {"cs": "Vzhled", "en": "Appearance"}}],
        "properties": {key.replace("__", "."): value for key, value in properties.items()},
    }  # fmt: skip


def theme(**more: Any) -> dict[str, Any]:
    return {"type": "string", "enum": ["light", "dark"], "default": "light", "title": TITLE, "x-page": "look"} | more


def refused(**properties: Any) -> dict[str, list[str]]:
    with pytest.raises(InvalidInput) as wrong:
        read_schema(document(**properties))
    return wrong.value.fields


def test_a_document_becomes_a_schema() -> None:
    schema = read_schema(
        document(
            look__theme=theme(
                **{"x-modes": ["forced", "default"], "x-since": "10.2", "x-restart": True, "x-enum-titles": {"dark": TITLE}}
            ),
            proxy__port={"type": "integer", "minimum": 1, "maximum": 65535, "title": TITLE, "x-atomic-group": "proxy"},
            spam__words={"type": "array", "items": {"type": "string"}, "maxItems": 50, "title": TITLE},
        )
    )
    assert schema.version == 3
    assert [page.code for page in schema.pages] == ["look"]
    first = schema.settings["look.theme"]
    assert (first.type, first.choices, first.default, first.modes) == (
        SettingType.STRING, ("light", "dark"), "light", (Mode.FORCED, Mode.DEFAULT),
    )  # fmt: skip
    assert (first.since, first.needs_restart, first.page, first.title["cs"]) == ("10.2", True, "look", "Motiv")
    assert first.choice_titles == {"dark": TITLE}
    assert schema.block_of("proxy.port") == "proxy"
    assert schema.settings["spam.words"].max_length == 50


@pytest.mark.parametrize(
    ("wrong", "field", "code"),
    [
        ({"look__theme": theme(**{"$ref": "#/properties/look.theme"})}, "properties.look.theme.$ref", "settings.schema_keyword"),
        ({"look__theme": theme(**{"x-enum-titles": {"blue": TITLE}})}, "properties.look.theme.x-enum-titles", "unknown"),
        (
            {"look__theme": theme(**{"x-enum-titles": {"dark": "Tmavý"}})},
            "properties.look.theme.x-enum-titles.dark",
            "settings.schema_text",
        ),
        ({"look__theme": theme(enum=["light", {"x": 1}])}, "properties.look.theme.enum", "settings.schema_choice"),
        ({"look__theme": theme(allOf=[])}, "properties.look.theme.allOf", "settings.schema_keyword"),
        ({"look__theme": theme(type="object")}, "properties.look.theme.type", "settings.schema_type"),
        ({"look__theme": theme(type=["string", "null"])}, "properties.look.theme.type", "settings.schema_type"),
        ({"Look": theme()}, "properties.Look", "settings.schema_key"),
        ({"account__password": theme()}, "properties.account.password", "settings.schema_secret"),
        ({"api_token": theme()}, "properties.api_token", "settings.schema_secret"),
        ({"look__theme": theme(title={"cs": "Motiv"})}, "properties.look.theme.title", "settings.schema_text"),
        ({"look__theme": theme(title=None)}, "properties.look.theme.title", "settings.schema_text"),
        ({"look__theme": theme(default="blue")}, "properties.look.theme.default", "settings.schema_default"),
        ({"look__theme": theme(**{"x-page": "other"})}, "properties.look.theme.x-page", "settings.schema_page"),
        ({"look__theme": theme(**{"x-modes": ["locked"]})}, "properties.look.theme.x-modes", "unknown"),
        ({"look__theme": theme(**{"x-since": "soon"})}, "properties.look.theme.x-since", "not_a_version"),
        ({"a": {"type": "integer", "minimum": 5, "maximum": 1, "title": TITLE}}, "properties.a", "settings.schema_range"),
        ({"a": {"type": "string", "pattern": "(", "title": TITLE}}, "properties.a.pattern", "settings.schema_pattern"),
        ({"a": {"type": "string", "pattern": "(a+)+$", "title": TITLE}}, "properties.a.pattern", "settings.schema_pattern"),
        ({"a": {"type": "string", "pattern": "a" * 201, "title": TITLE}}, "properties.a.pattern", "settings.schema_pattern"),
        ({"a": "string"}, "properties.a", "wrong_type"),
        ({f"k{number}": theme() for number in range(2001)}, "properties", "settings.schema_too_many"),
        ({}, "properties", "required"),
    ],
)
def test_what_is_wrong_is_named_by_its_place(wrong: dict[str, Any], field: str, code: str) -> None:
    assert code in refused(**wrong)[field]


@pytest.mark.parametrize("nothing", [None, [], "x", 3, {}, {"properties": []}, {"x-version": True, "properties": {"a": theme()}}])
def test_what_is_no_document_is_refused(nothing: Any) -> None:
    with pytest.raises(InvalidInput):
        read_schema(nothing)


def test_all_mistakes_are_told_at_once() -> None:
    found = refused(a=theme(title={}), b=theme(default="blue"), C=theme())
    assert set(found) == {"properties.a.title", "properties.b.default", "properties.C"}


def test_two_versions_are_compared() -> None:
    old = read_schema(document(a=theme(), b=theme(), c={"type": "integer", "minimum": 1, "maximum": 9, "title": TITLE}))
    new = read_schema(
        document(
            d=theme(),
            a=theme(enum=["light", "dark", "black"], title={"cs": "Barvy", "en": "Colours"}),
            c={"type": "integer", "minimum": 0, "maximum": 5, "title": TITLE},
        )
    )
    assert compare(old, new) == [
        SchemaChange("d", "added"),
        SchemaChange("a", "changed", "choices"),
        SchemaChange("a", "changed", "title"),
        SchemaChange("c", "changed", "minimum"),
        SchemaChange("c", "changed", "maximum", breaks=True),
        SchemaChange("b", "removed", breaks=True),
    ]
    assert compare(old, old) == []
