"""Who is told what about members."""

from collections.abc import Mapping
from datetime import datetime

from django.conf import settings

from podpora.notifications import actions as notifications
from podpora.notifications.values import Recipient
from podpora.people import queries
from podpora.people.models import Customer, Invitation, Membership, Person
from podpora.people.values import Role


def about_account(kind: str, email: str, language: str, facts: Mapping[str, str], *, url: str, at: datetime) -> None:
    """Codes, links and warnings of the sign-in machinery; nobody can switch them off."""
    notifications.tell([Recipient(email, "", language)], kind, facts, at=at, url=url)


def invited(invitation: Invitation, token: str, *, at: datetime) -> None:
    """The invited address gets the link; also when somebody has an account with it (nobody can tell the difference)."""
    customer = invitation.customer
    person = queries.person_by_email(invitation.email)
    language = person.language if person and person.language else customer.language
    to = Recipient(invitation.email, person.name if person else "", language, person_id=person.pk if person else None)
    url = f"{settings.SITE_URL}/account/invitations/{token}/"
    facts = {
        "company": customer.name,
        "invited_by": str(invitation.invited_by),
        "role": invitation.role,
        "expires_at": invitation.expires_at,
    }
    notifications.tell([to], "member.invited", facts, at=at, url=url)


def joined(membership: Membership, *, at: datetime) -> None:
    """Those who manage members learn who has come."""
    others = [r for r in queries.recipients(membership.customer, "members") if r.person_id != membership.person_id]
    facts = {"company": membership.customer.name, "person": str(membership.person), "role": membership.role}
    notifications.tell(others, "member.joined", facts, at=at, url=_people_page())


def role_changed(customer: Customer, person: Person, role: Role, *, at: datetime) -> None:
    facts = {"company": customer.name, "role": role.value}
    notifications.tell([queries.recipient_of(person)], "member.role_changed", facts, at=at, url=_people_page())


def removed(customer: Customer, person: Person, *, at: datetime) -> None:
    notifications.tell([queries.recipient_of(person)], "member.removed", {"company": customer.name}, at=at)


def _people_page() -> str:
    return f"{settings.SITE_URL}/licences/people/"


def acted_for(person: Person, staff: Person, reason: str, *, at: datetime) -> None:
    """The customer learns who of the vendor's staff looked into his account, when and why."""
    facts = {"staff": str(staff), "reason": reason}
    notifications.tell([queries.recipient_of(person)], "account.acted_for", facts, at=at)


def merge_asked(keep: Person, other: Person, token: str, *, at: datetime) -> None:
    """The other account's address gets the link that proves it; only whoever reads its mail can go on (A17)."""
    facts = {"person": str(keep), "email": keep.email}
    about_account(
        "account.merge_asked", other.email, other.language, facts, url=f"{settings.SITE_URL}/account/merge/{token}/", at=at
    )


def merged(keep: Person, address: str, name: str, *, at: datetime) -> None:
    """Both addresses learn of it: the one that stays and the one that leads there from now on."""
    facts = {"address": address, "name": name, "email": keep.email}
    for email in (keep.email, address):
        about_account("account.merged", email, keep.language, facts, url=f"{settings.SITE_URL}/account/", at=at)


def export_ready(person: Person, *, expires_at: datetime, at: datetime) -> None:
    facts = {"expires_at": expires_at}
    to = [queries.recipient_of(person)]
    notifications.tell(to, "account.export_ready", facts, at=at, url=f"{settings.SITE_URL}/account/data/")


def webhook_disabled(code: str, name: str, address: str, why: str, *, at: datetime) -> None:
    """The vendor's managers learn that another system is told nothing any more."""
    facts = {"name": name or address, "address": address, "why": why}
    url = f"{settings.SITE_URL}/office/webhooks/{code}/"
    notifications.tell(
        [queries.recipient_of(person) for person in queries.staff_with("webhooks")], "webhook.disabled", facts, at=at, url=url
    )
