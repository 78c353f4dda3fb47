"""Settings from the environment: `PODPORA_NAME`, or `PODPORA_NAME_FILE` for secrets (API: "Settings").

Every value is checked here, once, at the start. A malformed or unknown one stops the start with one sentence that
names it and says what would be right.
"""

import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import getaddresses
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit
from zoneinfo import ZoneInfo

from podpora.base.clock import parse_instant
from podpora.config import places

PREFIX = "PODPORA_"
NAMES = frozenset({
    "DATA_DIR", "DATABASE_URL", "REDIS_URL", "SECRET_KEY", "SITE_URL", "SMTP_URL", "MAIL_FROM", "IMAP_URL", "STORAGE_URL", "TIME_ZONE",
    "DEMO", "PAYMENT_PROVIDERS", "TRUSTED_PROXIES", "LOG_FORMAT", "WEBHOOK_HOSTS", "MAIL_HOSTS", "MAIL_AUTHSERV", "BOUNCE_ADDRESS", "CLOCK",
    "SQLITE_SYNCHRONOUS",
    "TEST_DATABASE_URL", "TEST_REDIS_URL", "TEST_THOROUGH", "TEST_ORDER", "CHROMIUM",
})  # fmt: skip
PROVIDERS = ("transfer", "test")
SHOWN = 80  # characters of a wrong value in its sentence


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
    webhook_hosts: frozenset[str] = frozenset()
    mail_hosts: frozenset[str] = frozenset()
    bounce_address: str = ""
    mail_authserv: frozenset[str] = frozenset()


def read(environ: Mapping[str, str] = os.environ, root: Path | None = None) -> Environment:
    """The environment as typed settings. Raises BadSetting for the first value that cannot be used."""
    _refuse_unknown(environ)
    data_dir = _folder(environ, root)
    demo = _choice(environ, "DEMO", ("0", "1"), "0") == "1"
    clock = _instant(environ, "CLOCK")
    if clock and not demo:
        raise BadSetting("PODPORA_CLOCK works only with PODPORA_DEMO=1: a real installation keeps real time.")
    return Environment(
        data_dir=data_dir,
        database_url=_database(environ),
        redis_url=_url(environ, "REDIS_URL", ("redis", "rediss"), ""),
        secret_key=_secret(environ, data_dir),
        site_url=_site(environ),
        smtp_url=_url(environ, "SMTP_URL", ("smtp", "smtps", "smtp+tls"), ""),
        mail_from=_mailbox(environ, "MAIL_FROM", "Podpora <podpora@vendor.example>"),
        imap_url=_imap(environ),
        storage_url=_storage(environ),
        time_zone=_zone(environ),
        demo=demo,
        payment_providers=_providers(environ, demo),
        trusted_proxies=_count(environ, "TRUSTED_PROXIES"),
        log_format=_choice(environ, "LOG_FORMAT", ("text", "json"), "text"),
        clock=clock,
        sqlite_synchronous=_choice(environ, "SQLITE_SYNCHRONOUS", ("FULL", "NORMAL"), "FULL"),
        webhook_hosts=_hosts(environ, "WEBHOOK_HOSTS"),
        mail_hosts=_hosts(environ, "MAIL_HOSTS"),
        bounce_address=_bounce_address(environ),
        mail_authserv=_hosts(environ, "MAIL_AUTHSERV"),
    )


def _refuse_unknown(environ: Mapping[str, str]) -> None:
    known = {PREFIX + name for name in NAMES} | {f"{PREFIX}{name}_FILE" for name in NAMES}
    for name in sorted(environ):
        if name.startswith(PREFIX) and name not in known:
            raise BadSetting(f"{name} is not a setting of Podpora; the settings are listed in docs/reference/settings.md.")


def _text(environ: Mapping[str, str], name: str) -> str:
    file = environ.get(f"{PREFIX}{name}_FILE")
    if not file:
        return _one_line(environ.get(PREFIX + name, "").strip(), name)
    if environ.get(PREFIX + name):
        raise BadSetting(f"{PREFIX}{name} and {PREFIX}{name}_FILE are both set: keep one.")
    try:
        text = Path(file).read_text(encoding="utf-8").strip()
    except OSError as error:
        raise BadSetting(f"{PREFIX}{name}_FILE names {file}, which cannot be read: {error.strerror}.") from None
    except ValueError:
        raise BadSetting(f"{PREFIX}{name}_FILE names {file!r}, which is not a text file.") from None
    return _one_line(text, name)


def _folder(environ: Mapping[str, str], root: Path | None) -> Path:
    """The data folder; it is made when something is written. What is no folder is refused at once."""
    folder = Path(_text(environ, "DATA_DIR") or (root or Path.cwd()) / "var").absolute()
    standing = next(path for path in (folder, *folder.parents) if path.exists())
    if not standing.is_dir():
        raise BadSetting(f"{PREFIX}DATA_DIR is {folder}, but {standing} is not a folder.")
    return folder


def _one_line(value: str, name: str) -> str:
    if any(ord(character) < 32 or ord(character) == 127 for character in value):
        raise BadSetting(f"{PREFIX}{name} has a line break or a control character; it must be one line of text.")
    return value


def shown(value: str) -> str:
    """A value as a sentence may repeat it: short, and without a password (the sentence goes into logs)."""
    hidden = re.sub(r"//[^/@\s]*@", "//…@", value)
    return repr(hidden if len(hidden) <= SHOWN else f"{hidden[:SHOWN]}…")


def _hosts(environ: Mapping[str, str], name: str) -> frozenset[str]:
    """Hosts with or without a port, separated by commas."""
    found = [host.strip().lower() for host in _text(environ, name).split(",") if host.strip()]
    for host in found:
        if not re.fullmatch(r"(\[[0-9a-f:.]+\]|[0-9a-z]([0-9a-z.-]*[0-9a-z])?)(:\d{1,5})?|[0-9a-f:]+", host):
            raise BadSetting(
                f"{PREFIX}{name} has {shown(host)}; write hosts with commas between them, for example hooks.intranet, 127.0.0.1:9000."
            )
    return frozenset(found)


def _choice(environ: Mapping[str, str], name: str, choices: tuple[str, ...], default: str) -> str:
    value = _text(environ, name) or default
    if value not in choices:
        raise BadSetting(f"{PREFIX}{name} is {shown(value)}; it may be {' or '.join(choices)}.")
    return value


def _url(environ: Mapping[str, str], name: str, schemes: tuple[str, ...], default: str) -> str:
    """An address with one of these schemes and a host; a file may have a path instead."""
    value = _text(environ, name)
    if not value:
        return default
    begins = " or ".join(f"{scheme}://" for scheme in schemes)
    try:
        parts = urlsplit(value)
        has_port = parts.port != 0  # raises for what is no number from 0 to 65535
    except ValueError:
        raise BadSetting(f"{PREFIX}{name} has a host or a port that cannot be understood; a port is 1 to 65535.") from None
    is_here = bool(parts.path.strip("/")) if parts.scheme in ("file", "sqlite") else bool(parts.hostname)
    if parts.scheme not in schemes or not is_here or not has_port or " " in value:
        raise BadSetting(f"{PREFIX}{name} is {shown(value)}; it must be an address that begins with {begins}.")
    return value


def _bounce_address(environ: Mapping[str, str]) -> str:
    """A bare address without a plus; "" where mail comes back to its sender's address."""
    value = _text(environ, "BOUNCE_ADDRESS")
    if value and not re.fullmatch(r"[A-Za-z0-9._-]{1,22}@[A-Za-z0-9.-]{1,200}", value):
        raise BadSetting(
            f"{PREFIX}BOUNCE_ADDRESS is {shown(value)}; it must be an address such as bounce@vendor.example, at most 22 characters before the @."
        )
    return value.lower()


def _imap(environ: Mapping[str, str]) -> str:
    """`imaps://user:password@host/Folder?address=…&after=leave|seen|move&move_to=…`."""
    value = _url(environ, "IMAP_URL", ("imap", "imaps", "imap+tls"), "")
    options = dict(parse_qsl(urlsplit(value).query, keep_blank_values=True))
    if value and not urlsplit(value).username:
        raise BadSetting(f"{PREFIX}IMAP_URL names no user: imaps://user:password@host/INBOX (write @ within the user as %40).")
    if options.keys() - {"address", "after", "move_to"} or options.get("after", "leave") not in ("leave", "seen", "move"):
        raise BadSetting(
            f"{PREFIX}IMAP_URL has options that cannot be understood; known are address, after (leave, seen, move), move_to."
        )
    if options.get("after") == "move" and not options.get("move_to"):
        raise BadSetting(f"{PREFIX}IMAP_URL says after=move, but not where to: add move_to=Folder.")
    return value


def _site(environ: Mapping[str, str]) -> str:
    """The address that every link begins with: scheme, host and port, nothing more."""
    value = _url(environ, "SITE_URL", ("http", "https"), "http://127.0.0.1:8000")
    parts = urlsplit(value)
    if parts.path.strip("/") or parts.query or parts.fragment or "@" in parts.netloc:
        raise BadSetting(f"{PREFIX}SITE_URL is {shown(value)}; it must be a host alone, such as https://support.example.com.")
    return value.rstrip("/")


def _database(environ: Mapping[str, str]) -> str:
    """SQLite with a path, or PostgreSQL with one database; its host may stand in the options (a socket's folder)."""
    name = f"{PREFIX}DATABASE_URL"
    value = _text(environ, "DATABASE_URL")
    if value.startswith(("postgresql:///", "postgres:///")):
        parts = urlsplit(value)
    else:
        value = _url(environ, "DATABASE_URL", ("sqlite", "postgresql", "postgres"), "")
        parts = urlsplit(value)
    database = parts.path.strip("/")
    if value.startswith("postgres") and (not database or "/" in database):
        raise BadSetting(f"{name} names no database: postgresql://user:password@host/NAME.")
    if value.startswith("sqlite") and (parts.netloc or not parts.path.startswith("/")):
        raise BadSetting(f"{name} is {shown(value)}; it must be the path of a file such as sqlite:////var/podpora.sqlite3.")
    if value.startswith("postgres") and parts.query and any("=" not in option for option in parts.query.split("&")):
        raise BadSetting(f"{name} has options that cannot be understood after the question mark.")
    return value


def _storage(environ: Mapping[str, str]) -> str:
    """A folder, or a bucket whose parts can be understood and for which the packages are there."""
    name = f"{PREFIX}STORAGE_URL"
    value = _url(environ, "STORAGE_URL", ("file", "s3"), "")
    if value.startswith("file:") and (urlsplit(value).netloc or not urlsplit(value).path.startswith("/")):
        raise BadSetting(f"{name} is {shown(value)}; it must be the path of a folder such as file:///srv/podpora/files.")
    try:
        bucket = places.bucket_of(value)
    except ValueError as problem:
        raise BadSetting(f"{name} {problem}.") from None
    if places.needs_extra(bucket):
        raise BadSetting(f"{name} is {shown(value)}, for which a package is missing: pip install 'podpora[s3]'.")
    return value


def _mailbox(environ: Mapping[str, str], name: str, default: str) -> str:
    """`Name <address>` or a bare address: whom our mails come from."""
    value = _text(environ, name) or default
    found = getaddresses([value])
    address = found[0][1] if len(found) == 1 else ""
    local, _, domain = address.rpartition("@")
    if not (local and domain) or not re.fullmatch(r"[^<>]*<[^<>\s]+>|[^<>\s]+", value):
        raise BadSetting(f"{PREFIX}{name} is {shown(value)}; it must be an address such as Vendor <support@vendor.example>.")
    return value


def _zone(environ: Mapping[str, str]) -> ZoneInfo:
    value = _text(environ, "TIME_ZONE") or "Europe/Prague"
    try:
        return ZoneInfo(value)
    except (KeyError, ValueError, OSError):
        raise BadSetting(f"{PREFIX}TIME_ZONE is {shown(value)}; it must be an IANA name such as Europe/Prague.") from None


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
        raise BadSetting(f"{PREFIX}{name} is {shown(value)}; it must be the number of proxies in front of Podpora, 0 to 10.")
    return int(value)


def _providers(environ: Mapping[str, str], demo: bool) -> tuple[str, ...]:
    value = _text(environ, "PAYMENT_PROVIDERS") or ("transfer,test" if demo else "transfer")
    names = tuple(part.strip() for part in value.split(",") if part.strip())
    if not names:
        raise BadSetting(f"{PREFIX}PAYMENT_PROVIDERS names nobody; known are {', '.join(PROVIDERS)}.")
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
