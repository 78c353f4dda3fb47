"""The code that a person reads on one screen and types into the program on another (A-1)."""

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from podpora.base import clock
from podpora.licensing import queries
from podpora.licensing.models import Licence
from podpora.people.models import Membership, Person
from podpora.people.values import Role, StaffRole
from tests.make import licensing as make
from tests.make import people
from tests.make.api import Api, activation_body, token

pytestmark = pytest.mark.django_db


def owner_of(licence: Licence) -> Person:
    assert licence.customer is not None
    return licence.customer.memberships.get(role=Role.OWNER).person


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def code_on(page: str) -> str:
    found = re.search(r'id="proof-code">([^<]+)<', page)
    assert found
    return found[1]


def test_a_1_the_code_of_the_page_lets_the_program_list_and_free_devices() -> None:
    licence = make.licence(terms=make.Terms(seats=1))
    first = make.activated(licence, make.device("Old"), at=clock.now())
    page = signed_in(owner_of(licence)).get(f"/licences/{licence.code}/proof/")
    assert "no-store" in page["Cache-Control"]
    code = code_on(page.content.decode())
    assert re.fullmatch(r"[2-9A-HJKMNP-Z]{5}-[2-9A-HJKMNP-Z]{5}", code)
    body = activation_body(licence)
    assert "devices" not in Api().post("activations", body).json()["error"]
    typed = code.lower().replace("-", " ")
    listed = Api().post("activations", body | {"owner_proof": typed}).json()["error"]["devices"]
    assert [device["name"] for device in listed] == ["Old"]
    done = Api().post("activations", body | {"owner_proof": typed, "replace": first.activation.device.code})
    assert done.status_code == 201, done.content


def test_a_code_is_for_one_licence_a_quarter_of_an_hour_and_a_member_who_still_is_one(at: datetime) -> None:
    company = people.company(owner=people.person())
    admin = people.member(company, Role.ADMIN)
    licence, other = make.licence(company), make.licence(company)
    code = queries.proof_code(licence, admin, at=at)

    def holds(proof: str = code, of: Licence = licence, later: timedelta = timedelta()) -> bool:
        return queries.owner_proof_holds(proof, of, at=at + later)

    assert holds()
    assert holds(later=timedelta(minutes=15))
    assert not holds(later=timedelta(minutes=16))
    assert not holds(later=timedelta(minutes=-1))
    assert not holds(of=other)
    for wrong in ("", "2" * 10, code[:-1], code + "2", "😀" * 10, "x" * 2000, "\x00" * 10):
        assert not holds(wrong)
    Membership.objects.filter(person=admin).update(role=Role.VIEWER)
    assert not holds()
    Licence.objects.filter(pk=licence.pk).update(customer=None)
    assert not holds(of=Licence.objects.get(pk=licence.pk))


def test_s15_only_those_who_look_after_the_devices_get_one() -> None:
    owner = people.person()
    company = people.company(owner=owner)
    licence = make.licence(company)
    path = f"/licences/{licence.code}/proof/"
    assert signed_in(owner).get(path).status_code == 200
    assert signed_in(people.member(company, Role.ADMIN)).get(path).status_code == 200
    for nobody in (
        people.member(company, Role.VIEWER),
        people.member(company, Role.BILLING),
        people.person(),
        people.staff(StaffRole.MANAGER),
    ):
        assert signed_in(nobody).get(path).status_code == 404
    assert Client().get(path)["Location"].startswith("/account/login/")
    assert owner_of(licence) == owner


def test_the_program_does_not_know_which_licence_it_is(django_assert_num_queries: Any) -> None:
    licence = make.licence()
    owner = owner_of(licence)
    client = signed_in(owner)
    assert client.get("/licences/proof/")["Location"] == f"/licences/{licence.code}/proof/"
    other, foreign = make.licence(licence.customer), make.licence()
    page = client.get("/licences/proof/").content.decode()
    assert f"/licences/{licence.code}/proof/" in page
    assert f"/licences/{other.code}/proof/" in page
    assert licence.key_hint in page
    assert foreign.code not in page
    assert (
        "Go to the shop" in signed_in(people.person()).get("/licences/proof/", headers={"Accept-Language": "en"}).content.decode()
    )


def test_s30_wrong_codes_are_guesses_and_the_api_tells_a_code_too() -> None:
    licence = make.licence(terms=make.Terms(seats=0))
    told = Api(token("licences", person=owner_of(licence))).post(f"licences/{licence.code}/owner-proofs").json()
    body = activation_body(licence)
    assert Api().post("activations", body | {"owner_proof": told["code"]}).json()["error"]["devices"] == []
    with time_machine.travel(clock.now().replace(second=1) + timedelta(minutes=1), tick=False):
        answers = [Api().post("activations", body | {"owner_proof": "22222-22222"}).status_code for _ in range(21)]
    assert answers[:20] == [409] * 20
    assert answers[20] == 429
