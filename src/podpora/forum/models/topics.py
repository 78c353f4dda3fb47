"""Topics: a question or a talk, its tags, and by what it was solved."""

from django.db import models
from django.db.models import Q

from podpora.forum.models.categories import Category
from podpora.forum.models.choices import choices_of
from podpora.forum.values import Shown, SolutionKind, TopicFacts
from podpora.people.models import Person


class Counter(models.Model):
    """The last number that was given; a row to lock. Numbers are unique, gaps are allowed."""

    name = models.CharField(max_length=20, unique=True)
    value = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.name}: {self.value}"


class Topic(models.Model):
    """Counters are of what is visible to everybody who sees the topic; whispers count nowhere."""

    number = models.PositiveBigIntegerField(unique=True)
    category = models.ForeignKey(Category, on_delete=models.PROTECT, related_name="topics", db_index=False)
    title = models.CharField(max_length=150)
    slug = models.SlugField(max_length=80, blank=True)
    language = models.CharField(max_length=5, blank=True)
    version = models.CharField(max_length=30, blank=True)  # of the program that it is about
    author = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="forum_topics", db_index=False)
    author_name = models.CharField(max_length=80)
    excerpt = models.CharField(max_length=310, blank=True)
    tag_names = models.CharField(max_length=200, blank=True)  # as they are shown, with commas; the rows are TopicTag
    started_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=choices_of(Shown), default=Shown.VISIBLE)
    deleted_at = models.DateTimeField(null=True, blank=True)
    deleted_by = models.CharField(max_length=200, blank=True)
    is_pinned = models.BooleanField(default=False)
    closed_at = models.DateTimeField(null=True, blank=True)
    close_at = models.DateTimeField(null=True, blank=True)  # FO-6
    merged_into = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="merged_from")

    highest = models.PositiveIntegerField(default=0)  # the last number that was given, also to whispers and to what waits
    last_shown = models.PositiveIntegerField(default=0)  # number of the last post that all its readers see
    replies = models.PositiveIntegerField(default=0)
    votes = models.PositiveIntegerField(default=0)  # of the first post
    views = models.PositiveIntegerField(default=0)
    last_post_at = models.DateTimeField()
    last_author = models.ForeignKey(Person, null=True, blank=True, on_delete=models.SET_NULL, related_name="+", db_index=False)
    last_author_name = models.CharField(max_length=80, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)  # the first answer of somebody else
    staff_answered_at = models.DateTimeField(null=True, blank=True)
    solved_at = models.DateTimeField(null=True, blank=True)
    revision = models.PositiveIntegerField(default=0)

    details_at = models.DateTimeField(null=True, blank=True)  # FO-30: since when details are missing
    details = models.JSONField(default=list, blank=True)  # which
    details_noted_at = models.DateTimeField(null=True, blank=True)  # staff were reminded
    assignee = models.ForeignKey(Person, null=True, blank=True, on_delete=models.SET_NULL, related_name="forum_assigned")
    ticket = models.CharField(max_length=20, blank=True)  # made of it; staff see which
    from_ticket = models.CharField(max_length=20, blank=True)  # it was made of; only staff see it
    problem = models.CharField(max_length=40, blank=True)  # public code of a known problem
    article = models.CharField(max_length=120, blank=True)  # FO-32: public code of the article made of it
    article_title = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(merged_into=models.F("id")), name="topic_not_into_itself")]
        indexes = [
            models.Index(
                fields=["category", "-is_pinned", "-last_post_at", "-id"], condition=Q(state="visible"), name="topic_of_category"
            ),
            models.Index(fields=["-last_post_at", "-id"], condition=Q(state="visible"), name="topic_latest"),
            models.Index(fields=["author", "-id"], name="topic_of_author"),
            models.Index(fields=["close_at"], condition=Q(close_at__isnull=False), name="topic_closes"),
            models.Index(fields=["-last_post_at"], condition=Q(answered_at__isnull=True, state="visible"), name="topic_unanswered"),
            models.Index(fields=["details_at"], condition=Q(details_at__isnull=False), name="topic_details"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def code(self) -> str:
        return str(self.number)

    @property
    def tags(self) -> list[str]:
        return self.tag_names.split(",") if self.tag_names else []

    def facts(self) -> TopicFacts:
        """FO-1: `solving` is its category's."""
        return TopicFacts(
            number=self.number,
            author=self.author_id,
            state=Shown(self.state),
            solving=self.category.solving,
            closed_at=self.closed_at,
            solved_post=1 if self.solved_at else None,
            highest=self.last_shown,
        )


class TopicTag(models.Model):
    """One tag of a topic, for lists."""

    topic = models.ForeignKey(Topic, on_delete=models.CASCADE, related_name="tag_rows", db_index=False)
    name = models.CharField(max_length=30)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["topic", "name"], name="topic_tag_once")]
        indexes = [models.Index(fields=["name", "-topic"], name="topic_tag_name")]

    def __str__(self) -> str:
        return self.name


class Solution(models.Model):
    """FO-2: at most one of each topic. FO-8: a post of it, or an article or a release by its public code."""

    topic = models.OneToOneField(Topic, on_delete=models.CASCADE, related_name="solution")
    kind = models.CharField(max_length=10, choices=choices_of(SolutionKind))
    post = models.OneToOneField("forum.Post", null=True, blank=True, on_delete=models.CASCADE, related_name="solves")
    ref = models.CharField(max_length=120, blank=True)
    title = models.CharField(max_length=200, blank=True)
    accepted_at = models.DateTimeField()
    accepted_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    by_staff = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind=SolutionKind.POST, post__isnull=False, ref="") | (~Q(kind=SolutionKind.POST) & Q(post__isnull=True) & ~Q(ref="")),
                name="solution_is_one_thing",
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.topic_id}: {self.kind}"
