"""Tables of known problems."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import get_language

from podpora.catalog.models import Product
from podpora.problems.values import ON_FIX_NAMES, STATE_BADGES, STATE_NAMES, OnFix, State, TieKind


class Problem(models.Model):
    """One cause behind many reports."""

    number = models.PositiveIntegerField(unique=True)
    code = models.CharField(max_length=20, unique=True)  # P-12
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="+")
    title_cs = models.CharField(max_length=200, blank=True)
    title_en = models.CharField(max_length=200, blank=True)
    symptom_cs = models.TextField(blank=True)
    symptom_en = models.TextField(blank=True)
    workaround_cs = models.TextField(blank=True)
    workaround_en = models.TextField(blank=True)
    from_version = models.CharField(max_length=30, blank=True)
    to_version = models.CharField(max_length=30, blank=True)
    platforms = models.JSONField(default=list, blank=True)
    state = models.CharField(max_length=12, choices=[(s.value, s.name) for s in State], default=State.REPORTED)
    fixed_in = models.CharField(max_length=50, blank=True)  # the number of a release, which may be still to come
    why = models.TextField(blank=True)  # it will not be fixed
    is_public = models.BooleanField(default=True)
    on_fix = models.CharField(max_length=6, choices=[(o.value, o.name) for o in OnFix], default=OnFix.ASK)
    people = models.PositiveIntegerField(default=0)  # who have it: kept by actions
    reported_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    external_id = models.CharField(max_length=100, blank=True)

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["external_id"], condition=~models.Q(external_id=""), name="problem_external_once")
        ]
        indexes = [models.Index(fields=["fixed_in"], name="problem_fixed_in")]

    def __str__(self) -> str:
        return self.code

    def said(self, name: str, language: str = "") -> str:
        """`title`, `symptom` or `workaround` in the reader's language, else in the other."""
        own, other = ("cs", "en") if (language or get_language() or "en").startswith("cs") else ("en", "cs")
        return str(getattr(self, f"{name}_{own}") or getattr(self, f"{name}_{other}"))

    @property
    def title(self) -> str:
        return self.said("title")

    @property
    def state_name(self) -> Any:
        return STATE_NAMES[State(self.state)]

    @property
    def badge(self) -> str:
        return STATE_BADGES.get(State(self.state), "")

    @property
    def on_fix_name(self) -> Any:
        return ON_FIX_NAMES[OnFix(self.on_fix)]


class Tie(models.Model):
    """Who or what is tied to a problem. A ticket or topic stands here by its public code, with the person who will be told."""

    problem = models.ForeignKey(Problem, on_delete=models.CASCADE, related_name="ties")
    kind = models.CharField(max_length=6, choices=[(k.value, k.name) for k in TieKind])
    code = models.CharField(max_length=40)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    version = models.CharField(max_length=30, blank=True)
    platform = models.CharField(max_length=20, blank=True)
    tied_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True, blank=True)  # of the fix

    class Meta:
        ordering = ["tied_at", "pk"]
        constraints = [models.UniqueConstraint(fields=["problem", "kind", "code"], name="problem_tie_once")]
        indexes = [models.Index(fields=["kind", "code"], name="problem_tie_code")]

    def __str__(self) -> str:
        return f"{self.problem} {self.kind} {self.code}"
