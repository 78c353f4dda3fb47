"""S69: no way to files and tools of the house. S70: nothing that would run what it reads. S73: data for the service's user alone."""

import ast
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

import podpora as package
from tests.config.test_transfer import _queue_a_mail
from tests.make import people, web
from tests.server import podpora

ROOT = Path(package.__file__).parent
OUTSIDE = (
    "/static/../../../etc/passwd", "/static/..%2f..%2f..%2fetc/passwd", "/static/%2e%2e/%2e%2e/settings.py", "/static//etc/passwd",
    "/static/....//....//etc/passwd", "/static/..%5c..%5cwindows", "/static/%00", "/static/\\..\\..\\etc", "/media/../db.sqlite3", "/files/../secret",
    "/.git/config", "/.git/HEAD", "/.env", "/.ci/run", "/backup.zip", "/db.sqlite3", "/podpora.sqlite3", "/var/podpora.sqlite3", "/settings.py~",
    "/manage.py", "/requirements.txt", "/Makefile", "/admin/", "/admin/login/", "/server-status", "/debug/", "/__debug__/", "/.well-known/../etc",
    "/static/", "/media/", "/files/", "/mail/", "/centre/../office/", "/%2e%2e/%2e%2e/etc/passwd", "//etc/passwd", "/demo/mail/../../etc/passwd",
)  # fmt: skip


@pytest.mark.django_db
@pytest.mark.once
@pytest.mark.parametrize("path", OUTSIDE)
def test_s69_files_of_the_house_have_no_address(path: str, settings: Any) -> None:
    settings.WHITENOISE_USE_FINDERS = True  # as it serves
    for somebody in (None, people.person()):
        answer = web.client(somebody).generic("GET", path)
        text = (b"".join(answer.streaming_content) if answer.streaming else answer.content).decode(errors="replace")
        assert answer.status_code in (301, 302, 400, 404), path
        assert not any(mark in text for mark in ("root:", "[core]", "SQLite format", "SECRET_KEY", "Traceback", "Index of"))
        if answer.status_code in (301, 302):
            assert answer["Location"].startswith("/"), path
            assert not answer["Location"].startswith("//"), path


@pytest.mark.django_db
@pytest.mark.once
def test_s69_metrics_and_the_office_are_not_there_for_others() -> None:
    web.vendor()
    for somebody in (None, people.person()):
        client = web.client(somebody)
        assert client.get("/metrics", REMOTE_ADDR="192.0.2.7").status_code == 404
        assert client.get("/office/").status_code in (302, 404)
        assert client.get("/office/jobs/").status_code in (302, 404)


FORBIDDEN_IMPORTS = {"pickle", "cPickle", "dill", "shelve", "marshal", "jsonpickle", "yaml"}
FORBIDDEN_CALLS = {"eval", "exec", "compile", "__import__"}
SAFE = {
    "web/templatetags/podpora.py", "web/public/demo_mail.py", "web/public/shop/delivered.py", "web/desk/rows.py", "web/markup.py",
    "web/forum/shown.py", "web/forum/staff/reviews.py",  # the HTML of a post, cleaned by base.markdown when it was written
    "web/structure.py",  # JSON-LD, in which nothing can end the element
}  # fmt: skip

UNESCAPED = {
    "mail/layout.html",  # parts that were escaped when they were rendered
    "components/mail_frame.html",  # a mail that nh3 made harmless, in a frame that can do nothing
    # What base.markdown made: read without raw HTML, then cleaned by nh3.
    "public/faq/article.html", "office/articles/words.html", "public/problems/problem.html", "public/problems/release.html",
    "forum/preview.html",
}  # fmt: skip


def _found(path: Path) -> list[tuple[str, int]]:
    found: list[tuple[str, int]] = []
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found += [(name.name, node.lineno) for name in node.names if name.name.split(".")[0] in FORBIDDEN_IMPORTS]
        elif isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in FORBIDDEN_IMPORTS:
            found.append((str(node.module), node.lineno))
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in FORBIDDEN_CALLS:
            found.append((node.func.id, node.lineno))
        elif isinstance(node, ast.Call):
            for word in node.keywords:
                if word.arg == "shell" and isinstance(word.value, ast.Constant) and word.value.value:
                    found.append(("shell=True", node.lineno))
    return found


@pytest.mark.once
def test_s70_nothing_runs_what_it_reads() -> None:
    assert {str(path.relative_to(ROOT)): found for path in ROOT.rglob("*.py") if (found := _found(path))} == {}
    assert "Pickle" not in str(getattr(settings, "SESSION_SERIALIZER", ""))
    assert settings.SESSION_SERIALIZER == "django.contrib.sessions.serializers.JSONSerializer"


@pytest.mark.once
def test_s70_text_is_called_safe_in_known_places_only() -> None:
    using = {str(path.relative_to(ROOT)) for path in ROOT.rglob("*.py") if "mark_safe(" in path.read_text()}
    assert using == SAFE
    unescaped = [str(path) for path in ROOT.rglob("*.html") if "autoescape off" in path.read_text() or "|safe" in path.read_text()]
    assert {name.split("/templates/")[1] for name in unescaped} == UNESCAPED


def test_s70_the_gate_sees_a_planted_violation(tmp_path: Path) -> None:
    planted = tmp_path / "planted.py"
    planted.write_text("import pickle\nfrom yaml import load\neval('1')\nrun('x', shell=True)\n")
    assert [name for name, _line in _found(planted)] == ["pickle", "yaml", "eval", "shell=True"]


@pytest.mark.once
def test_s73_data_mail_and_backup_are_for_the_services_user_alone(tmp_path: Path) -> None:
    data, target = tmp_path / "data", tmp_path / "backup.zip"
    assert podpora(data, "seed", "--licences", "1").returncode == 0
    _queue_a_mail(data)
    assert podpora(data, "worker", "--once").returncode == 0
    assert podpora(data, "backup", str(target)).returncode == 0
    open_to_others: list[Any] = [
        (str(path.relative_to(tmp_path)), oct(path.stat().st_mode & 0o777))
        for path in (data, target, *data.rglob("*"))
        if path.stat().st_mode & 0o077
    ]
    assert open_to_others == []
    assert list((data / "mail").glob("*.eml"))
