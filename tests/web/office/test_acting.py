"""Staff act as a customer: audited, with a banner, for half an hour, and without the keys of the house."""

from datetime import timedelta

import pytest
import time_machine
from allauth.usersessions.models import UserSession
from django.test import Client
from django.urls import get_resolver, reverse

from podpora.audit.models import Entry
from podpora.mail.models import OutgoingMail
from podpora.people.models import Person
from podpora.people.values import Role, StaffRole
from podpora.web import acting
from tests.make import people, web
from tests.make.web import NOW

pytestmark = pytest.mark.django_db
STOP = "/account/acting/stop/"


@pytest.fixture
def jana():
    with web.on():
        web.vendor()
        yield web.customer()


def act_as(client: Client, person: Person, reason: str = "He cannot find his invoice."):
    customer = people.customer_of(person)
    address = reverse("office:act_as", args=[customer.code, person.code])
    return client.post(address, {"reason": reason})


def test_staff_see_what_the_customer_sees_and_all_can_read_it(jana):
    licence = web.licence_of(web.bought(jana, "2026-03-10"))
    tomas = people.staff(StaffRole.TECHNICIAN)
    client = web.client(tomas)
    answer = act_as(client, jana)
    assert (answer.status_code, answer.url) == (302, "/account/")
    page = client.get(f"/licences/{licence.code}/")
    assert page.status_code == 200
    assert f"you act as <b>{jana}</b>" in page.content.decode()
    assert client.post(f"/licences/{licence.code}/name/", {"name": "Kancelář"}).status_code == 302
    entry = Entry.objects.get(verb="licence.renamed")
    assert (entry.person_id, entry.on_behalf_of, entry.actor_name) == (jana.pk, tomas.pk, f"{tomas} → {jana}")
    assert Entry.objects.get(verb="person.acting_begun").facts["reason"] == "He cannot find his invoice."
    mail = OutgoingMail.objects.get(to_address=jana.email, subject__contains="looked into")
    assert "He cannot find his invoice." in mail.text
    answer = client.post(STOP)
    assert answer.url == reverse("office:customer", args=[people.customer_of(jana).code])
    assert client.get("/office/customers/").status_code == 200
    assert Entry.objects.filter(verb="person.acting_ended", on_behalf_of=tomas.pk).count() == 1


def test_it_ends_by_itself(jana):
    client = web.client(people.manager())
    act_as(client, jana)
    assert client.get("/office/").status_code == 404  # he is the customer now
    with time_machine.travel(NOW + acting.LASTS, tick=False):
        assert client.get("/office/").status_code == 200


def test_it_ends_when_the_right_ends(jana):
    tomas = people.staff(StaffRole.TECHNICIAN)
    client = web.client(tomas)
    act_as(client, jana)
    Person.objects.filter(pk=tomas.pk).update(staff_role="")
    answer = client.get("/account/")
    assert b"you act as" not in answer.content
    assert acting.SESSION not in client.session


def test_sign_in_account_and_keys_stay_closed(jana):
    licence = web.licence_of(web.bought(jana, "2026-03-10"))
    client = web.client(people.manager())
    act_as(client, jana)
    closed = ["/account/profile/", "/account/security/", "/account/sessions/", "/account/tokens/", "/account/password/change/"]
    closed += ["/account/email/", "/account/2fa/", "/account/logout/", f"/licences/{licence.code}/key/"]
    for address in closed:
        for answer in (client.get(address), client.post(address)):
            assert (address, answer.status_code) == (address, 409)
            assert b"Stop acting" in answer.content
    assert client.get("/account/inbox/").status_code == 200


def test_every_page_that_hands_out_a_credential_is_closed():
    """A new page with a key, token, proof, feed or transfer in its name is closed without anybody thinking of it."""
    open_pages = set()
    for pattern, (_namespace, resolver) in get_resolver().namespace_dict.items():
        for name in (n for n in resolver.reverse_dict if isinstance(n, str)):
            match = get_resolver().resolve("/").__class__(lambda: None, (), {}, url_name=name, namespaces=[pattern])
            if not acting.is_closed(match):
                open_pages.add(f"{pattern}:{name}")
    assert not {name for name in open_pages if any(word in name for word in ("secret", "password", "recovery"))}
    assert {"portal:licences", "centre:home", "shop:home", "account:company"} <= open_pages
    assert not {"portal:licence_key", "account:tokens", "account:invite", "account:member_role"} & open_pages


def test_the_session_is_not_shown_as_one_of_the_customers(jana):
    client = web.client(people.manager())
    act_as(client, jana)
    with time_machine.travel(NOW + timedelta(minutes=10), tick=False):
        client.get("/account/")
    assert not UserSession.objects.filter(user=jana).exists()


@pytest.mark.parametrize("reason", ["", "   ", "x" * 301])
def test_without_a_reason_nobody_acts(jana, reason):
    client = web.client(people.manager())
    assert act_as(client, jana, reason).status_code == 422
    assert acting.SESSION not in client.session


def test_never_as_staff_nor_as_a_stranger_to_the_customer(jana):
    tomas = people.staff(StaffRole.TECHNICIAN, email="tomas@vendor.example")
    company = people.company(owner=tomas)
    client = web.client(people.manager())
    assert client.post(reverse("office:act_as", args=[company.code, tomas.code]), {"reason": "x"}).status_code == 404
    stranger = people.customer_of(people.person("petr@lapsed.example", "Petr"))
    assert client.post(reverse("office:act_as", args=[stranger.code, jana.code]), {"reason": "x"}).status_code == 404


@pytest.mark.parametrize("role", [StaffRole.MODERATOR, StaffRole.NONE])
def test_who_may_not_act(jana, role):
    client = web.client(people.staff(role) if role else people.person("x@y.example", "X"))
    assert act_as(client, jana).status_code == 404


def test_a_forged_session_of_a_customer_opens_nothing(jana):
    petr = people.person("petr@lapsed.example", "Petr")
    client = web.client(petr)
    session = client.session
    session[acting.SESSION] = {"person": jana.pk, "customer": "C-X", "until": "2099-01-01T00:00:00Z"}
    session.save()
    assert jana.email.encode() not in client.get("/account/profile/").content


def test_as_a_member_of_a_company_with_his_role_only(jana):
    owner = people.person("admin@company.example", "Alena")
    company = people.company(owner=owner)
    viewer = people.person("member@company.example", "Marek")
    people.member(company, Role.VIEWER, viewer)
    client = web.client(people.manager())
    answer = client.post(reverse("office:act_as", args=[company.code, viewer.code]), {"reason": "He asked."})
    assert answer.status_code == 302
    assert client.get(f"/licences/people/{company.code}/").status_code == 200
    assert client.post(f"/licences/people/{company.code}/invite/", {"email": "a@b.cz", "role": "viewer"}).status_code == 409


def test_to_stop_without_acting_is_harmless(jana):
    assert web.client(jana).post(STOP).url == "/account/"
