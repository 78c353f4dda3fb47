"""Technicians who are told what happens in a ticket that is not theirs."""

from datetime import datetime

from django.db import transaction

from podpora.audit.actions import record
from podpora.base.actors import Actor
from podpora.base.decisions import refuse
from podpora.desk import notices, permissions, queries, rules
from podpora.desk.models import Follower, Mention, Message, Ticket
from podpora.people.models import Person


@transaction.atomic
def follow(ticket: Ticket, person: Person, *, by: Actor, at: datetime) -> bool:
    """He is told from now on; only one who may read the ticket (VI-3). False if he was told already."""
    if not permissions.may_read(person, ticket):
        refuse("ticket.not_technicians", ticket=ticket.code).or_refuse()
    _row, is_new = Follower.objects.get_or_create(ticket=ticket, person=person, defaults={"since": at})
    if is_new:
        record("ticket.followed", ticket, by=by, at=at, facts={"person": person.code})
    return is_new


@transaction.atomic
def unfollow(ticket: Ticket, person: Person, *, by: Actor, at: datetime) -> bool:
    """Enough of it."""
    gone, _ = Follower.objects.filter(ticket=ticket, person=person).delete()
    if gone:
        record("ticket.unfollowed", ticket, by=by, at=at, facts={"person": person.code})
    return bool(gone)


def mention(ticket: Ticket, note: Message, *, by: Actor, at: datetime) -> list[Person]:
    """Who is named with @ in a note is told of it and follows the ticket; whoever may not read it is left out, silently (VI-3)."""
    if "@" not in note.text:
        return []
    colleagues = {person.pk: person for person in queries.technicians()}
    names = {pk: rules.names_of(person.name, person.email) for pk, person in colleagues.items()}
    told = []
    for pk in rules.mentioned(note.text, names):
        person = colleagues[pk]
        if not permissions.may_read(person, ticket):
            continue
        Mention.objects.get_or_create(message=note, person=person)
        if pk != by.person_id:
            follow(ticket, person, by=by, at=at)
            told.append(person)
    notices.mentioned(ticket, note, told, at=at)
    return told
