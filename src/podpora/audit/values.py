"""The words of this room: what a record may carry, and the register of sentences.

A room declares the sentence of each of its verbs in its `values.py`:

    declare_sentence("licence.seats_changed", _("Seats changed from {before[seats]} to {after[seats]}."))

A verb without a sentence shows itself.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import Any, Protocol

from django.utils.translation import gettext_lazy as _

from podpora.base.reasons import Text, declare

# Parts of names whose values are never written down (S14).
SECRETS = ("password", "token", "secret", "passwd", "api_key", "private_key", "cookie", "credential")
SECRET_NAMES = frozenset({"key", "licence_key", "code_verifier", "otp", "totp", "recovery_codes"})
MASK = "•••"


class HasCode(Protocol):
    """Anything with a public code; its class names the kind: a Licence is `licence:L-…`."""

    @property
    def code(self) -> Any: ...


_sentences: dict[str, Text] = {}


def declare_sentence(verb: str, sentence: Text) -> str:
    """Register what a verb says, at import time. Facts are used by name, `{before[seats]}` by part."""
    _sentences[verb] = sentence
    return verb


def sentences() -> Mapping[str, Text]:
    return _sentences


_words: dict[str, dict[str, Callable[[Any], str]]] = {}


def declare_words(verb: str, fact: str, read: Callable[[Any], str]) -> None:
    """Say how a fact of a verb that is kept as a word of the machine (`awaiting_payment`) reads; also in before and after."""
    _words.setdefault(verb, {})[fact] = read


def words_of(verb: str) -> Mapping[str, Callable[[Any], str]]:
    return _words.get(verb, {})


# Verbs of the plumbing, whose rooms stand beside this one and cannot register themselves.
declare_sentence("job.retried", _("Let a job that was given up try again: {name}."))
declare_sentence("person.erased", _("Took an erased person's name out of {entries} entries."))
declare_sentence("mail.sent_again", _("Let a mail that failed try again."))


# Webhooks: what happens here is told to the vendor's other systems.


@dataclass(frozen=True, slots=True)
class EventType:
    """One kind of event. `verbs`: the records that are it (`states`: only with this state afterwards); `data`: an example."""

    name: str
    text: Text
    verbs: tuple[str, ...] = ()
    states: frozenset[str] = frozenset()
    facts: tuple[str, ...] = ()  # facts of the record that are told too
    data: Mapping[str, Any] = field(default_factory=dict)


_events: dict[str, EventType] = {}


def declare_event(event: EventType) -> str:
    """Register an event type at start-up (a room's apps.py)."""
    _events[event.name] = event
    return event.name


def event_types() -> Mapping[str, EventType]:
    """Every event type by its name, in alphabetical order (the reference page is tested against it)."""
    return dict(sorted(_events.items()))


def events_of(verb: str, after: Mapping[str, Any] | None) -> list[EventType]:
    """The event types that a record of this verb is."""
    state = str((after or {}).get("state", ""))
    return [event for event in _events.values() if verb in event.verbs and (not event.states or state in event.states)]


PING = declare_event(EventType("webhook.ping", _("A test, sent from the office or the API."), data={"webhook": "W-7Q4K92XM"}))


class DeliveryState(StrEnum):
    WAITING = "waiting"
    DELIVERED = "delivered"
    FAILED = "failed"  # given up


class Verdict(StrEnum):
    """What an answer to a delivery means."""

    DELIVERED = "delivered"
    LATER = "later"
    GONE = "gone"


DELIVERY_LABELS = {
    DeliveryState.WAITING: _("Waiting"),
    DeliveryState.DELIVERED: _("Delivered"),
    DeliveryState.FAILED: _("Given up"),
}
SECRET_PREFIX = "whsec_"  # noqa: S105
OLD_SECRET_LIVES = timedelta(hours=24)  # while a secret is exchanged both sign
MOST_WEBHOOKS = 20
KEPT = timedelta(days=30)  # deliveries that are done are forgotten after it

GONE = "gone"
FAILING = "failing"

SECRET_REPLACED = declare(
    "webhook.secret_replaced", _("The webhook was given another secret meanwhile. Load the page again before you replace it.")
)
declare("webhook.not_an_address", _("Give the full address of the receiver, for example https://example.com/hooks."))
declare("webhook.not_https", _("Webhooks are sent by https only."))
declare("webhook.port", _("Use port 443, or one from 1024 on."))
declare("webhook.private_address", _("This address is not on the open Internet. The operator can allow hosts of his own network."))
declare("webhook.too_many", _("There are {most} webhooks already: remove one first."))
declare("webhook.disabled", _("The webhook is switched off: nothing is sent to it."))

declare_sentence("webhook.created", _("Made a webhook for {after[url]}."))
declare_sentence("webhook.changed", _("Changed the webhook."))
declare_sentence("webhook.deleted", _("Removed the webhook for {url}."))
declare_sentence("webhook.secret_rotated", _("Gave the webhook a new secret; the old one signs for another day."))
declare_sentence("webhook.disabled", _("Switched the webhook off: {why}."))
declare_sentence("webhook.replayed", _("Sent {delivery} again."))
