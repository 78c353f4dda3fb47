"""Reading about people: who belongs to whom, who is told, whose token this is."""

import hashlib
import hmac
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.core import signing
from django.db.models import Count, F, Q, QuerySet

from podpora.base.actors import Actor, ActorKind
from podpora.base.errors import NotYours
from podpora.base.sealing import unseal
from podpora.notifications.values import Recipient
from podpora.people.models import (
    ApiToken,
    CalendarFeed,
    Customer,
    DataExport,
    FormerAddress,
    Invitation,
    Membership,
    Person,
    Team,
)
from podpora.people.values import (
    ALL_SCOPES,
    ERASED_NAME,
    FREE_MAIL,
    MERGE_LINK_LIFE,
    ROLE_PERMISSIONS,
    STAFF_PERMISSIONS,
    TOKEN_PREFIX,
    CustomerKind,
    Role,
    StaffRole,
)

MERGE_SALT = "podpora.merge"
FEED = "calendar-feed"  # of the sealed addresses


def roles_with(permission: str) -> list[Role]:
    """The roles of members that include this permission."""
    return [role for role, permissions in ROLE_PERMISSIONS.items() if permission in permissions]


def customers_of(person: Any) -> QuerySet[Customer]:
    """The customers that the person is or belongs to: the private one first, then companies by name."""
    if not person.is_authenticated or not person.is_active:
        return Customer.objects.none()
    return Customer.objects.filter(memberships__person=person).order_by(F("person").asc(nulls_last=True), "name", "pk")


def customers_with(person: Any, permission: str) -> QuerySet[Customer]:
    """Those of the person's customers in which his role includes the permission."""
    if not person.is_authenticated or not person.is_active:
        return Customer.objects.none()
    memberships = Membership.objects.filter(person=person, role__in=roles_with(permission))
    return customers_of(person).filter(memberships__in=memberships)


def customer_visible_to(person: Any, code: str) -> Customer:
    """The customer with this code, for its members and for staff that may see customers. Else NotYours."""
    customer = customers_of(person).filter(code=code).first()
    if customer is None and _sees_customers(person):
        customer = Customer.objects.filter(code=code).first()
    if customer is None:
        raise NotYours
    return customer


def other_customer(keep: Customer, person: Any, words: str) -> Customer | None:
    """The one that is meant to be merged into `keep`: by its code, else the customer of the same kind with this address."""
    words = words.strip()
    try:
        return customer_visible_to(person, words.upper())
    except NotYours:
        return Customer.objects.filter(kind=keep.kind, email__iexact=words, merged_into=None).exclude(pk=keep.pk).first()


def namesakes(customer: Customer) -> QuerySet[Customer]:
    """Others of the same kind and name: perhaps the same one with two addresses, to be merged by somebody who asks them (A17)."""
    others = Customer.objects.filter(kind=customer.kind, name__iexact=customer.name, merged_into=None).exclude(pk=customer.pk)
    return others.exclude(name=ERASED_NAME).order_by("pk")


def customer_in(rows: QuerySet[Customer], code: str) -> Customer:
    """The one with this code among those that the reader may see. Else NotYours."""
    found = rows.filter(code=code).first()
    if found is None:
        raise NotYours
    return found


def _sees_customers(person: Any) -> bool:
    if not person.is_authenticated or not person.is_active:
        return False
    return "customers" in STAFF_PERMISSIONS[StaffRole(person.staff_role)]


def private_customer(person: Person) -> Customer | None:
    """The person's own customer; staff who never bought anything have none."""
    return Customer.objects.filter(person=person).first()


def private_customer_of(email: str) -> Customer | None:
    """The private customer of the person with this address (one query)."""
    address = email.strip().lower()
    own = Q(person__email=address) | Q(person__former_addresses__email=address)
    return Customer.objects.filter(own).first()


def company_owned_by(person: Person, name: str) -> Customer | None:
    """The company with this name (whatever its case) that the person owns; the oldest one when there are several."""
    owned = Customer.objects.filter(
        kind=CustomerKind.COMPANY, name__iexact=name, memberships__person=person, memberships__role=Role.OWNER
    )
    return owned.order_by("pk").first()


def memberships_of(person: Person) -> QuerySet[Membership]:
    """The companies that the person belongs to, with his role."""
    return (
        person.memberships.filter(customer__kind=CustomerKind.COMPANY).select_related("customer").order_by("customer__name", "pk")
    )


def members_of(customer: Customer) -> QuerySet[Membership]:
    return customer.memberships.select_related("person").order_by("since", "pk")


def member_visible_to(person: Any, customer: Customer, code: str) -> Membership:
    """The member with this person's code, when the reader is a member himself. Else NotYours."""
    found = members_of(customer).filter(person__code=code).first()
    if found is None or not customer.memberships.filter(person_id=person.pk).exists():
        raise NotYours
    return found


def roles_in(customer: Customer) -> dict[int, Role]:
    """Person id -> role, for all members."""
    return {person_id: Role(role) for person_id, role in customer.memberships.values_list("person_id", "role")}


def open_invitations(customer: Customer, *, at: datetime) -> QuerySet[Invitation]:
    open_ones = customer.invitations.filter(accepted_at=None, revoked_at=None, expires_at__gt=at)
    return open_ones.select_related("invited_by")


def invitation_by_token(token: str) -> Invitation | None:
    """The invitation that this link belongs to, whatever its state."""
    return Invitation.objects.select_related("customer", "invited_by").filter(token_hash=hash_of(token)).first()


def usable_invitation(token: str, *, at: datetime) -> Invitation:
    """The invitation of this link while it can still be accepted. Else NotYours: one answer for every dead link (A03)."""
    invitation = invitation_by_token(token)
    if invitation is None or not invitation.is_open or at >= invitation.expires_at:
        raise NotYours
    return invitation


def person_by_email(email: str) -> Person | None:
    """Also by an address of an account that became part of his (A17)."""
    address = email.strip().lower()
    return Person.objects.filter(email=address).first() or Person.objects.filter(former_addresses__email=address).first()


def current_address(email: str) -> str:
    """The address under which this person is known now."""
    former = FormerAddress.objects.select_related("person").filter(email=email).first()
    return former.person.email if former else email


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


def person_by_pk(pk: int) -> Person | None:
    return Person.objects.filter(pk=pk).first()


def has_proven(person: Person, email: str) -> bool:
    """Has the person shown that he reads the mail of this address?"""
    return bool(EmailAddress.objects.filter(user_id=person.pk, email__iexact=email, verified=True).exists())


def proven_among(person_ids: Iterable[int]) -> set[int]:
    """Which of these persons have proven their address (one query)."""
    return set(EmailAddress.objects.filter(user_id__in=set(person_ids), verified=True).values_list("user_id", flat=True))


def has_second_factor(person: Person) -> bool:
    """Has the person a factor beside the password? Codes for recovery alone are none."""
    factors = Authenticator.objects.filter(user_id=person.pk)
    return bool(factors.exclude(type=Authenticator.Type.RECOVERY_CODES).exists())


def is_guest(person: Person) -> bool:
    """Bought without an account: no password and no proven address; whoever proves the address may claim it."""
    return not person.has_usable_password() and not EmailAddress.objects.filter(user_id=person.pk, verified=True).exists()


def proven_domains(customer: Customer) -> list[str]:
    """The domains of the addresses that a company's owners and administrators have proven; those of free mail never (A-14)."""
    if not customer.is_company:
        return []
    managers = customer.memberships.filter(role__in=roles_with("members")).values("person_id")
    proven = EmailAddress.objects.filter(user_id__in=managers, verified=True).values_list("email", flat=True)
    return sorted({email.rpartition("@")[2].lower() for email in proven} - FREE_MAIL)


def recipient_of(person: Person) -> Recipient:
    return Recipient(address=person.email, name=person.name, language=person.language or "en", person_id=person.pk)


def recipients(customer: Customer, permission: str) -> list[Recipient]:
    """Who is told about what this customer owns: members whose role has the permission, else the customer's own address.

    Invoices and orders also go to the address that the customer gave for them.
    """
    members = members_of(customer).filter(role__in=roles_with(permission), person__is_active=True)
    found = [
        Recipient(m.person.email, m.person.name, m.person.language or customer.language, person_id=m.person_id) for m in members
    ]
    known = {recipient.address for recipient in found}
    if customer.email and customer.email not in known and (not found or permission == "invoices"):
        found.append(Recipient(customer.email, customer.name, customer.language))
    return found


def staff_with(permission: str) -> QuerySet[Person]:
    """The vendor's active people who may do this, in a stable order."""
    roles = [role for role, permissions in STAFF_PERMISSIONS.items() if permission in permissions]
    return Person.objects.filter(staff_role__in=roles, is_active=True).order_by("pk")


def companies_owned_alone(person: Person) -> list[str]:
    """The names of the companies that would have no owner without this person."""
    owned = Customer.objects.filter(kind=CustomerKind.COMPANY, memberships__person=person, memberships__role=Role.OWNER)
    shared = Membership.objects.filter(role=Role.OWNER, customer__in=owned).exclude(person=person).values("customer_id")
    return list(owned.exclude(pk__in=shared).order_by("name").values_list("name", flat=True))


def customers_found(words: str) -> QuerySet[Customer]:
    """Customers for the vendor's staff, by code, name or address; newest first."""
    found = Customer.objects.annotate(people=Count("memberships")).order_by("-created_at", "-pk").filter(merged_into=None)
    for word in words.split()[:6]:
        found = found.filter(
            Q(code__iexact=word) | Q(name__icontains=word) | Q(email__icontains=word) | Q(members__email__icontains=word)
        )
    return found.distinct()


def hash_of(secret: str) -> str:
    """What is kept of a token: the secrets are random and long, so one round is enough."""
    return hashlib.sha256(secret.encode()).hexdigest()


def token_for(secret: str) -> ApiToken | None:
    """The live token with this secret; None when it is unknown, revoked or its person may no longer sign in (A22)."""
    if not secret.startswith(TOKEN_PREFIX) or len(secret) > 100:
        return None
    wanted = hash_of(secret)
    token = ApiToken.objects.select_related("person").filter(token_hash=wanted, revoked_at=None).first()
    if token is None or not hmac.compare_digest(token.token_hash, wanted):
        return None
    return token if token.person is None or token.person.is_active else None


def as_actor(person: Person) -> Actor:
    """The person acting for himself."""
    return Actor(ActorKind.PERSON, str(person), person_id=person.pk)


def actor_of(token: ApiToken) -> Actor:
    """Who acts when this token is used. `scopes` is None for a token that is not limited."""
    scopes = None if ALL_SCOPES in token.scopes else frozenset(token.scopes)
    return Actor(ActorKind.TOKEN, token.name, person_id=token.person_id, scopes=scopes)


def tokens_of(person: Person) -> QuerySet[ApiToken]:
    return person.api_tokens.filter(revoked_at=None).order_by("-created_at", "-pk")


def live_tokens() -> QuerySet[ApiToken]:
    """Every live token of the installation, for the vendor's manager."""
    return ApiToken.objects.filter(revoked_at=None).select_related("person").order_by("-created_at", "-pk")


def teams_of(customer: Customer) -> QuerySet[Team]:
    """The company's teams by name, each with its people (three queries)."""
    return customer.teams.prefetch_related("members__person").order_by("name", "pk")


def team_in(customer: Customer, code: str) -> Team:
    """The company's team with this code; else NotYours."""
    found = customer.teams.select_related("customer").filter(code=code).first()
    if found is None:
        raise NotYours
    return found


def teams_led_by(person: Any) -> QuerySet[Team]:
    """The teams that this person leads, of companies that he still belongs to."""
    if not person.is_authenticated or not person.is_active:
        return Team.objects.none()
    return Team.objects.filter(members__person=person, members__is_lead=True, customer__memberships__person=person)


def calendar_feed_of(person: Person) -> str:
    """The unguessable part of the address of his calendar; empty when he has none."""
    row = CalendarFeed.objects.filter(person=person, revoked_at=None).first()
    return unseal(row.token_sealed, FEED) if row else ""


def mark_of_feed(secret: str) -> str:
    """A short mark of the address of a calendar (`calendar_feed_of`), which tells nothing of it; empty when there is none."""
    return hash_of(secret)[:16] if secret else ""


def person_of_feed(secret: str) -> Person | None:
    """Whose dates this address shows; None for one that is unknown, taken back, or of somebody who may no longer sign in."""
    if not 20 <= len(secret) <= 60:
        return None
    row = CalendarFeed.objects.select_related("person").filter(token_hash=hash_of(secret), revoked_at=None).first()
    return row.person if row and row.person.is_active else None


def teams_of_person(person: Any, customer: Customer | None) -> QuerySet[Team]:
    """The teams of this company in which the person is, while he belongs to the company."""
    if customer is None or not person.is_authenticated or not person.is_active:
        return Team.objects.none()
    return Team.objects.filter(customer=customer, members__person=person, customer__memberships__person=person)
