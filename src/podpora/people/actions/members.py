"""Members of a company: invitations, roles, leaving."""

from datetime import datetime, timedelta

from django.db import transaction

from podpora.audit import actions as audit
from podpora.base.actors import Actor, ActorKind
from podpora.base.codes import unguessable
from podpora.base.errors import NotYours
from podpora.people import notices, queries, rules
from podpora.people.actions import cleaning
from podpora.people.models import Customer, Invitation, Membership, Person, Team, TeamMember
from podpora.people.values import INVITATION_LIFE, ROLE_PERMISSIONS, CustomerKind, Role

DOUBLE_CLICK = timedelta(minutes=1)


@transaction.atomic
def invite(customer: Customer, *, email: str, role: str, team: Team | None = None, by: Actor, at: datetime) -> Invitation:
    """Invite an address into the company. An open invitation of the same address is replaced; the same one sent twice within a
    minute (a double click) is one, with one mail.

    With a `team` he joins that too.
    """
    address = cleaning.email_of(email)
    given = Role(cleaning.one_of(role, list(Role), field="role"))
    locked = lock(customer)
    roles = queries.roles_in(locked)
    giver = manager_role(roles, by)
    if team is not None and team.customer_id != locked.pk:
        raise NotYours
    is_member = locked.memberships.filter(person__email=address).exists()
    rules.may_invite(CustomerKind(locked.kind), giver, given, email=address, is_member=is_member).or_refuse()
    pending = locked.invitations.filter(email=address, accepted_at=None, revoked_at=None)
    if same := pending.filter(role=given, team=team, sent_at__gt=at - DOUBLE_CLICK, sent_at__lte=at).first():
        return same
    pending.update(revoked_at=at)
    token = unguessable()
    invitation = Invitation.objects.create(
        customer=locked,
        email=address,
        role=given,
        team=team,
        token_hash=queries.hash_of(token),
        invited_by_id=by.person_id or _an_owner(roles),
        sent_at=at,
        expires_at=at + INVITATION_LIFE,
    )
    audit.record("member.invited", f"customer:{locked.code}", by=by, at=at, facts={"email": address, "role": given})
    notices.invited(invitation, token, at=at)
    return invitation


@transaction.atomic
def revoke_invitation(invitation: Invitation, *, by: Actor, at: datetime) -> None:
    """The link in the mail stops working. Safe to call again."""
    customer = lock(invitation.customer)
    manager_role(queries.roles_in(customer), by)
    if Invitation.objects.filter(pk=invitation.pk, accepted_at=None, revoked_at=None).update(revoked_at=at):
        audit.record("member.invitation_revoked", f"customer:{customer.code}", by=by, at=at, facts={"email": invitation.email})


@transaction.atomic
def accept_invitation(token: str, *, by: Actor, at: datetime) -> Membership:
    """Join. NotYours for every link that does not work any more; refused (and not used up) for another's address."""
    invitation = queries.usable_invitation(token, at=at)
    person = Person.objects.filter(pk=by.person_id or 0, is_active=True).first()
    if person is None:
        raise NotYours
    customer = lock(invitation.customer)
    rules.may_accept(proven=queries.has_proven(person, invitation.email)).or_refuse()
    taken = Invitation.objects.filter(pk=invitation.pk, accepted_at=None, revoked_at=None).update(accepted_at=at)
    if not taken:
        raise NotYours
    membership, _ = Membership.objects.get_or_create(
        customer=customer, person=person, defaults={"role": invitation.role, "since": at}
    )
    if invitation.team is not None:
        TeamMember.objects.get_or_create(team=invitation.team, person=person, defaults={"since": at})
    audit.record("member.joined", f"customer:{customer.code}", by=by, at=at, facts={"person": person.code, "role": membership.role})
    notices.joined(membership, at=at)
    return membership


@transaction.atomic
def change_role(customer: Customer, person: Person, role: str, *, by: Actor, at: datetime) -> None:
    """Give a member another role; it holds from his next request (A05)."""
    new = Role(cleaning.one_of(role, list(Role), field="role"))
    locked = lock(customer)
    roles = queries.roles_in(locked)
    giver = manager_role(roles, by)
    if person.pk not in roles:
        raise NotYours
    rules.may_change_member(giver, roles, person.pk, new).or_refuse()
    old = roles[person.pk]
    if old == new:
        return
    locked.memberships.filter(person=person).update(role=new)
    if "members" not in ROLE_PERMISSIONS[new] or (old == Role.OWNER and new != Role.OWNER):
        _revoke_invitations_of(locked, person, at=at)
    facts, verb = {"person": person.code}, "member.role_changed"
    audit.record(verb, f"customer:{locked.code}", by=by, at=at, facts=facts, before={"role": old}, after={"role": new})
    notices.role_changed(locked, person, new, at=at)


@transaction.atomic
def remove_member(customer: Customer, person: Person, *, by: Actor, at: datetime) -> None:
    """Take a member out, or leave oneself. What he wrote stays with the company."""
    locked = lock(customer)
    roles = queries.roles_in(locked)
    leaves = by.person_id is not None and by.person_id == person.pk
    if person.pk not in roles or not locked.is_company:
        raise NotYours
    giver = roles[person.pk] if leaves else manager_role(roles, by)
    rules.may_change_member(giver, roles, person.pk, None).or_refuse()
    locked.memberships.filter(person=person).delete()
    TeamMember.objects.filter(team__customer=locked, person=person).delete()
    _revoke_invitations_of(locked, person, at=at)
    verb = "member.left" if leaves else "member.removed"
    audit.record(verb, f"customer:{locked.code}", by=by, at=at, facts={"person": person.code}, before={"role": roles[person.pk]})
    if not leaves:
        notices.removed(locked, person, at=at)


def lock(customer: Customer) -> Customer:
    """Owners are scarce (one must stay): changes of members take turns."""
    return Customer.objects.select_for_update().get(pk=customer.pk)


def manager_role(roles: dict[int, Role], by: Actor) -> Role:
    """The role with which the actor manages members; NotYours when he may not. Commands and imports act as an owner."""
    if by.kind == ActorKind.SYSTEM:
        return Role.OWNER
    role = roles.get(by.person_id) if by.person_id is not None else None
    if role is None or "members" not in ROLE_PERMISSIONS[role]:
        raise NotYours
    return role


def _an_owner(roles: dict[int, Role]) -> int:
    return next(person_id for person_id, role in roles.items() if role == Role.OWNER)


def _revoke_invitations_of(customer: Customer, person: Person, *, at: datetime) -> None:
    """What somebody promised who may no longer promise it."""
    customer.invitations.filter(invited_by=person, accepted_at=None, revoked_at=None).update(revoked_at=at)
