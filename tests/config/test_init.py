"""`podpora init` and `podpora check --deploy`."""

from pathlib import Path

import pytest

from tests.make.patience import so_many
from tests.server import podpora

pytestmark = [pytest.mark.slow, pytest.mark.once]


@pytest.fixture
def password(tmp_path: Path) -> str:
    file = tmp_path / "password"
    file.write_text("a-long-pass-phrase-77\n")
    return str(file)


def test_a_new_installation_gets_manager_product_and_key(tmp_path: Path, password: str) -> None:
    data = tmp_path / "var"
    options = ["--email", "anna@firm.example", "--name", "Anna", "--password-file", password, "--product-name", "Our Program"]
    first = podpora(data, "init", *options, PODPORA_DEMO="0")
    assert first.returncode == 0, first.stderr
    assert podpora(data, "keys", "list", PODPORA_DEMO="0").stdout.count("signs") == 1
    second = podpora(data, "init", *options, PODPORA_DEMO="0")
    assert second.returncode == 1
    assert "has a manager already" in second.stderr


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ([], "e-mail address is missing: give --email"),
        (["--email", "anna@firm.example"], "name is missing: give --name"),
        (["--email", "anna@firm.example", "--name", "Anna"], "password is missing"),
    ][: so_many(1, 3)],
)
def test_what_is_missing_is_said(tmp_path: Path, options: list[str], words: str) -> None:
    result = podpora(tmp_path, "init", *options, PODPORA_DEMO="0")
    assert result.returncode == 1
    assert words in result.stderr


def test_a_weak_password_is_refused(tmp_path: Path) -> None:
    weak = tmp_path / "weak"
    weak.write_text("12345")
    options = ["--email", "anna@firm.example", "--name", "Anna", "--password-file", str(weak), "--product-name", "Our Program"]
    assert "too short" in podpora(tmp_path / "var", "init", *options, PODPORA_DEMO="0").stderr


def test_check_deploy_names_what_the_demo_may_do(tmp_path: Path) -> None:
    said = podpora(tmp_path, "check", "--deploy")
    assert said.returncode == 1
    assert {"podpora.E010", "podpora.E011", "podpora.W012"} <= set(said.stderr.replace(":", " ").split())


def test_check_deploy_is_content_with_a_public_installation(tmp_path: Path) -> None:
    settings = {
        "PODPORA_DEMO": "0", "PODPORA_SITE_URL": "https://support.firm.example", "PODPORA_SMTP_URL": "smtp://localhost",
        "PODPORA_MAIL_FROM": "Support <support@firm.example>",
    }  # fmt: skip
    said = podpora(tmp_path, "check", "--deploy", **settings)
    assert said.returncode == 0, said.stderr
