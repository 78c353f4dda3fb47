"""Tickets, their states over time, who takes part. Licences and devices are named by their public codes, as they were when the ticket was opened."""

from django.db import models

from podpora.base.folding import FoldedField
from podpora.catalog.models import Product
from podpora.desk.models.choices import choices_of
from podpora.desk.models.queues import Queue
from podpora.desk.models.slas import Sla
from podpora.desk.values import (
    PRIORITY_NAMES,
    STATE_NAMES,
    STATE_SENTENCES,
    ClosedAs,
    Priority,
    State,
    TagColour,
    TicketFacts,
    TicketKind,
    Via,
)
from podpora.people.models import Customer, Person


class Counter(models.Model):
    """The last number that was given; a row to lock. Numbers are unique, gaps are allowed."""

    name = models.CharField(max_length=20, unique=True)
    value = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.name}: {self.value}"


# The codes of an open gate (entitlements.rules.support).
VIP_CODES = frozenset({"support.active", "support.grace", "support.pending_payment"})


class OwnState(models.Model):
    """A vendor's own name for a part of a state: "with the developers" within "waiting for us"."""

    code = models.SlugField(max_length=40, unique=True)
    state = models.CharField(max_length=20, choices=choices_of(State))
    name_cs = models.CharField(max_length=80)
    name_en = models.CharField(max_length=80)
    is_active = models.BooleanField(default=True)
    position = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["position", "code"]

    def __str__(self) -> str:
        return self.code


class Tag(models.Model):
    """A technicians' word on tickets. It never leaves (VI-2)."""

    name = models.CharField(max_length=40, unique=True)  # small letters
    colour = models.CharField(max_length=10, choices=choices_of(TagColour), default=TagColour.PLAIN)
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


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
    new_topic_flag = models.CharField(max_length=20, blank=True)  # TH-8: the message that seems to begin something else
    kind = models.CharField(max_length=10, choices=choices_of(TicketKind), default=TicketKind.QUESTION)
    own_state = models.ForeignKey(OwnState, null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    closed_as = models.CharField(max_length=15, choices=choices_of(ClosedAs), blank=True)
    language = models.CharField(max_length=2, blank=True)  # of the requester's mail
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="children")
    merged_into = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="merged_from")
    took_in = models.PositiveIntegerField(default=0)  # how many tickets were merged into it
    snoozed_until = models.DateTimeField(null=True, blank=True)
    snoozed_until_reply = models.BooleanField(default=False)
    spent_minutes = models.PositiveIntegerField(default=0)  # the sum of its time entries
    tags = models.ManyToManyField(Tag, through="TicketTag", related_name="tickets")

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

    # The promise (SLA-*): what applies, and the clocks that run now; none while they are paused (SLA-6).
    sla = models.ForeignKey(Sla, null=True, blank=True, on_delete=models.PROTECT, related_name="tickets")
    promised_minutes = models.PositiveIntegerField(null=True, blank=True)  # the plan's first answer when it was opened
    first_response_due_at = models.DateTimeField(null=True, blank=True)
    update_due_at = models.DateTimeField(null=True, blank=True)
    solution_due_at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)  # the earliest of them (SLA-13)
    look_at = models.DateTimeField(null=True, blank=True)  # when a warning or a breach is to be told next (SLA-15)
    warned_for = models.JSONField(default=list, blank=True)  # clocks that were warned of: "first_response:2026-03-10T09:00:00Z"
    breached_for = models.JSONField(default=list, blank=True)
    # Minutes of service time that it took, and what was left of the target: less than nothing is too late (SLA-12).
    first_response_minutes = models.PositiveIntegerField(null=True, blank=True)
    first_response_diff = models.IntegerField(null=True, blank=True)
    longest_update_minutes = models.PositiveIntegerField(null=True, blank=True)
    update_diff = models.IntegerField(null=True, blank=True)
    solution_minutes = models.PositiveIntegerField(null=True, blank=True)
    solution_diff = models.IntegerField(null=True, blank=True)
    assigned_at = models.DateTimeField(null=True, blank=True)  # since when its technician has it
    waits_for_turn = models.BooleanField(default=False)  # nobody could take it: the next who can gets it
    give_back_at = models.DateTimeField(null=True, blank=True)  # without a deed of his until then, back to the queue (AS-3)

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
            models.Index(fields=["-changed_at", "-id"], name="ticket_changed"),
            models.Index(fields=["due_at", "id"], name="ticket_due", condition=models.Q(due_at__isnull=False)),
            models.Index(fields=["look_at"], name="ticket_to_look_at", condition=models.Q(look_at__isnull=False)),
            models.Index(fields=["rank", "since"], name="ticket_waits_for_turn", condition=models.Q(waits_for_turn=True)),
            models.Index(fields=["give_back_at"], name="ticket_to_give_back", condition=models.Q(give_back_at__isnull=False)),
            models.Index(fields=["-solved_at", "-id"], name="ticket_solved", condition=models.Q(rank__gte=200)),
            models.Index(fields=["snoozed_until"], name="ticket_snoozed", condition=models.Q(snoozed_until__isnull=False)),
        ]
        constraints = [
            models.CheckConstraint(condition=~models.Q(subject=""), name="ticket_has_subject"),
            models.CheckConstraint(
                condition=models.Q(state__in=["solved", "closed", "merged"], solved_at__isnull=False)
                | (~models.Q(state__in=["solved", "closed", "merged"]) & models.Q(solved_at__isnull=True)),
                name="ticket_done_is_solved",
            ),
            models.CheckConstraint(
                condition=models.Q(state="merged", merged_into__isnull=False)
                | (~models.Q(state="merged") & models.Q(merged_into__isnull=True)),
                name="ticket_merged_into_one",
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
            snoozed_until=self.snoozed_until,
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


class TicketTag(models.Model):
    """A tag on a ticket."""

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="ticket_tags", db_index=False)
    tag = models.ForeignKey(Tag, on_delete=models.CASCADE, related_name="+", db_index=False)

    class Meta:
        indexes = [models.Index(fields=["tag", "ticket"], name="ticket_of_tag")]
        constraints = [models.UniqueConstraint(fields=["ticket", "tag"], name="ticket_tag_once")]

    def __str__(self) -> str:
        return f"{self.tag} on {self.ticket_id}"


class StateChange(models.Model):
    """One interval in a state. Waiting and pausing are computed from these rows, never from a counter (SLA-4)."""

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="state_changes")
    state = models.CharField(max_length=20, choices=choices_of(State))
    from_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True, blank=True)
    by_name = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["state", "from_at"], name="state_since", condition=models.Q(until_at__isnull=True))]
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
