"""Tables of the grant ledger. Entries are only ever added: a correction is a newer revision of the same source."""

from django.db import models

from podpora.catalog.models import Product
from podpora.entitlements.values import Entry, EntryKind
from podpora.people.models import Customer


class LedgerEntry(models.Model):
    """One line of a licence's ledger (values.Entry). The newest revision of a source counts; older ones stay readable."""

    licence = models.CharField(max_length=20, db_index=True)  # public code: this room does not know licences
    customer = models.ForeignKey(
        Customer, on_delete=models.PROTECT, related_name="ledger_entries", null=True, blank=True
    )  # a trial is nobody's
    source = models.CharField(max_length=100)
    revision = models.PositiveIntegerField(default=1)
    kind = models.CharField(max_length=20, choices=[(k.value, k.name) for k in EntryKind])
    at = models.DateTimeField(null=True, blank=True)
    on = models.DateField(null=True, blank=True)
    ordered_at = models.DateTimeField(null=True, blank=True)
    ordered_on = models.DateField(null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    units = models.PositiveIntegerField(default=1)
    years = models.PositiveIntegerField(default=0)
    years_each = models.PositiveIntegerField(default=0)
    days = models.PositiveIntegerField(default=0)
    seats_each = models.PositiveIntegerField(default=0)
    through_major = models.PositiveIntegerField(null=True, blank=True)
    covers_all = models.BooleanField(default=False)
    update_years = models.PositiveIntegerField(default=0)
    update_years_each = models.PositiveIntegerField(default=0)
    run_days = models.PositiveIntegerField(default=0)
    stacks = models.BooleanField(default=True)
    seats_less = models.PositiveIntegerField(default=0)
    less_from = models.DateField(null=True, blank=True)
    strikes = models.CharField(max_length=100, blank=True)
    struck_units = models.PositiveIntegerField(null=True, blank=True)
    reason = models.CharField(max_length=300, blank=True)  # goodwill and refunds: why, in staff's words
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["licence", "source", "revision"], name="ledger_source_once")]

    def __str__(self) -> str:
        return f"{self.licence}: {self.kind} {self.source}"

    def entry(self) -> Entry:
        """The row as the rules read it."""
        return Entry(
            source=self.source, kind=EntryKind(self.kind), at=self.at, on=self.on, ordered_at=self.ordered_at, ordered_on=self.ordered_on,
            cancelled_at=self.cancelled_at, units=self.units, years=self.years, years_each=self.years_each, days=self.days,
            seats_each=self.seats_each, through_major=self.through_major, covers_all=self.covers_all,
            update_years=self.update_years, update_years_each=self.update_years_each, run_days=self.run_days, stacks=self.stacks,
            seats_less=self.seats_less, less_from=self.less_from, strikes=self.strikes, struck_units=self.struck_units,
        )  # fmt: skip


class Reminder(models.Model):
    """A reminder that was sent: each step once for every end (VIP-14)."""

    licence = models.CharField(max_length=20)
    ending = models.CharField(max_length=15)
    through = models.DateField()
    step = models.SmallIntegerField()
    told_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["licence", "ending", "through", "step"], name="reminder_once")]
        indexes = [models.Index(fields=["-told_at"], name="reminder_newest")]

    def __str__(self) -> str:
        return f"{self.licence}: {self.ending} {self.through}, {self.step}"


class Standing(models.Model):
    """The replay's result at one instant, for lists and sorting. Never the truth: decisions replay the ledger."""

    licence = models.CharField(max_length=20, unique=True)
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="standings", null=True, blank=True)
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="+")
    settings = models.CharField(max_length=16, blank=True)  # versions and policy that it was computed with (rules.settings_mark)
    base = models.CharField(max_length=20, blank=True)
    covers_all = models.BooleanField(default=False)
    through_major = models.PositiveIntegerField(null=True, blank=True)
    run_until = models.DateField(null=True, blank=True)
    updates_until = models.DateField(null=True, blank=True)
    support_starts_on = models.DateField(null=True, blank=True)
    support_through = models.DateField(null=True, blank=True, db_index=True)
    seats = models.PositiveIntegerField(default=0)
    suspended_at = models.DateTimeField(null=True, blank=True)
    computed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.licence} at {self.computed_at}"
