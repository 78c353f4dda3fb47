"""Nothing public is undocumented: settings, commands, reason codes, words, links."""

import re
from pathlib import Path

import pytest

from podpora.base import reasons
from podpora.config import command, env

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"


def documented(page: str) -> str:
    return (DOCS / "reference" / page).read_text()


def test_every_setting_is_documented() -> None:
    page = documented("settings.md")
    assert [name for name in sorted(env.NAMES) if f"`PODPORA_{name}`" not in page] == []


def test_no_setting_is_documented_that_does_not_exist() -> None:
    named = set(re.findall(r"`PODPORA_([A-Z_]+?)(?:_FILE)?`", documented("settings.md")))
    assert named - env.NAMES == set()


def test_every_command_is_documented() -> None:
    page = documented("commands.md")
    assert [name for name in command.names() if f"`podpora {name}" not in page] == []


def test_no_command_is_documented_that_does_not_exist() -> None:
    named = set(re.findall(r"^\| `podpora ([a-z-]+)", documented("commands.md"), re.MULTILINE))
    assert named - set(command.names()) == set()


@pytest.mark.parametrize("name", command.names())
def test_every_command_has_its_three_parts(name: str) -> None:
    module = command.module_of(name)
    assert module.HELP.endswith(".")
    assert callable(module.add_arguments)
    assert callable(module.run)


def test_every_reason_code_is_documented() -> None:
    page = documented("codes.md")
    assert [code for code in sorted(reasons.declared()) if f"`{code}`" not in page] == []


def test_what_is_made_from_the_source_is_current() -> None:
    from tools import generate_docs

    assert documented("codes.md") == generate_docs.codes(), "run python tools/generate_docs.py"


def test_every_link_between_documents_leads_somewhere() -> None:
    broken = []
    for page in [*DOCS.rglob("*.md"), *ROOT.glob("*.md")]:
        for target in re.findall(r"\]\(([^)#\s]+)", page.read_text()):
            if "://" not in target and not (page.parent / target).exists():
                broken.append(f"{page.relative_to(ROOT)}: {target}")
    assert broken == []


def test_a_missing_document_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(env, "NAMES", env.NAMES | {"PLANTED"})
    with pytest.raises(AssertionError, match="PLANTED"):
        test_every_setting_is_documented()
    monkeypatch.setattr(command, "names", lambda: ["planted"])
    with pytest.raises(AssertionError, match="planted"):
        test_every_command_is_documented()
    monkeypatch.setattr(reasons, "_texts", {"planted.code": None})
    with pytest.raises(AssertionError, match=r"planted\.code"):
        test_every_reason_code_is_documented()


# They tell what will be or is so, and refuse nothing.
NOTICES = {
    "licence.ends_soon", "licence.trial_ends_soon", "support.ended_recently", "support.ends_soon", "support.grace",
    "version.end_of_life_soon", "version.end_of_life_today", "version.ticket_about_ended",
}  # fmt: skip


def test_t6_who_is_offered_to_buy_is_offered_a_free_way_too() -> None:
    kinds = {code: {way.kind for way in text.ways} for code, text in reasons.declared().items()}
    assert {code for code, ways in kinds.items() if ways == {"buy"}} - NOTICES == set()
