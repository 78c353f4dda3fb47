"""Customers and their members: who belongs to whom, who is told."""

from datetime import datetime
from typing import Any

from allauth.account.models import EmailAddress
from django.db.models import Count, F, Q, QuerySet

from podpora.base.errors import NotYours
from podpora.notifications.values import Recipient
from podpora.people.models import Customer, Invitation, Membership, Person
from podpora.people.queries.tokens import hash_of
from podpora.people.values import ERASED_NAME, FREE_MAIL, ROLE_PERMISSIONS, STAFF_PERMISSIONS, CustomerKind, Role, StaffRole


def roles_with(permission: str) -> list[Role]:
    """The roles of members that include this permission."""
    return [role for role, permissions in ROLE_PERMISSIONS.items() if permission in permissions]


def all_customers() -> QuerySet[Customer]:
    """Every customer, for the vendor's systems."""
    return Customer.objects.all()


def companies() -> QuerySet[Customer]:
    """Every customer that is no single person's."""
    return Customer.objects.filter(person=None)


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


def proven_domains(customer: Customer) -> list[str]:
    """The domains of the addresses that a company's owners and administrators have proven; those of free mail never (A-14)."""
    if not customer.is_company:
        return []
    managers = customer.memberships.filter(role__in=roles_with("members")).values("person_id")
    proven = EmailAddress.objects.filter(user_id__in=managers, verified=True).values_list("email", flat=True)
    return sorted({email.rpartition("@")[2].lower() for email in proven} - FREE_MAIL)


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
