"""What the office says in small print: who recorded money, whose tokens live, which tickets a customer has."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.core import context
from allauth.mfa.adapter import get_adapter
from django.test import Client, RequestFactory
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from podpora.base.actors import system
from podpora.base.clock import now
from podpora.journeys import purchase
from podpora.orders.models import Order, Seller
from podpora.orders.values import Notice
from podpora.people import actions
from podpora.people.models import ApiToken, Person
from podpora.people.values import StaffRole
from tests.make import desk as tickets
from tests.make import orders as make
from tests.make import people

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(client: Client) -> Client:
    make.shop()
    client.force_login(people.manager())
    return client


@pytest.mark.parametrize(("language", "words"), [("cs", "testovací brána"), ("en", "test gate")])
def test_the_machine_that_recorded_money_is_named_in_the_readers_language(office: Client, language: str, words: str) -> None:
    order = make.order(on="2026-03-10")
    purchase.record_payment(order, order.total_money, Notice("test-1", now()), by=system("test provider"), at=now())
    Person.objects.update(language=language)
    page = office.get(reverse("office:order", args=[order.code])).content.decode()
    assert words in page
    assert "test provider" not in page


@pytest.mark.parametrize(("language", "words"), [("cs", "Bankovní převod"), ("en", "Bank transfer")])
def test_the_way_of_paying_is_named_in_the_readers_language(office: Client, language: str, words: str) -> None:
    order = make.order(on="2026-03-10")
    Order.objects.update(provider="transfer")
    Person.objects.update(language=language)
    assert words in office.get(reverse("office:order", args=[order.code])).content.decode()


def test_passkeys_and_apps_are_listed_under_the_vendors_name(office: Client) -> None:
    Seller.objects.update_or_create(pk=1, defaults={"name": "Akord Software s.r.o.", "brand": "Akord"})
    adapter, person = get_adapter(), people.person()
    with context.request_context(RequestFactory().get("/")):
        address = urlsplit(adapter.build_totp_url(person, "ABC"))
        assert adapter.get_public_key_credential_rp_entity()["name"] == "Akord"
    assert parse_qs(address.query)["issuer"] == ["Akord"]


@pytest.mark.parametrize("count", [1, 3])
def test_a_customers_page_shows_his_tickets(office: Client, count: int, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    jana = people.person()
    made = [tickets.ticket(jana, subject=f"Otázka {number}") for number in range(count)]
    tickets.ticket(people.person("petr@other.example"), subject="Cizí")
    address = reverse("office:customer", args=[people.customer_of(jana).code])
    office.get(address)
    with django_assert_num_queries(9):
        page = office.get(address)
    shown = page.content.decode()
    assert [ticket.code for ticket, _kind in page.context["tickets"]] == [ticket.code for ticket in reversed(made)]
    assert all(reverse("desk:ticket", args=[ticket.code]) in shown for ticket in made)
    assert "Cizí" not in shown


def test_a_customers_page_shows_the_newest_twenty(office: Client) -> None:
    jana = people.person()
    made = [tickets.ticket(jana, subject=f"Otázka {number}") for number in range(21)]
    page = office.get(reverse("office:customer", args=[people.customer_of(jana).code]))
    assert [ticket.code for ticket, _kind in page.context["tickets"]] == [ticket.code for ticket in reversed(made[1:])]


def token(name: str, scopes: list[str], person: Person | None = None) -> ApiToken:
    actions.create_token(name, scopes, person, by=system("test"), at=now())
    return ApiToken.objects.get(name=name)


@pytest.mark.parametrize("count", [1, 3])
def test_all_live_tokens_in_a_fixed_number_of_queries(
    office: Client, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(count):
        token(f"Shop {number}", ["orders"], people.person(f"jana{number}@private.example"))
    office.get("/office/tokens/")
    with django_assert_num_queries(3):
        page = office.get("/office/tokens/")
    assert page.content.decode().count("/revoke/") == count
    assert "jana0@private.example" in page.content.decode()


def test_a_token_is_revoked_whoever_made_it(office: Client) -> None:
    own, systems = token("Mine", ["all"], people.person()), token("Build", ["catalog", "webhooks"])
    page = office.get("/office/tokens/").content.decode()
    assert "everything" in page
    assert "versions and offers, webhooks" in page
    for row in (own, systems):
        address = f"/office/tokens/{row.code}/revoke/"
        assert office.get(address).status_code == 405
        assert office.post(address).status_code == 302
        assert office.post(address).status_code == 404  # it is gone already
        row.refresh_from_db()
        assert row.revoked_at is not None
    assert "No token yet" in office.get("/office/tokens/").content.decode()


@pytest.mark.parametrize("role", [StaffRole.TECHNICIAN, StaffRole.MODERATOR, StaffRole.NONE])
def test_only_the_manager_sees_tokens(client: Client, role: Any) -> None:
    row = token("Build", ["catalog"])
    client.force_login(people.staff(role) if role != StaffRole.NONE else people.person())
    assert client.get("/office/tokens/").status_code == 404
    assert client.post(f"/office/tokens/{row.code}/revoke/").status_code == 404
    row.refresh_from_db()
    assert row.revoked_at is None
