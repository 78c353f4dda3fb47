"""What works by itself: canned replies, macros, triggers, time rules, and the log of what they did."""

from django.db import models

from podpora.desk.models.choices import choices_of
from podpora.desk.models.queues import Queue
from podpora.desk.models.tickets import Ticket
from podpora.desk.values import RuleKind, deed_said


class Automatic(models.Model):
    """What a manager sets up, in the order in which it is offered or asked."""

    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=80)  # internal
    is_active = models.BooleanField(default=True)
    position = models.PositiveIntegerField(default=0)

    class Meta:
        abstract = True
        ordering = ["position", "code"]


class Offered(Automatic):
    """What a technician chooses while he answers; of one queue, or of all."""

    queue = models.ForeignKey(Queue, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    used = models.PositiveIntegerField(default=0)

    class Meta(Automatic.Meta):
        abstract = True

    def __str__(self) -> str:
        return self.name


class CannedReply(Offered):
    """A text that is often needed, in both languages, with variables."""

    text_cs = models.TextField(blank=True)
    text_en = models.TextField(blank=True)


class Macro(Offered):
    """Several deeds by one click."""

    deeds = models.JSONField(default=list)  # [{do, …}] (rules.deeds)


class Trigger(Automatic):
    """When something happens and the ticket is so, do that (RU-1)."""

    happenings = models.JSONField(default=list, blank=True)  # kinds that it listens to; none: all
    conditions = models.JSONField(default=list)  # all of them
    deeds = models.JSONField(default=list)
    is_always = models.BooleanField(default=False)  # also when no field of a condition changed and no message came

    def __str__(self) -> str:
        return self.code


class TimeRule(Automatic):
    """When a ticket has been in a state for so long and is so, do that, once for each time in that state (RU-2)."""

    state = models.CharField(max_length=20)
    after_minutes = models.PositiveIntegerField()
    conditions = models.JSONField(default=list, blank=True)
    deeds = models.JSONField(default=list)
    active_since = models.DateTimeField(null=True, blank=True)  # older states are not looked at: nobody gets a thousand mails

    def __str__(self) -> str:
        return self.code


class RuleRun(models.Model):
    """What a trigger, time rule or macro did to a ticket."""

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="rule_runs")
    kind = models.CharField(max_length=10, choices=choices_of(RuleKind))
    rule = models.CharField(max_length=40, db_index=True)  # its code, kept when it is gone
    why = models.CharField(max_length=40, blank=True)  # the happening
    done = models.JSONField(default=list)
    once = models.CharField(max_length=100, null=True, blank=True, unique=True)  # RU-2: rule, ticket, state entry
    run_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["-run_at"], name="rule_run_newest")]

    def __str__(self) -> str:
        return f"{self.rule} in {self.ticket_id}"

    @property
    def done_said(self) -> list[str]:
        """What it did, as people read it."""
        return [deed_said(done) for done in self.done]
