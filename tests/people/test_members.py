"""Members of a company: invitations, roles, the last owner."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from django.db import connection

from podpora.audit.models import Entry
from podpora.base.decisions import Refused
from podpora.base.errors import InvalidInput, NotYours
from podpora.mail.models import OutgoingMail
from podpora.people import actions, permissions, queries, rules
from podpora.people.models import Customer, Invitation, Membership, Person
from podpora.people.values import CustomerKind, Role
from tests.make import mails
from tests.make import people as make

pytestmark = pytest.mark.django_db


def owner_of(company: Customer) -> Person:
    return company.memberships.filter(role=Role.OWNER)[0].person


def invite(company: Customer, email: str, role: str = "viewer", *, at: datetime) -> str:
    """Invite and return the token of the link in the mail."""
    actions.invite(company, email=email, role=role, by=make.actor(owner_of(company)), at=at)
    return mails.link_in(mails.last_to(email.lower())).rstrip("/").rsplit("/", 1)[1]


def test_an_invited_person_joins_with_the_role_of_the_invitation(at: datetime) -> None:
    company, eva = make.company(), make.person("eva@x.example")
    token = invite(company, "Eva@X.example", "billing", at=at)
    membership = actions.accept_invitation(token, by=make.actor(eva), at=at)
    assert (membership.person, membership.role) == (eva, Role.BILLING)
    assert token not in str(Invitation.objects.values().get())
    assert list(Entry.objects.filter(verb__startswith="member.").values_list("verb", flat=True)) == [
        "member.invited",
        "member.joined",
    ]
    assert mails.last_to(owner_of(company).email).kind == "member.joined"


def test_a01_somebody_else_is_refused_and_the_invitation_stays_good(at: datetime) -> None:
    company, eva, mallory = make.company(), make.person("eva@x.example"), make.person("mallory@x.example")
    token = invite(company, "eva@x.example", at=at)
    with pytest.raises(Refused) as refusal:
        actions.accept_invitation(token, by=make.actor(mallory), at=at)
    assert refusal.value.decision.codes == ("invitation.other_address",)
    actions.accept_invitation(token, by=make.actor(eva), at=at)
    assert company.memberships.count() == 2


def test_a01_an_unproven_address_is_not_enough(at: datetime) -> None:
    guest = make.guest("eva@x.example")
    token = invite(make.company(), "eva@x.example", at=at)
    with pytest.raises(Refused):
        actions.accept_invitation(token, by=make.actor(guest), at=at)


def test_a03_used_revoked_expired_and_invented_links_are_all_the_same(at: datetime) -> None:
    company, eva = make.company(), make.person("eva@x.example")
    used = invite(company, "eva@x.example", at=at)
    actions.accept_invitation(used, by=make.actor(eva), at=at)
    revoked, late = invite(company, "b@x.example", at=at), invite(company, "c@x.example", at=at)
    actions.revoke_invitation(company.invitations.get(email="b@x.example"), by=make.actor(owner_of(company)), at=at)
    replaced = invite(company, "d@x.example", at=at)
    invite(company, "d@x.example", "admin", at=at)
    for token, when in [(used, at), (revoked, at), (replaced, at), ("invented", at), ("", at), (late, at + timedelta(days=14))]:
        with pytest.raises(NotYours):
            queries.usable_invitation(token, at=when)
        with pytest.raises(NotYours):
            actions.accept_invitation(token, by=make.actor(eva), at=when)


def test_a04_an_admin_neither_invites_nor_makes_nor_touches_owners(at: datetime) -> None:
    company = make.company()
    admin, viewer = make.member(company, Role.ADMIN), make.member(company)
    by = make.actor(admin)
    with pytest.raises(Refused) as refusal:
        actions.invite(company, email="new@x.example", role="owner", by=by, at=at)
    assert refusal.value.decision.codes == ("member.role_above",)
    for person, role in [(viewer, "owner"), (admin, "owner"), (owner_of(company), "viewer")]:
        with pytest.raises(Refused):
            actions.change_role(company, person, role, by=by, at=at)
    with pytest.raises(Refused):
        actions.remove_member(company, owner_of(company), by=by, at=at)
    actions.change_role(company, viewer, "admin", by=by, at=at)
    assert permissions.role_of(viewer, company) == Role.ADMIN


@pytest.mark.parametrize("role", [Role.BILLING, Role.VIEWER])
def test_members_without_the_permission_find_no_door(role: Role, at: datetime) -> None:
    company = make.company()
    by = make.actor(make.member(company, role))
    stranger = make.actor(make.person())
    for actor in (by, stranger):
        with pytest.raises(NotYours):
            actions.invite(company, email="new@x.example", role="viewer", by=actor, at=at)
        with pytest.raises(NotYours):
            actions.change_role(company, owner_of(company), "viewer", by=actor, at=at)
        with pytest.raises(NotYours):
            actions.remove_member(company, owner_of(company), by=actor, at=at)
    assert not OutgoingMail.objects.exists()


def test_a05_a_role_change_holds_at_once_and_takes_back_what_was_promised(at: datetime) -> None:
    company = make.company()
    admin = make.member(company, Role.ADMIN)
    actions.invite(company, email="new@x.example", role="viewer", by=make.actor(admin), at=at)
    actions.change_role(company, admin, "viewer", by=make.actor(owner_of(company)), at=at)
    assert not permissions.may(admin, "members", company)
    assert not queries.open_invitations(company, at=at).exists()
    assert mails.last_to(admin.email).kind == "member.role_changed"


def test_a_19_the_last_owner_stays(at: datetime) -> None:
    company = make.company()
    owner, admin = owner_of(company), make.member(company, Role.ADMIN)
    for change in (
        lambda: actions.remove_member(company, owner, by=make.actor(owner), at=at),
        lambda: actions.change_role(company, owner, "admin", by=make.actor(owner), at=at),
    ):
        with pytest.raises(Refused) as refusal:
            change()
        assert refusal.value.decision.codes == ("member.last_owner",)
    actions.change_role(company, admin, "owner", by=make.actor(owner), at=at)
    actions.remove_member(company, owner, by=make.actor(owner), at=at)
    assert queries.roles_in(company) == {admin.pk: Role.OWNER}


def test_everybody_but_the_last_owner_may_leave(at: datetime) -> None:
    company = make.company()
    viewer = make.member(company)
    actions.remove_member(company, viewer, by=make.actor(viewer), at=at)
    assert permissions.role_of(viewer, company) is None
    with pytest.raises(NotYours):
        actions.remove_member(company, viewer, by=make.actor(viewer), at=at)


def test_a_removed_member_is_told(at: datetime) -> None:
    company = make.company()
    viewer = make.member(company)
    actions.remove_member(company, viewer, by=make.actor(owner_of(company)), at=at)
    assert mails.last_to(viewer.email).kind == "member.removed"


def test_a_private_customer_has_no_members_but_its_person(at: datetime) -> None:
    jana = make.person()
    private = make.customer_of(jana)
    with pytest.raises(Refused) as refusal:
        actions.invite(private, email="new@x.example", role="viewer", by=make.actor(jana), at=at)
    assert refusal.value.decision.codes == ("member.not_a_company",)
    with pytest.raises(NotYours):
        actions.remove_member(private, jana, by=make.actor(jana), at=at)


def test_a_member_is_not_invited_again(at: datetime) -> None:
    company = make.company()
    viewer = make.member(company)
    with pytest.raises(Refused) as refusal:
        actions.invite(company, email=viewer.email, role="admin", by=make.actor(owner_of(company)), at=at)
    assert refusal.value.decision.codes == ("member.already",)


def test_unknown_roles_and_addresses_are_named(at: datetime) -> None:
    company = make.company()
    by = make.actor(owner_of(company))
    for fields, expected in [({"email": "x"}, {"email": ["not_an_email"]}), ({"role": "king"}, {"role": ["unknown"]})]:
        with pytest.raises(InvalidInput) as problem:
            actions.invite(company, **({"email": "a@x.example", "role": "viewer"} | fields), by=by, at=at)
        assert problem.value.fields == expected


def test_one_person_founds_a_company_of_a_name_once(at: datetime) -> None:
    jana = make.person()
    actions.create_company(jana, name="Firma", vat_id="cz 123", by=make.actor(jana), at=at)
    company = Customer.objects.get(kind=CustomerKind.COMPANY)
    assert company.vat_id == "CZ123" and queries.roles_in(company) == {jana.pk: Role.OWNER}
    with pytest.raises(InvalidInput):
        actions.create_company(jana, name="FIRMA", by=make.actor(jana), at=at)
    changed = actions.update_customer(company, name="Firma a. s.", country="sk", by=make.actor(jana), at=at)
    assert (changed.name, changed.country) == ("Firma a. s.", "SK")


@pytest.mark.parametrize("giver", list(Role))
@pytest.mark.parametrize("given", list(Role))
def test_a04_who_gives_which_role(giver: Role, given: Role) -> None:
    allowed = {Role.OWNER: set(Role), Role.ADMIN: set(Role) - {Role.OWNER}}
    assert rules.may_give_role(giver, given) == (given in allowed.get(giver, set()))


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_a02_ten_parallel_accepts_make_one_member(at: datetime) -> None:
    company, eva = make.company(), make.person("eva@x.example")
    token = invite(company, "eva@x.example", at=at)

    def accept(_: int) -> str:
        try:
            actions.accept_invitation(token, by=make.actor(eva), at=at)
        except NotYours:
            return "dead"
        finally:
            connection.close()
        return "joined"

    with ThreadPoolExecutor(10) as pool:
        results = list(pool.map(accept, range(10)))
    assert sorted(results) == ["dead"] * 9 + ["joined"]
    assert Membership.objects.filter(customer=company).count() == 2
    assert Entry.objects.filter(verb="member.joined").count() == 1


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_a_19_two_owners_who_leave_at_once_leave_one_behind(at: datetime) -> None:
    company = make.company()
    people = [owner_of(company), make.member(company, Role.OWNER)]

    def leave(person: Person) -> bool:
        try:
            actions.remove_member(company, person, by=make.actor(person), at=at)
        except Refused:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(leave, people)) == [False, True]
    assert company.memberships.filter(role=Role.OWNER).count() == 1


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_orders_at_once_with_a_new_address_make_one_customer(at: datetime) -> None:
    def order(number: int) -> int:
        try:
            company = "Firma" if number % 2 else ""
            return actions.ensure_customer(email="new@x.example", name="N", company=company, by=make.system("t"), at=at).pk
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(order, range(8)))) == 2
    assert Person.objects.count() == 1 and Customer.objects.count() == 2
