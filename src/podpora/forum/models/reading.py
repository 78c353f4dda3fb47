"""How far somebody read, what he wants to hear, what he is writing, and by which address his mails come."""

from django.db import models
from django.db.models import Q

from podpora.forum.models.categories import Category
from podpora.forum.models.choices import choices_of
from podpora.forum.models.topics import Topic
from podpora.forum.values import Level
from podpora.people.models import Person


class Reading(models.Model):
    """FO-24: one row for a topic and a person, never for a post."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+", db_index=False)
    topic = models.ForeignKey(Topic, on_delete=models.CASCADE, related_name="readings")
    last_read = models.PositiveIntegerField(default=0)
    seconds = models.PositiveIntegerField(default=0)
    opened_at = models.DateTimeField()
    read_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "topic"], name="reading_once")]

    def __str__(self) -> str:
        return f"{self.person_id} read {self.topic_id} to {self.last_read}"


class Subscription(models.Model):
    """What a person wants to hear of a topic, a category or a tag."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+", db_index=False)
    topic = models.ForeignKey(Topic, null=True, blank=True, on_delete=models.CASCADE, related_name="subscriptions")
    category = models.ForeignKey(Category, null=True, blank=True, on_delete=models.CASCADE, related_name="subscriptions")
    tag = models.CharField(max_length=30, blank=True)
    level = models.PositiveSmallIntegerField(choices=choices_of(Level))
    by_hand = models.BooleanField(default=False)
    since = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "topic"], condition=Q(topic__isnull=False), name="subscription_topic"),
            models.UniqueConstraint(
                fields=["person", "category"], condition=Q(category__isnull=False), name="subscription_category"
            ),
            models.UniqueConstraint(fields=["person", "tag"], condition=~Q(tag=""), name="subscription_tag"),
        ]
        indexes = [models.Index(fields=["tag"], condition=~Q(tag=""), name="subscription_of_tag")]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.level}"


class Draft(models.Model):
    """What somebody is writing: a new topic (`place` is empty) or an answer (`place` is the topic's number)."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+", db_index=False)
    place = models.CharField(max_length=30, blank=True)
    category = models.CharField(max_length=40, blank=True)
    title = models.CharField(max_length=150, blank=True)
    tags = models.CharField(max_length=200, blank=True)
    text = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=0)
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "place"], name="forum_draft_once")]

    def __str__(self) -> str:
        return self.title or self.place


class MailToken(models.Model):
    """FO-23: an address of one person: to answer one post, or to start topics in a category. Only a digest is kept."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    topic = models.ForeignKey(Topic, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    category = models.ForeignKey(Category, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    number = models.PositiveIntegerField(default=0)  # of the post that the mail told of
    nonce = models.CharField(max_length=40)
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "category"],
                condition=Q(category__isnull=False, revoked_at__isnull=True),
                name="forum_mail_category",
            )
        ]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.topic_id or self.category_id}"
