"""The support desk's own actions over HTTP."""

from typing import Any

import pytest
import time_machine

from podpora.licensing import queries
from podpora.people.values import Role, StaffRole
from tests.make import licensing as make
from tests.make import people
from tests.make.api import Api, activation_body, token

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_today")]


@pytest.fixture
def _today() -> Any:
    with time_machine.travel("2026-06-01T10:00:00Z", tick=False):
        yield


def test_suspend_and_reinstate() -> None:
    licence, api = make.licence(), Api(token("licences"))
    make.activated(licence)
    held = api.post(f"licences/{licence.code}/suspend", {"reason": "for sale"})
    assert (held.status_code, held.json()["state"]) == (200, "suspended")
    assert held.json()["support"]["code"] == "licence.suspended_by_vendor"
    assert held.json()["run"] | {"message": "", "next": [], "days_left": None} == {
        "allowed": True, "code": "licence.suspended_by_vendor", "covers": {"all": False, "through_major": 10, "until": None},
        "message": "", "next": [], "days_left": None,
    }  # fmt: skip
    refused = Api().post("activations", activation_body(licence))
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "licence.suspended_by_vendor")
    again = api.post(f"licences/{licence.code}/suspend", {"reason": "for sale"})
    assert (again.status_code, again.json()["error"]["code"]) == (409, "licence.suspended_already")
    free = api.post(f"licences/{licence.code}/reinstate", {"reason": "a mistake"})
    assert (free.status_code, free.json()["state"], free.json()["run"]["code"]) == (200, "active", "licence.valid")
    ledger = api.get(f"licences/{licence.code}/ledger").json()["entries"]
    assert [entry["kind"] for entry in ledger] == ["purchase", "suspension", "reinstatement"]
    assert "for sale" in ledger[1]["why"]


def test_goodwill_by_its_own_name_is_given_once() -> None:
    licence, api = make.licence(), Api(token("licences"))
    body = {"days": 10, "reason": "we were slow", "external_id": "case-7"}
    for _ in range(2):
        given = api.post(f"licences/{licence.code}/goodwill", body)
        assert (given.status_code, given.json()["support"]["through"]) == (200, "2027-03-20")


@pytest.mark.parametrize(
    "body",
    [{}, {"days": 3}, {"days": -1, "reason": "x"}, {"days": "3", "reason": "x"}, {"reason": "x"}, {"years": 11, "reason": "x"}],
)
def test_goodwill_that_cannot_be_given(body: dict[str, Any]) -> None:
    refused = Api(token("licences")).post(f"licences/{make.licence().code}/goodwill", body)
    assert refused.status_code == 422
    assert refused.json()["error"]["fields"]


def test_x_9_a_leaked_key_is_replaced() -> None:
    licence = make.licence()
    old = queries.key_of(licence)
    answer = Api(token("licences")).post(f"licences/{licence.code}/key", {"reason": "posted in a forum"}).json()
    assert answer["key"] != old
    assert Api().post("activations", activation_body(licence) | {"key": old}).status_code == 404
    assert Api().post("activations", activation_body(licence) | {"key": answer["key"]}).status_code == 201


def test_staff_put_a_device_on_a_licence_by_the_same_rules() -> None:
    licence, api = make.licence(), Api(token("licences"))
    body = {name: value for name, value in activation_body(licence).items() if name != "key"}
    first = api.post(f"licences/{licence.code}/activations", body)
    assert first.status_code == 201
    assert first.json()["token"]
    assert api.post(f"licences/{licence.code}/activations", body).status_code == 200
    for _ in range(2):
        make.activated(licence)
    other = {name: value for name, value in activation_body(licence).items() if name != "key"}
    full = api.post(f"licences/{licence.code}/activations", other)
    assert (full.status_code, full.json()["error"]["code"]) == (409, "licence.activation_limit")


def test_a_search_by_what_a_customer_tells() -> None:
    licence, api = make.licence(), Api(token("licences"))
    make.licence()
    group = queries.key_of(licence).split("-")[2].lower()
    for words in (group, licence.code, licence.customer.email if licence.customer else ""):
        assert [item["code"] for item in api.get(f"licences?q={words}").json()["items"]] == [licence.code]


def test_a_member_finds_only_his_own() -> None:
    licence, other = make.licence(), make.licence()
    member = people.member(people.company(), Role.OWNER)
    api = Api(token("licences", person=member))
    for words in (licence.code, queries.key_of(other), "@"):
        assert api.get(f"licences?q={words}").json()["items"] == []


@pytest.mark.parametrize("what", ["suspend", "reinstate", "goodwill", "key", "activations"])
def test_only_the_vendor_may(what: str) -> None:
    licence = make.licence()
    owner = licence.customer.person if licence.customer else None
    assert owner is not None
    callers = [token("licences", person=owner), token("orders"), token("licences", person=people.staff(StaffRole.TECHNICIAN))]
    for secret in callers:
        assert Api(secret).post(f"licences/{licence.code}/{what}", {"reason": "x"}).status_code == 403
    assert Api().post(f"licences/{licence.code}/{what}", {"reason": "x"}).status_code == 401
    assert Api(token("licences")).post(
        f"licences/L-NONE/{what}", {"reason": "x", **({"days": 1} if what == "goodwill" else {})}
    ).status_code in (404, 422)
