"""Known problems for tests."""

from datetime import UTC, datetime
from typing import Any

from podpora.base.actors import system
from podpora.catalog import queries as catalog
from podpora.catalog.models import Product
from podpora.problems import actions
from podpora.problems.models import Problem
from podpora.problems.values import Facts
from tests.make import catalog as make

AT = datetime(2026, 3, 16, 9, 0, tzinfo=UTC)
BY = system("tests")


def facts(**more: Any) -> Facts:
    said = {
        "title_cs": "Prázdný kalendář po aktualizaci",
        "title_en": "An empty calendar after the update",
        "symptom_cs": "Kalendář je prázdný.",
    }
    return Facts(**{"product": product().code, **said, **more})


def product() -> Product:
    return catalog.products().first() or make.catalogue()


def problem(*, at: datetime = AT, **more: Any) -> Problem:
    return actions.create_problem(facts(**more), by=BY, at=at)
