"""Versions for everybody; customers for those who may see them."""

import pytest

from podpora.people.values import StaffRole
from tests.make import licensing as make
from tests.make import people
from tests.make.api import Api, token

pytestmark = pytest.mark.django_db


def test_versions_are_public_newest_first() -> None:
    make.product()
    told = Api().get("versions").json()
    assert told["next"] is None
    assert [(item["major"], item["state"]) for item in told["items"]] == [(10, "current"), (9, "supported"), (8, "ended")]
    assert told["items"][2] == {
        "product": "postak", "major": 8, "name": "Pošťák 8", "released_on": "2020-05-04", "support_ends_on": "2025-12-31",
        "state": "ended", "security_ends_on": "2025-12-31", "end_of_life_on": "2025-12-31", "replaced_by": None, "newest_release": None,
    }  # fmt: skip
    assert Api().get("versions?product=postak").json() == told
    assert Api().get("versions?product=other").status_code == 404


@pytest.mark.parametrize("extra", [0, 2])
def test_versions_cost_as_many_queries_whatever_their_number(extra: int, django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    from podpora.catalog import actions as catalog

    for number in range(extra):
        catalog.set_version(make.product(), 20 + number, released_on=None, support_ends_on=None, by=make.BY, at=make.BOUGHT)
    make.product()
    with django_assert_num_queries(3):
        Api().get("versions")


def test_customers_are_seen_by_those_who_may() -> None:
    mine, other = people.customer(), people.customer()
    assert mine.person
    everything = Api(token("customers")).get("customers").json()["items"]
    assert [item["code"] for item in everything] == [other.code, mine.code]
    assert set(everything[0]) >= {"code", "kind", "name", "email", "language", "country", "created_at"}
    staff = Api(token("customers", person=people.staff(StaffRole.TECHNICIAN)))
    assert len(staff.get("customers").json()["items"]) == 2
    person = Api(token("customers", person=mine.person))
    assert [item["code"] for item in person.get("customers").json()["items"]] == [mine.code]
    assert person.get(f"customers/{mine.code.lower()}").json()["email"] == mine.email
    assert person.get(f"customers/{other.code}").status_code == 404
    assert Api(token("orders")).get("customers").status_code == 403
    assert Api().get("customers").status_code == 401


def test_customers_are_found_and_paged() -> None:
    made = [people.customer() for _ in range(3)]
    caller = Api(token("customers"))
    first = caller.get("customers?limit=2").json()
    rest = caller.get(f"customers?limit=2&cursor={first['next']}").json()
    assert [item["code"] for part in (first, rest) for item in part["items"]] == [customer.code for customer in reversed(made)]
    assert [item["code"] for item in caller.get(f"customers?q={made[1].email}").json()["items"]] == [made[1].code]
