"""A person is erased: what was written in tickets stays, who wrote it is forgotten."""

from datetime import datetime

from django.db import transaction

from podpora.desk.models import CustomerNote, Message, StateChange
from podpora.people.models import Person

NOBODY = "—"


@transaction.atomic
def forget_author(person: Person, name: str, *, at: datetime) -> None:
    """His name goes from messages, events and states. `name`: as it stood there."""
    Message.objects.filter(author=person).update(author_name=NOBODY)
    Message.objects.filter(ticket__requester=person, author_name=name).update(author_name=NOBODY)
    StateChange.objects.filter(ticket__requester=person, by_name=name).update(by_name=NOBODY)
    CustomerNote.objects.filter(customer__person=person).delete()  # what was known of him
    CustomerNote.objects.filter(author=person).update(author=None, author_name=NOBODY)
