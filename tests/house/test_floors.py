"""Foreign keys point down; every room says in five lines what it is; every file of a room is on the list."""

import ast
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import models

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "podpora"
CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
LAYERS = CONTRACTS[0]["layers"]
FLOOR = {room.strip(): -n for n, layer in enumerate(LAYERS) for room in layer.split("|")}
ROOMS = [name.removeprefix("podpora.") for name in CONTRACTS[1]["containers"]]
# The plumbing may point to the person who acts: the only key that points up.
PERSON = "people.Person"
MAY_POINT_TO_PERSON = {"audit", "files", "notifications", "mail", "jobs", "search"}


def foreign_keys_that_do_not_point_down(all_models: Iterable[type[models.Model]]) -> Iterator[str]:
    for model in all_models:
        room = model._meta.app_label
        for field in [*model._meta.local_fields, *model._meta.local_many_to_many]:
            target = getattr(field, "related_model", None)
            if not field.remote_field or room not in FLOOR or target is None:
                continue
            to: Any = target
            label = to._meta.app_label
            if to._meta.label == PERSON and room in MAY_POINT_TO_PERSON:
                continue
            if label in FLOOR and label != room and FLOOR[label] >= FLOOR[room]:
                yield f"{room}.{model.__name__}.{field.name} -> {label}"


def test_foreign_keys_point_down() -> None:
    assert list(foreign_keys_that_do_not_point_down(apps.get_models())) == []


def test_a_key_that_points_up_and_one_that_points_sideways_are_seen() -> None:
    from django.apps.registry import Apps

    registry = Apps()

    class Order(models.Model):
        class Meta:
            app_label = "orders"
            apps = registry

    class Ticket(models.Model):
        order = models.ForeignKey(Order, on_delete=models.CASCADE)

        class Meta:
            app_label = "desk"
            apps = registry

    class Licence(models.Model):
        order = models.ForeignKey(Order, on_delete=models.CASCADE)

        class Meta:
            app_label = "licensing"
            apps = registry

    assert list(foreign_keys_that_do_not_point_down([Order, Ticket, Licence])) == [
        "desk.Ticket.order -> orders",
        "licensing.Licence.order -> orders",
    ]


def docstring_problem(source: str) -> str:
    """What is wrong with a package's docstring, or nothing."""
    text = ast.get_docstring(ast.parse(source)) or ""
    lines = text.splitlines()
    if not text:
        return "has no docstring"
    if len(lines) > 8:
        return f"has {len(lines)} lines; five say it"
    if not any(line.startswith("Words:") for line in lines):
        return "does not name its words"
    if not any(word in lines[-1] for word in ("never", " no ", "not", "only", "nothing")):
        return "does not say what it never does"
    return ""


@pytest.mark.parametrize("package", sorted(FLOOR))
def test_every_room_says_what_it_is(package: str) -> None:
    assert docstring_problem((SOURCE / package / "__init__.py").read_text()) == ""


def test_a_missing_or_rambling_docstring_is_seen() -> None:
    assert docstring_problem("x = 1") == "has no docstring"
    assert docstring_problem('"""Desk.\n\nIt never sleeps.\n"""') == "does not name its words"
    assert docstring_problem('"""Desk.\n\nWords: ticket.\nIt is big.\n"""') == "does not say what it never does"


def test_every_room_of_the_contracts_exists() -> None:
    assert [room for room in ROOMS if not (SOURCE / room / "__init__.py").exists()] == []
