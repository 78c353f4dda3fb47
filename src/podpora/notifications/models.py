"""Tables of notifications: the inbox and what a person does not want by mail."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from podpora.base.codes import public_code
from podpora.notifications import values


def entry_code() -> str:
    return public_code("N", 10)


class InboxEntry(models.Model):
    """One thing a person was told, in his language at that time."""

    code = models.CharField(max_length=20, unique=True, default=entry_code)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=80)
    title = models.CharField(max_length=300)
    text = models.CharField(max_length=500, blank=True)
    url = models.CharField(max_length=500, blank=True)
    told_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)
    once = models.CharField(max_length=250, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "once"], condition=~Q(once=""), name="inbox_once")]
        indexes = [
            models.Index(fields=["person", "-id"], name="inbox_person"),
            models.Index(fields=["person"], condition=Q(read_at=None), name="inbox_unread"),
        ]

    def __str__(self) -> str:
        return self.title


class Preference(models.Model):
    """A person's wish for one kind. No row: by mail and in the inbox."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=80)
    by_mail = models.BooleanField(default=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "kind"], name="preference_once")]

    def __str__(self) -> str:
        return f"{self.kind}: {'mail' if self.by_mail else 'inbox only'}"

    @property
    def label(self) -> str:
        return str(values.kind(self.kind).label)
