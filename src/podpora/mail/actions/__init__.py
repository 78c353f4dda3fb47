"""Writing mail: queueing, sending, marking."""

from podpora.mail.actions.erasing import forget_address
from podpora.mail.actions.queueing import queue_mail, send_again
from podpora.mail.actions.sending import forget_texts, send_mail

__all__ = ["forget_address", "forget_texts", "queue_mail", "send_again", "send_mail"]
