"""What the sign-in machinery reports: kept in the audit, told by mail."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from podpora.audit import actions as audit
from podpora.people import notices, queries
from podpora.people.models import Person


def note(person: Person, verb: str, *, at: datetime, facts: Mapping[str, Any] | None = None) -> None:
    """Something happened to a person's account: signed in, password changed, passkey added."""
    audit.record(verb, f"person:{person.code}", by=queries.as_actor(person), at=at, facts=facts)


def tell_about_account(kind: str, email: str, language: str, facts: Mapping[str, str], *, url: str, at: datetime) -> None:
    """A code, a link or a warning to one address. Never in an inbox: the address may not be proven yet."""
    notices.about_account(kind, email, language, facts, url=url, at=at)


def tell_webhook_disabled(code: str, name: str, address: str, why: str, *, at: datetime) -> None:
    """A webhook switched itself off: its receiver is gone, or failed for three days."""
    notices.webhook_disabled(code, name, address, why, at=at)
