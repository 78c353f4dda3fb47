"""Posts: Markdown, what was made of it, older texts, files, votes."""

from django.db import models
from django.db.models import Q

from podpora.base.codes import public_code
from podpora.files.models import StoredFile
from podpora.forum.models.choices import choices_of
from podpora.forum.models.topics import Topic
from podpora.forum.values import PostFacts, Shown, Via
from podpora.people.models import Person


def post_code() -> str:
    return public_code("FP")


class Post(models.Model):
    """One text in a topic. Its number in the topic is dense and never changes, so pages and addresses are made of it."""

    code = models.CharField(max_length=20, unique=True, default=post_code)
    topic = models.ForeignKey(Topic, on_delete=models.CASCADE, related_name="posts", db_index=False)
    number = models.PositiveIntegerField()
    author = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="forum_posts", db_index=False)
    author_name = models.CharField(max_length=80)
    text = models.TextField()
    html = models.TextField()
    excerpt = models.CharField(max_length=310, blank=True)
    renderer = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, choices=choices_of(Shown), default=Shown.VISIBLE)
    is_whisper = models.BooleanField(default=False)  # among staff
    reply_to = models.PositiveIntegerField(null=True, blank=True)  # a number in the same topic
    via = models.CharField(max_length=10, choices=choices_of(Via), default=Via.WEB)
    written_at = models.DateTimeField()
    edited_at = models.DateTimeField(null=True, blank=True)
    revisions = models.PositiveIntegerField(default=0)
    votes = models.PositiveIntegerField(default=0)
    hidden_at = models.DateTimeField(null=True, blank=True)
    hidden_times = models.PositiveSmallIntegerField(default=0)
    deleted_by = models.CharField(max_length=200, blank=True)
    hosts = models.CharField(max_length=300, blank=True)  # that it links, with commas (FO-18)
    likeness = models.CharField(max_length=32, blank=True)  # hash of its words, to see the same text again
    address = models.CharField(max_length=32, blank=True)  # hash of where it came from
    mail_id = models.CharField(max_length=255, blank=True)
    once = models.CharField(max_length=120, null=True, blank=True, unique=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["topic", "number"], name="post_number_once")]
        indexes = [
            models.Index(fields=["author", "-id"], name="post_of_author"),
            models.Index(fields=["likeness"], condition=~Q(likeness=""), name="post_likeness"),
            models.Index(fields=["address", "-id"], condition=~Q(address=""), name="post_address"),
        ]

    def __str__(self) -> str:
        return f"{self.topic_id}/{self.number}"

    def facts(self) -> PostFacts:
        return PostFacts(
            number=self.number,
            author=self.author_id,
            state=Shown(self.state),
            is_whisper=self.is_whisper,
            written_at=self.written_at,
            hidden_at=self.hidden_at,
            hidden_times=self.hidden_times,
        )


class PostRevision(models.Model):
    """A text that a post had before; with the title that the topic had, for the first post."""

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="older")
    number = models.PositiveIntegerField()
    text = models.TextField()
    title = models.CharField(max_length=150, blank=True)
    until_at = models.DateTimeField()  # when it was replaced
    edited_by = models.CharField(max_length=200)
    is_hidden = models.BooleanField(default=False)  # had something that nobody should read

    class Meta:
        constraints = [models.UniqueConstraint(fields=["post", "number"], name="post_revision_once")]

    def __str__(self) -> str:
        return f"{self.post_id} #{self.number}"


class PostFile(models.Model):
    """A picture or a file of a post; before the post is sent, of nobody but who stored it."""

    file = models.OneToOneField(StoredFile, on_delete=models.PROTECT, related_name="forum_file")
    post = models.ForeignKey(Post, null=True, blank=True, on_delete=models.CASCADE, related_name="files")
    person = models.ForeignKey(Person, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    stored_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.file_id}"


class Vote(models.Model):
    """This helped me, too."""

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="vote_rows", db_index=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["post", "person"], name="post_vote_once")]

    def __str__(self) -> str:
        return f"{self.person_id} for {self.post_id}"
