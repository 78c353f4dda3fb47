"""A value and its setting: CS-13, CS-21."""

import math
from typing import Any

import pytest

from podpora.fleet.rules import problems_of
from podpora.fleet.values import Mode, Schema, Setting, SettingType

SETTINGS = (
    Setting("text", SettingType.STRING, max_length=20),
    Setting("any", SettingType.STRING),
    Setting("host", SettingType.STRING, pattern=r"^[a-z0-9.-]+$"),
    Setting("theme", SettingType.STRING, choices=("light", "dark")),
    Setting("port", SettingType.INTEGER, minimum=1, maximum=65535),
    Setting("zoom", SettingType.NUMBER, minimum=0.5, maximum=3),
    Setting("on", SettingType.BOOLEAN, modes=(Mode.FORCED,)),
    Setting("words", SettingType.ARRAY, max_length=3),
    Setting("days", SettingType.ARRAY, choices=("mon", "tue")),
)
SCHEMA = Schema(1, {each.key: each for each in SETTINGS})


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("text", "x" * 20), ("host", "proxy.example"), ("theme", "dark"), ("port", 1), ("port", 65535), ("zoom", 1), ("zoom", 2.5),
        ("on", False), ("words", []), ("words", ["a", "b", "c"]), ("days", ["tue"]), ("text", ""),
    ],
)  # fmt: skip
def test_what_fits(key: str, value: Any) -> None:
    assert problems_of(SCHEMA, key, value).codes == ()


@pytest.mark.parametrize(
    ("key", "value", "code"),
    [
        ("nothing", 1, "unknown_key"),
        ("text", 1, "wrong_type"), ("text", None, "wrong_type"), ("text", "a\x00b", "wrong_type"), ("text", "x" * 21, "wrong_length"),
        ("any", "x" * 10_001, "wrong_length"), ("host", "a b", "wrong_form"), ("theme", "blue", "not_a_choice"),
        ("port", 0, "out_of_range"), ("port", 65536, "out_of_range"), ("port", 1.0, "wrong_type"), ("port", True, "wrong_type"),
        ("zoom", 3.01, "out_of_range"), ("zoom", math.nan, "out_of_range"), ("zoom", math.inf, "out_of_range"),
        ("on", 1, "wrong_type"), ("on", "true", "wrong_type"), ("words", "abc", "wrong_type"), ("words", ["a", 1], "wrong_type"),
        ("words", ["a"] * 4, "wrong_length"), ("words", ["x" * 10_001], "wrong_length"), ("days", ["wed"], "not_a_choice"),
    ],
)  # fmt: skip
def test_cs_13_what_does_not_fit(key: str, value: Any, code: str) -> None:
    found = problems_of(SCHEMA, key, value)
    assert not found.allowed
    assert found.codes == (f"settings.{code}",)


def test_a_mode_that_the_program_does_not_allow() -> None:
    assert problems_of(SCHEMA, "on", True, Mode.FORCED).allowed
    assert problems_of(SCHEMA, "on", True, Mode.DEFAULT).codes == ("settings.mode_not_allowed",)


@pytest.mark.parametrize(
    "secret",
    [
        "password=hunter2", "heslo: tajne", "imap://jana:hunter2@mail.example", "-----BEGIN PRIVATE KEY-----",
        "eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiJ4In0.x", "ghp_0123456789abcdef0123", "PK7XM-2QF4K-9RTYA-B3CDE-F6GHJ",
    ],
)  # fmt: skip
def test_cs_21_a_secret_is_refused(secret: str) -> None:
    for key, value in (("any", secret), ("words", ["a", secret])):
        assert "settings.looks_secret" in problems_of(SCHEMA, key, value).codes
        assert not problems_of(SCHEMA, key, value).allowed


def test_cs_21_what_might_be_a_secret_is_flagged_and_taken() -> None:
    found = problems_of(SCHEMA, "any", "Tr0ub4dor&3")
    assert found.allowed
    assert found.codes == ("settings.might_be_secret",)


@pytest.mark.parametrize(
    "ordinary",
    [
        "mail.example", "C:\\Data\\Mail2026!", "https://intranet.example/Start?x=1&Y=2", "10.2.1", "#A1b2C3", "%APPDATA%/Mail-1",
        "Oddělení IT", "smtp-relay-01", "{first}.{Last}@example", "Podpora: volejte +420 123",
    ],
)  # fmt: skip
def test_ordinary_values_are_not_flagged(ordinary: str) -> None:
    assert problems_of(SCHEMA, "any", ordinary).codes == ()
