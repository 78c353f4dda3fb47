"""Django's e-mail backend: hands every message to the room `mail`, which sends it after commit."""

from collections.abc import Sequence
from typing import Any

from django.core.mail.backends.base import BaseEmailBackend


class QueueBackend(BaseEmailBackend):
    """Queues instead of sending: nothing is sent from a request."""

    def send_messages(self, email_messages: Sequence[Any]) -> int:
        raise NotImplementedError
