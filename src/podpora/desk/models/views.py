"""What a technician keeps for himself: his views of the list; and that he is looking at a ticket."""

from django.db import models

from podpora.base.codes import public_code
from podpora.desk.models.tickets import Ticket
from podpora.people.models import Person


def view_code() -> str:
    return public_code("V")


class SavedView(models.Model):
    """A list with its filters, order and columns, kept under a name; of one technician, or shared with all."""

    code = models.CharField(max_length=20, unique=True, default=view_code)
    owner = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    is_shared = models.BooleanField(default=False)
    name_cs = models.CharField(max_length=60, blank=True)  # at least one of them
    name_en = models.CharField(max_length=60, blank=True)
    wish = models.JSONField(default=dict)  # the address's parts: values.ListWish
    position = models.PositiveIntegerField(default=0)
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.CheckConstraint(condition=~models.Q(name_cs="") | ~models.Q(name_en=""), name="saved_view_has_name"),
        ]

    def __str__(self) -> str:
        return self.name_en or self.name_cs


class Presence(models.Model):
    """CL-1: a technician has the ticket before his eyes until `until`, and writes in it until `writes_until`."""

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="presences", db_index=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    until = models.DateTimeField()
    writes_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["ticket", "person"], name="present_once")]

    def __str__(self) -> str:
        return f"{self.person_id} at {self.ticket_id}"


def work_code() -> str:
    return public_code("BW")


class TicketWork(models.Model):
    """One thing done to many tickets: what, to which, what became of each, and what it was before, so that it can be undone."""

    code = models.CharField(max_length=20, unique=True, default=work_code)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=20)
    value = models.CharField(max_length=60, blank=True)
    tickets = models.JSONField(default=list)  # codes, in the order of the list
    before = models.JSONField(default=dict, blank=True)  # code -> the value that it had
    refused = models.JSONField(default=dict, blank=True)  # code -> the reason, for those that stayed as they were
    done = models.PositiveIntegerField(default=0)  # how many of `tickets` were looked at
    begun_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.code
