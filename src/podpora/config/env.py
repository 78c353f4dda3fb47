"""Settings from the environment: `PODPORA_NAME`, or `PODPORA_NAME_FILE` for secrets (API: "Settings").

Every value is checked here, once, at the start. A malformed or unknown one stops the start with one sentence that
names it and says what would be right.
"""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import parseaddr
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from podpora.base.clock import parse_instant

PREFIX = "PODPORA_"
NAMES = frozenset({
    "DATA_DIR", "DATABASE_URL", "REDIS_URL", "SECRET_KEY", "SITE_URL", "SMTP_URL", "MAIL_FROM", "IMAP_URL", "STORAGE_URL", "TIME_ZONE",
    "DEMO", "PAYMENT_PROVIDERS", "TRUSTED_PROXIES", "LOG_FORMAT", "CLOCK", "SQLITE_SYNCHRONOUS",
    "TEST_DATABASE_URL", "TEST_REDIS_URL", "CHROMIUM",
})  # fmt: skip
PROVIDERS = ("transfer", "test")


class BadSetting(Exception):
    """One sentence: which setting, what is wrong, what would be right."""


@dataclass(frozen=True, slots=True)
class Environment:
    """All settings, parsed."""

    data_dir: Path
    database_url: str
    redis_url: str
    secret_key: str
    site_url: str
    smtp_url: str
    mail_from: str
    imap_url: str
    storage_url: str
    time_zone: ZoneInfo
    demo: bool
    payment_providers: tuple[str, ...]
    trusted_proxies: int
    log_format: str
    clock: datetime | None
    sqlite_synchronous: str


def read(environ: Mapping[str, str] = os.environ, root: Path | None = None) -> Environment:
    """The environment as typed settings. Raises BadSetting for the first value that cannot be used."""
    _refuse_unknown(environ)
    data_dir = Path(_text(environ, "DATA_DIR") or (root or Path.cwd()) / "var").absolute()
    demo = _choice(environ, "DEMO", ("0", "1"), "0") == "1"
    clock = _instant(environ, "CLOCK")
    if clock and not demo:
        raise BadSetting("PODPORA_CLOCK works only with PODPORA_DEMO=1: a real installation keeps real time.")
    return Environment(
        data_dir=data_dir,
        database_url=_url(environ, "DATABASE_URL", ("sqlite", "postgresql", "postgres"), ""),
        redis_url=_url(environ, "REDIS_URL", ("redis", "rediss"), ""),
        secret_key=_secret(environ, data_dir),
        site_url=_url(environ, "SITE_URL", ("http", "https"), "http://127.0.0.1:8000").rstrip("/"),
        smtp_url=_url(environ, "SMTP_URL", ("smtp", "smtps", "smtp+tls"), ""),
        mail_from=_mailbox(environ, "MAIL_FROM", "Podpora <podpora@vendor.example>"),
        imap_url=_url(environ, "IMAP_URL", ("imap", "imaps"), ""),
        storage_url=_url(environ, "STORAGE_URL", ("file", "s3"), ""),
        time_zone=_zone(environ),
        demo=demo,
        payment_providers=_providers(environ, demo),
        trusted_proxies=_count(environ, "TRUSTED_PROXIES"),
        log_format=_choice(environ, "LOG_FORMAT", ("text", "json"), "text"),
        clock=clock,
        sqlite_synchronous=_choice(environ, "SQLITE_SYNCHRONOUS", ("FULL", "NORMAL"), "FULL"),
    )


def _refuse_unknown(environ: Mapping[str, str]) -> None:
    known = {PREFIX + name for name in NAMES} | {f"{PREFIX}{name}_FILE" for name in NAMES}
    for name in sorted(environ):
        if name.startswith(PREFIX) and name not in known:
            raise BadSetting(f"{name} is not a setting of Podpora; the settings are listed in docs/reference/settings.md.")


def _text(environ: Mapping[str, str], name: str) -> str:
    file = environ.get(f"{PREFIX}{name}_FILE")
    if file:
        if environ.get(PREFIX + name):
            raise BadSetting(f"{PREFIX}{name} and {PREFIX}{name}_FILE are both set: keep one.")
        try:
            return Path(file).read_text().strip()
        except OSError as error:
            raise BadSetting(f"{PREFIX}{name}_FILE names {file}, which cannot be read: {error.strerror}.") from None
    return environ.get(PREFIX + name, "").strip()


def _choice(environ: Mapping[str, str], name: str, choices: tuple[str, ...], default: str) -> str:
    value = _text(environ, name) or default
    if value not in choices:
        raise BadSetting(f"{PREFIX}{name} is {value!r}; it may be {' or '.join(choices)}.")
    return value


def _url(environ: Mapping[str, str], name: str, schemes: tuple[str, ...], default: str) -> str:
    value = _text(environ, name)
    if not value:
        return default
    parts = urlsplit(value)
    if parts.scheme not in schemes or not (parts.netloc or parts.path.strip("/")):
        raise BadSetting(
            f"{PREFIX}{name} is {value!r}; it must be an address that begins with {' or '.join(s + '://' for s in schemes)}."
        )
    try:
        _ = parts.port
    except ValueError:
        raise BadSetting(f"{PREFIX}{name} has a port that is not a number from 0 to 65535.") from None
    return value


def _mailbox(environ: Mapping[str, str], name: str, default: str) -> str:
    """`Name <address>` or a bare address: whom our mails come from."""
    value = _text(environ, name) or default
    address = parseaddr(value)[1]
    local, at_sign, domain = address.rpartition("@")
    if not (local and at_sign and domain) or any(ord(character) < 32 for character in value):
        raise BadSetting(f"{PREFIX}{name} is {value!r}; it must be an address such as Vendor <support@vendor.example>.")
    return value


def _zone(environ: Mapping[str, str]) -> ZoneInfo:
    value = _text(environ, "TIME_ZONE") or "Europe/Prague"
    try:
        return ZoneInfo(value)
    except (KeyError, ValueError, OSError):
        raise BadSetting(f"{PREFIX}TIME_ZONE is {value!r}; it must be an IANA name such as Europe/Prague.") from None


def _instant(environ: Mapping[str, str], name: str) -> datetime | None:
    value = _text(environ, name)
    if not value:
        return None
    try:
        return parse_instant(value)
    except ValueError as error:
        raise BadSetting(f"{PREFIX}{name}: {error}.") from None


def _count(environ: Mapping[str, str], name: str) -> int:
    value = _text(environ, name) or "0"
    if not value.isascii() or not value.isdigit() or int(value) > 10:
        raise BadSetting(f"{PREFIX}{name} is {value!r}; it must be the number of proxies in front of Podpora, 0 to 10.")
    return int(value)


def _providers(environ: Mapping[str, str], demo: bool) -> tuple[str, ...]:
    value = _text(environ, "PAYMENT_PROVIDERS") or ("transfer,test" if demo else "transfer")
    names = tuple(part.strip() for part in value.split(",") if part.strip())
    for name in names:
        if name not in PROVIDERS:
            raise BadSetting(f"{PREFIX}PAYMENT_PROVIDERS names {name!r}; known are {', '.join(PROVIDERS)}.")
    if "test" in names and not demo:
        raise BadSetting(f"{PREFIX}PAYMENT_PROVIDERS names the test provider, which works only with PODPORA_DEMO=1.")
    return names


def _secret(environ: Mapping[str, str], data_dir: Path) -> str:
    """The given secret, else one that is made once and kept in the data folder (mode 600)."""
    value = _text(environ, "SECRET_KEY")
    if value:
        if len(value) < 32:
            raise BadSetting(f"{PREFIX}SECRET_KEY is too short; use at least 32 random characters.")
        return value
    path = data_dir / "secret_key"
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return path.read_text().strip()
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_urlsafe(48))
        return path.read_text().strip()
    except OSError as error:
        raise BadSetting(f"{PREFIX}DATA_DIR is {data_dir}, which cannot be written: {error.strerror}.") from None
