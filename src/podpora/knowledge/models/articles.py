"""An article, its texts that are read, and its revisions, which stay."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from podpora.base.codes import public_code
from podpora.catalog.models import Product
from podpora.files.models import StoredFile
from podpora.knowledge.values import CODE, LANGUAGE_NAMES, STATE_NAMES, State

LANGUAGE_CHOICES = list(LANGUAGE_NAMES.items())


def article_code() -> str:
    return public_code(CODE, 6)


class Category(models.Model):
    """A shelf of the FAQ."""

    slug = models.SlugField(max_length=40, unique=True)
    name_cs = models.CharField(max_length=80)
    name_en = models.CharField(max_length=80)
    position = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["position", "slug"]

    def __str__(self) -> str:
        return self.name_en

    def name(self, language: str) -> str:
        return self.name_cs if language.startswith("cs") else self.name_en


class Article(models.Model):
    """One answer or guide. Its words are in `texts` (published) and `revisions` (everything that was written)."""

    code = models.CharField(max_length=20, unique=True, default=article_code)
    slug = models.CharField(max_length=80, unique=True)
    category = models.ForeignKey(Category, null=True, blank=True, on_delete=models.PROTECT, related_name="articles")
    product = models.ForeignKey(Product, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    from_major = models.PositiveIntegerField(null=True, blank=True)
    to_major = models.PositiveIntegerField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=[(s.value, s.name) for s in State], default=State.DRAFT)
    is_internal = models.BooleanField(default=False)
    is_guide = models.BooleanField(default=False)
    position = models.PositiveIntegerField(default=100)
    related = models.JSONField(default=list, blank=True)
    sources = models.JSONField(default=list, blank=True)  # public codes of topics and tickets it was made from
    review_on = models.DateField(null=True, blank=True)
    publish_at = models.DateTimeField(null=True, blank=True)  # then the newest revisions are published
    published_at = models.DateTimeField(null=True, blank=True)  # first
    changed_at = models.DateTimeField()  # of what is published, or written
    external_id = models.CharField(max_length=100, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["external_id"], condition=~Q(external_id=""), name="article_external_once"),
        ]
        indexes = [models.Index(fields=["publish_at"], condition=Q(publish_at__isnull=False), name="article_scheduled")]

    def __str__(self) -> str:
        return self.slug

    @property
    def state_name(self) -> Any:
        return STATE_NAMES[State(self.state)]

    @property
    def is_published(self) -> bool:
        return self.state == State.PUBLISHED


class Text(models.Model):
    """What is read in one language: made of a revision when that is published. `newest` runs ahead of `number` while a draft waits."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="texts")
    language = models.CharField(max_length=2, choices=LANGUAGE_CHOICES)
    number = models.PositiveIntegerField(default=0)  # of the revision that is published; 0: none
    newest = models.PositiveIntegerField(default=0)
    title = models.CharField(max_length=200, blank=True)
    summary = models.CharField(max_length=300, blank=True)
    html = models.TextField(blank=True)
    words = models.TextField(blank=True)  # without marks, for the index
    headings = models.JSONField(default=list, blank=True)  # [[level, anchor, text]]
    renderer = models.PositiveSmallIntegerField(default=0)
    changed_at = models.DateTimeField(null=True, blank=True)
    helped = models.PositiveIntegerField(default=0)
    not_helped = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["language"]
        constraints = [models.UniqueConstraint(fields=["article", "language"], name="article_text_once")]

    def __str__(self) -> str:
        return f"{self.article} {self.language}"

    @property
    def has_draft(self) -> bool:
        return self.newest > self.number


class Revision(models.Model):
    """What somebody wrote. Never changed."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="revisions")
    language = models.CharField(max_length=2, choices=LANGUAGE_CHOICES)
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=200)
    summary = models.CharField(max_length=300, blank=True)
    text = models.TextField(blank=True)
    note = models.CharField(max_length=200, blank=True)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    written_at = models.DateTimeField()

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["article", "language", "number"], name="article_revision_once")]

    def __str__(self) -> str:
        return f"{self.article} {self.language} {self.number}"


class Picture(models.Model):
    """A picture that a writer put in. Everybody may see it, so no other file is ever given out in its place."""

    file = models.OneToOneField(StoredFile, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.file.code
