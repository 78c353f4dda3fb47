"""Persons and the customers that come with them."""

from datetime import datetime, timedelta

import pytest

from podpora.base.actors import system
from podpora.base.errors import InvalidInput, NotYours
from podpora.people import actions, queries
from podpora.people.models import Customer, Membership, Person
from podpora.people.values import CustomerKind, Role, StaffRole
from tests.make import people as make

pytestmark = pytest.mark.django_db
BY = system("test")


def test_a_person_comes_with_a_private_customer_that_he_owns(at: datetime) -> None:
    person = actions.create_person("Jana@Private.Example ", "Jana", password="podpora-demo", by=BY, at=at)
    assert person.email == "jana@private.example"
    [customer] = queries.customers_of(person)
    assert (customer.kind, customer.name, customer.email) == (CustomerKind.PRIVATE, "Jana", "jana@private.example")
    assert queries.roles_in(customer) == {person.pk: Role.OWNER}
    assert person.check_password("podpora-demo")
    assert queries.has_proven(person, "jana@private.example")


def test_staff_only_have_no_customer(at: datetime) -> None:
    assert not queries.customers_of(make.staff()).exists()
    with pytest.raises(InvalidInput) as problem:
        actions.create_person("x@vendor.example", "X", staff_role="king", by=BY, at=at)
    assert problem.value.fields == {"staff_role": ["unknown"]}


@pytest.mark.parametrize(
    ("email", "code"),
    [
        ("", "required"),
        ("nobody", "not_an_email"),
        ("a@b@c.example", "not_an_email"),
        ("a@x.example,b@y.example", "not_an_email"),
        ("a b@x.example", "not_an_email"),
        ("\u212aarel@x.example", "not_an_email"),  # KELVIN SIGN folds to k (S10)
        ("m\u0131ke@x.example", "not_an_email"),  # dotless i
        ("x@" + "a" * 250 + ".example", "not_an_email"),
        ("a@x.example\nBcc: b@y.example", "not_an_email"),
    ],
)
def test_addresses_that_are_refused(email: str, code: str, at: datetime) -> None:
    with pytest.raises(InvalidInput) as problem:
        actions.ensure_customer(email=email, name="", by=BY, at=at)
    assert problem.value.fields == {"email": [code]}
    assert not Person.objects.exists()


def test_a_guest_buyer_is_a_person_without_password_and_proof(at: datetime) -> None:
    customer = actions.ensure_customer(email="G@x.example", name="Gita", language="cs", country="sk", by=BY, at=at)
    person = Person.objects.get(email="g@x.example")
    assert queries.is_guest(person)
    assert not person.has_usable_password()
    assert (customer.person, customer.name, customer.language, customer.country) == (person, "Gita", "cs", "SK")
    assert actions.ensure_customer(email="g@X.example", name="Other", by=BY, at=at) == customer
    assert Person.objects.get().name == "Gita"


def test_a_company_is_found_again_by_its_owner_and_name(at: datetime) -> None:
    first = actions.ensure_customer(email="a@x.example", name="A", company=" Firma  s.r.o.", by=BY, at=at)
    assert (first.kind, first.name) == (CustomerKind.COMPANY, "Firma s.r.o.")
    assert actions.ensure_customer(email="a@x.example", name="A", company="FIRMA S.R.O.", by=BY, at=at) == first
    other = actions.ensure_customer(email="b@y.example", name="B", company="Firma s.r.o.", by=BY, at=at)
    assert other != first
    assert actions.ensure_customer(email="a@x.example", name="A", by=BY, at=at).kind == CustomerKind.PRIVATE


def test_a_known_person_keeps_his_name_and_password_when_somebody_orders_with_his_address(at: datetime) -> None:
    person = make.person("jana@x.example", "Jana")
    actions.ensure_customer(email="jana@x.example", name="Not Jana", by=BY, at=at)
    person.refresh_from_db()
    assert person.name == "Jana" and person.check_password(make.PASSWORD)


def test_an_address_can_be_taken_only_once(at: datetime) -> None:
    make.person("jana@x.example")
    with pytest.raises(InvalidInput) as problem:
        actions.create_person("JANA@x.example", "Jana", password="podpora-demo", by=BY, at=at)
    assert problem.value.fields == {"email": ["taken"]}
    assert actions.sign_up("jana@x.example", at=at) is None


def test_signing_up_keeps_nothing_until_the_address_is_proven(at: datetime) -> None:
    person = actions.sign_up("new@x.example", "Nora", language="cs", at=at)
    assert person is not None and queries.is_guest(person)
    assert not queries.customers_of(person).exists()
    actions.claim(person, password_hash="!", name="Nora", by=BY, at=at)
    assert queries.has_proven(person, "new@x.example")
    assert [c.kind for c in queries.customers_of(person)] == [CustomerKind.PRIVATE]


def test_claiming_gives_a_guest_what_he_bought(at: datetime) -> None:
    bought = actions.ensure_customer(email="g@x.example", name="Gita", company="Firma", by=BY, at=at)
    person = actions.sign_up("g@x.example", at=at)
    assert person is not None
    actions.claim(person, password_hash="!", by=BY, at=at)
    assert bought in queries.customers_of(person)
    assert not queries.is_guest(person)
    assert person.name == "Gita"


def test_unproven_sign_ups_are_forgotten_but_guests_and_persons_stay(at: datetime) -> None:
    actions.sign_up("gone@x.example", at=at)
    make.guest("guest@x.example", at=at)
    make.person("proven@x.example", at=at)
    make.staff(email="staff@vendor.example", at=at)
    assert actions.forget_unproven(at=at + timedelta(days=6)) == 0
    assert actions.forget_unproven(at=at + timedelta(days=8)) == 1
    assert sorted(Person.objects.values_list("email", flat=True)) == ["guest@x.example", "proven@x.example", "staff@vendor.example"]


def test_profile_takes_what_is_valid_and_names_what_is_not(at: datetime) -> None:
    person = make.person(name="Jana")
    changed = actions.update_profile(person, name="  Jana\nN. ", language="cs", time_zone="Asia/Tokyo", theme="dark", by=BY, at=at)
    assert (changed.name, changed.language, changed.time_zone, changed.theme) == ("Jana N.", "cs", "Asia/Tokyo", "dark")
    assert make.customer_of(person).name == "Jana N."
    with pytest.raises(InvalidInput) as problem:
        actions.update_profile(person, name="x" * 151, language="xx", time_zone="Mars/Base", theme="pink", by=BY, at=at)
    assert problem.value.fields == {"name": ["too_long"], "language": ["unknown"], "time_zone": ["unknown"], "theme": ["unknown"]}


def test_customers_are_seen_by_members_and_staff_only(at: datetime) -> None:
    company = make.company()
    viewer = make.member(company)
    assert queries.customer_visible_to(viewer, company.code) == company
    assert queries.customer_visible_to(make.staff(), company.code) == company
    for stranger in (make.person(), make.staff(StaffRole.MODERATOR)):
        with pytest.raises(NotYours):
            queries.customer_visible_to(stranger, company.code)
    viewer.is_active = False
    with pytest.raises(NotYours):
        queries.customer_visible_to(viewer, company.code)
    with pytest.raises(NotYours):
        queries.customer_visible_to(make.staff(), "C-NOBODY")


def test_customers_with_a_permission_depend_on_the_role() -> None:
    person, company = make.person(), make.company()
    make.member(company, Role.BILLING, person)
    assert list(queries.customers_of(person)) == [make.customer_of(person), company]
    assert company in queries.customers_with(person, "invoices")
    assert company not in queries.customers_with(person, "tickets")


def test_recipients_are_members_with_the_permission_else_the_customers_address(at: datetime) -> None:
    company = make.company(owner=make.person("owner@x.example"))
    make.member(company, Role.BILLING, make.person("billing@x.example"))
    make.member(company, Role.VIEWER, make.person("viewer@x.example"))
    assert [r.address for r in queries.recipients(company, "invoices")] == ["owner@x.example", "billing@x.example"]
    assert [r.address for r in queries.recipients(company, "tickets")] == ["owner@x.example", "viewer@x.example"]
    Membership.objects.all().delete()
    assert [r.address for r in queries.recipients(company, "tickets")] == ["owner@x.example"]
    guest = make.guest("guest@x.example")
    assert [r.address for r in queries.recipients(Customer.objects.get(person=guest), "see")] == ["guest@x.example"]


def test_staff_with_a_permission() -> None:
    technician, moderator, manager = make.staff(), make.staff(StaffRole.MODERATOR), make.manager()
    assert list(queries.staff_with("tickets")) == [technician, manager]
    assert list(queries.staff_with("forum")) == [technician, moderator, manager]
    assert list(queries.staff_with("moderate")) == [moderator, manager]


def test_presence_is_switched(at: datetime) -> None:
    technician = make.staff()
    actions.set_presence(technician, present=False, by=BY, at=at)
    technician.refresh_from_db()
    assert not technician.is_present
