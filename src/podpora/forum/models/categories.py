"""Where topics stand: by product, language and who may read and write."""

from django.db import models

from podpora.catalog.models import Product
from podpora.forum.models.choices import choices_of
from podpora.forum.values import CategoryFacts, Reach


class Category(models.Model):
    """A part of the forum. `solving`: its topics are questions that have a solution."""

    code = models.SlugField(max_length=40, unique=True)
    name_cs = models.CharField(max_length=80)
    name_en = models.CharField(max_length=80)
    text_cs = models.CharField(max_length=300, blank=True)
    text_en = models.CharField(max_length=300, blank=True)
    icon = models.CharField(max_length=40, default="messages-square")
    product = models.ForeignKey(Product, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    language = models.CharField(max_length=5, blank=True)  # empty: any
    reads = models.CharField(max_length=10, choices=choices_of(Reach), default=Reach.EVERYBODY)
    writes = models.CharField(max_length=10, choices=choices_of(Reach), default=Reach.MEMBERS)
    solving = models.BooleanField(default=True)
    is_open = models.BooleanField(default=True)  # False: read only
    by_mail = models.BooleanField(default=False)  # topics can be started by mail (FO-23)
    close_after_hours = models.PositiveIntegerField(null=True, blank=True)  # FO-6: since the last post of a solved topic
    position = models.PositiveIntegerField(default=0)
    topics_count = models.PositiveIntegerField(default=0)  # of what is visible; counted with each post, again every night
    posts_count = models.PositiveIntegerField(default=0)
    last_post_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["position", "code"]

    def __str__(self) -> str:
        return self.name_en

    def facts(self) -> CategoryFacts:
        return CategoryFacts(Reach(self.reads), Reach(self.writes), self.solving, self.is_open)

    def name_in(self, language: str) -> str:
        return self.name_cs if language.startswith("cs") else self.name_en

    def text_in(self, language: str) -> str:
        return self.text_cs if language.startswith("cs") else self.text_en
