"""What decides who gets a ticket: what a technician can do, how much, when, and when he is away."""

from django.db import models
from django.db.models import F, Q

from podpora.base.codes import public_code
from podpora.catalog.models import Product
from podpora.desk.models.calendars import Calendar
from podpora.desk.models.queues import Queue
from podpora.people.models import Person


def absence_code() -> str:
    return public_code("AB")


class Skill(models.Model):
    """Something that not everybody can do. Tickets of its queues, of its products or about its platforms need it."""

    code = models.SlugField(max_length=40, unique=True)
    name_cs = models.CharField(max_length=80)
    name_en = models.CharField(max_length=80)
    queues = models.ManyToManyField(Queue, related_name="skills", blank=True)
    products = models.ManyToManyField(Product, related_name="+", blank=True)
    platforms = models.JSONField(default=list, blank=True)  # words, found in the ticket's platform: "mac", "linux"

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.code


class TechnicianProfile(models.Model):
    """What a technician can do and how much he takes. Nothing said: everything, without limit, at any time."""

    person = models.OneToOneField(Person, on_delete=models.CASCADE, related_name="technician_profile")
    skills = models.ManyToManyField(Skill, related_name="profiles", blank=True)
    languages = models.JSONField(default=list, blank=True)  # two letters; empty: any
    cap = models.PositiveSmallIntegerField(null=True, blank=True)  # running tickets at most; none: no limit
    calendar = models.ForeignKey(Calendar, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"{self.person}"


class Absence(models.Model):
    """Away from the first to the last day, both inclusive, in the vendor's zone (AS-2)."""

    code = models.CharField(max_length=20, unique=True, default=absence_code)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="absences")
    starts_on = models.DateField()
    ends_on = models.DateField()
    stand_in = models.ForeignKey(Person, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["starts_on", "pk"]
        indexes = [models.Index(fields=["ends_on"], name="absence_by_end")]
        constraints = [
            models.CheckConstraint(condition=Q(starts_on__lte=F("ends_on")), name="absence_has_days"),
            models.CheckConstraint(condition=~Q(stand_in=F("person")), name="absence_of_another"),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.starts_on}-{self.ends_on}"
