"""The pages of a company's people: owner, colleague, stranger."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from podpora.base.codes import unguessable
from podpora.people import actions, permissions, queries
from podpora.people.models import Customer, Person
from podpora.people.values import Role
from tests.make import mails
from tests.make import people as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def company() -> Customer:
    return make.company("Firma s.r.o.", make.person("owner@x.example", "Olga Majitelka"))


def page_of(company: Customer, more: str = "") -> str:
    return f"/licences/people/{company.code}/{more}"


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def owner_of(company: Customer) -> Person:
    return company.memberships.get(role=Role.OWNER).person


def test_who_has_no_company_is_shown_how_to_found_one() -> None:
    client = signed_in(make.person())
    assert b"/account/companies/new/" in client.get("/licences/people/").content
    answer = client.post("/account/companies/new/", {"name": "Firma", "country": "cz"})
    company = Customer.objects.get(name="Firma")
    assert answer.url == page_of(company) and client.get("/licences/people/").url == page_of(company)
    again = client.post("/account/companies/new/", {"name": "firma", "country": "CZ"})
    assert again.status_code == 200 and again.context["form"].errors["name"]


def test_owner_colleague_and_stranger(company: Customer) -> None:
    """The owner manages, a colleague sees, a stranger (also the vendor's) finds nothing; none sees an invitation too much."""
    owner, viewer = owner_of(company), make.member(company)
    actions.invite(company, email="new@x.example", role="viewer", by=make.actor(owner), at=make.AT + timedelta(days=3650))
    page = signed_in(owner).get(page_of(company)).content.decode()
    assert "new@x.example" in page and "/invite/" in page and viewer.email in page
    page = signed_in(viewer).get(page_of(company)).content.decode()
    assert "new@x.example" not in page and "/invite/" not in page and "/role/" not in page
    for stranger in (make.person(), make.manager(), owner_of(make.company())):
        for more in ("", "details/", f"{viewer.code}/remove/"):
            assert signed_in(stranger).get(page_of(company, more)).status_code == 404
    assert Client().get(page_of(company)).url.startswith("/account/login/")


@pytest.mark.parametrize("role", [Role.BILLING, Role.VIEWER])
def test_a_colleague_without_the_permission_changes_nothing(company: Customer, role: Role) -> None:
    client, other = signed_in(make.member(company, role)), make.member(company)
    posts = {
        "invite/": {"email": "new@x.example", "role": "viewer"},
        f"{other.code}/role/": {"role": "admin"},
        f"{other.code}/remove/": {},
        "details/": {"name": "Mine"},
    }
    for more, typed in posts.items():
        assert client.post(page_of(company, more), typed).status_code in (200, 404)
    assert not company.invitations.exists() and permissions.role_of(other, company) == Role.VIEWER
    company.refresh_from_db()
    assert company.name == "Firma s.r.o."


def test_inviting_accepting_and_the_link_afterwards(company: Customer) -> None:
    owner, eva = signed_in(owner_of(company)), make.person("eva@x.example")
    assert owner.post(page_of(company, "invite/"), {"email": "EVA@x.example", "role": "billing"}).status_code == 302
    link = mails.link_in(mails.last_to("eva@x.example"))
    visitor = Client().get(link)
    assert visitor.status_code == 200 and visitor["Referrer-Policy"] == "no-referrer"
    stranger = signed_in(make.person()).post(link)
    assert stranger.status_code == 409 and "another address" in stranger.content.decode()
    client = signed_in(eva)
    assert client.post(link, {"role": "owner"}).url == page_of(company)
    assert permissions.role_of(eva, company) == Role.BILLING
    dead = [client.get(link), client.post(link), Client().get(link), client.get(f"/account/invitations/{unguessable()}/")]
    assert {answer.status_code for answer in dead} == {404}


def test_a_taken_back_invitation_is_dead(company: Customer) -> None:
    owner = signed_in(owner_of(company))
    owner.post(page_of(company, "invite/"), {"email": "eva@x.example", "role": "viewer"})
    link = mails.link_in(mails.last_to("eva@x.example"))
    code = company.invitations.get().code
    assert signed_in(owner_of(make.company())).post(page_of(company, f"invitations/{code}/revoke/")).status_code == 404
    assert Client().get(link).status_code == 200
    assert owner.post(page_of(company, f"invitations/{code}/revoke/")).status_code == 302
    assert Client().get(link).status_code == 404


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"email": "x"}, "email"),
        ({"email": ""}, "email"),
        ({"role": "king"}, "role"),
        ({"role": ""}, "role"),
        ({"email": "a" * 300 + "@x.example"}, "email"),
    ],
)
def test_bad_input_is_named(company: Customer, typed: dict[str, str], field: str) -> None:
    page = signed_in(owner_of(company)).post(page_of(company, "invite/"), {"email": "a@x.example", "role": "viewer"} | typed)
    assert page.status_code == 200 and page.context["form"].errors[field]


def test_an_admin_is_not_offered_the_owners_role(company: Customer) -> None:
    admin = signed_in(make.member(company, Role.ADMIN))
    page = admin.get(page_of(company))
    assert "owner" not in dict(page.context["form"].fields["role"].choices)
    assert admin.post(page_of(company, "invite/"), {"email": "a@x.example", "role": "owner"}).context["form"].errors["role"]
    answer = admin.post(page_of(company, f"{owner_of(company).code}/role/"), {"role": "viewer"})
    assert answer.status_code == 409 and "Only an owner" in answer.content.decode()


def test_the_last_owner_is_told_why_he_stays(company: Customer) -> None:
    owner = owner_of(company)
    answer = signed_in(owner).post(page_of(company, f"{owner.code}/remove/"))
    assert answer.status_code == 409 and "at least one owner" in answer.content.decode()
    assert permissions.role_of(owner, company) == Role.OWNER


def test_a05_an_open_page_of_a_demoted_admin_no_longer_works(company: Customer) -> None:
    admin = make.member(company, Role.ADMIN)
    tab = signed_in(admin)
    assert tab.get(page_of(company)).status_code == 200
    signed_in(owner_of(company)).post(page_of(company, f"{admin.code}/role/"), {"role": "viewer"})
    assert tab.post(page_of(company, "invite/"), {"email": "a@x.example", "role": "viewer"}).status_code in (200, 404)
    assert not company.invitations.exists()


def test_leaving_and_removing(company: Customer) -> None:
    viewer, other = make.member(company), make.member(company)
    client = signed_in(viewer)
    assert client.get(page_of(company, f"{viewer.code}/remove/")).status_code == 200
    assert client.post(page_of(company, f"{viewer.code}/remove/")).url == "/licences/people/"
    assert client.get(page_of(company)).status_code == 404
    assert signed_in(owner_of(company)).post(page_of(company, f"{other.code}/remove/")).url == page_of(company)
    assert company.memberships.count() == 1


def test_who_belongs_to_several_companies_switches_between_them(company: Customer) -> None:
    second = make.company("Druhá", owner_of(company))
    page = signed_in(owner_of(company)).get(page_of(company)).content.decode()
    assert page_of(second) in page and page_of(company) in page


def test_details_are_changed_by_those_who_manage(company: Customer) -> None:
    typed = {
        "name": "Nová s.r.o.",
        "email": "faktury@x.example",
        "country": "cz",
        "vat_id": "CZ1",
        "company_id": "1",
        "city": "Brno",
    }
    client = signed_in(owner_of(company))
    assert client.post(page_of(company, "details/"), typed).status_code == 302
    company.refresh_from_db()
    assert (company.name, company.email, company.city) == ("Nová s.r.o.", "faktury@x.example", "Brno")
    page = client.post(page_of(company, "details/"), typed | {"country": "12", "email": "x"})
    assert page.status_code == 200 and {"email"} <= set(page.context["form"].errors)
    assert [r.address for r in queries.recipients(company, "invoices")] == ["owner@x.example", "faktury@x.example"]


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_asks_the_database_as_often_for_three_as_for_one(
    company: Customer, count: int, django_assert_num_queries: Any
) -> None:
    client = signed_in(owner_of(company))
    for number in range(count):
        make.member(company)
        actions.invite(
            company,
            email=f"i{number}@x.example",
            role="viewer",
            by=make.actor(owner_of(company)),
            at=make.AT + timedelta(days=3650),
        )
    client.get(page_of(company))
    with django_assert_num_queries(11):
        client.get(page_of(company))
