"""What is promised: agreements in an explicit order, their targets, and how the clocks run."""

from django.db import models
from django.db.models import Q

from podpora.desk.models.calendars import Calendar
from podpora.desk.models.choices import choices_of
from podpora.desk.values import Priority


class Sla(models.Model):
    """An agreement: for which tickets, in which service time, how long. The first that fits, by position, holds (SLA-14)."""

    code = models.SlugField(max_length=40, unique=True)
    name_cs = models.CharField(max_length=80)
    name_en = models.CharField(max_length=80)
    position = models.PositiveIntegerField(default=0)
    calendar = models.ForeignKey(Calendar, on_delete=models.PROTECT, related_name="slas")
    # For which tickets; an empty list asks nothing, all four empty are the fallback.
    plans = models.JSONField(default=list, blank=True)
    queues = models.JSONField(default=list, blank=True)  # codes
    priorities = models.JSONField(default=list, blank=True)
    languages = models.JSONField(default=list, blank=True)
    follows_plan = models.BooleanField(default=False)  # the first response is what the levels of support promise
    warn_minutes = models.PositiveIntegerField(default=60)  # of service time before a deadline (SLA-15)
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ["position", "code"]

    def __str__(self) -> str:
        return self.code


class SlaTarget(models.Model):
    """Minutes of service time for one priority, or (none) for all priorities that have no row of their own."""

    sla = models.ForeignKey(Sla, on_delete=models.CASCADE, related_name="targets")
    priority = models.PositiveSmallIntegerField(null=True, blank=True, choices=choices_of(Priority))
    first_response = models.PositiveIntegerField(null=True, blank=True)
    next_response = models.PositiveIntegerField(null=True, blank=True)
    periodic_update = models.PositiveIntegerField(null=True, blank=True)
    solution = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["-priority"]
        constraints = [
            models.UniqueConstraint(fields=["sla", "priority"], name="target_once"),
            models.UniqueConstraint(fields=["sla"], condition=Q(priority__isnull=True), name="target_of_the_rest_once"),
            models.CheckConstraint(
                condition=Q(next_response__isnull=True) | Q(periodic_update__isnull=True), name="target_response_or_update"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sla_id}: {self.priority}"


class ClockSettings(models.Model):
    """One row: which states pause which clock (SLA-19), what a plan sets, and how far a recalculation has come (SLA-4)."""

    revision = models.CharField(max_length=32)  # another word after each change of a calendar, an agreement or this table
    pauses = models.JSONField(default=dict, blank=True)  # {metric: [states]}; a metric without an entry has the default
    priorities = models.JSONField(default=dict, blank=True)  # {plan: priority} of a new ticket
    stale_since = models.DateTimeField(null=True, blank=True)  # tickets are to be recalculated
    recounted = models.PositiveBigIntegerField(default=0)  # tickets up to this id are done
    recount_of = models.PositiveIntegerField(default=0)
    recount_done = models.PositiveIntegerField(default=0)
    recounted_at = models.DateTimeField(null=True, blank=True)  # the last one came to its end

    def __str__(self) -> str:
        return self.revision
