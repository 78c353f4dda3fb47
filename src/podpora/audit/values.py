"""The words of this room: what a record may carry, and the register of sentences.

A room declares the sentence of each of its verbs in its `values.py`:

    declare_sentence("licence.seats_changed", _("Seats changed from {before[seats]} to {after[seats]}."))

A verb without a sentence shows itself.
"""

from collections.abc import Mapping
from typing import Any, Protocol

from django.utils.translation import gettext_lazy as _

from podpora.base.reasons import Text

# Parts of names whose values are never written down (S14).
SECRETS = ("password", "token", "secret", "passwd", "api_key", "private_key", "cookie", "credential")
SECRET_NAMES = frozenset({"key", "licence_key", "code_verifier", "otp", "totp", "recovery_codes"})
MASK = "•••"


class HasCode(Protocol):
    """Anything with a public code; its class names the kind: a Licence is `licence:L-…`."""

    code: Any


_sentences: dict[str, Text] = {}


def declare_sentence(verb: str, sentence: Text) -> str:
    """Register what a verb says, at import time. Facts are used by name, `{before[seats]}` by part."""
    _sentences[verb] = sentence
    return verb


def sentences() -> Mapping[str, Text]:
    return _sentences


# Verbs of the plumbing, whose rooms stand beside this one and cannot register themselves.
declare_sentence("job.retried", _("Let a job that was given up try again: {name}."))
declare_sentence("person.erased", _("Took an erased person's name out of {entries} entries."))
declare_sentence("mail.sent_again", _("Let a mail that failed try again."))
