"""The address under which a calendar program reads a person's dates."""

from datetime import datetime

from django.db import transaction

from podpora.audit import actions as audit
from podpora.base.actors import Actor
from podpora.base.codes import unguessable
from podpora.base.decisions import refuse
from podpora.base.sealing import seal
from podpora.people import queries
from podpora.people.models import CalendarFeed, Person
from podpora.people.queries import FEED
from podpora.people.values import CALENDAR_REPLACED


@transaction.atomic
def new_calendar_feed(person: Person, *, instead_of: str | None = None, by: Actor, at: datetime) -> str:
    """A new address (its unguessable part); the one before stops working at once.

    `instead_of`: the mark (`queries.mark_of_feed`) that the caller saw, "" for none; refused when another address took its place
    meanwhile: the second click of two does not end what the first one made.
    """
    Person.objects.select_for_update().get(pk=person.pk)
    if instead_of is not None and instead_of != queries.mark_of_feed(queries.calendar_feed_of(person)):
        refuse(CALENDAR_REPLACED).or_refuse()
    CalendarFeed.objects.filter(person=person, revoked_at=None).update(revoked_at=at)
    secret = unguessable()
    CalendarFeed.objects.create(person=person, token_hash=queries.hash_of(secret), token_sealed=seal(secret, FEED), created_at=at)
    audit.record("calendar.made", f"person:{person.code}", by=by, at=at)
    return secret


@transaction.atomic
def revoke_calendar_feed(person: Person, *, by: Actor, at: datetime) -> bool:
    """The address stops working at once. Safe to call again."""
    if not CalendarFeed.objects.filter(person=person, revoked_at=None).update(revoked_at=at):
        return False
    audit.record("calendar.revoked", f"person:{person.code}", by=by, at=at)
    return True
