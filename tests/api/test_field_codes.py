"""Every code that a field may have has a sentence in both languages."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils import translation

import podpora
from podpora.api.envelope import _CODES
from podpora.base.fields import _WITH_FACTS, field_sentence
from podpora.base.reasons import declared

ROOT = Path(podpora.__file__).parent
RAISING = {"InvalidInput", "refused_field"}


def _codes() -> Iterator[tuple[str, str]]:
    """What stands in `InvalidInput({"name": ["code"]})`, `refused_field("code")` and `problems.add("name", "code")`."""
    for path in ROOT.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            if name == "InvalidInput" and isinstance(node.args[0], ast.Dict):
                places: list[ast.AST] = [e for v in node.args[0].values if isinstance(v, ast.List) for e in v.elts]
            elif name == "refused_field":
                places = list(node.args)
            elif name == "add" and len(node.args) == 2:
                places = [node.args[1]]
            else:
                continue
            for place in places:
                options = [place.body, place.orelse] if isinstance(place, ast.IfExp) else [place]
                yield from ((str(o.value), path.name) for o in options if isinstance(o, ast.Constant) and isinstance(o.value, str))


@pytest.mark.once
def test_every_code_of_a_field_is_declared() -> None:
    found = dict(_codes()) | dict.fromkeys(_CODES.values(), "envelope.py")
    assert len(found) > 20
    assert {code: where for code, where in found.items() if code not in declared()} == {}


@pytest.mark.once
def test_a_field_sentence_says_the_limit_in_both_languages() -> None:
    for code, told in _WITH_FACTS.items():
        for needed, _text in told:
            facts = dict.fromkeys(needed, "17")
            for language in ("en", "cs"):
                with translation.override(language):
                    assert "17" in field_sentence(code, facts)
                    assert field_sentence(code) != code
                    assert "…" not in field_sentence(code, facts)
