"""Persons, by their addresses and keys; what they have proven; what they asked for."""

import hmac
from collections.abc import Iterable

from allauth.account.models import EmailAddress
from django.core import signing
from django.db.models import QuerySet

from podpora.base.actors import Actor, ActorKind
from podpora.base.errors import NotYours
from podpora.notifications.values import Recipient
from podpora.people.models import DataExport, FormerAddress, Person
from podpora.people.queries.tokens import hash_of
from podpora.people.values import MERGE_LINK_LIFE, STAFF_PERMISSIONS

MERGE_SALT = "podpora.merge"


def person_by_email(email: str) -> Person | None:
    """Also by an address of an account that became part of his (A17)."""
    address = email.strip().lower()
    return Person.objects.filter(email=address).first() or Person.objects.filter(former_addresses__email=address).first()


def current_address(email: str) -> str:
    """The address under which this person is known now."""
    former = FormerAddress.objects.select_related("person").filter(email=email).first()
    return former.person.email if former else email


def person_by_pk(pk: int) -> Person | None:
    return Person.objects.filter(pk=pk).first()


def has_proven(person: Person, email: str) -> bool:
    """Has the person shown that he reads the mail of this address?"""
    return bool(EmailAddress.objects.filter(user_id=person.pk, email__iexact=email, verified=True).exists())


def proven_among(person_ids: Iterable[int]) -> set[int]:
    """Which of these persons have proven their address (one query)."""
    return set(EmailAddress.objects.filter(user_id__in=set(person_ids), verified=True).values_list("user_id", flat=True))


def is_guest(person: Person) -> bool:
    """Bought without an account: no password and no proven address; whoever proves the address may claim it."""
    return not person.has_usable_password() and not EmailAddress.objects.filter(user_id=person.pk, verified=True).exists()


def recipient_of(person: Person) -> Recipient:
    return Recipient(address=person.email, name=person.name, language=person.language or "en", person_id=person.pk)


def staff_with(permission: str) -> QuerySet[Person]:
    """The vendor's active people who may do this, in a stable order."""
    roles = [role for role, permissions in STAFF_PERMISSIONS.items() if permission in permissions]
    return Person.objects.filter(staff_role__in=roles, is_active=True).order_by("pk")


def as_actor(person: Person) -> Actor:
    """The person acting for himself."""
    return Actor(ActorKind.PERSON, str(person), person_id=person.pk)


def merge_token(keep: Person, lose: Person) -> str:
    """What the link in the mail shows: for one hour, for this pair, and not after either changed his address or password (A11)."""
    return signing.dumps([keep.code, lose.code, _mark_of(keep, lose)], salt=MERGE_SALT)


def merge_by_token(token: str, keep: Person) -> Person:
    """The other account that this link proves. NotYours when it is old, used, or was made for somebody else."""
    try:
        told, lost, mark = signing.loads(token, salt=MERGE_SALT, max_age=MERGE_LINK_LIFE)
    except (signing.BadSignature, ValueError, TypeError):
        raise NotYours from None
    lose = Person.objects.filter(code=lost, is_active=True).first()
    if lose is None or told != keep.code or not hmac.compare_digest(mark, _mark_of(keep, lose)):
        raise NotYours
    return lose


def _mark_of(keep: Person, lose: Person) -> str:
    return hash_of(":".join((keep.email, keep.password, lose.email, lose.password)))[:32]


def exports_of(person: Person) -> QuerySet[DataExport]:
    return DataExport.objects.filter(person=person).select_related("file")


def export_visible_to(person: Person, code: str) -> DataExport:
    """His own, whole and not too old are asked elsewhere. NotYours for anybody else's."""
    found = exports_of(person).filter(code=code).first()
    if found is None:
        raise NotYours
    return found
