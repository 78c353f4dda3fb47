"""Reports of readers, and what waits for a moderator."""

from django.db import models
from django.db.models import Q

from podpora.base.codes import public_code
from podpora.forum.models.choices import choices_of
from podpora.forum.models.posts import Post
from podpora.forum.values import FlagKind, Review
from podpora.people.models import Person


def review_code() -> str:
    return public_code("FR")


class Flag(models.Model):
    """One reader's report of one post."""

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="flags")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=10, choices=choices_of(FlagKind))
    text = models.CharField(max_length=500, blank=True)
    score = models.FloatField(default=0)
    trust = models.PositiveSmallIntegerField(default=0)  # of the reader, then
    is_staff = models.BooleanField(default=False)
    raised_at = models.DateTimeField()
    decision = models.CharField(max_length=10, choices=choices_of(Review), default=Review.OPEN)
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["post", "person"], condition=Q(decision=Review.OPEN), name="flag_once")]
        indexes = [models.Index(fields=["person", "-raised_at"], name="flag_of_person")]

    def __str__(self) -> str:
        return f"{self.kind} of {self.post_id}"


class ReviewItem(models.Model):
    """A post that somebody has to look at. `version` grows with every change: who decides on an older one is told (FO-17)."""

    code = models.CharField(max_length=20, unique=True, default=review_code)
    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="reviews")
    why = models.CharField(max_length=20)
    score = models.FloatField(default=0)
    state = models.CharField(max_length=10, choices=choices_of(Review), default=Review.OPEN)
    version = models.PositiveIntegerField(default=1)
    opened_at = models.DateTimeField()
    reminded_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.CharField(max_length=200, blank=True)
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["post"], condition=Q(state=Review.OPEN), name="review_once")]
        indexes = [models.Index(fields=["-score", "opened_at"], condition=Q(state=Review.OPEN), name="review_open")]

    def __str__(self) -> str:
        return self.code
