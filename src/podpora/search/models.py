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


class Word(models.Model):
    """A word that everybody may read somewhere: how it is spelt. What is typed wrong is compared with these."""

    word = models.CharField(max_length=40, unique=True)  # folded
    shown = models.CharField(max_length=40)  # as it is written
    stem = models.CharField(max_length=40, db_index=True)
    head = models.CharField(max_length=3, db_index=True)  # its first letters: one wrong letter leaves these or the last ones alone
    tail = models.CharField(max_length=3, db_index=True)
    length = models.PositiveSmallIntegerField()
    times = models.PositiveIntegerField(default=1)
    sweep = models.PositiveIntegerField()  # in which it was seen last

    def __str__(self) -> str:
        return self.shown


class Sweep(models.Model):
    """How far the reading of documents for their words has come. One row; each day begins a new one, and what it does not see is forgotten."""

    number = models.PositiveIntegerField(default=1)
    last = models.PositiveBigIntegerField(default=0)  # document
    begun_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.number)


class Alike(models.Model):
    """Words that mean the same, as the vendor's people keep them: `faktura, daňový doklad, invoice`."""

    words = models.CharField(max_length=500)
    changed_at = models.DateTimeField()

    class Meta:
        ordering = ["words"]
        verbose_name_plural = "alike"

    def __str__(self) -> str:
        return self.words
