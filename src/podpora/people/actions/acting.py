"""The vendor's staff act as a customer: they see what he sees and do what he asks them to, and everybody can read that they did."""

from datetime import datetime

from django.db import transaction

from podpora.audit import actions as audit
from podpora.base.actors import Actor
from podpora.base.errors import InvalidInput, NotYours
from podpora.people import notices, permissions
from podpora.people.models import Person


@transaction.atomic
def begin_acting(person: Person, reason: str, *, staff: Person, by: Actor, at: datetime) -> None:
    """Write down who begins to act as whom, and why, and tell the person. NotYours for staff, closed accounts and oneself."""
    if not permissions.may_act_as(staff, person):
        raise NotYours
    reason = " ".join(reason.split())
    if not reason:
        raise InvalidInput({"reason": ["required"]})
    if len(reason) > 300:
        raise InvalidInput({"reason": ["too_long"]})
    audit.record("person.acting_begun", f"person:{person.code}", by=by, at=at, facts={"reason": reason})
    notices.acted_for(person, staff, reason, at=at)


@transaction.atomic
def end_acting(person: Person, *, by: Actor, at: datetime) -> None:
    """Write down that it is over."""
    audit.record("person.acting_ended", f"person:{person.code}", by=by, at=at)
