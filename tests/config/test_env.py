"""Malformed settings stop the start with one sentence that names the setting, whichever way they are given."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from podpora.config import database, env

SECRET = "s" * 40
BAD = {
    "DATA_DIR": ("/dev/null/folder", "a\0b"),
    "DATABASE_URL": (
        *("mysql://u:p@h/db", "postgresql://", "nonsense", "postgresql://u@h:99999/db", "postgresql://u@h:port/db"),
        *(
            "postgresql://[::1/db",
            "postgresql://u@h/",
            "postgresql://u@h/a/b",
            "sqlite://",
            "sqlite:///",
            "postgresql://u:p@h/db?sslmode",
        ),
    ),
    "REDIS_URL": ("http://h", "redis://", "redis://[h", "redis://h:0x1", "localhost:6379"),
    "SECRET_KEY": ("short", " " * 40 + "x"),
    "SITE_URL": (
        *(
            "ftp://h",
            "example.com",
            "https://",
            "https://[",
            "https://h:1e3",
            "https://h/shop?x=1",
            "https://h/#x",
            "https://u:p@h",
        ),
        *("https://h h", "https://a\nb", "https:///path", "https://h/path"),
    ),
    "SMTP_URL": ("mail.example", "smtp://", "smtp://[h", "smtp://h:99999", "smtps://h h:25", "http://h"),
    "MAIL_FROM": ("nobody", "a@b\nBcc: c@d", "a b <@>", "x@", "@y", "a@b, c@d", "a@b c"),
    "IMAP_URL": (
        "pop3://h",
        "imap://",
        "imap://[h",
        "imaps://h",
        "imaps://u@h/?x=1",
        "imaps://u@h/?after=delete",
        "imaps://u@h/?after=move",
    ),
    "MAIL_HOSTS": ("a b", "http://h", "h:x"),
    "BOUNCE_ADDRESS": ("bounce", "a b@c", "bounce+x@vendor.example", "x" * 23 + "@vendor.example"),
    "STORAGE_URL": ("ftp://h", "s3://", "file://"),
    "TIME_ZONE": ("Prague", "Europe", "../../etc/passwd", "/etc/passwd", "Europe/Prague\0", "x" * 5000),
    "DEMO": ("yes", "2", "true", "-1"),
    "PAYMENT_PROVIDERS": ("stripe", "test", "transfer;test", "transfer,nothing", ","),
    "TRUSTED_PROXIES": ("-1", "11", "1.5", "one", "٣", "1e1"),
    "LOG_FORMAT": ("xml", "JSON"),
    "CLOCK": ("2027-03-11T05:00:00Z", "tomorrow"),
    "SQLITE_SYNCHRONOUS": ("OFF", "full"),
}
CASES = [(name, value) for name, values in BAD.items() for value in values]


def read(given: dict[str, str], tmp_path: Path) -> None:
    environ = {"PODPORA_DATA_DIR": str(tmp_path / "var"), "PODPORA_SECRET_KEY": SECRET, **given}
    database.settings_for(env.read(environ))


def one_sentence(problem: pytest.ExceptionInfo[env.BadSetting], name: str) -> str:
    said = str(problem.value)
    assert name in said
    assert said.endswith(".") and "\n" not in said and len(said) < 400, said
    return said


@pytest.mark.parametrize(("name", "value"), CASES, ids=[f"{name}-{number}" for number, (name, _) in enumerate(CASES)])
def test_a_malformed_value_stops_the_start(name: str, value: str, tmp_path: Path) -> None:
    with pytest.raises(env.BadSetting) as problem:
        read({f"PODPORA_{name}": value}, tmp_path)
    one_sentence(problem, f"PODPORA_{name}")


@pytest.mark.parametrize(("name", "value"), CASES, ids=[f"{name}-{number}" for number, (name, _) in enumerate(CASES)])
def test_the_same_from_a_file(name: str, value: str, tmp_path: Path) -> None:
    (tmp_path / "value").write_text(value + "\n", newline="")
    environ = {"PODPORA_SECRET_KEY": SECRET, f"PODPORA_{name}_FILE": str(tmp_path / "value")}
    if name == "SECRET_KEY":
        del environ["PODPORA_SECRET_KEY"]
    if name != "DATA_DIR":
        environ["PODPORA_DATA_DIR"] = str(tmp_path / "var")
    with pytest.raises(env.BadSetting) as problem:
        database.settings_for(env.read(environ))
    one_sentence(problem, f"PODPORA_{name}")


@pytest.mark.parametrize("name", sorted(env.NAMES))
def test_a_file_that_is_not_there_or_not_text(name: str, tmp_path: Path) -> None:
    binary = tmp_path / "binary"
    binary.write_bytes(b"\xff\xfe\x00\x81")
    for file in (tmp_path / "nothing", tmp_path, binary):
        environ = {"PODPORA_DATA_DIR": str(tmp_path / "var"), "PODPORA_SECRET_KEY": SECRET}
        environ.pop(f"PODPORA_{name}", None)
        if name.startswith("TEST_") or name == "CHROMIUM":
            continue
        with pytest.raises(env.BadSetting) as problem:
            env.read({**environ, f"PODPORA_{name}_FILE": str(file)})
        one_sentence(problem, f"PODPORA_{name}_FILE")


def test_given_twice_and_unknown(tmp_path: Path) -> None:
    (tmp_path / "zone").write_text("Europe/Prague")
    with pytest.raises(env.BadSetting) as problem:
        read({"PODPORA_TIME_ZONE": "Europe/Prague", "PODPORA_TIME_ZONE_FILE": str(tmp_path / "zone")}, tmp_path)
    one_sentence(problem, "PODPORA_TIME_ZONE")
    for name in ("PODPORA_TIMEZONE", "PODPORA_", "PODPORA_FILE", "PODPORA_DEMO_FILE_FILE"):
        with pytest.raises(env.BadSetting) as problem:
            read({name: "x"}, tmp_path)
        one_sentence(problem, name)


def test_s14_no_sentence_repeats_a_password(tmp_path: Path) -> None:
    """What stops the start is printed into logs that many people read."""
    for name, value in {
        "DATABASE_URL": "mysql://user:hunter2hunter2@host/db",
        "REDIS_URL": "http://:hunter2hunter2@host",
        "SMTP_URL": "smpt://user:hunter2hunter2@host",
        "IMAP_URL": "pop3://user:hunter2hunter2@host",
    }.items():
        with pytest.raises(env.BadSetting) as problem:
            read({f"PODPORA_{name}": value}, tmp_path)
        assert "hunter2" not in one_sentence(problem, f"PODPORA_{name}")


def test_good_values_are_taken(tmp_path: Path) -> None:
    good = {
        "DATABASE_URL": "postgresql://u:p%40@[::1]:5432/db?sslmode=require", "REDIS_URL": "redis://:p@h:6379/1",
        "SITE_URL": "https://support.example.com/", "SMTP_URL": "smtp+tls://u:p@h:587", "MAIL_FROM": "Support, Ltd. <s@v.example>",
        "TIME_ZONE": "America/New_York", "DEMO": "1", "CLOCK": "2027-03-11T05:00:00Z", "PAYMENT_PROVIDERS": "transfer, test",
        "TRUSTED_PROXIES": "2", "LOG_FORMAT": "json", "SQLITE_SYNCHRONOUS": "NORMAL",
    }  # fmt: skip
    if name := good.pop("MAIL_FROM"):
        good["MAIL_FROM"] = f'"{name.split(" <")[0]}" <s@v.example>'
    read({f"PODPORA_{name}": value for name, value in good.items()}, tmp_path)


def test_the_process_ends_with_the_sentence_alone(tmp_path: Path) -> None:
    environ = {"PATH": os.environ["PATH"], "PODPORA_DATA_DIR": str(tmp_path), "PODPORA_SITE_URL": "nonsense"}
    ended = subprocess.run(
        [sys.executable, "-m", "django", "check", "--settings", "podpora.config.settings"],
        env=environ, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert ended.returncode != 0
    assert len(ended.stderr.strip().splitlines()) == 1 and "PODPORA_SITE_URL" in ended.stderr
