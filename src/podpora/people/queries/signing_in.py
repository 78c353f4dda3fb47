"""With what a person signs in, and where he is signed in."""

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db.models import QuerySet

from podpora.base.errors import NotYours
from podpora.people.models import Person


def factors_of(person: Person) -> QuerySet[Authenticator]:
    """Everything beside the password: authenticator app, passkeys, codes for recovery."""
    rows: QuerySet[Authenticator] = Authenticator.objects.filter(user_id=person.pk)
    return rows.order_by("pk")


def has_second_factor(person: Person) -> bool:
    """Has the person a factor beside the password? Codes for recovery alone are none."""
    return bool(factors_of(person).exclude(type=Authenticator.Type.RECOVERY_CODES).exists())


def sessions_of(person: Person) -> QuerySet[UserSession]:
    """Where the person is signed in, the last seen first."""
    rows: QuerySet[UserSession] = UserSession.objects.filter(user_id=person.pk)
    return rows.order_by("-last_seen_at", "-pk")


def session_of(person: Person, number: int) -> UserSession:
    """One of his own; NotYours for anybody else's."""
    found = sessions_of(person).filter(pk=number).first()
    if found is None:
        raise NotYours
    return found
