"""Webhooks of the vendor's other systems: made, changed, tried, switched off."""

import base64
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction

from podpora.audit import rules
from podpora.audit.actions.announcing import DELIVER, queue_delivery
from podpora.audit.actions.entries import record
from podpora.audit.models import Delivery, Webhook
from podpora.audit.queries import PURPOSE
from podpora.audit.values import MOST_WEBHOOKS, OLD_SECRET_LIVES, PING, SECRET_PREFIX, SECRET_REPLACED, DeliveryState, event_types
from podpora.base.actors import Actor
from podpora.base.decisions import refuse
from podpora.base.errors import InvalidInput
from podpora.base.sealing import seal
from podpora.jobs import actions as jobs


@dataclass(frozen=True, slots=True)
class WebhookFacts:
    """What a webhook is. No events: all of them."""

    url: str
    events: Sequence[str] = ()
    name: str = ""


def _check(facts: WebhookFacts) -> None:
    unknown = [name for name in facts.events if name not in event_types()]
    if unknown:
        raise InvalidInput({"events": ["unknown"]}, {"events": {"choices": ", ".join(event_types())}})
    if len(facts.name) > 100:
        raise InvalidInput({"name": ["too_long"]})
    rules.check_url(facts.url, settings.WEBHOOK_HOSTS)


def _new_secret() -> str:
    return SECRET_PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


@transaction.atomic
def create_webhook(facts: WebhookFacts, *, by: Actor, at: datetime) -> tuple[Webhook, str]:
    """A new webhook and its secret, which is shown only now."""
    _check(facts)
    if Webhook.objects.count() >= MOST_WEBHOOKS:
        refuse("webhook.too_many", most=MOST_WEBHOOKS).or_refuse()
    secret = _new_secret()
    hook = Webhook.objects.create(
        url=facts.url, events=sorted(set(facts.events)), name=facts.name.strip(), secret_sealed=seal(secret, PURPOSE), created_at=at
    )
    record("webhook.created", hook, by=by, at=at, after={"url": hook.url, "events": hook.events})
    return hook, secret


@transaction.atomic
def set_webhook(hook: Webhook, facts: WebhookFacts, *, by: Actor, at: datetime) -> Webhook:
    """Another address or other events. What waits goes to the new address."""
    _check(facts)
    row = Webhook.objects.select_for_update().get(pk=hook.pk)
    before = {"url": row.url, "events": row.events, "name": row.name}
    row.url, row.events, row.name = facts.url, sorted(set(facts.events)), facts.name.strip()
    after = {"url": row.url, "events": row.events, "name": row.name}
    if before != after:
        row.save(update_fields=["url", "events", "name"])
        record("webhook.changed", row, by=by, at=at, before=before, after=after)
    return row


@transaction.atomic
def set_enabled(hook: Webhook, is_enabled: bool, *, by: Actor, at: datetime) -> Webhook:
    """Switch it on or off by hand. What waited while it was off is given up; a replay sends it."""
    row = Webhook.objects.select_for_update().get(pk=hook.pk)
    if row.is_enabled == is_enabled:
        return row
    row.disabled_at, row.disabled_why, row.failing_since, row.told_at = (
        (None if is_enabled else at),
        "",
        None,
        None if is_enabled else at,
    )
    row.save(update_fields=["disabled_at", "disabled_why", "failing_since", "told_at"])
    record("webhook.changed", row, by=by, at=at, before={"enabled": not is_enabled}, after={"enabled": is_enabled})
    return row


@transaction.atomic
def rotate_secret(hook: Webhook, *, instead_of: str = "", by: Actor, at: datetime) -> str:
    """A new secret, shown only now. For another day both sign, so that the receiver can be changed without a gap.

    `instead_of`: the mark (`Webhook.secret_mark`) that the caller saw; refused when another one took its place meanwhile: a double
    click would end the secret that the receiver still uses.
    """
    row = Webhook.objects.select_for_update().get(pk=hook.pk)
    if instead_of and instead_of != row.secret_mark:
        refuse(SECRET_REPLACED).or_refuse()
    secret = _new_secret()
    row.old_secret_sealed, row.old_secret_until = row.secret_sealed, at + OLD_SECRET_LIVES
    row.secret_sealed = seal(secret, PURPOSE)
    row.save(update_fields=["old_secret_sealed", "old_secret_until", "secret_sealed"])
    record("webhook.secret_rotated", row, by=by, at=at)
    return secret


@transaction.atomic
def delete_webhook(hook: Webhook, *, by: Actor, at: datetime) -> None:
    """Remove it with its deliveries."""
    record("webhook.deleted", hook, by=by, at=at, facts={"url": hook.url})
    Webhook.objects.filter(pk=hook.pk).delete()


@transaction.atomic
def ping(hook: Webhook, *, by: Actor, at: datetime) -> Delivery:
    """Send a test event now, whatever the webhook listens to."""
    row = Webhook.objects.select_for_update().get(pk=hook.pk)
    if not row.is_enabled:
        refuse("webhook.disabled").or_refuse()
    return queue_delivery(row, PING, {"webhook": hook.code}, at=at)


@transaction.atomic
def replay(delivery: Delivery, *, by: Actor, at: datetime) -> Delivery:
    """Send a delivery again by hand, with its own id: a receiver that had it knows that it had it."""
    row = Delivery.objects.select_for_update(of=("self",)).select_related("webhook").get(pk=delivery.pk)
    if not row.webhook.is_enabled:
        refuse("webhook.disabled").or_refuse()
    row.state, row.failures, row.next_at, row.done_at = DeliveryState.WAITING, 0, at, None
    row.save(update_fields=["state", "failures", "next_at", "done_at"])
    jobs.enqueue(DELIVER, {"message": row.message, "by_hand_at": at.isoformat()}, at=at)
    record("webhook.replayed", row.webhook, by=by, at=at, facts={"delivery": row.message})
    return row


@transaction.atomic
def mark_told(hook: Webhook, *, at: datetime) -> None:
    """The manager knows that it was switched off."""
    Webhook.objects.filter(pk=hook.pk).update(told_at=at)
