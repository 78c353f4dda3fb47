"""Connecting mail providers, and keeping what they bring."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction

from podpora.audit.actions import connecting, record
from podpora.base import clock
from podpora.base.actors import Actor
from podpora.base.codes import random_part
from podpora.base.decisions import refuse
from podpora.base.errors import InvalidInput, Problems
from podpora.base.sealing import seal
from podpora.jobs.actions import enqueue
from podpora.mail.models import Hook
from podpora.mail.values import hooks as values
from podpora.mail.values.hooks import HookFacts

CONFIRM = "podpora.mail.jobs.confirm_hook"
LONGEST_KEY = 4_000


@transaction.atomic
def create_hook(facts: HookFacts, *, by: Actor, at: datetime) -> tuple[Hook, str]:
    """Connect a provider: the row, and the password that is shown this once. Raises InvalidInput, Refused (hook.too_many)."""
    if Hook.objects.count() >= values.MOST_HOOKS:
        refuse("hook.too_many", most=values.MOST_HOOKS).or_refuse()
    if Hook.objects.filter(
        provider=facts.provider, name=" ".join(facts.name.split())
    ).exists():  # sent twice, or two that nobody could tell apart
        raise InvalidInput({"name": ["taken"]})
    made, password = Hook(created_at=at, provider=facts.provider), _new_password()
    made.password_sealed = seal(password, values.PASSWORD)
    _fill(made, facts)
    made.save()
    record("mail_hook.created", made, by=by, at=at, after=_shown(made))
    return made, password


@transaction.atomic
def set_hook(found: Hook, facts: HookFacts, *, by: Actor, at: datetime) -> Hook:
    """Another name, or another key. Which provider it is stays. Raises InvalidInput."""
    row = Hook.objects.select_for_update().get(pk=found.pk)
    before, key = _shown(row), row.key_sealed
    _fill(row, facts)
    row.save()
    if before != _shown(row) or key != row.key_sealed:
        record(
            "mail_hook.changed", row, by=by, at=at, before=before, after=_shown(row), facts={"key_renewed": key != row.key_sealed}
        )
    return row


@transaction.atomic
def renew_password(found: Hook, *, instead_of: str = "", by: Actor, at: datetime) -> str:
    """A new password, shown this once; the old one is worth nothing from now on. "" if somebody has renewed `instead_of` already."""
    row = Hook.objects.select_for_update().get(pk=found.pk)
    if instead_of and instead_of != row.secret_mark:
        return ""
    password = _new_password()
    row.password_sealed = seal(password, values.PASSWORD)
    row.save(update_fields=["password_sealed"])
    record("mail_hook.password", row, by=by, at=at)
    return password


@transaction.atomic
def set_hook_active(found: Hook, is_active: bool, *, by: Actor, at: datetime) -> Hook:
    """Pause it or let it go on. While it is paused the provider is told to come again."""
    row = Hook.objects.select_for_update().get(pk=found.pk)
    if row.is_active != is_active:
        row.is_active = is_active
        row.save(update_fields=["is_active"])
        record("mail_hook.resumed" if is_active else "mail_hook.paused", row, by=by, at=at)
    return row


@transaction.atomic
def delete_hook(found: Hook, *, by: Actor, at: datetime) -> None:
    """Remove it: its address answers nobody any more. What it brought stays."""
    record("mail_hook.deleted", found, by=by, at=at, facts={"provider": found.provider_name})
    Hook.objects.filter(pk=found.pk).delete()


def note_call(found: Hook, *, at: datetime) -> None:
    """It called and was understood."""
    Hook.objects.filter(pk=found.pk).update(called_at=at, last_error="", last_said="", failed_at=None)


def note_refused(found: Hook, code: str, said: str = "", *, at: datetime) -> None:
    """It called and was not understood: the office says why."""
    Hook.objects.filter(pk=found.pk).update(last_error=code, last_said=said[:250], failed_at=at)


def confirm_soon(found: Hook, url: str, *, at: datetime) -> None:
    """Let a job fetch the address by which the provider asks whether its calls are wanted."""
    enqueue(CONFIRM, {"hook": found.code, "url": url}, at=at, unique_key=f"confirm_hook:{found.code}", queue="mail", max_attempts=5)


def confirm(code: str, url: str) -> None:
    """Fetch it, by the rules for addresses on the open Internet. OSError: the job comes again."""
    found = Hook.objects.filter(code=code).first()
    if found is None:
        return
    answer = connecting.get(url, {}, settings.WEBHOOK_HOSTS)
    if answer.status != 200:
        said = answer.error or str(answer.status)
        note_refused(found, values.NOT_CONFIRMED, said, at=clock.now())
        raise OSError(said)


def _fill(row: Hook, facts: HookFacts) -> None:
    problems = Problems()
    row.name = " ".join(facts.name.split())
    known = values.mail_provider(row.provider)
    if known is None:
        problems.add("provider", "unknown", choices=", ".join(one.code for one in values.mail_providers()))
    if len(row.name) > 100:
        problems.add("name", "too_long", most=100)
    if facts.key is not None and len(facts.key) > LONGEST_KEY:
        problems.add("key", "too_long", most=LONGEST_KEY)
    elif facts.key and facts.key.strip():
        row.key_sealed = seal(facts.key.strip(), values.KEY)
    problems.or_refuse()


def _new_password() -> str:
    return random_part(32).lower()


def _shown(row: Hook) -> dict[str, Any]:
    """What the audit may know: neither the password nor the key."""
    return {"provider": row.provider_name, "name": row.name, "has_key": row.has_key}
