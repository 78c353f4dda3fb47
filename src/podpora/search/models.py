"""One table of what can be found. The engine's own index hangs on it by triggers (migration 0002): FTS5, or a tsvector with GIN."""

from django.db import models

from podpora.search.values import NORMALISER


class Document(models.Model):
    """The words of one thing, or of a part of a long one. Made by actions alone."""

    kind = models.CharField(max_length=20)
    ref = models.PositiveBigIntegerField()
    part = models.PositiveIntegerField(default=0)
    keys = models.TextField(blank=True)
    title = models.TextField(blank=True)
    people = models.TextField(blank=True)
    body = models.TextField(blank=True)
    notes = models.TextField(blank=True)
    code = models.CharField(max_length=60, blank=True)  # with the kind: the thing that is shown
    heading = models.CharField(max_length=300, blank=True)
    shown = models.TextField(blank=True)  # this part of the text as it was written, for the line in which the words stand
    place = models.CharField(max_length=40, blank=True)
    language = models.CharField(max_length=5, blank=True)
    made_at = models.DateTimeField(null=True, blank=True)
    is_solved = models.BooleanField(default=False)
    boost = models.PositiveSmallIntegerField(default=100)
    normaliser = models.PositiveSmallIntegerField(default=NORMALISER)
    indexed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "ref", "part"], name="document_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.ref}.{self.part}"


class Miss(models.Model):
    """What people looked for and did not find, counted: what to write an article about. No person is kept with it."""

    words = models.CharField(max_length=200)
    language = models.CharField(max_length=5)
    times = models.PositiveIntegerField(default=1)
    first_at = models.DateTimeField()
    last_at = models.DateTimeField(db_index=True)
    dismissed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["words", "language"], name="miss_once")]

    def __str__(self) -> str:
        return self.words
