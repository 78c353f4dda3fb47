"""The manager's pages of webhooks."""

import re

import pytest
from django.test import Client

from podpora.audit.models import Attempt, Delivery, Webhook
from podpora.base.clock import now
from podpora.people.models import Person
from tests.make import people

pytestmark = pytest.mark.django_db
URL = "https://hooks.example.com/podpora"


@pytest.fixture
def office(client: Client) -> Client:
    client.force_login(people.manager(), backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


@pytest.fixture
def hook(office: Client) -> Webhook:
    assert office.post("/office/webhooks/new/", {"url": URL, "name": "Shop", "events": ["order.paid"]}).status_code == 200
    return Webhook.objects.get()


def test_the_secret_is_shown_once(office: Client) -> None:
    page = office.post("/office/webhooks/new/", {"url": URL}).content.decode()
    assert len(set(re.findall(r"whsec_[A-Za-z0-9+/]{43}=", page))) == 1
    assert "whsec_" not in office.get(f"/office/webhooks/{Webhook.objects.get().code}/").content.decode()


def test_a_wrong_address_is_named_at_its_field(office: Client) -> None:
    page = office.post("/office/webhooks/new/", {"url": "http://127.0.0.1/"})
    assert list(page.context["form"].errors) == ["url"]
    assert not Webhook.objects.exists()


def test_its_life_in_both_languages(office: Client, hook: Webhook) -> None:
    page = f"/office/webhooks/{hook.code}/"
    for language in ("cs", "en"):
        Person.objects.update(language=language)
        for url in ("/office/webhooks/", "/office/webhooks/new/", page):
            assert office.get(url).status_code == 200
    assert office.post(f"{page}ping/").status_code == 302
    delivery = Delivery.objects.get()
    Attempt.objects.create(delivery=delivery, at=now(), status=500, answer="text/html\n\n<script>alert(1)</script>", milliseconds=3)
    shown = office.get(page).content.decode()
    assert delivery.message in shown and "&lt;script&gt;alert(1)" in shown and "<script>alert(1)" not in shown
    assert office.post(f"{page}deliveries/{delivery.message}/replay/").status_code == 302
    assert b"whsec_" in office.post(f"{page}secret/").content
    assert office.post(f"{page}off/").status_code == 302
    hook.refresh_from_db()
    assert not hook.is_enabled
    assert office.post(f"{page}ping/", follow=True).status_code == 200
    assert Delivery.objects.count() == 1
    office.post(f"{page}on/")
    assert office.post(page, {"url": URL + "/2", "name": "Shop", "events": []}).status_code == 302
    hook.refresh_from_db()
    assert (hook.is_enabled, hook.url, hook.events) == (True, URL + "/2", [])
    assert office.post(f"{page}delete/").status_code == 302
    assert not Webhook.objects.exists()


def test_nobody_else_sees_them(client: Client, office: Client, hook: Webhook) -> None:
    stranger = Client()
    for person in (people.person(), people.staff()):
        stranger.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
        for url in ("/office/webhooks/", f"/office/webhooks/{hook.code}/"):
            assert stranger.get(url).status_code == 404


@pytest.mark.parametrize("url", ["/office/webhooks/W-NOTHING2/", "/office/webhooks/x/"])
def test_what_is_not_there(office: Client, url: str) -> None:
    assert office.get(url).status_code == 404


@pytest.mark.parametrize("more", [0, 2])
def test_the_page_costs_as_many_queries_whatever_its_length(
    office: Client, hook: Webhook, more: int, django_assert_num_queries
) -> None:  # type: ignore[no-untyped-def]
    for _n in range(1 + more):
        office.post(f"/office/webhooks/{hook.code}/ping/")
    office.get(f"/office/webhooks/{hook.code}/")
    with django_assert_num_queries(5):
        office.get(f"/office/webhooks/{hook.code}/")
