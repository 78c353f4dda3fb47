"""Tables of the audit: entries that are only ever added."""

from hashlib import sha256

from django.db import models

from podpora.audit.values import DELIVERY_LABELS, DeliveryState
from podpora.base.actors import ActorKind
from podpora.base.codes import public_code


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


def webhook_code() -> str:
    return public_code("W")


def message_id() -> str:
    return f"msg_{public_code('', 26)[1:]}"


class Webhook(models.Model):
    """An address of another system that is told of events. Its secret is sealed; while it is exchanged the old one signs too."""

    code = models.CharField(max_length=20, unique=True, default=webhook_code)
    name = models.CharField(max_length=100, blank=True)
    url = models.CharField(max_length=500)
    events = models.JSONField(default=list, blank=True)  # names; empty: all of them
    secret_sealed = models.CharField(max_length=200)
    old_secret_sealed = models.CharField(max_length=200, blank=True)
    old_secret_until = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()
    failing_since = models.DateTimeField(null=True, blank=True)  # the first failure after the last success
    disabled_at = models.DateTimeField(null=True, blank=True)
    disabled_why = models.CharField(max_length=20, blank=True)  # gone, failing; empty: by hand
    told_at = models.DateTimeField(null=True, blank=True)  # the manager knows that it was switched off

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name or self.url

    @property
    def is_enabled(self) -> bool:
        return self.disabled_at is None

    @property
    def secret_mark(self) -> str:
        """By which one secret is told from the next; it tells nothing of either."""
        return sha256(self.secret_sealed.encode()).hexdigest()[:16]


class Delivery(models.Model):
    """One event on its way to one webhook. `message` is its id on every try; `body` is sent byte for byte the same each time."""

    message = models.CharField(max_length=40, unique=True, default=message_id)
    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, related_name="deliveries")
    event = models.CharField(max_length=60)
    body = models.TextField()
    state = models.CharField(
        max_length=10, choices=[(s.value, s.name) for s in DeliveryState], default=DeliveryState.WAITING, db_index=True
    )
    made_at = models.DateTimeField()
    failures = models.PositiveIntegerField(default=0)
    next_at = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["webhook", "-id"], name="delivery_of_webhook")]

    def __str__(self) -> str:
        return f"{self.message} {self.event}"

    @property
    def state_label(self) -> str:
        return str(DELIVERY_LABELS[DeliveryState(self.state)])


class Attempt(models.Model):
    """One try: what was answered, or why nothing was."""

    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="attempts")
    at = models.DateTimeField()
    address = models.CharField(max_length=64, blank=True)  # the one that was connected to
    status = models.PositiveSmallIntegerField(null=True, blank=True)
    milliseconds = models.PositiveIntegerField(default=0)
    error = models.CharField(max_length=300, blank=True)
    answer = models.TextField(blank=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.delivery_id}: {self.status or self.error}"
