"""Tables of the desk. Licences and devices are named by their public codes, as they were when the ticket was opened."""

from typing import Any

from django.db import models

from podpora.base.codes import public_code
from podpora.base.folding import FoldedField
from podpora.catalog.models import Product
from podpora.desk.values import (
    PRIORITY_NAMES,
    STATE_NAMES,
    STATE_SENTENCES,
    MessageKind,
    Priority,
    Purpose,
    Side,
    State,
    TicketFacts,
    Via,
)
from podpora.files.models import StoredFile
from podpora.people.models import Customer, Person


def choices_of(enum: type[Any]) -> list[tuple[Any, str]]:
    return [(member.value, member.name) for member in enum]


def message_code() -> str:
    return public_code("M")


class Counter(models.Model):
    """The last number that was given; a row to lock. Numbers are unique, gaps are allowed."""

    name = models.CharField(max_length=20, unique=True)
    value = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.name}: {self.value}"


class Queue(models.Model):
    """A line in which tickets wait. Without members of its own it is served by every technician."""

    code = models.SlugField(max_length=40, unique=True)
    purpose = models.CharField(max_length=20, choices=choices_of(Purpose))
    name_cs = models.CharField(max_length=80)
    name_en = models.CharField(max_length=80)
    needs_support = models.BooleanField(default=False)  # behind the VIP gate
    is_paused = models.BooleanField(default=False)  # tickets wait in it unassigned: nobody gets them by turn
    position = models.PositiveIntegerField(default=0)
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


class Ticket(models.Model):
    """A customer's question until its solution."""

    number = models.PositiveBigIntegerField(unique=True)
    code = models.CharField(max_length=20, unique=True)
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="tickets")
    requester = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="tickets")
    product = models.ForeignKey(Product, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    queue = models.ForeignKey(Queue, on_delete=models.PROTECT, related_name="tickets", db_index=False)
    subject = models.CharField(max_length=200)
    subject_folded = FoldedField(of="subject")
    state = models.CharField(max_length=20, choices=choices_of(State), default=State.NEW)
    priority = models.PositiveSmallIntegerField(choices=choices_of(Priority), default=Priority.NORMAL)
    assignee = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="assigned_tickets", db_index=False
    )
    via = models.CharField(max_length=10, choices=choices_of(Via), default=Via.WEB)
    is_private = models.BooleanField(default=False)  # VI-1: of the requester only, not of his company

    # What it is about: snapshots and public codes.
    licence = models.CharField(max_length=20, blank=True)
    device = models.CharField(max_length=20, blank=True)
    device_name = models.CharField(max_length=200, blank=True)
    app_version = models.CharField(max_length=30, blank=True)
    platform = models.CharField(max_length=50, blank=True)
    version_is_ended = models.BooleanField(default=False)  # EOL-5: advice, no promise of a fix
    # The support that it was opened under (SC-2): what the gate said, and the last day then.
    tier = models.CharField(max_length=10, blank=True)
    support_code = models.CharField(max_length=60, blank=True)
    support_through = models.DateField(null=True, blank=True)

    opened_at = models.DateTimeField()
    last_customer_message_at = models.DateTimeField(null=True, blank=True)
    last_staff_message_at = models.DateTimeField(null=True, blank=True)
    waiting_since = models.DateTimeField(null=True, blank=True)  # the first message of the customer without an answer
    first_answered_at = models.DateTimeField(null=True, blank=True)
    solved_at = models.DateTimeField(null=True, blank=True)
    changed_at = models.DateTimeField()  # the last change of state or public message
    reopened = models.PositiveIntegerField(default=0)
    # The place in the technician's list (rules.place_of), kept so that a long list reads an index.
    rank = models.PositiveSmallIntegerField()
    since = models.DateTimeField()
    revision = models.PositiveIntegerField(default=0)  # counts messages; what a writer has seen (CL-1)
    once = models.CharField(max_length=100, null=True, blank=True, unique=True)

    class Meta:
        indexes = [
            models.Index(fields=["rank", "since", "id"], name="ticket_urgency"),
            models.Index(fields=["assignee", "rank", "since", "id"], name="ticket_urgency_of_person"),
            models.Index(fields=["queue", "rank", "since", "id"], name="ticket_urgency_of_queue"),
            models.Index(fields=["customer", "-changed_at"], name="ticket_of_customer"),
            models.Index(fields=["-solved_at", "-id"], name="ticket_solved", condition=models.Q(rank__gte=200)),
        ]
        constraints = [
            models.CheckConstraint(condition=~models.Q(subject=""), name="ticket_has_subject"),
            models.CheckConstraint(
                condition=models.Q(state__in=["solved", "closed"], solved_at__isnull=False)
                | (~models.Q(state__in=["solved", "closed"]) & models.Q(solved_at__isnull=True)),
                name="ticket_done_is_solved",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code}: {self.subject}"

    def facts(self) -> TicketFacts:
        """The ticket as the rules see it."""
        return TicketFacts(
            code=self.code,
            state=State(self.state),
            priority=Priority(self.priority),
            is_vip=self.support_code in VIP_CODES,
            opened_at=self.opened_at,
            waiting_since=self.waiting_since,
            solved_at=self.solved_at,
            changed_at=self.changed_at,
        )

    @property
    def is_vip(self) -> bool:
        """Opened with VIP support."""
        return self.support_code in VIP_CODES

    @property
    def is_done(self) -> bool:
        return State(self.state).is_done

    @property
    def state_name(self) -> str:
        return str(STATE_NAMES[State(self.state)])

    @property
    def state_sentence(self) -> str:
        return str(STATE_SENTENCES[State(self.state)])

    @property
    def priority_name(self) -> str:
        return str(PRIORITY_NAMES[Priority(self.priority)])


# The codes of an open gate (entitlements.rules.support).
VIP_CODES = frozenset({"support.active", "support.grace", "support.pending_payment"})


class Message(models.Model):
    """A part of the conversation: public, a technicians' note, or an event."""

    code = models.CharField(max_length=20, unique=True, default=message_code)
    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="messages", db_index=False)
    kind = models.CharField(max_length=10, choices=choices_of(MessageKind))
    side = models.CharField(max_length=10, choices=choices_of(Side))
    via = models.CharField(max_length=10, choices=choices_of(Via), default=Via.WEB)
    author = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    author_name = models.CharField(max_length=200, blank=True)
    text = models.TextField(blank=True)
    text_folded = FoldedField(of="text")
    event = models.CharField(max_length=20, blank=True)
    event_facts = models.JSONField(default=dict, blank=True)
    files = models.PositiveSmallIntegerField(default=0)  # how many attachments: pages that have none need not ask
    message_id = models.CharField(max_length=255, blank=True, db_index=True)  # TH-4; an incoming mail's own
    in_reply_to = models.CharField(max_length=255, blank=True)
    written_at = models.DateTimeField()
    once = models.CharField(max_length=100, null=True, blank=True, unique=True)

    class Meta:
        indexes = [models.Index(fields=["ticket", "id"], name="message_of_ticket")]

    def __str__(self) -> str:
        return f"{self.code} in {self.ticket_id}"


class Attachment(models.Model):
    """A file of a message. Reached through its message only, so that a note's file stays as internal as the note (B6)."""

    code = models.CharField(max_length=20, unique=True)
    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="attachments")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=150)
    content_type = models.CharField(max_length=130)
    size = models.PositiveBigIntegerField()
    secrets_removed = models.PositiveIntegerField(default=0)  # SC-11
    preview = models.TextField(blank=True)  # the beginning of a program's diagnostics, shown in the conversation

    def __str__(self) -> str:
        return self.name


class StateChange(models.Model):
    """One interval in a state. Waiting and pausing are computed from these rows, never from a counter (SLA-4)."""

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="state_changes")
    state = models.CharField(max_length=20, choices=choices_of(State))
    from_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True, blank=True)
    by_name = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["ticket"], condition=models.Q(until_at__isnull=True), name="ticket_in_one_state")
        ]

    def __str__(self) -> str:
        return f"{self.ticket_id}: {self.state}"


class Participant(models.Model):
    """Somebody besides the requester who gets the public messages by mail.

    A member of the customer also sees the ticket in the support centre; anybody else gets mails and nothing more (VI-1).
    """

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="participants", db_index=False)
    person = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    email = models.EmailField(max_length=254)  # lower case
    name = models.CharField(max_length=200, blank=True)
    added_at = models.DateTimeField()
    added_by = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["ticket", "email"], name="participant_once")]

    def __str__(self) -> str:
        return self.name or self.email
