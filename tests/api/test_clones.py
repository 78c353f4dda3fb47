"""Two computers on one activation, as they call over HTTP; who sees the flag, and in which words (LICENSING: clones)."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine

from podpora.licensing.models import Device
from podpora.mail.models import OutgoingMail
from podpora.people import queries as people_queries
from tests.make import licensing as make
from tests.make import people, web
from tests.make.api import Api, activation_body, token
from tests.make.offline import claims_in

pytestmark = pytest.mark.django_db
BEGAN = make.BOUGHT + timedelta(days=2)


class Store:
    """What a program keeps; a copy of it is what a copied disk has."""

    def __init__(self, bearer: str, serial: int) -> None:
        self.bearer, self.serial = bearer, serial

    def copy(self) -> "Store":
        return Store(self.bearer, self.serial)

    def refresh(self, minute: float, *, is_lost: bool = False) -> None:
        with time_machine.travel(BEGAN + timedelta(minutes=minute), tick=False):
            found = Api(self.bearer).post("activations/me/refresh", {"app_version": "10.1.0", "serial": self.serial})
        assert found.status_code == 200, found.content
        if not is_lost:
            self.serial = claims_in(found.json()["certificate"])["serial"]


def installed(body: dict[str, Any], minute: float = 0) -> Store:
    with time_machine.travel(BEGAN + timedelta(minutes=minute), tick=False):
        found = Api().post("activations", body).json()
    return Store(found["token"], claims_in(found["certificate"])["serial"])


def flagged() -> bool:
    return Device.objects.get().suspected_clone_at is not None


@pytest.mark.parametrize("before", [0, 3])
def test_two_copies_that_alternate_within_minutes_are_flagged(before: int) -> None:
    original = installed(activation_body(make.licence()))
    for minute in range(before):
        original.refresh(minute + 1)
    copy = original.copy()
    for turn in range(3):
        original.refresh(10 + turn * 4)
        copy.refresh(12 + turn * 4)
    assert flagged()


def test_lost_answers_a_restored_backup_and_a_reinstallation_are_no_clones() -> None:
    body = activation_body(make.licence())
    store = installed(body)
    backup = store.copy()
    for minute in range(1, 30):
        store.refresh(minute, is_lost=minute % 3 == 0)
    for minute in range(30, 60, 3):
        backup.refresh(minute)
    again = installed(body, 61)
    for minute in range(62, 90):
        again.refresh(minute)
    assert not flagged()


def test_two_installations_with_equal_fingerprints_and_other_names_are_flagged() -> None:
    licence, facts = make.licence(), make.device("STUDIO-1")
    body = activation_body(licence, facts)
    other = body | {"device": body["device"] | {"name": "STUDIO-2"}}
    here, there = installed(body), installed(other, 1)
    for turn in range(2):
        here.refresh(2 + turn * 4)
        there.refresh(4 + turn * 4)
    assert flagged()


def copied() -> Device:
    """A device that two computers use."""
    original = installed(activation_body(make.licence(people.company(owner=people.person("boss@alfa.example")))))
    copy = original.copy()
    for turn in range(3):
        original.refresh(turn * 2)
        copy.refresh(turn * 2 + 1)
    return Device.objects.get()


def test_staff_see_the_flag_in_the_list_and_in_the_trace_and_take_it_off() -> None:
    device = copied()
    staff, path = Api(token("licences")), f"licences/{device.licence.code}"
    traced = staff.get(f"{path}/trace?device={device.code}").json()
    step = next(step for step in traced["trace"] if step["code"] == "licence.suspected_clone")
    assert (step["outcome"], step["decides"], step["facts"]) == ("noted", False, {"device": device.code, "since": "2026-03-12"})
    assert traced["decision"]["allowed"] is True
    assert [one["code"] for one in staff.get(f"{path}/devices?state=clone").json()["items"]] == [device.code]
    patched = staff.client.patch(
        f"/api/v1/{path}/devices/{device.code}", {"suspected_clone": False}, content_type="application/json", headers=staff.headers
    )
    assert (patched.status_code, patched.json()["suspected_clone"]) == (200, False)
    assert not flagged()
    assert staff.get(f"{path}/trace?device={device.code}").json()["trace"][-1]["outcome"] == "passed"


def test_the_owner_reads_it_without_being_accused_and_takes_it_off() -> None:
    device = copied()
    owner = web.client(people_queries.person_by_email("boss@alfa.example"))
    mail = OutgoingMail.objects.get(kind="licence.suspected_clone")
    assert "Nothing is locked" in mail.text
    page = f"/licences/{device.licence.code}/devices/{device.code}/"
    html = owner.get(page).content.decode()
    for word in (
        "Two computers seem to use this activation",
        "Nothing is locked",
        "If both are yours, all is well",
        "Dismiss this note",
    ):
        assert word in html
    assert not {"pirate", "illegal", "fraud", "theft", "violat", "abuse"} & set((html + mail.text).lower().split())
    assert owner.post(f"{page}looked/").status_code == 302
    assert not flagged()
    assert "Dismiss this note" not in owner.get(page).content.decode()


def test_staff_take_it_off_in_the_office() -> None:
    device = copied()
    boss = web.client(people.manager())
    assert "Dismiss this note" in boss.get(f"/office/licences/{device.licence.code}/").content.decode()
    traced = boss.get(f"/office/licences/{device.licence.code}/trace/?device={device.code}").content.decode()
    assert "licence.suspected_clone" in traced
    assert boss.post(f"/office/licences/{device.licence.code}/devices/{device.code}/looked/").status_code == 302
    assert not flagged()
