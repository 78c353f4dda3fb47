"""Writing: audit entries, and webhooks with what is sent to them."""

from podpora.audit.actions.announcing import announce
from podpora.audit.actions.connecting import Answer
from podpora.audit.actions.delivering import deliver, forget_deliveries, note_answer
from podpora.audit.actions.entries import ERASED, erase_person, gathered, record
from podpora.audit.actions.webhooks import (
    WebhookFacts,
    create_webhook,
    delete_webhook,
    mark_told,
    ping,
    replay,
    rotate_secret,
    set_enabled,
    set_webhook,
)

__all__ = [
    "ERASED", "Answer", "WebhookFacts", "announce", "create_webhook", "delete_webhook", "deliver", "erase_person", "forget_deliveries", "gathered",
    "mark_told", "note_answer", "ping", "record", "replay", "rotate_secret", "set_enabled", "set_webhook",
]  # fmt: skip
