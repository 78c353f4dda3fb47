"""Central settings by API: an administrator drafts and publishes, a device polls, verifies and reports (RULES.md H)."""

import base64
import json
from datetime import timedelta
from typing import Any

import pytest
import time_machine

from podpora.audit.models import Entry
from podpora.fleet.models import DeviceSettings, Revision
from podpora.journeys import care
from podpora.licensing.models import Device
from podpora.people.models import Person
from podpora.people.values import Role
from tests.make import licensing as make
from tests.make import people
from tests.make.api import Api, token
from tests.make.firms import Firm, firm
from tests.make.fleet import document, forced, put, schema
from tests.make.offline import Program, claims_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def alfa() -> Firm:
    schema()
    return firm()


def api(of: Person) -> Api:
    return Api(token("settings", person=of))


def device_api(alfa: Firm, number: int = 1) -> Api:
    """The program on one more device of the company."""
    return Api(make.activated(alfa.licence, make.device(f"NB-{number}")).token)


def claims(answer: Any) -> dict[str, Any]:
    payload = answer.json()["bundle"].split(".")[1]
    found: dict[str, Any] = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    return found


def publish(caller: Api, based_on: int, **entries: Any) -> Any:
    layer = {key.replace("__", "."): value for key, value in entries.items()}
    assert put(caller, "settings/layers/company", {"entries": layer}).status_code == 200
    return caller.post("settings/revisions", {"based_on": based_on, "comment": "why"})


def test_from_a_draft_to_a_device_and_back(alfa: Firm) -> None:
    admin, program = api(alfa.owner), device_api(alfa)
    assert program.get("settings").status_code == 404
    made = publish(admin, 0, look__theme=forced("dark"), new__thing=forced(True))
    assert (made.status_code, made.json()["revision"], made.json()["comment"]) == (201, 1, "why")
    first = program.get("settings")
    told = claims(first)
    assert (told["org"], told["revision"], told["schema"]) == (alfa.customer.code, 1, 1)
    assert told["values"] == {
        "look.theme": {"value": "dark", "mode": "forced", "from": "company"},
        "new.thing": {"value": True, "mode": "forced", "from": "company", "since": "10.2"},
    }
    answer = program.post("settings/report", {
        "revision": 1, "state": "applied", "app_version": "10.1.0",
        "keys": {"look.theme": {"state": "applied"}, "new.thing": {"state": "skipped", "code": "settings.needs_version"}},
    })  # fmt: skip
    assert (answer.status_code, answer.json()) == (200, {"state": "applied"})
    device = DeviceSettings.objects.get().device
    view = admin.get(f"settings/effective?device={device.code}").json()
    assert view["revision"] == 1
    assert view["values"] == {"look.theme": {"value": "dark", "mode": "forced", "from": "company", "losers": []}}
    assert view["skipped"]["new.thing"][0]["why"] == "needs_version"


def test_cs_15_without_a_change_a_poll_is_a_304_and_writes_nothing(alfa: Firm, django_assert_num_queries: Any) -> None:
    program = device_api(alfa)
    publish(api(alfa.owner), 0, look__theme=forced("dark"))
    first = program.get("settings")
    with django_assert_num_queries(0):  # one prepared statement, without the ORM (api/hot.py)
        again = program.get("settings", **{"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    assert program.get("settings").content == first.content  # the very same text


def test_another_group_does_not_change_what_a_device_has(alfa: Firm) -> None:
    admin, program = api(alfa.owner), device_api(alfa)
    publish(admin, 0, look__theme=forced("dark"))
    first = program.get("settings")
    assert admin.post("settings/groups", {"name": "Others"}).status_code == 201
    assert program.get("settings", **{"If-None-Match": first["ETag"]}).status_code == 304


def test_cs_3_cs_4_groups_and_the_view_of_winner_and_losers(alfa: Firm) -> None:
    admin, program = api(alfa.owner), device_api(alfa)
    device = Device.objects.get(name="NB-1")
    second = admin.post("settings/groups", {"name": "Second"}).json()["code"]
    rule = {"name": "nb-*", "platforms": [device.platform.lower().split(" ")[0]]}
    first = admin.post("settings/groups", {"name": "First", "priority": 0, "rule": rule}).json()["code"]
    assert [(g["code"], g["priority"]) for g in admin.get("settings/groups").json()["items"]] == [(first, 0), (second, 1)]
    assert put(admin, f"settings/groups/{second}/devices", {"devices": [device.code]}).json()["added"] == 1
    for layer, theme in ((f"group:{first}", "dark"), (f"group:{second}", "light"), ("company", "light")):
        assert put(admin, f"settings/layers/{layer}", {"entries": {"look.theme": forced(theme)}}).status_code == 200
    assert admin.post("settings/revisions", {"based_on": 0}).status_code == 201
    assert claims(program.get("settings"))["values"]["look.theme"] == {"value": "dark", "mode": "forced", "from": f"group:{first}"}
    found = admin.get(f"settings/effective?device={device.code}").json()["values"]["look.theme"]
    assert [(loser["from"], loser["why"]) for loser in found["losers"]] == [(f"group:{second}", "priority"), ("company", "nearer")]
    assert admin.delete(f"settings/groups/{first}").status_code == 204
    assert claims(program.get("settings"))["values"]["look.theme"]["value"] == "light"


def test_cs_7_a_rollback_is_a_new_revision(alfa: Firm) -> None:
    admin, program = api(alfa.owner), device_api(alfa)
    publish(admin, 0, look__theme=forced("dark"))
    publish(admin, 1, look__theme=forced("light"), mail__port=forced(25))
    assert claims(program.get("settings"))["revision"] == 2
    back = admin.post("settings/revisions/1/rollback", {"comment": "oops"})
    assert (back.status_code, back.json()["revision"], back.json()["content_of"]) == (201, 3, 1)
    told = claims(program.get("settings"))
    assert (told["revision"], set(told["values"])) == (3, {"look.theme"})
    changes = admin.get("settings/revisions/2/diff?to=3").json()["changes"]
    assert [(c["key"], c["before"] and c["before"]["value"], c["after"] and c["after"]["value"]) for c in changes] == [
        ("look.theme", "light", "dark"), ("mail.port", 25, None),
    ]  # fmt: skip
    again = admin.post("settings/revisions/1/rollback", {})
    assert (again.status_code, again.json()["error"]["code"]) == (409, "settings.nothing_to_publish")


def test_cs_13_cs_21_what_does_not_fit_is_named_key_by_key(alfa: Firm) -> None:
    admin = api(alfa.owner)
    wrong = {
        "mail.port": forced(70000), "look.theme": forced("blue"), "never": forced(1), "proxy.host": forced("password=x"),
        "proxy.mode": {"value": "none", "mode": "locked"},
    }  # fmt: skip
    answer = put(admin, "settings/layers/company", {"entries": wrong})
    assert answer.status_code == 422
    assert answer.json()["error"]["fields"] == {
        "mail.port": ["settings.out_of_range"], "look.theme": ["settings.not_a_choice"], "never": ["settings.unknown_key"],
        "proxy.host": ["settings.looks_secret"], "proxy.mode": ["unknown"],
    }  # fmt: skip
    assert not admin.get("settings/layers/company").json()["draft"]
    flagged = put(admin, "settings/layers/company", {"entries": {"proxy.host": forced("Tr0ub4dor&3")}})
    assert flagged.status_code == 200
    assert set(flagged.json()["warnings"]) == {"proxy.host"}


def test_s38_a_device_gets_its_own_company_s_settings_and_no_log_has_them(alfa: Firm, caplog: Any) -> None:
    """The rollback to an older signed bundle is refused by the program: sdk/python/tests/test_settings.py (CS-8)."""
    publish(api(alfa.owner), 0, look__theme=forced("dark"))
    beta = firm("Beta")
    ours, theirs = device_api(alfa), device_api(beta, 7)
    with caplog.at_level(0):
        mine = ours.get("settings")
        for more in ("", f"?device={alfa.devices[0].code}", f"?customer={alfa.customer.code}", "?org=1&revision=1"):
            assert theirs.get(f"settings{more}", **{"If-None-Match": mine["ETag"]}).status_code in (404, 422), more
        told = {"revision": 1, "keys": {"look.theme": {"state": "applied"}}, "device": alfa.devices[0].code}
        assert theirs.post("settings/report", told).status_code in (404, 409, 422)
    assert "dark" not in caplog.text and mine.json()["bundle"] not in caplog.text
    assert claims(mine)["org"] == alfa.customer.code
    assert not DeviceSettings.objects.exclude(device__licence=alfa.licence).filter(revision=1).exists()


def test_cs_24_a_stranger_finds_nothing(alfa: Firm) -> None:
    publish(api(alfa.owner), 0, look__theme=forced("dark"))
    stranger = firm("Beta")
    other = api(stranger.owner)
    mine = alfa.devices[0].code
    assert other.get(f"settings/effective?device={mine}").status_code == 404
    assert put(other, f"settings/layers/device:{mine}", {"entries": {}}).status_code == 404
    assert other.get("settings/revisions/1").status_code == 404
    assert other.get(f"settings/revisions?customer={alfa.customer.code}").status_code == 404
    group = api(alfa.owner).post("settings/groups", {"name": "A"}).json()["code"]
    assert other.delete(f"settings/groups/{group}").status_code == 404
    assert put(other, f"settings/layers/group:{group}", {"entries": {}}).status_code == 404
    assert put(api(alfa.owner), f"settings/groups/{group}/devices", {"devices": [stranger.devices[0].code]}).status_code == 422


def test_who_belongs_to_two_companies_says_which(alfa: Firm) -> None:
    beta = firm("Beta")
    caller = api(people.member(beta.customer, Role.ADMIN, alfa.owner))
    answer = caller.get("settings/layers/company")
    assert (answer.status_code, answer.json()["error"]["fields"]) == (422, {"customer": ["required"]})
    assert caller.get(f"settings/layers/company?customer={beta.customer.code}").status_code == 200


def test_who_may_what(alfa: Firm) -> None:
    viewer = api(alfa.viewer)
    assert viewer.get("settings/layers/company").status_code == 200
    assert put(viewer, "settings/layers/company", {"entries": {}}).status_code == 404
    assert viewer.post("settings/revisions", {"based_on": 0}).status_code == 404
    assert viewer.post("settings/groups", {"name": "A"}).status_code == 404
    assert Api(token("tickets", person=alfa.owner)).get("settings/layers/company").status_code == 403
    assert Api().get("settings").status_code == 401
    assert api(alfa.owner).post("settings/schemas", document(2)).status_code == 403  # the vendor's alone


def test_cs_25_two_administrators(alfa: Firm) -> None:
    one = api(alfa.owner)
    colleague = people.member(alfa.customer, Role.ADMIN)
    two = api(colleague)
    put(one, "settings/layers/company", {"entries": {"look.theme": forced("dark")}})
    put(two, "settings/layers/company", {"entries": {"look.theme": forced("light"), "mail.port": forced(25)}})
    assert one.post("settings/revisions", {"based_on": 0}).status_code == 201
    late = two.post("settings/revisions", {"based_on": 0})
    reason = late.json()["error"]["reasons"][0]
    assert (late.status_code, reason["code"]) == (409, "settings.conflict")
    assert [change["key"] for change in reason["facts"]["diff"]] == ["look.theme"]
    assert [(c["before"]["value"], c["after"]["value"]) for c in reason["facts"]["conflicts"]] == [("dark", "light")]
    assert Revision.objects.count() == 1
    assert two.get("settings/layers/company").json()["entries"]["mail.port"] == forced(25)  # nothing was lost
    assert two.post("settings/revisions", {"based_on": 1}).json()["revision"] == 2  # he saw it, and means it


def test_cs_14_a_setting_that_the_program_could_not_use(alfa: Firm) -> None:
    program = device_api(alfa)
    publish(api(alfa.owner), 0, look__theme=forced("dark"))
    program.get("settings")
    told = {"revision": 1, "keys": {"look.theme": {"state": "error", "code": "settings.rejected", "reason": "no such theme"}}}
    assert program.post("settings/report", told).json() == {"state": "partial"}
    row = DeviceSettings.objects.get()
    assert row.keys == {"look.theme": {"state": "error", "code": "settings.rejected", "reason": "no such theme"}}


def test_cs_8_cs_10_what_a_device_did_not_take_is_in_the_audit(alfa: Firm) -> None:
    program = device_api(alfa)
    publish(api(alfa.owner), 0, look__theme=forced("dark"))
    program.get("settings")
    told = {"revision": 1, "keys": {}, "refused": [{"code": "settings.stale_revision"}]}
    assert program.post("settings/report", told).json() == {"state": "refused"}
    assert Entry.objects.filter(verb="settings.refused").count() == 1
    program.post("settings/report", told)
    assert Entry.objects.filter(verb="settings.refused").count() == 1


def test_a_report_without_settings_and_a_report_of_anything(alfa: Firm) -> None:
    program = device_api(alfa)
    assert program.post("settings/report", {"revision": 5}).json() == {"state": "none"}
    assert program.post("settings/report", {"revision": -1}).status_code == 422
    assert program.post("settings/report", {"revision": 1, "keys": {"x" * 101: {}}}).status_code == 422
    assert program.post("settings/report", b'{"revision": 1, "keys": "' + b"x" * 12_000_000 + b'"}').status_code == 413


def test_cs_20_a_licence_that_ended_gives_no_new_bundle(alfa: Firm) -> None:
    program = device_api(alfa)
    publish(api(alfa.owner), 0, look__theme=forced("dark"))
    first = program.get("settings")
    care.suspend(alfa.licence, "chargeback", by=make.BY, at=make.BOUGHT)
    assert program.get("settings", **{"If-None-Match": first["ETag"]}).status_code == 304
    ends = claims(first)["exp"] - claims(first)["iat"]
    assert timedelta(seconds=ends) == timedelta(days=30)


def test_a_device_that_gave_its_seat_back_gets_nothing(alfa: Firm) -> None:
    program = device_api(alfa)
    publish(api(alfa.owner), 0, look__theme=forced("dark"))
    assert program.get("settings").status_code == 200
    assert program.delete("activations/me").status_code == 204
    answer = program.get("settings")
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "licence.deactivated")


def test_a_bundle_is_renewed_long_before_its_end(alfa: Firm) -> None:
    program = device_api(alfa)
    with time_machine.travel(make.BOUGHT, tick=False):
        publish(api(alfa.owner), 0, look__theme=forced("dark"))
        first = program.get("settings")
    with time_machine.travel(make.BOUGHT + timedelta(days=6), tick=False):
        assert program.get("settings").content == first.content
    with time_machine.travel(make.BOUGHT + timedelta(days=8), tick=False):
        assert claims(program.get("settings"))["iat"] - claims(first)["iat"] == 8 * 86400


def test_the_vendor_uploads_a_schema(alfa: Firm) -> None:
    vendor = Api(token("settings"))
    answer = vendor.post("settings/schemas", document(2, **{"look.zoom": {"type": "number", "title": {"cs": "Z", "en": "Z"}}}))
    assert (answer.status_code, answer.json()) == (
        201, {"version": 2, "changes": [{"key": "look.zoom", "kind": "added", "what": "", "breaks": False}]},
    )  # fmt: skip
    older = vendor.post("settings/schemas", document(1))
    assert (older.status_code, older.json()["error"]["fields"]) == (422, {"x-version": ["settings.schema_version"]})
    wrong = vendor.post("settings/schemas", {"x-version": 3, "properties": {"a": {"$ref": "#"}}})
    assert wrong.status_code == 422
    shown = api(alfa.owner).get("settings/schema").json()
    assert (shown["version"], len(shown["settings"])) == (2, 6)
    assert shown["settings"][1] == {
        "key": "proxy.mode", "type": "string", "default": None, "modes": ["forced", "default", "initial"],
        "title": {"cs": "Název", "en": "Title"}, "help": {}, "page": "", "enum": ["none", "manual"], "atomic_group": "proxy",
    }  # fmt: skip


def test_a_schema_that_narrows_stops_what_no_longer_fits(alfa: Firm) -> None:
    admin = api(alfa.owner)
    put(admin, "settings/layers/company", {"entries": {"mail.port": forced(60000)}})
    schema(2, **{"mail.port": {"type": "integer", "maximum": 1024, "title": {"cs": "P", "en": "P"}}})
    answer = admin.post("settings/revisions", {"based_on": 0})
    assert (answer.status_code, answer.json()["error"]["fields"]) == (422, {"mail.port": ["settings.out_of_range"]})


def test_the_settings_travel_in_a_bundle_for_computers_without_a_network(alfa: Firm) -> None:
    """A-9: N certificates and each device's settings revision in one file; before there are settings the list is empty."""
    programs = [Program(make.device(name)) for name in ("LAB-1", "LAB-2")]
    sent = {"requests": [one.request() for one in programs], "licence": alfa.licence.code}
    caller = Api(token("licences", person=alfa.owner))
    assert caller.post("offline/bundles", sent).json()["settings"] == []
    publish(api(alfa.owner), 0, look__theme=forced("dark"))
    file = caller.post("offline/bundles", sent).json()
    told = [claims_in(text) for text in file["settings"]]
    assert [(one["revision"], one["org"]) for one in told] == [(1, alfa.customer.code)] * 2
    assert [one["device"] for one in told] == [claims_in(text)["device"] for text in file["certificates"]]
    assert told[0]["values"]["look.theme"]["value"] == "dark"
