"""The one table of the API: answers that were given under an Idempotency-Key."""

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
