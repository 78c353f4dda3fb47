"""Who sees what of a conversation; what was sent twice."""

from hashlib import sha256

from podpora.base.actors import Actor
from podpora.desk.values import (
    EVENTS_FOR_CUSTOMERS,
    Event,
    MessageKind,
)


def customer_sees(kind: MessageKind, event: str = "") -> bool:
    """VI-2: may this message leave to a customer? Notes never; events only those that concern him."""
    if kind is MessageKind.EVENT:
        return event in EVENTS_FOR_CUSTOMERS and event in {e.value for e in Event}
    return kind is MessageKind.PUBLIC


def once_key(once: str, by: Actor, scope: str = "") -> str | None:
    """What a double submit is known by; of this actor only, so that nobody meets another's."""
    if not once:
        return None
    key = f"{by.kind}:{by.person_id or by.name}:{scope}:{once}"
    return key if len(key) <= 100 else sha256(key.encode()).hexdigest()
