"""Calendars, agreements and clock rules through the API; the clocks of a ticket as technicians and customers see them."""

from datetime import UTC, datetime
from typing import Any

import pytest

from podpora.desk.values import Targets
from podpora.people.actions import create_token
from tests.make import clocks, desk, people
from tests.make.api import Api

pytestmark = pytest.mark.django_db
CALENDAR = {
    "name_cs": "Směna",
    "name_en": "Shift",
    "zone": "Europe/Prague",
    "country": "CZ",
    "week": {"monday": "8:00-12:00, 13:00-24:00"},
}
AGREEMENT = {
    "name_cs": "Vip",
    "name_en": "Vip",
    "calendar": "shift",
    "targets": [{"first_response": 240}, {"priority": "urgent", "solution": 90}],
}


@pytest.fixture
def api() -> Api:
    return Api(create_token("m", ("tickets",), people.manager(), by=clocks.BY, at=clocks.BEFORE))


def test_a_calendar_is_put_read_and_deleted(api: Api) -> None:
    assert api.put("calendars/shift", CALENDAR).status_code == 201
    assert api.put("calendars/shift", CALENDAR | {"name_en": "Early shift"}).status_code == 200
    told = api.get("calendars/shift").json()
    assert (told["name_en"], told["week"]["monday"], told["week"]["sunday"]) == ("Early shift", "8:00-12:00, 13:00-24:00", "")
    assert {"on", "name", "source"} == set(told["holidays"][0])
    assert api.post("calendars/shift/holidays", {"on": "2030-02-02", "name": "x"}).status_code == 201
    assert api.delete("calendars/shift/holidays/2030-02-02").status_code == 204
    assert [each["code"] for each in api.get("calendars").json()["items"]] == ["shift"]
    assert api.delete("calendars/shift").status_code == 204
    assert api.get("calendars/shift").status_code == 404


@pytest.mark.parametrize(
    ("wrong", "fields"),
    [
        ({"week": {}}, {"week": ["calendar.no_window"]}),
        ({"week": {"monday": "8-7"}}, {"week.monday": ["calendar.hours_backwards"]}),
        ({"zone": "Moon"}, {"zone": ["calendar.zone_unknown"]}),
        ({"country": "XX"}, {"country": ["calendar.country_unknown"]}),
        ({"colour": "red"}, {"colour": ["unknown"]}),
    ],
)
def test_sla_16_an_impossible_calendar_is_422(api: Api, wrong: dict[str, Any], fields: dict[str, list[str]]) -> None:
    answer = api.put("calendars/shift", CALENDAR | wrong)
    assert (answer.status_code, answer.json()["error"]["fields"]) == (422, fields)
    assert api.put("calendars/Bad_Code", CALENDAR).status_code == 422


def test_agreements_are_put_ordered_and_deleted(api: Api) -> None:
    api.put("calendars/shift", CALENDAR)
    assert api.put("agreements/a", AGREEMENT | {"plans": ["vip"], "priorities": ["high"]}).status_code == 201
    assert api.put("agreements/b", AGREEMENT).status_code == 201
    told = api.get("agreements/a").json()
    assert (told["plans"], told["priorities"], told["warn_minutes"]) == (["vip"], ["high"], 60)
    assert {each["priority"]: (each["first_response"], each["solution"]) for each in told["targets"]} == {
        None: (240, None),
        "urgent": (None, 90),
    }
    assert [each["code"] for each in api.post("agreements/order", {"codes": ["b", "a"]}).json()["items"]] == ["b", "a"]
    assert api.post("agreements/order", {"codes": ["b"]}).status_code == 422
    both = AGREEMENT | {"targets": [{"next_response": 1, "periodic_update": 1}]}
    assert api.put("agreements/a", both).json()["error"]["fields"] == {"targets": ["sla.response_or_update"]}
    assert api.put("agreements/a", AGREEMENT | {"targets": [{"solution": 1}, {"solution": 2}]}).status_code == 422
    desk.ticket()
    assert api.delete("agreements/b").json()["error"]["code"] == "sla.in_use"
    assert api.delete("calendars/shift").json()["error"]["code"] == "calendar.in_use"
    assert api.delete("agreements/a").status_code == 204


def test_sla_19_clock_rules(api: Api) -> None:
    clocks.sla()
    told = api.get("clock-rules").json()
    assert told["pauses"]["first_response"] == ["waiting_customer", "solved", "closed", "merged"]
    assert told["recalculation"]["running"] is True
    changed = api.put("clock-rules", {"pauses": {"solution": ["closed"]}, "priorities": {"vip": "high"}}).json()
    assert (changed["pauses"]["solution"], changed["priorities"]["vip"], changed["priorities"]["free"]) == (
        ["closed"],
        "high",
        "low",
    )
    assert api.put("clock-rules", {"priorities": {"vip": "loud"}}).status_code == 422
    assert api.put("clock-rules", {"pauses": {"vip": []}}).status_code == 422


def test_only_managers_and_the_vendors_systems(api: Api) -> None:
    clocks.sla()
    for person in (people.staff(), people.person()):
        other = Api(create_token("x", ("all",), person, by=clocks.BY, at=clocks.BEFORE))
        for path in ("calendars", "calendars/prague", "agreements", "agreements/vip", "clock-rules"):
            assert other.get(path).status_code == 403
    system = Api(create_token("s", ("tickets",), None, by=clocks.BY, at=clocks.BEFORE))
    assert system.get("agreements").status_code == 200


def test_vi_2_a_customer_learns_when_he_is_answered_and_nothing_more(api: Api) -> None:
    clocks.sla(targets=Targets(120, solution=60), of=clocks.round_the_clock())
    ticket = desk.ticket(at=datetime(2026, 3, 16, 9, 0, tzinfo=UTC))
    customer = Api(create_token("c", ("tickets",), ticket.requester, by=clocks.BY, at=clocks.BEFORE))
    seen, told = customer.get(f"tickets/{ticket.code}").json(), api.get(f"tickets/{ticket.code}").json()
    assert seen["due_at"] == "2026-03-16T11:00:00Z"
    assert (told["due_at"], told["first_response_due_at"], told["solution_due_at"]) == (
        "2026-03-16T10:00:00Z", "2026-03-16T11:00:00Z", "2026-03-16T10:00:00Z",
    )  # fmt: skip
    for name in ("solution_due_at", "first_response_diff", "sla", "priority"):
        assert name not in seen
