"""Tables of the audit: entries that are only ever added."""

from django.db import models

from podpora.base.actors import ActorKind


class Entry(models.Model):
    """Who did what to what, and when. The database refuses to change or remove it (a trigger on both engines)."""

    verb = models.CharField(max_length=80)
    subject = models.CharField(max_length=120)  # "licence:L-7Q4K92XM"
    actor_kind = models.CharField(max_length=10, choices=[(kind.value, kind.name) for kind in ActorKind])
    actor_name = models.CharField(max_length=254)
    person_id = models.BigIntegerField(null=True, blank=True)  # no foreign key: the record outlives the person
    on_behalf_of = models.BigIntegerField(null=True, blank=True)  # the technician behind a session as a customer
    address = models.CharField(max_length=64, blank=True)
    at = models.DateTimeField()
    facts = models.JSONField(default=dict)
    before = models.JSONField(null=True, blank=True)
    after = models.JSONField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["subject", "-id"], name="audit_subject"),
            models.Index(fields=["verb", "-id"], name="audit_verb"),
            models.Index(fields=["person_id", "-id"], name="audit_person"),
            models.Index(fields=["-at", "-id"], name="audit_at"),
        ]

    def __str__(self) -> str:
        return f"{self.actor_name}: {self.verb} {self.subject}"

    @property
    def kind(self) -> str:
        return self.subject.partition(":")[0]

    @property
    def code(self) -> str:
        return self.subject.partition(":")[2]


class Erasure(models.Model):
    """The one door through the trigger: a row that exists only inside the transaction that erases a person's name."""

    person_id = models.BigIntegerField()

    def __str__(self) -> str:
        return str(self.person_id)
