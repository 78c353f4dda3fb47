"""Queues, who serves them, whose turn it is."""

from django.db import models

from podpora.desk.models.choices import choices_of
from podpora.desk.values import REOPEN_DAYS, Assignment, FollowUp, Purpose
from podpora.people.models import Person


class Queue(models.Model):
    """A line in which tickets wait. Without members of its own it is served by every technician."""

    code = models.SlugField(max_length=40, unique=True)
    purpose = models.CharField(max_length=20, choices=choices_of(Purpose))
    name_cs = models.CharField(max_length=80)
    name_en = models.CharField(max_length=80)
    needs_support = models.BooleanField(default=False)  # behind the VIP gate
    is_paused = models.BooleanField(default=False)  # tickets wait in it unassigned: nobody gets them by turn
    assignment = models.CharField(max_length=12, choices=choices_of(Assignment), default=Assignment.ROUND_ROBIN)
    assignment_timeout = models.PositiveIntegerField(null=True, blank=True)  # minutes of service without a deed (AS-3)
    asks_satisfaction = models.BooleanField(default=True)  # one question after solving
    position = models.PositiveIntegerField(default=0)
    # TH-10: a mail to a ticket that is done reopens it, begins a new one, or reopens it within so many days.
    follow_up = models.CharField(max_length=20, choices=choices_of(FollowUp), default=FollowUp.REOPEN_WITHIN)
    follow_up_days = models.PositiveSmallIntegerField(default=REOPEN_DAYS)
    technicians = models.ManyToManyField(Person, through="QueueMember", related_name="queues")

    class Meta:
        ordering = ["position", "code"]

    def __str__(self) -> str:
        return self.code


class QueueMember(models.Model):
    """A technician who serves a queue."""

    queue = models.ForeignKey(Queue, on_delete=models.CASCADE, related_name="members")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["queue", "person"], name="queue_member_once")]

    def __str__(self) -> str:
        return f"{self.person} serves {self.queue}"


class RoundRobin(models.Model):
    """Who took the last ticket of a queue: the row that is locked while the next one is chosen (AS-1)."""

    queue = models.OneToOneField(Queue, on_delete=models.CASCADE, related_name="turn")
    last = models.PositiveBigIntegerField(null=True, blank=True)  # a person's id, kept when he leaves

    def __str__(self) -> str:
        return f"{self.queue}: {self.last}"
