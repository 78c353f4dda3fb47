"""Technicians, skills, absences, assignment and statistics through the API."""

import pytest

from podpora.people.actions import create_token
from podpora.people.models import Person
from tests.make import clocks, desk, people
from tests.make.api import Api

pytestmark = pytest.mark.django_db
DAYS = {"starts_on": "2099-01-01", "ends_on": "2099-01-05"}


def api(person: Person | None) -> Api:
    return Api(create_token("t", ("tickets",), person, by=clocks.BY, at=clocks.BEFORE))


def test_a_manager_keeps_skills_profiles_and_assignment() -> None:
    technician, manager = people.staff(), api(people.manager())
    desk.queue()
    skill = {"name_cs": "Apple", "name_en": "Apple", "queues": ["vip"], "platforms": ["mac"]}
    assert [manager.put("skills/mac", skill).status_code for _ in range(2)] == [201, 200]
    assert manager.put("skills/Bad", skill).status_code == 422
    assert manager.get("skills").json()["items"][0]["queues"] == ["vip"]
    told = manager.put(f"technicians/{technician.code}", {"skills": ["mac"], "languages": ["cs"], "cap": 3}).json()["items"]
    mine = next(each for each in told if each["code"] == technician.code)
    assert (mine["skills"], mine["cap"], mine["load"]) == (["mac"], 3, 0)
    assert manager.delete("skills/mac").json()["error"]["code"] == "skill.in_use"
    assert manager.put("queues/vip/assignment", {"assignment": "by_load", "timeout": 30}).json()["assignment"] == "by_load"
    assert manager.put("queues/vip/assignment", {"assignment": "loudest"}).status_code == 422
    assert manager.get("queues").json()["items"][0]["timeout"] == 30
    assert api(technician).get("technicians").status_code == 403


def test_as_2_absences_are_ones_own_or_the_managers() -> None:
    me, other = people.staff(), people.staff()
    made = api(me).post("absences", DAYS | {"stand_in": other.code})
    assert made.status_code == 201
    code = made.json()["code"]
    assert made.json()["technician"] == me.code
    assert api(other).get("absences").json()["items"] == []
    assert api(other).delete(f"absences/{code}").status_code == 404
    assert api(other).post("absences", DAYS | {"technician": me.code}).status_code == 404
    assert [each["code"] for each in api(None).get("absences").json()["items"]] == [code]
    assert api(None).post("absences", DAYS).status_code == 422
    assert api(me).post("absences", DAYS).json()["error"]["fields"] == {"starts_on": ["absence.overlaps"]}
    assert api(people.manager()).delete(f"absences/{code}").status_code == 204


def test_statistics() -> None:
    desk.ticket()
    told = api(None).get("statistics/tickets?since=2026-03-01&until=2026-03-31&by=technician").json()
    assert (told["now"]["opened"], told["before"]["opened"], len(told["groups"])) == (1, 0, 1)
    assert api(people.staff()).get("statistics/tickets").status_code == 200
    assert api(people.person()).get("statistics/tickets").status_code == 403
    for query in ("by=colour", "since=nonsense", "since=2026-03-02&until=2026-03-01"):
        assert api(None).get(f"statistics/tickets?{query}").status_code == 422
