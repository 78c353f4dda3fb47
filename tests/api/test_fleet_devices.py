"""The devices of a company by API: offered, applied, partly, silent, decided on the spot; tables and files (RULES.md H)."""

import csv
import io
import json
from datetime import timedelta
from typing import Any

import pytest

from podpora.licensing.models import Device
from tests.api.test_central import api, claims, publish
from tests.make import licensing as make
from tests.make.api import Api
from tests.make.firms import Firm, firm
from tests.make.fleet import forced, put, schema
from tests.make.licensing import BOUGHT

pytestmark = pytest.mark.django_db


@pytest.fixture
def alfa() -> Firm:
    schema()
    return firm(devices=0, seats=20)


def program(alfa: Firm, name: str, version: str = "10.1.0") -> Api:
    return Api(make.activated(alfa.licence, make.device(name), version=version).token)


def told(caller: Api, query: str = "") -> dict[str, Any]:
    return {each["name"]: each for each in caller.get(f"settings/devices?{query}").json()["items"]}


def test_what_each_device_was_offered_and_became_of_it(alfa: Firm) -> None:
    admin = api(alfa.owner)
    fine, wrong, local, _silent = (program(alfa, name) for name in ("NB-1", "NB-2", "PC-3", "PC-4"))
    publish(admin, 0, look__theme=forced("dark"), mail__port=forced(25))
    reports = {
        "theme": {"look.theme": {"state": "applied"}},
        "error": {"mail.port": {"state": "error", "code": "settings.rejected", "reason": "=HYPERLINK(1)"}},
        "local": {"mail.port": {"state": "overridden", "code": "settings.local_policy", "reason": "machine"}},
    }  # fmt: skip
    for each, name in ((fine, "theme"), (wrong, "error"), (local, "local")):
        each.get("settings")
        each.post("settings/report", {"revision": 1, "keys": reports[name]})
    Device.objects.filter(name="PC-4").update(last_seen_at=BOUGHT - timedelta(days=900))
    found = told(admin)
    assert {name: (each["standing"], each["state"], each["drifted"]) for name, each in found.items()} == {
        "NB-1": ("current", "applied", False), "NB-2": ("error", "partial", False), "PC-3": ("current", "applied", True),
        "PC-4": ("behind", None, False),
    }  # fmt: skip
    assert (found["NB-1"]["offered"]["revision"], found["NB-1"]["reported"]["revision"], found["PC-4"]["offered"]) == (1, 1, None)
    assert found["PC-3"]["keys"]["mail.port"]["state"] == "overridden"
    assert admin.get("settings/devices/counts").json()["drift"] == 1
    code = found["NB-1"]["code"]
    assert admin.get(f"settings/devices/{code}").json() == found["NB-1"]
    stranger = api(firm("Beta", devices=0).owner)
    assert [stranger.get(f"settings/devices/{code}").status_code, stranger.get("settings/devices").json()["items"]] == [404, []]
    assert api(alfa.viewer).post(f"settings/devices/{code}/file").status_code == 404
    for query, names in {
        "state=error": ["NB-2"],
        "state=drift": ["PC-3"],
        "state=behind": ["PC-4"],
        "q=nb": ["NB-1", "NB-2"],
    }.items():
        assert sorted(told(admin, query)) == names
    assert "PC-4" in told(admin, "state=silent")
    assert admin.get("settings/devices?state=lost").status_code == 422
    _paged_and_as_a_table(admin)


def _paged_and_as_a_table(admin: Api) -> None:
    first = admin.get("settings/devices?limit=3").json()
    assert len(admin.get(f"settings/devices?limit=3&cursor={first['next']}").json()["items"]) == 1
    raw = b"".join(admin.get("settings/devices?form=csv").streaming_content).decode("utf-8-sig")
    table = {row["name"]: row for row in csv.DictReader(io.StringIO(raw))}
    two = table["NB-2"]
    assert (two["state"], two["problems"], table["PC-3"]["drifted"]) == ("partial", "mail.port: =HYPERLINK(1)", "True")


def test_filters_by_group_find_those_of_its_rule_too(alfa: Firm) -> None:
    admin = api(alfa.owner)
    for name, version in (("NB-1", "10.1.0"), ("nb-2", "9.4.0"), ("PC-3", "10.2.0"), ("NB.4", "10.2.0")):
        program(alfa, name, version)
    rules: dict[str, dict[str, Any]] = {"name": {"name": "nb-*"}, "new": {"since": "10.1", "name": "*"}, "none": {}}
    codes = {name: admin.post("settings/groups", {"name": name, "rule": rule}).json()["code"] for name, rule in rules.items()}
    put(admin, f"settings/groups/{codes['none']}/devices", {"devices": [Device.objects.get(name="PC-3").code]})
    assert sorted(told(admin, f"group={codes['name']}")) == ["NB-1", "nb-2"]
    assert sorted(told(admin, f"group={codes['new']}")) == ["NB-1", "NB.4", "PC-3"]
    assert sorted(told(admin, f"group={codes['none']}")) == ["PC-3"]
    assert told(admin, "group=G-NOTHING") == {}


def test_a_device_that_a_rule_finds_by_its_new_name_team_or_person_gets_it_at_the_next_poll(alfa: Firm) -> None:
    admin, one = api(alfa.owner), program(alfa, "NB-1")
    team = alfa.team
    rules = ({"name": "SALES-*"}, {"team": team.code}, {"person": alfa.owner.email})
    codes = [admin.post("settings/groups", {"name": str(number), "rule": rule}).json()["code"] for number, rule in enumerate(rules)]
    for number, code in enumerate(codes):
        put(admin, f"settings/layers/group:{code}", {"entries": {"mail.port": forced(100 + number)}})
    put(admin, "settings/layers/company", {"entries": {"mail.port": forced(25)}})
    admin.post("settings/revisions", {"based_on": 0})
    seen, changes = (
        [],
        ({}, {"person": alfa.owner}, {"team": team}, {"name": "sales-1"}, {"name": "NB-1", "team": None, "person": None}),
    )
    tag = ""
    for change in changes:
        Device.objects.filter(name__in=("NB-1", "sales-1")).update(**change) if change else None
        answer = one.get("settings", **({"If-None-Match": tag} if tag else {}))
        tag = answer["ETag"]
        seen.append(claims(answer)["values"]["mail.port"]["value"])
    assert seen == [25, 102, 101, 100, 25]
    assert one.get("settings", **{"If-None-Match": tag}).status_code == 304


def test_files_by_api(alfa: Firm) -> None:
    admin, one = api(alfa.owner), program(alfa, "NB-1")
    code = Device.objects.get().code
    assert admin.post(f"settings/devices/{code}/file").status_code == 404  # there is nothing to give yet
    publish(admin, 0, look__theme=forced("dark"))
    assert json.loads(admin.get("settings/export").content) == {"look.theme": {"mode": "forced", "value": "dark"}}
    assert '"look.theme"="dark"' in admin.get(f"settings/export?form=reg&layer=device:{code}").content.decode("utf-16")
    assert admin.get("settings/export?form=plist")["Content-Disposition"].endswith('-company.plist"')
    assert admin.get("settings/export?form=admx").content[:2] == b"PK"
    assert admin.get(f"settings/export?form=admx&layer=device:{code}").status_code == 404
    file = admin.post(f"settings/devices/{code}/file").json()
    assert file["settings"] == [one.get("settings").json()["bundle"]]
