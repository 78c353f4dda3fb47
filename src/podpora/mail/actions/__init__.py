"""Writing mail: queueing, sending, marking."""

from podpora.mail.actions.erasing import forget_address
from podpora.mail.actions.queueing import queue_mail, send_again
from podpora.mail.actions.sending import forget_texts, send_mail
from podpora.mail.actions.settling import settle, take
from podpora.mail.actions.storing import read_soon, store_incoming

__all__ = [
    "forget_address",
    "forget_texts",
    "queue_mail",
    "read_soon",
    "send_again",
    "send_mail",
    "settle",
    "store_incoming",
    "take",
]
