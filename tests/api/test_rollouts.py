"""Staged roll-outs and second approvals by API: each device gets the revision of its wave (CS-7, CS-8, CS-17 to CS-19, CS-25)."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine

from podpora.audit.models import Entry
from podpora.fleet import actions
from podpora.fleet.models import DeviceSettings, Draft, Revision, RollOut
from podpora.licensing.models import Device
from podpora.mail import queries as mails
from podpora.people.values import Role
from tests.api.test_central import api, claims, publish
from tests.make import licensing as make
from tests.make import people
from tests.make.api import Api
from tests.make.firms import Firm, firm
from tests.make.fleet import forced, put, schema

pytestmark = pytest.mark.django_db
NOW = make.BOUGHT + timedelta(days=2)


@pytest.fixture
def alfa() -> Firm:
    schema(1, **{"mail.tls": {"type": "boolean", "title": {"cs": "T", "en": "T"}, "x-sensitive": True}})
    return firm(devices=0, seats=20)


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as travelling:
        yield travelling


def fleet(alfa: Firm, count: int) -> dict[str, Api]:
    """The programs of so many devices, by the device's code."""
    made = [make.activated(alfa.licence, make.device(f"NB-{number}")) for number in range(count)]
    return {each.activation.device.code: Api(each.token) for each in made}


def revisions(programs: dict[str, Api]) -> dict[str, int]:
    return {code: claims(program.get("settings"))["revision"] for code, program in programs.items()}


def roll_out(admin: Api, based_on: int, waves: list[dict[str, Any]], **more: Any) -> Any:
    put(admin, "settings/layers/company", {"entries": {"look.theme": forced("dark"), "mail.port": forced(25 + based_on)}})
    plan = {"waves": waves} | {name: more.pop(name) for name in ("exclusions", "error_limit") if name in more}
    return admin.post("settings/rollouts", {"based_on": based_on, "rollout": plan, **more})


def tick(at: datetime) -> None:
    for rollout in RollOut.objects.filter(state__in=["running", "paused"]):
        actions.move_rollout(rollout, at=at)


def test_cs_19_wave_after_wave_and_never_back(alfa: Firm, clock: time_machine.Traveller) -> None:
    admin, programs = api(alfa.owner), fleet(alfa, 6)
    publish(admin, 0, look__theme=forced("light"))
    assert set(revisions(programs).values()) == {1}
    codes = sorted(programs)
    first, second = (admin.post("settings/groups", {"name": name}).json()["code"] for name in ("First", "Second"))
    put(admin, f"settings/groups/{first}/devices", {"devices": codes[:2]})
    put(admin, f"settings/groups/{second}/devices", {"devices": codes[2:4]})
    waves = [{"groups": [first], "hours": 4}, {"groups": [second], "hours": 4}, {"percent": 100, "hours": 4}]
    made = roll_out(admin, 1, waves)
    assert (made.status_code, made.json()["revision"]) == (201, 2)
    told = admin.get("settings/rollouts").json()["items"][0]
    assert (told["state"], told["wave"], told["settled"], told["progress"]["reached"], told["progress"]["devices"]) == (
        "running",
        1,
        1,
        2,
        6,
    )
    assert [revisions(programs)[code] for code in codes] == [2, 2, 1, 1, 1, 1]
    put(admin, f"settings/groups/{first}/devices", {"devices": [codes[1], codes[2]]})  # one moves up, one moves down
    assert [revisions(programs)[code] for code in codes] == [2, 2, 2, 1, 1, 1]
    tick(NOW + timedelta(hours=3))
    assert [revisions(programs)[code] for code in codes] == [2, 2, 2, 1, 1, 1]
    for step, expected in ((4, [2, 2, 2, 2, 1, 1]), (8, [2] * 6)):
        clock.move_to(NOW + timedelta(hours=step))
        tick(NOW + timedelta(hours=step))
        assert [revisions(programs)[code] for code in codes] == expected
    tick(NOW + timedelta(hours=12))
    over = admin.get(f"settings/rollouts/{told['code']}").json()
    assert (over["state"], over["progress"]["given"]) == ("done", 6)
    assert mails.outgoing().filter(kind="settings.rollout_done").count() == 1
    assert admin.post(f"settings/rollouts/{told['code']}/pause").json()["error"]["code"] == "settings.rollout_over"
    assert DeviceSettings.objects.filter(revision=2).count() == 6


def test_cs_18_too_many_errors_halt_it_and_the_next_wave_never_starts(alfa: Firm, clock: time_machine.Traveller) -> None:
    admin, programs = api(alfa.owner), fleet(alfa, 5)
    publish(admin, 0, look__theme=forced("light"))
    revisions(programs)
    group = admin.post("settings/groups", {"name": "First"}).json()["code"]
    codes = sorted(programs)
    put(admin, f"settings/groups/{group}/devices", {"devices": codes[:3]})
    roll_out(admin, 1, [{"groups": [group], "hours": 1}, {"percent": 100}], error_limit=40)
    code = admin.get("settings/rollouts").json()["items"][0]["code"]
    assert [revisions(programs)[each] for each in codes] == [2, 2, 2, 1, 1]

    def says(device: str, state: str) -> None:
        answer = programs[device].post(
            "settings/report", {"revision": 2, "keys": {"look.theme": {"state": state, "code": "settings.rejected"}}}
        )
        assert answer.status_code == 200

    says(codes[0], "error")
    says(codes[1], "applied")
    assert admin.get(f"settings/rollouts/{code}").json()["state"] == "running"  # one of three: 33 %
    says(codes[2], "error")
    halted = admin.get(f"settings/rollouts/{code}").json()
    assert (halted["state"], halted["halted"]) == ("halted", {"errors": 2, "reports": 3, "limit": 40.0})
    told = mails.outgoing().filter(kind="settings.rollout_halted")
    assert told.count() == 1
    tick(NOW + timedelta(days=3))
    assert [revisions(programs)[each] for each in codes] == [2, 2, 2, 1, 1]
    assert admin.post(f"settings/rollouts/{code}/resume").json()["state"] == "running"
    says(codes[1], "applied")
    assert admin.get(f"settings/rollouts/{code}").json()["state"] == "running"  # what is known does not halt it again
    back = admin.post("settings/revisions/1/rollback", {"comment": "no"})
    assert (back.status_code, back.json()["revision"]) == (201, 3)
    assert admin.get(f"settings/rollouts/{code}").json()["state"] == "taken_back"
    assert set(revisions(programs).values()) == {3}  # CS-7: clients at 2 take 3 with the content of 1
    assert Entry.objects.filter(verb="settings.rollout_halted").count() == 1


def test_paused_halted_replaced_and_held_on_a_holiday(alfa: Firm, clock: time_machine.Traveller) -> None:
    admin, programs = api(alfa.owner), fleet(alfa, 4)
    assert roll_out(admin, 0, [{"percent": 100}]).json()["error"]["code"] == "settings.first_revision"
    publish(admin, 0, look__theme=forced("light"))
    revisions(programs)
    today = NOW.date().isoformat()
    roll_out(admin, 1, [{"percent": 100, "hours": None}], exclusions=[[today, today]])
    code = admin.get("settings/rollouts").json()["items"][0]["code"]
    assert set(revisions(programs).values()) == {1}  # today nothing goes out
    clock.move_to(NOW + timedelta(days=1))
    tick(NOW + timedelta(days=1))
    assert set(revisions(programs).values()) == {2}
    late = roll_out(admin, 2, [{"percent": 50, "hours": None}, {"percent": 100}])
    assert (late.status_code, late.json()["error"]["code"]) == (409, "settings.rollout_open")
    assert roll_out(admin, 2, [{"percent": 0.01, "hours": None}, {"percent": 100}], instead_of=code).status_code == 201
    items = admin.get("settings/rollouts").json()["items"]
    assert [item["state"] for item in items] == ["running", "replaced"]
    newer = items[0]["code"]
    assert admin.post(f"settings/rollouts/{newer}/halt").json()["state"] == "halted"
    assert admin.post(f"settings/rollouts/{newer}/next", {}).status_code == 409
    assert set(revisions(programs).values()) == {2}
    admin.post(f"settings/rollouts/{newer}/resume")
    assert admin.post(f"settings/rollouts/{newer}/pause").json()["state"] == "paused"
    assert admin.post(f"settings/rollouts/{newer}/next", {"wave": 1}).json()["wave"] == 2
    assert admin.post(f"settings/rollouts/{newer}/next", {"wave": 1}).json()["wave"] == 2  # asked twice
    assert admin.post(f"settings/rollouts/{newer}/next", {}).json()["error"]["code"] == "settings.rollout_no_more_waves"
    assert set(revisions(programs).values()) == {3}
    assert [item["code"] for item in admin.get("settings/rollouts?state=replaced").json()["items"]] == [code]


def test_a_device_that_is_not_reached_costs_one_read_as_before(
    alfa: Firm, clock: time_machine.Traveller, django_assert_num_queries: Any
) -> None:
    admin, programs = api(alfa.owner), fleet(alfa, 1)
    publish(admin, 0, look__theme=forced("light"))
    program = next(iter(programs.values()))
    first = program.get("settings")
    roll_out(admin, 1, [{"percent": 0.01}, {"percent": 100}])
    assert program.get("settings", **{"If-None-Match": first["ETag"]}).status_code == 304  # the same text and tag as before
    with django_assert_num_queries(0):  # one prepared statement, without the ORM (api/hot.py)
        assert program.get("settings", **{"If-None-Match": first["ETag"]}).status_code == 304


def test_cs_24_a_stranger_and_a_viewer(alfa: Firm, clock: time_machine.Traveller) -> None:
    admin = api(alfa.owner)
    publish(admin, 0, look__theme=forced("light"))
    roll_out(admin, 1, [{"percent": 1}, {"percent": 100}])
    code = admin.get("settings/rollouts").json()["items"][0]["code"]
    stranger, viewer = api(firm("Beta").owner), api(alfa.viewer)
    assert [caller.get(f"settings/rollouts/{code}").status_code for caller in (stranger, viewer)] == [404, 200]
    for what in ("pause", "resume", "halt"):
        assert [caller.post(f"settings/rollouts/{code}/{what}").status_code for caller in (stranger, viewer)] == [404, 404]


def test_a_second_person_approves(alfa: Firm, clock: time_machine.Traveller) -> None:
    one = api(alfa.owner)
    alone = publish(one, 0, mail__tls=forced(True))
    assert (alone.status_code, alone.json()["revision"]) == (201, 1)  # there is nobody else who could
    two = api(people.member(alfa.customer, Role.ADMIN))
    asked = publish(one, 1, mail__tls=forced(False))
    proposal = asked.json()["proposal"]
    assert (asked.status_code, proposal["state"], proposal["keys"]) == (202, "waiting", ["mail.tls"])
    assert mails.outgoing().filter(kind="settings.approval_asked").count() == 1
    assert one.get("settings/layers/company").json()["draft"] is False
    path = f"settings/proposals/{proposal['code']}"
    assert one.post(f"{path}/approve").json()["error"]["code"] == "settings.own_proposal"
    assert publish(one, 1, mail__tls=forced(False), mail__port=forced(25)).json()["error"]["code"] == "settings.proposal_waits"
    Draft.objects.all().delete()
    assert publish(two, 1, mail__tls=forced(True), look__theme=forced("dark")).status_code == 201  # nothing guarded changes
    made = two.post(f"{path}/approve")
    assert (made.status_code, made.json()["revision"], Revision.objects.get(number=3).person) == (201, 3, alfa.owner)
    layers = one.get("settings/revisions/3").json()["layers"]["company"]
    assert layers == {"mail.tls": forced(False), "look.theme": forced("dark")}  # what the other one published meanwhile stays
    assert two.post(f"{path}/approve").json()["error"]["code"] == "settings.proposal_over"
    assert put(one, "settings/guarded", {"keys": ["mail.port"]}).json() == {"keys": ["mail.port"]}
    assert put(one, "settings/guarded", {"keys": ["nothing"]}).status_code == 422
    second = publish(two, 3, mail__port=forced(25), mail__tls=forced(False)).json()["proposal"]
    assert one.post(f"settings/proposals/{second['code']}/decline").json()["state"] == "declined"
    assert two.get("settings/layers/company").json()["entries"]["mail.port"] == forced(25)  # his draft again
    assert mails.outgoing().filter(kind="settings.approval_given").count() == 2


def test_cs_25_who_approves_sees_first_what_another_one_published_meanwhile(alfa: Firm, clock: time_machine.Traveller) -> None:
    one, two, three = api(alfa.owner), *(api(people.member(alfa.customer, Role.ADMIN)) for _ in range(2))
    code = publish(one, 0, mail__tls=forced(True), mail__port=forced(25)).json()["proposal"]["code"]
    assert publish(two, 0, mail__port=forced(465)).status_code == 201
    answer = three.post(f"settings/proposals/{code}/approve")
    [reason] = answer.json()["error"]["reasons"]
    assert (answer.status_code, reason["code"], reason["facts"]["newest"]) == (409, "settings.conflict", 1)
    assert [change["key"] for change in reason["facts"]["conflicts"]] == ["mail.port"]
    assert three.post(f"settings/proposals/{code}/approve", {"based_on": 0}).status_code == 409
    assert three.post(f"settings/proposals/{code}/approve", {"based_on": 1}).json()["revision"] == 2


def test_cs_25_drafts_are_laid_upon_the_newest_with_a_word_for_each_conflict(alfa: Firm, clock: time_machine.Traveller) -> None:
    one, two = api(alfa.owner), api(people.member(alfa.customer, Role.ADMIN))
    put(two, "settings/layers/company", {"entries": {"look.theme": forced("light"), "mail.port": forced(25)}})
    publish(one, 0, look__theme=forced("dark"), proxy__mode=forced("none"))
    assert two.post("settings/revisions", {"based_on": 0}).status_code == 409
    assert two.post("settings/drafts/rebase", {"theirs": [{"layer": "company", "key": "look.theme"}]}).json() == {
        "layers": 1,
        "based_on": 1,
    }
    entries = two.get("settings/layers/company").json()["entries"]
    assert entries == {"look.theme": forced("dark"), "proxy.mode": forced("none"), "mail.port": forced(25)}
    assert two.get("settings/preview").json() == {"devices": 0, "changed": 0, "too_old": 0, "waiting": []}
    assert two.post("settings/revisions", {"based_on": 1}).json()["revision"] == 2


def test_what_publishing_would_mean(alfa: Firm, clock: time_machine.Traveller, django_assert_max_num_queries: Any) -> None:
    admin, programs = api(alfa.owner), fleet(alfa, 5)
    codes = sorted(programs)
    Device.objects.filter(code=codes[0]).update(app_version="10.2.0")
    publish(admin, 0, look__theme=forced("light"))
    group = admin.post("settings/groups", {"name": "Three"}).json()["code"]
    put(admin, f"settings/groups/{group}/devices", {"devices": codes[:3]})
    put(admin, f"settings/layers/group:{group}", {"entries": {"new.thing": forced(True)}})
    put(admin, f"settings/layers/device:{codes[4]}", {"entries": {"look.theme": forced("light")}})
    with django_assert_max_num_queries(20):
        found = admin.get("settings/preview").json()
    assert found == {"devices": 5, "changed": 1, "too_old": 2, "waiting": ["new.thing"]}
