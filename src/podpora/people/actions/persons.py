"""Persons: signing up, claiming what a guest bought, profile, presence."""

from collections.abc import Callable
from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.db import transaction

from podpora.audit import actions as audit
from podpora.base.actors import Actor
from podpora.base.errors import InvalidInput
from podpora.people import queries
from podpora.people.actions import cleaning
from podpora.people.models import Customer, Membership, Person
from podpora.people.values import CustomerKind, Role, StaffRole

UNPROVEN_LIFE = timedelta(days=7)


@transaction.atomic
def create_person(
    email: str,
    name: str,
    *,
    password: str | None = None,
    staff_role: str = StaffRole.NONE,
    language: str = "",
    by: Actor,
    at: datetime,
) -> Person:
    """Make a person. With a password the address counts as proven; without one he is a guest until he claims it.

    Claims a guest of the same address. A private customer comes with everybody who is not staff only.
    """
    address = cleaning.email_of(email)
    role = cleaning.one_of(staff_role, list(StaffRole), field="staff_role")
    person = unproven_person(address, name=name, language=language, at=at)
    person.staff_role = role
    if password is not None:
        person.set_password(password)
        _mark_proven(person)
    person.save()
    if not role:
        own_customer(person, at=at)
    audit.record("person.created", f"person:{person.code}", by=by, at=at, facts={"staff_role": role})
    return person


@transaction.atomic
def sign_up(email: str, name: str = "", *, language: str = "", at: datetime) -> Person | None:
    """Somebody says that this is his address: the person whose address he must now prove, None if it is taken.

    Nothing that he typed is kept on the person yet (a stranger may have typed it); `claim` does that after the proof.
    """
    address = cleaning.email_of(email)
    try:
        return unproven_person(address, name=name, language=language, at=at)
    except InvalidInput:
        return None


@transaction.atomic
def claim(person: Person, *, password_hash: str, name: str = "", language: str = "", by: Actor, at: datetime) -> Person:
    """The address is proven: the account and everything bought with this address are his."""
    locked = Person.objects.select_for_update().get(pk=person.pk)
    locked.password = password_hash
    locked.name = cleaning.line_of(name, field="name", longest=150) or locked.name
    locked.language = cleaning.language_of(language) or locked.language
    locked.save(update_fields=["password", "name", "language"])
    prove_address(locked, by=by, at=at)
    return locked


@transaction.atomic
def prove_address(person: Person, *, by: Actor, at: datetime) -> None:
    """He has shown that he reads this mail. Safe to call again."""
    _mark_proven(person)
    if not person.is_staff:
        own_customer(person, at=at)
    audit.record("person.address_proven", f"person:{person.code}", by=by, at=at)


def set_password(person: Person, password: str) -> None:
    """A new password; all sessions that were bound to the old one are over. Who asked is told and audited by `note`."""
    person.set_password(password)
    person.save(update_fields=["password"])


@transaction.atomic
def recover(person: Person, password: str, *, by: Actor, at: datetime) -> None:
    """A lost password is replaced through a link in a mail: whoever followed it has also proven the address."""
    set_password(person, password)
    prove_address(person, by=by, at=at)


@transaction.atomic
def follow_address(person: Person, address: str, *, by: Actor, at: datetime) -> None:
    """He has another, proven address now. His own purchases follow him; `person` still carries the old one."""
    old = person.email
    Person.objects.filter(pk=person.pk).update(email=address)
    person.email = address
    Customer.objects.filter(person=person, email=old).update(email=address)
    _mark_proven(person)
    if not person.is_staff:
        own_customer(person, at=at)
    audit.record("person.address_changed", f"person:{person.code}", by=by, at=at, before={"email": old}, after={"email": address})


@transaction.atomic
def update_profile(person: Person, *, by: Actor, at: datetime, **changes: str) -> Person:
    """Name, language, time zone or theme; whatever is not named stays."""
    locked = Person.objects.select_for_update().get(pk=person.pk)
    cleaners: dict[str, Callable[[str], str]] = {
        "name": lambda value: cleaning.line_of(value, field="name", longest=150),
        "language": cleaning.language_of,
        "time_zone": cleaning.zone_of,
        "theme": lambda value: cleaning.one_of(value, ["", "light", "dark"], field="theme"),
    }
    before, after, errors = {}, {}, {}
    for field, value in changes.items():
        try:
            cleaned = cleaners[field](value)
        except InvalidInput as problem:
            errors.update(problem.fields)
        else:
            if cleaned != getattr(locked, field):
                before[field], after[field] = getattr(locked, field), cleaned
                setattr(locked, field, cleaned)
    if errors:
        raise InvalidInput(errors)
    if after:
        locked.save(update_fields=list(after))
        if "name" in after:
            Customer.objects.filter(person=locked, name=before["name"] or locked.email).update(name=str(locked))
        audit.record("person.profile_changed", f"person:{locked.code}", by=by, at=at, before=before, after=after)
    return locked


@transaction.atomic
def set_presence(person: Person, *, present: bool, by: Actor, at: datetime) -> None:
    """A technician takes new tickets, or does not."""
    if Person.objects.filter(pk=person.pk, is_present=not present).update(is_present=present):
        audit.record("person.presence_changed", f"person:{person.code}", by=by, at=at, after={"is_present": present})
    person.is_present = present


@transaction.atomic
def forget_unproven(*, at: datetime) -> int:
    """Delete sign-ups whose address nobody proved and which own nothing. Returns how many."""
    old = Person.objects.filter(
        joined_at__lt=at - UNPROVEN_LIFE, staff_role=StaffRole.NONE, memberships=None, private_customer=None, last_login=None
    )
    unproven = list(old.exclude(pk__in=EmailAddress.objects.filter(verified=True).values("user_id")).values_list("pk", flat=True))
    Person.objects.filter(pk__in=unproven).delete()
    return len(unproven)


def unproven_person(address: str, *, name: str = "", language: str = "", at: datetime) -> Person:
    """The person of this address while nobody has proven it, made when there is none. InvalidInput when it is taken."""
    if queries.current_address(address) != address:
        raise InvalidInput({"email": ["taken"]})
    clean_name = cleaning.line_of(name, field="name", longest=150)
    spoken = cleaning.language_of(language)
    person, is_new = Person.objects.get_or_create(
        email=address,
        defaults={"name": clean_name, "language": spoken, "joined_at": at, "password": make_password(None)},
    )
    if is_new:
        EmailAddress.objects.create(user=person, email=address, primary=True, verified=False)
    elif not person.is_active or not queries.is_guest(person):
        raise InvalidInput({"email": ["taken"]})
    elif not person.name:
        person.name = clean_name
    return person


def own_customer(person: Person, *, at: datetime) -> Customer:
    """The person's private customer, made with its one owner when there is none."""
    customer, is_new = Customer.objects.get_or_create(
        person=person,
        defaults={
            "kind": CustomerKind.PRIVATE,
            "name": person.name or person.email,
            "email": person.email,
            "language": person.language or "en",
            "created_at": at,
        },
    )
    if is_new:
        Membership.objects.create(customer=customer, person=person, role=Role.OWNER, since=at)
    return customer


def _mark_proven(person: Person) -> None:
    """One address for a person, the proven one, besides those of accounts that became part of his (A17)."""
    former = person.former_addresses.values("email")
    EmailAddress.objects.filter(user=person).exclude(email=person.email).exclude(email__in=former).delete()
    EmailAddress.objects.update_or_create(user=person, email=person.email, defaults={"verified": True, "primary": True})
