"""A person is forgotten (A19): account and addresses by people, the name beside his words by the desk."""

from datetime import datetime

from django.db import transaction

from podpora.base.actors import Actor
from podpora.desk import actions as desk
from podpora.people import actions as people
from podpora.people.models import Person


@transaction.atomic
def erase_person(person: Person, *, by: Actor, at: datetime) -> None:
    """Refused while a company would be left without an owner. Issued invoices and the words of tickets stay."""
    name = str(person)
    people.erase_person(person, by=by, at=at)
    desk.forget_author(person, name, at=at)
