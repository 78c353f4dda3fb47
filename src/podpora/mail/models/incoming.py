"""What came in: the bytes as they were, and what became of them."""

from django.db import models
from django.db.models import Q

from podpora.base.codes import public_code
from podpora.files.models import StoredFile
from podpora.mail.values import INCOMING_LABELS, SOURCE_LABELS, IncomingState, Source

OPEN_STATES = [IncomingState.STORED, IncomingState.PROCESSING, IncomingState.FAILED]


def incoming_code() -> str:
    return public_code("ML", 10)


class IncomingMail(models.Model):
    """One mail that one of our addresses received. Its bytes are kept before anything acts on it; `key` makes it unique (TH-1)."""

    code = models.CharField(max_length=20, unique=True, default=incoming_code)
    mailbox = models.CharField(max_length=40, blank=True)  # its code; "" when it came without one
    source = models.CharField(max_length=10, choices=[(s.value, s.name) for s in Source])
    envelope_from = models.CharField(max_length=320, blank=True)  # "" is the null sender of reports
    envelope_to = models.JSONField(default=list, blank=True)
    raw_bytes = models.BinaryField(blank=True)  # a small mail; empty when it is in `raw`
    raw = models.ForeignKey(StoredFile, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    size = models.PositiveBigIntegerField()
    digest = models.CharField(max_length=64, db_index=True)
    message_id = models.CharField(max_length=450, blank=True, db_index=True)
    content = models.CharField(max_length=64)  # what its writer wrote, without what carriers added
    key = models.CharField(max_length=64, unique=True)
    duplicates = models.PositiveIntegerField(default=0)  # how often it came again
    received_at = models.DateTimeField()

    # What a list shows, read when it was processed.
    sender = models.CharField(max_length=320, blank=True)
    sender_name = models.CharField(max_length=200, blank=True)
    subject = models.CharField(max_length=300, blank=True)

    state = models.CharField(max_length=12, choices=[(s.value, s.name) for s in IncomingState], default=IncomingState.STORED)
    reasons = models.JSONField(default=list, blank=True)  # codes, the deciding one first (AU-10)
    reason = models.CharField(max_length=60, blank=True)  # the first of them, to count and filter by
    ticket = models.CharField(max_length=20, blank=True, db_index=True)
    queue = models.CharField(max_length=40, blank=True)  # whose mail it is: of its ticket, else of its mailbox (VI-3)
    attempts = models.PositiveSmallIntegerField(default=0)  # of workers that began and did not end
    failures = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(null=True, blank=True)
    last_error = models.TextField(blank=True)
    tried_with = models.CharField(max_length=30, blank=True)  # the release that failed: a newer one tries again
    processed_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.CharField(max_length=200, blank=True)  # who released or dropped it

    class Meta:
        indexes = [
            models.Index(fields=["state", "-id"], name="incoming_by_state"),
            models.Index(fields=["state", "reason", "-id"], name="incoming_by_reason"),
            models.Index(fields=["sender", "-id"], name="incoming_by_sender"),
            models.Index(fields=["next_attempt_at"], condition=Q(state__in=OPEN_STATES), name="incoming_unfinished"),
        ]

    def __str__(self) -> str:
        return f"{self.code} from {self.sender or self.envelope_from}"

    @property
    def state_label(self) -> str:
        return str(INCOMING_LABELS[IncomingState(self.state)])

    @property
    def source_label(self) -> str:
        return str(SOURCE_LABELS[Source(self.source)])


class AutoReply(models.Model):
    """An automatic answer of ours, kept for as long as it counts against the next one (AU-4)."""

    address = models.CharField(max_length=320)
    domain = models.CharField(max_length=255)
    subject = models.CharField(max_length=100, blank=True)
    at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["address", "at"], name="autoreply_to"),
            models.Index(fields=["domain", "at"], name="autoreply_domain"),
            models.Index(fields=["at"], name="autoreply_at"),
        ]

    def __str__(self) -> str:
        return self.address
