"""Licences over HTTP: exactly the JSON of API.md, for those who may see them."""

from typing import Any

import pytest

from podpora.people.models import Person
from podpora.people.values import Role, StaffRole
from tests.make import licensing as make
from tests.make import people
from tests.make.api import Api, token

pytestmark = pytest.mark.django_db


def test_what_a_licence_gives_at_an_instant() -> None:
    licence = make.licence()
    done = make.activated(licence, make.device("Notebook"))
    found = Api(token("licences")).get(f"licences/{licence.code}?at=2027-03-10T22:30:00Z").json()
    assert {name: found[name] for name in ("code", "product", "offer", "kind", "state", "customer", "seats")} == {
        "code": licence.code, "product": "postak", "offer": "pro-private-3", "kind": "one-time", "state": "active",
        "customer": licence.customer.code, "seats": {"total": 3, "used": 1},
    }  # fmt: skip
    assert found["devices"] == [{
        "code": done.activation.device.code, "name": "Notebook", "platform": "windows", "app_version": "10.1.0",
        "activated_at": "2026-03-10T09:00:00Z", "last_seen_at": "2026-03-10T09:00:00Z", "state": "active",
        "blocked_at": None, "suspected_clone_at": None, "clock_off_hours": None,
    }]  # fmt: skip
    run, support = found["run"], found["support"]
    assert (run["allowed"], run["code"]) == (True, "licence.valid")
    assert run["covers"] == {"all": False, "through_major": 10, "until": None}
    assert (support["allowed"], support["code"]) == (True, "support.active")
    assert (support["starts_on"], support["through"]) == ("2026-03-10", "2027-03-10")
    for part in (run, support):
        assert part["message"]
        assert isinstance(part["next"], list)


@pytest.mark.parametrize(("at", "code", "allowed"), [
    ("2026-03-10T08:59:59Z", "support.not_included", False), ("2026-03-10T10:00:00%2B01:00", "support.active", True),
    ("2026-03-10T10:00:00+01:00", "support.active", True), ("2027-03-10T22:59:59Z", "support.active", True),
    ("2027-03-10T23:00:00Z", "support.grace", True), ("2027-03-11T11:59:59Z", "support.grace", True),
    ("2027-03-11T12:00:00Z", "support.expired", False),
])  # fmt: skip
def test_z4_z5_the_gate_at_the_edges_of_the_term(at: str, code: str, allowed: bool) -> None:
    found = Api(token("licences")).get(f"licences/{make.licence().code}?at={at}").json()["support"]
    assert (found["code"], found["allowed"]) == (code, allowed)


@pytest.mark.parametrize(
    "at", ["x", "2027-03-10", "2027-03-10T22:30:00", "0001-01-01T00:00:00%2B14:00", "9999-12-31T23:59:59-14:00"]
)
def test_an_instant_that_is_none(at: str) -> None:
    refused = Api(token("licences")).get(f"licences/{make.licence().code}?at={at}")
    assert (refused.status_code, refused.json()["error"]["fields"]) == (422, {"at": ["not_an_instant"]})


def test_the_ledger_and_its_replay() -> None:
    licence = make.licence()
    found = Api(token("licences")).get(f"licences/{licence.code}/ledger").json()
    entry = found["entries"][0]
    expected = {"source": f"order:A-{licence.pk}/1", "kind": "purchase", "on": "2026-03-10", "years": 1, "standing": True}
    assert {name: entry[name] for name in expected} == expected
    assert entry["why"]
    assert found["periods"] == [{"starts_on": "2026-03-10", "through": "2027-03-10"}]


def viewers() -> dict[str, tuple[Any, Person]]:
    firm = people.company()
    licence = make.licence(firm)
    return {
        "owner": (licence, Person.objects.get(memberships__customer=firm)),
        "viewer": (licence, people.member(firm, Role.VIEWER)),
        "technician": (licence, people.staff(StaffRole.TECHNICIAN)),
        "manager": (licence, people.manager()),
        "moderator": (licence, people.staff(StaffRole.MODERATOR)),
        "stranger": (licence, people.person()),
        "other owner": (licence, Person.objects.get(memberships__customer=people.company())),
    }


@pytest.mark.parametrize("who", ["owner", "viewer", "technician", "manager"])
def test_who_may_see_a_licence(who: str) -> None:
    licence, person = viewers()[who]
    caller = Api(token("licences", person=person))
    for path in ("", "/ledger", "/devices"):
        assert caller.get(f"licences/{licence.code}{path}").status_code == 200
    assert caller.get(f"licences/{licence.code.lower()}").status_code == 200
    assert licence.code in [item["code"] for item in caller.get("licences").json()["items"]]


@pytest.mark.parametrize("who", ["moderator", "stranger", "other owner"])
def test_s15_to_others_it_does_not_exist(who: str) -> None:
    licence, person = viewers()[who]
    caller = Api(token("licences", person=person))
    for path in ("", "/ledger", "/devices"):
        theirs, nobodys = caller.get(f"licences/{licence.code}{path}"), caller.get(f"licences/L-22222222{path}")
        assert (theirs.status_code, theirs.content) == (404, nobodys.content)
    assert caller.delete(f"licences/{licence.code}/devices/D-22222222").status_code == 404
    assert caller.get("licences").json()["items"] == []


def test_a4_a_seat_is_freed_by_those_who_look_after_devices() -> None:
    firm = people.company()
    licence, other = make.licence(firm), make.licence(firm)
    device = make.activated(licence).activation.device.code
    viewer = Api(token("licences", person=people.member(firm, Role.VIEWER)))
    admin = Api(token("licences", person=people.member(firm, Role.ADMIN)))
    assert viewer.delete(f"licences/{licence.code}/devices/{device}").status_code == 404
    assert admin.delete(f"licences/{other.code}/devices/{device}").status_code == 404
    for _ in range(2):
        assert admin.delete(f"licences/{licence.code}/devices/{device}").status_code == 204
    licence.refresh_from_db()
    assert licence.seats_used == 0
    assert admin.get(f"licences/{licence.code}/devices").json()["items"][0]["state"] == "deactivated"


@pytest.mark.parametrize("count", [1, 3])
def test_a_list_asks_as_often_for_one_as_for_three(count: int, django_assert_num_queries: Any) -> None:
    caller = Api(token("licences", person=people.staff()))
    for _ in range(count):
        make.activated(make.licence())
    with django_assert_num_queries(5):
        assert len(caller.get("licences").json()["items"]) == count


@pytest.mark.parametrize("count", [1, 3])
def test_a_licence_asks_as_often_for_one_device_as_for_three(count: int, django_assert_num_queries: Any) -> None:
    licence = make.licence()
    caller = Api(token("licences"))
    for _ in range(count):
        make.activated(licence)
    with django_assert_num_queries(7):
        assert len(caller.get(f"licences/{licence.code}").json()["devices"]) == count
