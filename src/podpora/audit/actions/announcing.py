"""Telling other systems: a row for each webhook that wants the event, in the transaction of what happened; a job sends it."""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from podpora.audit.models import Delivery, Entry, Webhook
from podpora.audit.rules import recorded
from podpora.audit.values import event_types, events_of
from podpora.base.clock import format_instant
from podpora.jobs import actions as jobs

DELIVER = "podpora.audit.jobs.send"


@transaction.atomic
def announce(event: str, data: Mapping[str, Any], *, at: datetime) -> int:
    """Tell every webhook that wants this event. How many there are. KeyError for an event that no room declared.

    Undone with the caller's transaction: what did not happen is told to nobody. Secrets among the data are masked.
    """
    event_types()[event]
    return _queue([(event, data, at)])


def announce_entries(entries: Iterable[Entry]) -> None:
    """Records that are events: the public codes and the change, no names of people. The receiver asks for the rest."""
    found = []
    for entry in entries:
        for event in events_of(entry.verb, entry.after):
            data = {entry.kind: entry.code} | {name: entry.facts[name] for name in event.facts if name in entry.facts}
            if entry.before or entry.after:
                data |= {"before": entry.before or {}, "after": entry.after or {}}
            found.append((event.name, data, entry.at))
    if found:
        _queue(found)


def _queue(events: Iterable[tuple[str, Mapping[str, Any], datetime]]) -> int:
    """A delivery for each webhook and event (one query where nobody listens)."""
    hooks, count = list(Webhook.objects.filter(disabled_at__isnull=True)), 0
    for name, data, at in events:
        for hook in hooks:
            if not hook.events or name in hook.events:
                queue_delivery(hook, name, data, at=at)
                count += 1
    return count


def queue_delivery(hook: Webhook, event: str, data: Mapping[str, Any], *, at: datetime) -> Delivery:
    body = {"type": event, "timestamp": format_instant(at), "data": recorded(data)}
    delivery = Delivery.objects.create(
        webhook=hook, event=event, body=json.dumps(body, ensure_ascii=False, separators=(",", ":")), made_at=at, next_at=at
    )
    jobs.enqueue(DELIVER, {"message": delivery.message}, at=at)
    return delivery
