"""The checks of `make check` pass on this tree, and each of them is seen to fail on a planted violation."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tools import check_committed, check_sizes, check_writes

pytestmark = pytest.mark.once

ROOT = Path(__file__).resolve().parents[2]
RUFF = str(Path(sys.executable).with_name("ruff"))


def test_only_actions_write() -> None:
    assert check_writes.problems() == []


@pytest.mark.parametrize(
    "code",
    [
        "Ticket.objects.create(subject='x')",
        "Ticket.objects.filter(pk=1).update(state='closed')",
        "Ticket.objects.filter(pk=1).delete()",
        "ticket.save()",
        "ticket.save(update_fields=['state'])",
        "ticket.delete()",
        "ticket.messages.create(text='x')",
        "Ticket.objects.bulk_create([])",
        "Ticket.objects.get_or_create(code='x')",
        "rows = Ticket.objects.filter(pk=1)\nrows.update(state='closed')",
        "rows = queries.open_tickets()\nrows.order_by('pk').update(state='closed')",
        "for row in queries.open_tickets():\n    row.save()",
        "customer.members.add(person)",
        "cursor.execute('UPDATE desk_ticket SET state = 1')",
        "cursor.execute('''\n    INSERT INTO desk_ticket VALUES (1)''')",
    ],
)
def test_a_write_outside_actions_is_seen(tmp_path: Path, code: str) -> None:
    (tmp_path / "people").mkdir()
    (tmp_path / "people" / "models.py").write_text("members = models.ManyToManyField(Person, related_name='customers')\n")
    (tmp_path / "web").mkdir()
    (tmp_path / "web" / "page.py").write_text(code + "\n")
    assert len(check_writes.problems(tmp_path)) == 1


@pytest.mark.parametrize(
    "code",
    [
        "facts.update(other)",
        "cache.delete('x')",
        "request.session.save()",
        "form.save()",
        "seen.add(1)",
        "image.save(buffer)",
        "rows = list(Ticket.objects.all())\nseen.update(rows)",
        "found = queries.ticket(code).first()\ntotals.update(x=1)",
    ],
)
def test_what_only_looks_like_a_write_is_not_reported(tmp_path: Path, code: str) -> None:
    (tmp_path / "page.py").write_text(code + "\n")
    assert check_writes.problems(tmp_path) == []


def test_actions_and_migrations_may_write(tmp_path: Path) -> None:
    for name in ("desk/actions.py", "desk/actions/tickets.py", "desk/migrations/0001_initial.py"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("ticket.save()\n")
    assert check_writes.problems(tmp_path) == []


def test_sizes() -> None:
    assert check_sizes.problems() == []


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("src/long.py", "x = 1\n" * 401, "401 lines, at most 400"),
        ("src/deep.py", "def f():\n" + "    x = 1\n" * 40, "41 lines, at most 40"),
        ("src/wide.py", "def f(a, b, c, d, *, e, f, g, h): ...\n", "8 parameters, at most 7"),
        ("src/templates/long.html", "<p>\n" * 151, "151 lines, at most 150"),
        ("src/static/long.js", "x;\n" * 151, "151 lines, at most 150"),
    ],
)
def test_what_is_too_big_is_seen(tmp_path: Path, name: str, text: str, words: str) -> None:
    path = tmp_path / name
    path.parent.mkdir(parents=True)
    path.write_text(text)
    assert [words in problem for problem in check_sizes.problems(tmp_path)] == [True]


def test_the_list_of_exceptions_only_shrinks(tmp_path: Path) -> None:
    (tmp_path / "src").mkdir()
    (tmp_path / "tools").mkdir()
    (tmp_path / "src" / "long.py").write_text("x = 1\n" * 410)
    (tmp_path / "tools" / "sizes.txt").write_text("src/long.py 420\nsrc/gone.py 500\n")
    problems = " | ".join(check_sizes.problems(tmp_path))
    assert "write the truth" in problems
    assert "src/gone.py: no longer too big" in problems
    assert "at most 0" in problems


def test_nothing_committed_names_a_registry_or_a_machine() -> None:
    assert check_committed.problems() == []


@pytest.mark.parametrize(
    "line",
    [
        "https://files.pythonhosted" + ".org/x",
        "--index" + "-url https://x",
        "cd /ho" + "me/jana/podpora",
        "open('/ro" + "ot/.ssh')",
    ],
)
def test_a_committed_address_is_seen(tmp_path: Path, line: str) -> None:
    (tmp_path / "notes.md").write_text(line)
    assert len(check_committed.problems(tmp_path)) == 1


@pytest.mark.parametrize(
    ("code", "rule"),
    [
        ("from django.dispatch import receiver\n\nprint(receiver)\n", "TID251"),
        ("from django.db.models.signals import post_save\n\nx = post_save\n", "TID251"),
        ("from datetime import datetime\n\nx = datetime.now()\n", "TID251"),
        ("from django.utils import timezone\n\nx = timezone.now()\n", "TID251"),
        ("from datetime import date\n\nx = date.today()\n", "TID251"),
        ("import time\n\nx = time.time()\n", "TID251"),
    ],
)
def test_a_signal_and_a_second_clock_are_seen(tmp_path: Path, code: str, rule: str) -> None:
    result = subprocess.run(
        [RUFF, "check", "--config", str(ROOT / "pyproject.toml"), "--stdin-filename", "src/podpora/desk/actions.py", "-"],
        input=code, capture_output=True, text=True, check=False, cwd=ROOT,
    )  # fmt: skip
    assert result.returncode == 1
    assert rule in result.stdout


def test_a_string_without_czech_is_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from tools import translations

    shutil.copytree(ROOT / "src" / "podpora" / "locale", tmp_path / "locale")
    monkeypatch.setattr(translations, "LOCALE", tmp_path / "locale")
    monkeypatch.setattr(translations, "SOURCE", tmp_path)
    (tmp_path / "page.py").write_text('_("A sentence that nobody has translated yet.")\n')
    assert translations.missing() == ["cs: not translated: 'A sentence that nobody has translated yet.'"]


def test_czech_is_complete() -> None:
    from tools import translations

    assert translations.missing() == []


@pytest.mark.django_db
def test_no_migration_is_outstanding() -> None:
    from django.core.management import call_command

    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


@pytest.mark.django_db
def test_an_outstanding_migration_is_seen() -> None:
    from django.core.management import call_command
    from django.db import models

    from podpora.catalog.models import Product

    field = models.CharField(max_length=5, default="")
    field.contribute_to_class(Product, "planted")
    try:
        with pytest.raises(SystemExit):
            call_command("makemigrations", check=True, dry_run=True, verbosity=0)
    finally:
        Product._meta.local_fields.remove(field)
        Product._meta._expire_cache()
        del Product.planted
