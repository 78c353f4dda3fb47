"""What technicians add to a ticket: tags, fields, links, followers, time, drafts, what is sent later, ratings, merges."""

from django.db import models

from podpora.base.codes import public_code
from podpora.base.folding import FoldedField
from podpora.desk.models.choices import choices_of
from podpora.desk.models.messages import Message
from podpora.desk.models.queues import Queue
from podpora.desk.models.tickets import Ticket
from podpora.desk.values import UNDO_SECONDS, FieldKind, LinkKind, ScheduledState, Score
from podpora.people.models import Person


def scheduled_code() -> str:
    return public_code("Q")


VALUE_BEGINS = 100  # characters of a value by which it is looked for


class Field(models.Model):
    """A question of the vendor's own about each ticket of some queues (of all, without queues)."""

    code = models.SlugField(max_length=40, unique=True)
    kind = models.CharField(max_length=10, choices=choices_of(FieldKind))
    name_cs = models.CharField(max_length=80)
    name_en = models.CharField(max_length=80)
    help_cs = models.CharField(max_length=200, blank=True)
    help_en = models.CharField(max_length=200, blank=True)
    choices = models.JSONField(default=list, blank=True)  # [{value, cs, en}]
    is_public = models.BooleanField(default=False)  # on the customer's form, and told to him
    is_required = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    shown_when = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    shown_when_values = models.JSONField(default=list, blank=True)  # any of them
    position = models.PositiveIntegerField(default=0)
    queues = models.ManyToManyField(Queue, related_name="fields", blank=True)

    class Meta:
        ordering = ["position", "code"]

    def __str__(self) -> str:
        return self.code


class FieldValue(models.Model):
    """A field's value in a ticket, in its plain form: `2026-03-10`, `12.5`, `yes`, `a`, `a\\nb`."""

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="field_values", db_index=False)
    field = models.ForeignKey(Field, on_delete=models.PROTECT, related_name="+", db_index=False)
    value = models.TextField()
    value_folded = FoldedField(of="value")
    value_begins = FoldedField(of="value", most=VALUE_BEGINS)

    class Meta:
        indexes = [models.Index(fields=["field", "value_begins", "ticket"], name="field_value_is")]
        constraints = [models.UniqueConstraint(fields=["ticket", "field"], name="field_value_once")]

    def __str__(self) -> str:
        return f"{self.field_id}: {self.value[:40]}"


class Link(models.Model):
    """Two tickets that have to do with each other; reads from `ticket` to `other`."""

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="links", db_index=False)
    other = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="linked_from")
    kind = models.CharField(max_length=12, choices=choices_of(LinkKind))
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["ticket", "other", "kind"], name="link_once"),
            models.CheckConstraint(condition=~models.Q(ticket=models.F("other")), name="link_to_another"),
        ]

    def __str__(self) -> str:
        return f"{self.ticket_id} {self.kind} {self.other_id}"


class Follower(models.Model):
    """A technician who is told what happens in a ticket that is not his."""

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="followers", db_index=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    since = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["ticket", "person"], name="follower_once")]

    def __str__(self) -> str:
        return f"{self.person} follows {self.ticket_id}"


class Mention(models.Model):
    """A colleague named in a note."""

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="mentions", db_index=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["message", "person"], name="mention_once")]

    def __str__(self) -> str:
        return f"{self.person} in {self.message_id}"


class TimeEntry(models.Model):
    """Work on a ticket, in minutes."""

    code = models.CharField(max_length=20, unique=True)
    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="time_entries")
    person = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    minutes = models.PositiveIntegerField()
    note = models.CharField(max_length=200, blank=True)
    worked_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [models.CheckConstraint(condition=models.Q(minutes__gt=0), name="time_is_some")]

    def __str__(self) -> str:
        return f"{self.minutes} min"


class SavedDraft(models.Model):
    """What a technician is writing, kept by the server: it survives his browser, and a colleague can take it over."""

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="drafts", db_index=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=10, default="reply")  # reply or note
    text = models.TextField(blank=True)
    then = models.CharField(max_length=20, blank=True)
    seen = models.PositiveIntegerField(default=0)  # the ticket's revision that he had before his eyes (CL-1)
    version = models.PositiveIntegerField(default=1)  # two windows, one draft
    given_by = models.CharField(max_length=200, blank=True)  # whose it was
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["ticket", "person"], name="draft_once")]

    def __str__(self) -> str:
        return f"draft of {self.person} in {self.ticket_id}"


class Scheduled(models.Model):
    """An answer that is sent later, or in a moment so that it can be withdrawn. Not a message before it is sent: nothing that
    reads messages meets it."""

    code = models.CharField(max_length=20, unique=True, default=scheduled_code)
    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="scheduled", db_index=False)
    author = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    text = models.TextField()
    files = models.JSONField(default=list, blank=True)  # codes of stored files
    then = models.CharField(max_length=20, blank=True)
    seen = models.PositiveIntegerField(null=True, blank=True)
    send_at = models.DateTimeField()
    made_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=choices_of(ScheduledState), default=ScheduledState.WAITING)
    message = models.CharField(max_length=20, blank=True)  # the code of what it became
    why = models.CharField(max_length=300, blank=True)  # why it is held
    once = models.CharField(max_length=100, null=True, blank=True, unique=True)

    class Meta:
        indexes = [
            models.Index(fields=["ticket", "state"], name="scheduled_of_ticket"),
            models.Index(fields=["send_at"], name="scheduled_due", condition=models.Q(state="waiting")),
        ]

    def __str__(self) -> str:
        return self.code


class Habit(models.Model):
    """How a technician works: how long an answer can be withdrawn after he sent it, what the lines of his lists show."""

    person = models.OneToOneField(Person, on_delete=models.CASCADE, related_name="desk_habit")
    undo_seconds = models.PositiveSmallIntegerField(default=UNDO_SECONDS)
    columns = models.JSONField(default=list, blank=True)  # of values.Column; none: the usual ones

    def __str__(self) -> str:
        return f"{self.person}: {self.undo_seconds} s"


class Merge(models.Model):
    """A ticket that was merged into another, and what moved, so that it can be undone for a while."""

    source = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="merges")
    target = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="took")
    merged_at = models.DateTimeField()
    by_name = models.CharField(max_length=200, blank=True)
    moved = models.JSONField(default=dict)  # ids by kind, and the state before
    undone_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.source_id} into {self.target_id}"


class Rating(models.Model):
    """Whether the customer is satisfied: asked once a ticket, answered or not."""

    ticket = models.OneToOneField(Ticket, on_delete=models.CASCADE, related_name="rating")
    person = models.ForeignKey(Person, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")  # who was asked
    technician = models.ForeignKey(Person, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    token_digest = models.CharField(max_length=64, unique=True, null=True, blank=True)
    asked_at = models.DateTimeField(null=True, blank=True)
    score = models.PositiveSmallIntegerField(choices=choices_of(Score), null=True, blank=True)
    comment = models.TextField(blank=True)
    rated_at = models.DateTimeField(null=True, blank=True, db_index=True)

    def __str__(self) -> str:
        return f"{self.ticket_id}: {self.score}"
