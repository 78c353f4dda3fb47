"""The import contracts hold, and each of them is seen to fail on a planted violation."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

# (file, line to plant, words that the report must contain)
PLANTED = [
    ("mail/actions.py", "import podpora.desk.values", "podpora.mail is not allowed to import podpora.desk"),
    ("orders/actions.py", "import podpora.integrations", "podpora.orders is not allowed to import podpora.integrations"),
    ("forum/actions.py", "import podpora.desk.values", "podpora.forum is not allowed to import podpora.desk"),
    (
        "licensing/actions.py",
        "import podpora.entitlements.values",
        "podpora.licensing is not allowed to import podpora.entitlements",
    ),
    ("fleet/actions.py", "import podpora.web.access", "podpora.fleet is not allowed to import podpora.web"),
    ("files/models.py", "import podpora.files.actions", "podpora.files.models is not allowed to import podpora.files.actions"),
    ("knowledge/rules.py", "import django", "podpora.knowledge.rules is not allowed to import django"),
    ("forum/rules.py", "import podpora.forum.models", "podpora.forum.rules is not allowed to import podpora.forum.models"),
    ("desk/utils.py", "", "desk.utils"),
    ("lobby/__init__.py", "", "podpora.lobby"),
    ("web/doorless.py", "import podpora.desk.notices", "podpora.web.doorless walks through a wall into podpora.desk.notices"),
    ("base/one.py", "import podpora.base.two", ".two -> .one"),
    ("base/two.py", "import podpora.base.one", ".two -> .one"),
    (
        "search/actions.py",
        "def hidden() -> None:\n    import podpora.orders.values",
        "podpora.search is not allowed to import podpora.orders",
    ),
    (
        "audit/actions.py",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import podpora.fleet.values",
        "podpora.audit is not allowed to import podpora.fleet",
    ),
]


def copy_of_source(to: Path) -> Path:
    """The Python source, its contracts and the custom contract, to plant violations in."""
    ignore = shutil.ignore_patterns("__pycache__", "templates", "static", "locale", "*.mo")
    shutil.copytree(ROOT / "src" / "podpora", to / "src" / "podpora", ignore=ignore)
    (to / "tools").mkdir()
    for name in ("tools/__init__.py", "tools/contracts.py", "pyproject.toml"):
        shutil.copy(ROOT / name, to / name)
    return to


def lint_imports(root: Path) -> tuple[int, str]:
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": f"{root / 'src'}:{root}", "COLUMNS": "250"}
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache", "--config", str(root / "pyproject.toml")]
    result = subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, check=False)
    return result.returncode, result.stdout + result.stderr


def test_the_contracts_hold() -> None:
    code, report = lint_imports(ROOT)
    assert code == 0, report


def plant(root: Path, name: str, line: str) -> None:
    """Add a line to a module, which may be a file, a folder by now, or not exist yet."""
    path = root / "src" / "podpora" / name
    if path.with_suffix("").is_dir():
        path = path.with_suffix("") / "__init__.py"
    path.parent.mkdir(exist_ok=True)
    path.write_text((path.read_text() if path.exists() else "") + f"\n{line}\n")


@pytest.fixture(scope="module")
def report_of_planted(tmp_path_factory: pytest.TempPathFactory) -> str:
    root = copy_of_source(tmp_path_factory.mktemp("planted"))
    for name, line, _words in PLANTED:
        plant(root, name, line)
    for name in ("desk/values.py", "desk/notices.py", "orders/values.py", "fleet/values.py", "forum/models.py", "files/actions.py"):
        plant(root, name, "")
    code, report = lint_imports(root)
    assert code == 1, report
    return " ".join(report.split())


@pytest.mark.parametrize(("name", "line", "words"), PLANTED, ids=[f"{name} {line.strip()[-40:]}" for name, line, _words in PLANTED])
def test_a_planted_violation_is_seen(report_of_planted: str, name: str, line: str, words: str) -> None:
    assert words in report_of_planted


@pytest.mark.parametrize("number", [1, 2, 3, 4, 5])
def test_every_contract_is_broken_by_the_plants(report_of_planted: str, number: int) -> None:
    broken = report_of_planted.split("Broken contracts")[1]
    assert f" {number}. " in broken
