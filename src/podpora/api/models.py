"""Tables of the API: answers that were given under an Idempotency-Key, and how often somebody asked."""

from django.db import models


class Answer(models.Model):
    """The answer to one POST. Sealed: it may carry a token or a key."""

    scope = models.CharField(max_length=64)  # who asked and where, hashed
    key = models.CharField(max_length=200)
    request_hash = models.CharField(max_length=64)
    status = models.PositiveIntegerField(default=0)
    body_sealed = models.TextField(blank=True)
    given_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["scope", "key"], name="answer_once_per_key")]

    def __str__(self) -> str:
        return f"{self.status} at {self.given_at}"


class Count(models.Model):
    """How many places of a limit somebody has taken in the newest window in which he asked (limits.py; with Redis it stays empty)."""

    key = models.CharField(max_length=200, primary_key=True)  # the limit's name and the asker's
    began = models.BigIntegerField(db_index=True)  # the window, in seconds since 1970
    number = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"{self.key}: {self.number}"
