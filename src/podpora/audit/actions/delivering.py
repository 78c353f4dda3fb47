"""Sending one delivery: look, send, mark.

Between sending and marking a killed worker leaves it waiting; the job runs again and sends a copy with the same id and the same body.
Nothing is lost, and there is at most one extra copy for each crash. No row is locked while the other side takes its time.
"""

import random
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from podpora.audit import queries, rules
from podpora.audit.actions.connecting import Answer, Resolver, post
from podpora.audit.actions.entries import record
from podpora.audit.models import Attempt, Delivery, Webhook
from podpora.audit.values import FAILING, GONE, KEPT, DeliveryState, Verdict
from podpora.base.actors import system

_chance = random.SystemRandom()


def deliver(message: str, *, at: datetime, resolver: Resolver | None = None) -> timedelta | None:
    """Send this delivery once. Returns how long to wait for the next try; None when there is none."""
    found = Delivery.objects.select_related("webhook").filter(message=message, state=DeliveryState.WAITING).first()
    if found is None:
        return None
    hook = found.webhook
    if not hook.is_enabled:
        Delivery.objects.filter(pk=found.pk).update(state=DeliveryState.FAILED, done_at=at, next_at=None)
        return None
    body = found.body.encode()
    headers = rules.signed_headers(queries.secrets_of(hook, at=at), found.message, int(at.timestamp()), body)
    answer = post(hook.url, body, headers, settings.WEBHOOK_HOSTS, resolver)
    return note_answer(found, answer, at=at)


@transaction.atomic
def note_answer(found: Delivery, answer: Answer, *, at: datetime) -> timedelta | None:
    """What became of one try: delivered, to be tried again (how long to wait), or given up (None)."""
    hook = Webhook.objects.select_for_update().filter(pk=found.webhook_id).first()
    if hook is None:  # removed meanwhile
        return None
    Attempt.objects.create(
        delivery=found, at=at, address=answer.address[:64], status=answer.status, milliseconds=answer.milliseconds,
        error=answer.error[:300], answer=rules.excerpt(answer.body, answer.headers) if answer.status else "",
    )  # fmt: skip
    verdict = rules.judge(answer.status)
    if verdict is Verdict.DELIVERED:
        Delivery.objects.filter(pk=found.pk).update(state=DeliveryState.DELIVERED, done_at=at, next_at=None)
        Webhook.objects.filter(pk=hook.pk, failing_since__isnull=False).update(failing_since=None)
        return None
    hook.failing_since = hook.failing_since or at
    hook.save(update_fields=["failing_since"])
    failures = found.failures + 1
    wait = rules.next_try(failures, _chance.random(), dict(answer.headers).get("Retry-After", ""))
    if verdict is Verdict.GONE:
        _disable(hook, GONE, at=at)
    elif at + wait > hook.failing_since + rules.GIVE_UP_AFTER:
        _disable(hook, FAILING, at=at)
    over = not hook.is_enabled or at + wait > _began(found) + rules.GIVE_UP_AFTER
    state = {"state": DeliveryState.FAILED, "done_at": at, "next_at": None} if over else {"next_at": at + wait}
    Delivery.objects.filter(pk=found.pk).update(failures=failures, **state)
    return None if over else wait


def _began(found: Delivery) -> datetime:
    """When these tries began: at its making, or at the replay by hand."""
    first = found.attempts.order_by("-id").values_list("at", flat=True)[: found.failures + 1]
    return min(first, default=found.made_at)


def _disable(hook: Webhook, why: str, *, at: datetime) -> None:
    """It wants no more (410), or was not reached for three days. What waits is given up; the manager is told."""
    hook.disabled_at, hook.disabled_why = at, why
    hook.save(update_fields=["disabled_at", "disabled_why"])
    Delivery.objects.filter(webhook=hook, state=DeliveryState.WAITING).update(state=DeliveryState.FAILED, done_at=at, next_at=None)
    record("webhook.disabled", hook, by=system("webhooks"), at=at, facts={"why": why, "url": hook.url})


def forget_deliveries(*, at: datetime) -> int:
    """Deliveries that were done a month ago. How many."""
    return Delivery.objects.filter(done_at__lt=at - KEPT).delete()[0]
