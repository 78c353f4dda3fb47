"""System checks: what is wrong with this installation, said before it hurts."""

import secrets
import sqlite3
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection

FIXED_SQLITE = (3, 51, 3)


@register()
def sqlite_is_fixed(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """SQLite up to 3.51.2 can corrupt a WAL database when it is reset."""
    if connection.vendor == "sqlite" and sqlite3.sqlite_version_info < FIXED_SQLITE:
        text = f"SQLite {sqlite3.sqlite_version} has the WAL-reset corruption bug."
        return [Warning(text, hint="Install pysqlite3 (it is in the locked requirements on Linux).", id="podpora.W001")]
    return []


@register(Tags.files, deploy=True)
def files_can_be_kept(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """A small file is written, read and removed; in a bucket nobody else may read it."""
    name, content = f"check/{secrets.token_hex(8)}", b"podpora check"
    try:
        default_storage.save(name, ContentFile(content))
        with default_storage.open(name, "rb") as file:
            same = file.read() == content
        public = bool(getattr(default_storage, "anybody_may_read", lambda name: False)(name))
        default_storage.delete(name)
    except OSError as error:
        hint = "See PODPORA_STORAGE_URL in docs/reference/settings.md."
        return [Error(f"Files cannot be kept: {' '.join(str(error).split())}.", hint=hint, id="podpora.E014")]
    found: list[CheckMessage] = []
    if not same:
        found.append(Error("A file that was written is not what is read.", id="podpora.E015"))
    if public:
        hint = "Make the bucket private: files are given out by Podpora, to those who may have them."
        found.append(Error("Anybody can read the bucket of PODPORA_STORAGE_URL.", hint=hint, id="podpora.E016"))
    endpoint = getattr(default_storage, "endpoint_url", None) or ""
    if endpoint.startswith("http://") and urlsplit(endpoint).hostname not in ("127.0.0.1", "localhost", "::1"):
        found.append(Warning(f"The bucket is spoken to without encryption, at {endpoint}.", id="podpora.W017"))
    return found


@register(Tags.security, deploy=True)
def is_ready_for_customers(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """What the demo may do and a public installation may not (`podpora check --deploy`)."""
    found: list[CheckMessage] = []
    if settings.DEMO:
        found.append(Error("PODPORA_DEMO is 1: the demo's passwords are public and its payments are not real.", id="podpora.E010"))
    if not settings.SITE_HTTPS:
        hint = "Put TLS in front and set PODPORA_SITE_URL=https://…: cookies and browsers are hardened by it."
        found.append(Error(f"PODPORA_SITE_URL is {settings.SITE_URL}, which is not encrypted.", hint=hint, id="podpora.E011"))
    if not settings.SMTP_URL:
        found.append(Warning("PODPORA_SMTP_URL is not set: no mail leaves, also no code to sign up with.", id="podpora.W012"))
    if settings.DEFAULT_FROM_EMAIL.rstrip(">").endswith("@vendor.example"):
        found.append(Warning("PODPORA_MAIL_FROM is not set: mail would come from vendor.example.", id="podpora.W013"))
    return found
