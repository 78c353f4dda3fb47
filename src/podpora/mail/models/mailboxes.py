"""Mailboxes: addresses that customers write to, and how far their folder on a server was read."""

from hashlib import sha256

from django.db import models

from podpora.base.codes import public_code
from podpora.base.decisions import allow
from podpora.base.reasons import message
from podpora.mail.values import After, Security


def mailbox_code() -> str:
    return public_code("MB")


class Mailbox(models.Model):
    """An address of ours. Its password is sealed and never shown again (S52, C9). `last_uid` counts within `uid_validity` (TH-18)."""

    code = models.CharField(max_length=20, unique=True, default=mailbox_code)
    address = models.CharField(max_length=254, unique=True)  # lower case
    name = models.CharField(max_length=100, blank=True)
    queue = models.CharField(max_length=40, blank=True)  # its code; "" is the first line for questions
    aliases = models.JSONField(default=list, blank=True)  # lower case
    is_trusted = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    is_from_setting = models.BooleanField(default=False)  # PODPORA_IMAP_URL says where it is fetched
    created_at = models.DateTimeField()

    imap_host = models.CharField(max_length=253, blank=True)
    imap_port = models.PositiveIntegerField(default=993)
    imap_security = models.CharField(max_length=10, choices=[(s.value, s.name) for s in Security], default=Security.TLS)
    imap_user = models.CharField(max_length=254, blank=True)
    imap_secret_sealed = models.TextField(blank=True)
    imap_folder = models.CharField(max_length=200, default="INBOX")
    imap_after = models.CharField(max_length=10, choices=[(a.value, a.name) for a in After], default=After.LEAVE)
    imap_move_to = models.CharField(max_length=200, blank=True)

    uid_validity = models.PositiveBigIntegerField(null=True, blank=True)
    last_uid = models.PositiveBigIntegerField(default=0)
    last_polled_at = models.DateTimeField(null=True, blank=True)  # the last time that the server was asked and answered
    last_error = models.CharField(max_length=60, blank=True)  # a reason code
    last_said = models.CharField(max_length=250, blank=True)  # what the server said to it
    failing_since = models.DateTimeField(null=True, blank=True)
    missed = models.JSONField(default=dict, blank=True)  # UIDs that the server would not give, and how often it was asked
    failures = models.PositiveIntegerField(default=0)
    next_poll_at = models.DateTimeField(null=True, blank=True)
    leased_by = models.CharField(max_length=80, blank=True)  # who reads it now, so that two workers never do at once
    leased_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["address"]

    def __str__(self) -> str:
        return self.address

    @property
    def is_fetched(self) -> bool:
        return bool(self.imap_host)

    @property
    def trouble(self) -> str:
        """Why it can't be fetched, in the reader's language; "" when it can."""
        return message(allow(self.last_error, said=self.last_said)) if self.last_error else ""

    @property
    def has_secret(self) -> bool:
        return bool(self.imap_secret_sealed)

    @property
    def secret_mark(self) -> str:
        """By which one password is told from the next; it tells nothing of either."""
        return sha256(self.imap_secret_sealed.encode()).hexdigest()[:16] if self.imap_secret_sealed else ""
