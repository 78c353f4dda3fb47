"""What the SDK needs and promises: nothing but cryptography, no surprise at start-up, sentences in both languages, documents."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import sysconfig
import time
from pathlib import Path
from typing import Any

import pytest

import podpora_sdk
from podpora_sdk import ConfigurationError, Licensing, MemoryStore, State
from podpora_sdk.decision import VERDICTS, WARNINGS
from podpora_sdk.texts import KINDS, LABELS, TEXTS, language_of, sentence, steps
from tests.making import program
from tests.vectors.making import PINNED, certificate, x_of

ROOT = Path(__file__).resolve().parents[1]
SOURCES = sorted((ROOT / "src").rglob("*.py"))


def test_only_cryptography_and_the_standard_library_are_imported() -> None:
    outside = set()
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text(), feature_version=(3, 10))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            outside |= {name.partition(".")[0] for name in names} - sys.stdlib_module_names
    assert outside == {"cryptography", "podpora_sdk"}


def test_it_runs_with_nothing_else_installed(tmp_path: Path) -> None:
    """A process whose path has the standard library, the SDK, cryptography and what that needs: nothing else."""
    site = Path(sysconfig.get_paths()["platlib"])
    for name in ("cryptography", "cffi", "_cffi_backend*"):
        for found in site.glob(name):
            (tmp_path / found.name).symlink_to(found)
    code = f"""
import sys
sys.path = [p for p in sys.path if "site-packages" not in p and p] + [{str(tmp_path)!r}, {str(ROOT / "src")!r}]
import importlib, pkgutil, podpora_sdk
for module in pkgutil.walk_packages(podpora_sdk.__path__, "podpora_sdk."):
    importlib.import_module(module.name)
from podpora_sdk import Licensing, MemoryStore
licensing = Licensing("postak", "10.2.1", "https://licences.vendor.example", [{x_of(PINNED)!r}], MemoryStore())
print(licensing.state().reason)
print({{name.partition(".")[0] for name in sys.modules}} & {{"django", "podpora", "pytest", "joserfc", "requests"}})
"""
    done = subprocess.run([sys.executable, "-I", "-S", "-c", code], capture_output=True, text=True, check=False)
    assert done.stdout == "licence.not_activated\nset()\n", done.stderr


def test_starting_touches_neither_disk_nor_network(tmp_path: Path) -> None:
    program(tmp_path / "store").started()
    assert list(tmp_path.iterdir()) == []


def test_state_never_raises_and_never_allows_by_mistake() -> None:
    class Broken(MemoryStore):
        def load(self) -> Any:
            raise RuntimeError("planted")

    licensing = program(Broken()).started()
    state = licensing.state()
    assert (state.may_run, state.reason, state.store_problem) == (False, "licence.not_activated", "RuntimeError: planted")
    assert not licensing.activate("PK").ok
    assert list(licensing.settings()) == []
    assert not licensing.may_update_to("10")
    assert licensing.refresh().code == "server.refused"


def test_state_takes_milliseconds() -> None:
    licensing = program().started()
    licensing.install_offline(certificate())
    licensing.state()
    began = time.perf_counter()
    for _ in range(200):
        licensing.state()
    assert (time.perf_counter() - began) / 200 < 0.02


@pytest.mark.parametrize(("server", "version", "product"), [
    ("http://vendor.example", "10", "postak"), ("vendor.example", "10", "postak"), ("https://", "10", "postak"), ("", "10", "postak"),
    ("https://user:password@vendor.example", "10", "postak"), ("https://vendor.example", "ten", "postak"), ("https://vendor.example", "10", ""),
])  # fmt: skip
def test_what_only_a_developer_can_get_wrong_is_said_at_once(server: str, version: str, product: str) -> None:
    with pytest.raises(ConfigurationError):
        Licensing(product, version, server, [x_of(PINNED)], MemoryStore())


def test_a_state_is_true_exactly_when_the_program_may_run() -> None:
    licensing = program().started()
    assert not licensing.state()
    licensing.install_offline(certificate())
    assert licensing.state()
    assert isinstance(licensing.state(), State)


def test_every_code_has_both_sentences_and_steps_that_there_are() -> None:
    for code, (english, czech, ways) in TEXTS.items():
        assert english.endswith(".")
        assert czech.endswith(".")
        assert english != czech
        assert set(re.findall(r"{(\w+)}", english)) == set(re.findall(r"{(\w+)}", czech)), code
        assert set(ways) <= LABELS.keys()
    assert (VERDICTS | set(WARNINGS)) <= TEXTS.keys()
    assert set(KINDS) <= LABELS.keys()


def test_vip_10_a_trial_and_free_are_told_their_own_sentence() -> None:
    for kind, said in (("trial", "During the trial"), ("free", "may take longer"), ("one-time", "Ask the community")):
        licensing = program().started()
        licensing.install_offline(certificate(kind=kind, notices=["support.not_included"]))
        [notice] = licensing.state().notices
        assert (notice.code, said in notice.message) == ("support.not_included", True)


def test_every_code_in_the_source_has_a_sentence() -> None:
    used = set()
    for path in SOURCES:
        used |= set(
            re.findall(r'"((?:licence|server|settings|offline|release|version|support|update|store)\.[a-z_]+)"', path.read_text())
        )
    assert used - TEXTS.keys() == set()


def test_sentences_name_facts_and_never_fail() -> None:
    from datetime import date

    assert sentence("licence.expired", "cs", until=date(2026, 10, 20)).startswith("Licence skončila 20. 10. 2026.")
    assert "…" in sentence("licence.expired", "en")
    assert sentence("never.heard") == "never.heard"
    assert steps("licence.not_activated", "cs", "https://v.example/")[2].url == "https://v.example/shop/"
    assert [language_of(name) for name in ("cs_CZ.UTF-8", "Czech_Czechia", "de", "")] == ["cs", "cs", "en", "en"]


def test_the_readme_names_what_there_is() -> None:
    readme = (ROOT / "README.md").read_text()
    calls = [name for name in vars(Licensing) if not name.startswith("_") and callable(getattr(Licensing, name))]
    assert [name for name in calls if f"{name}(" not in readme] == []
    assert podpora_sdk.__version__ in (ROOT / "pyproject.toml").read_text()
    assert [name for name in podpora_sdk.__all__ if not hasattr(podpora_sdk, name)] == []
    assert (ROOT / "src/podpora_sdk/py.typed").exists()


def test_public_things_say_what_they_do() -> None:
    for path in SOURCES:
        tree = ast.parse(path.read_text())
        assert ast.get_docstring(tree), path
    undocumented = [
        name for name in vars(Licensing) if not name.startswith("_") and not (getattr(Licensing, name).__doc__ or "").strip()
    ]
    assert undocumented == []
