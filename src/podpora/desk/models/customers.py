"""What technicians know of a customer, beside all tickets of his."""

from django.db import models

from podpora.base.codes import public_code
from podpora.people.models import Customer, Person


def customer_note_code() -> str:
    return public_code("N")


class CustomerNote(models.Model):
    """A thing to know before anybody answers this customer. Technicians alone read it (VI-2)."""

    code = models.CharField(max_length=20, unique=True, default=customer_note_code)
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="desk_notes")
    text = models.TextField()
    author = models.ForeignKey(Person, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    author_name = models.CharField(max_length=200, blank=True)
    written_at = models.DateTimeField()

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.code
