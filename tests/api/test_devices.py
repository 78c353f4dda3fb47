"""A company's devices by API, with members' tokens: filters, changes, one thing done to many; who may what."""

import json
from typing import Any

import pytest

from podpora.licensing import actions, queries
from podpora.licensing.models import Device
from podpora.people.models import Person
from tests.make import licensing as make
from tests.make import people
from tests.make.api import Api, token
from tests.make.firms import Firm, firm

pytestmark = pytest.mark.django_db


def api(of: Person) -> Api:
    return Api(token("licences", person=of))


def patch(caller: Api, path: str, body: Any) -> Any:
    return caller.client.patch(f"/api/v1/{path}", json.dumps(body), content_type="application/json", headers=caller.headers)


def names(answer: Any) -> list[str]:
    return [item["name"] for item in answer.json()["items"]]


@pytest.fixture
def alfa() -> Firm:
    return firm()


def test_filters_of_the_list(alfa: Firm) -> None:
    path, caller = f"licences/{alfa.licence.code}/devices", api(alfa.owner)
    actions.free_seat(alfa.licence, alfa.devices[2].code, by=make.BY, at=make.BOUGHT)
    assert names(caller.get(path)) == ["PC-1", "PC-2", "PC-3"]
    assert names(caller.get(f"{path}?state=active")) == ["PC-1", "PC-2"]
    assert names(caller.get(f"{path}?q=pc-2")) == ["PC-2"]
    assert names(caller.get(f"{path}?team={alfa.team.code}")) == ["PC-1"]
    assert names(caller.get(f"{path}?team=none&version=10")) == ["PC-2", "PC-3"]
    first = caller.get(f"{path}?limit=2").json()
    assert names(caller.get(f"{path}?limit=2&cursor={first['next']}")) == ["PC-3"]
    device = first["items"][0]
    assert (device["team"]["name"], device["person"], device["blocked"], device["suspected_clone"]) == ("Sales", None, False, False)


def test_everybody_sees_his_own(alfa: Firm) -> None:
    path = f"licences/{alfa.licence.code}"
    assert names(api(alfa.lead).get(f"{path}/devices")) == ["PC-1"]
    assert names(api(alfa.viewer).get(f"{path}/devices")) == []
    assert api(alfa.viewer).get(path).json()["devices"] == []
    assert api(people.person()).get(f"{path}/devices").status_code == 404
    assert names(Api(token("licences")).get(f"{path}/devices")) == ["PC-1", "PC-2", "PC-3"]


def test_a_device_is_changed_whole_or_not_at_all(alfa: Firm) -> None:
    path, caller = f"licences/{alfa.licence.code}/devices/{alfa.devices[1].code}", api(alfa.owner)
    body = {"name": "Reception", "person": alfa.viewer.code, "team": alfa.team.code, "blocked": True}
    answer = patch(caller, path, body)
    assert answer.status_code == 200
    told = answer.json()
    assert (told["name"], told["person"]["code"], told["team"]["code"], told["blocked"]) == tuple(body.values())
    assert patch(caller, path, {"name": "Other", "person": people.person().code}).status_code == 422
    assert patch(caller, path, {}).status_code == 422
    assert caller.get(path).json()["name"] == "Reception"
    assert patch(caller, path, {"person": "", "team": ""}).json()["person"] is None


@pytest.mark.parametrize("who", ["viewer", "billing", "lead"])
def test_who_does_not_look_after_devices_changes_none(alfa: Firm, who: str) -> None:
    caller, path = api(getattr(alfa, who)), f"licences/{alfa.licence.code}/devices"
    assert patch(caller, f"{path}/{alfa.devices[0].code}", {"name": "x"}).status_code == 404
    assert caller.post(f"{path}/actions", {"action": "rename", "filter": {}, "pattern": "x"}).status_code == 404
    assert caller.delete(f"{path}/{alfa.devices[1].code}").status_code == 404


def test_a_lead_frees_his_teams_devices(alfa: Firm) -> None:
    caller, path = api(alfa.lead), f"licences/{alfa.licence.code}/devices"
    assert caller.post(f"{path}/actions", {"action": "free", "devices": [alfa.devices[1].code]}).status_code == 422
    assert caller.delete(f"{path}/{alfa.devices[0].code}").status_code == 204
    assert list(Device.objects.filter(holds_seat=True).values_list("name", flat=True)) == ["PC-2", "PC-3"]


def test_one_thing_is_done_to_many_and_undone(alfa: Firm) -> None:
    caller, path = api(alfa.owner), f"licences/{alfa.licence.code}"
    done = caller.post(f"{path}/devices/actions", {"action": "rename", "filter": {"q": "PC"}, "pattern": "B-{nn}"})
    assert done.status_code == 200
    work = done.json()
    assert (work["total"], work["done"], work["changed"], work["refused"]) == (3, 3, 3, {})
    assert caller.get(f"{path}/device-works/{work['code']}").json()["changed"] == 3
    assert caller.post(f"{path}/device-works/{work['code']}/undo").json()["undone_at"]
    listed = caller.get(f"{path}/device-works").json()["items"]
    assert listed[0]["code"] == work["code"] and listed[0]["undone_at"] and listed[0]["by"]
    again = caller.post(f"{path}/device-works/{work['code']}/undo")
    assert (again.status_code, again.json()["error"]["code"]) == (409, "device.already_undone")
    freed = caller.post(f"{path}/devices/actions", {"action": "free", "devices": [alfa.devices[0].code]}).json()
    assert caller.post(f"{path}/device-works/{freed['code']}/undo").json()["error"]["code"] == "device.no_undo"
    assert api(alfa.viewer).get(f"{path}/device-works/{work['code']}").status_code == 404
    assert caller.get(f"{path}/device-works/W-2222222222").status_code == 404


@pytest.mark.parametrize(
    "body",
    [
        {"action": "free"},
        {"action": "free", "devices": [], "filter": None},
        {"action": "free", "devices": ["D-22222222"]},
        {"action": "free", "filter": {}, "devices": ["D-22222222"]},
        {"action": "melt", "filter": {}},
        {"action": "rename", "filter": {}},
        {"action": "rename", "filter": {}, "pattern": "{key}"},
        {"action": "team", "filter": {}, "team": "TM-22222222"},
        {"action": "free", "filter": {"q": "nobody"}},
        {"action": "free", "filter": {"is_former": True}},
    ],
)
def test_bad_input_changes_nothing(alfa: Firm, body: dict[str, Any]) -> None:
    assert api(alfa.owner).post(f"licences/{alfa.licence.code}/devices/actions", body).status_code == 422
    assert Device.objects.filter(holds_seat=True).count() == 3


def test_org_7_a_private_customer_does_no_bulk_work() -> None:
    jana = people.person()
    licence = make.licence(people.customer_of(jana))
    device = make.activated(licence).activation.device
    answer = api(jana).post(f"licences/{licence.code}/devices/actions", {"action": "free", "filter": {}})
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "manager.company_licence_needed")
    assert patch(api(jana), f"licences/{licence.code}/devices/{device.code}", {"name": "Mine"}).status_code == 200
    assert patch(api(jana), f"licences/{licence.code}/devices/{device.code}", {"person": ""}).status_code == 409
    assert queries.active_devices(licence).get().name == "Mine"
