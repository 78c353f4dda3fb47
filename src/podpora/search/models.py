"""One table of what can be found. The engine's own index hangs on it by triggers (migration 0002): FTS5, or a tsvector with GIN."""

from django.db import models

from podpora.search.values import NORMALISER


class Document(models.Model):
    """The words of one thing, or of a part of a long one. Made by actions alone; never shown."""

    kind = models.CharField(max_length=20)
    ref = models.PositiveBigIntegerField()
    part = models.PositiveIntegerField(default=0)
    keys = models.TextField(blank=True)
    title = models.TextField(blank=True)
    people = models.TextField(blank=True)
    body = models.TextField(blank=True)
    notes = models.TextField(blank=True)
    normaliser = models.PositiveSmallIntegerField(default=NORMALISER)
    indexed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "ref", "part"], name="document_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.ref}.{self.part}"
