"""A person is forgotten (A19, C47): account by people, the name beside his words by the desk and the forum, his address wherever others named it."""

from datetime import datetime

from django.db import transaction

from podpora.base.actors import Actor
from podpora.desk import actions as desk
from podpora.forum import actions as forum
from podpora.licensing import actions as licensing
from podpora.orders import actions as orders
from podpora.people import actions as people
from podpora.people.models import Person
from podpora.problems import actions as problems


@transaction.atomic
def erase_person(person: Person, *, by: Actor, at: datetime) -> None:
    """Refused while a company would be left without an owner. Issued invoices and the words of tickets stay."""
    name, addresses = str(person), [person.email, *person.former_addresses.values_list("email", flat=True)]
    people.erase_person(person, by=by, at=at)
    person.refresh_from_db()
    desk.forget_author(person, name, addresses, at=at)
    forum.forget_person(person)
    for address in addresses:
        licensing.forget_address(address, person.email)
        orders.forget_address(address, person.email)
    licensing.forget_worker(person)
    problems.forget_person(person.pk)
