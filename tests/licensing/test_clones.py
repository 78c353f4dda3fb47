"""Two computers on one activation are flagged and never locked; who is honest is not flagged."""

import base64
import json
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from podpora.audit.models import Entry
from podpora.base.actors import Actor, ActorKind
from podpora.journeys import activation as journey
from podpora.licensing import actions, queries
from podpora.licensing.models import Device
from podpora.licensing.values import Contact, DeviceFacts
from podpora.mail.models import OutgoingMail
from tests.make import licensing as make

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def contact(token: str, at: datetime, **told: Any) -> Any:
    """A refresh by the program that holds this token."""
    activation = queries.activation_by_token(token)
    assert activation is not None
    return journey.refresh(activation, Contact("10.1.0", 10, **told), by=make.BY, at=at)


def claims(certificate: str) -> dict[str, Any]:
    payload = certificate.split(".")[1]
    found: dict[str, Any] = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    return found


def flagged(device: Device) -> bool:
    device.refresh_from_db()
    return device.suspected_clone_at is not None


def parts(facts: DeviceFacts, **changed: str) -> dict[str, str]:
    return {**facts.fingerprint, **changed}


def test_two_copies_of_one_disk_are_flagged_and_not_locked() -> None:
    facts = make.device()
    done = make.activated(make.licence(), facts)
    here, there = parts(facts), parts(facts, board="another board", network="another card")
    for turn, looks in enumerate((here, there)):
        contact(done.token, make.BOUGHT + HOUR * (turn + 1), fingerprint=looks)
    assert not flagged(done.activation.device)  # a new board and card: a repaired computer
    contact(done.token, make.BOUGHT + HOUR * 4, fingerprint=here)
    assert flagged(done.activation.device)
    assert contact(done.token, make.BOUGHT + HOUR * 5, fingerprint=there).certificate
    assert Entry.objects.filter(verb="device.suspected_clone").count() == 1
    assert OutgoingMail.objects.filter(kind="licence.suspected_clone").count() == 1


def test_two_programs_with_tokens_of_their_own_on_one_activation_are_flagged_too() -> None:
    licence, facts = make.licence(), make.device()
    copy = make.device(**parts(facts, board="another board", network="another card"))
    first, second = make.activated(licence, facts), make.activated(licence, copy)
    assert first.activation == second.activation
    contact(first.token, make.BOUGHT + HOUR, fingerprint=dict(facts.fingerprint))
    assert flagged(first.activation.device)


def test_a_notebook_in_and_out_of_its_dock_is_no_clone() -> None:
    facts = make.device()
    done = make.activated(make.licence(), facts)
    for day in range(6):
        looks = parts(facts, network="the card of the dock") if day % 2 else parts(facts)
        contact(done.token, make.BOUGHT + timedelta(days=day + 1), fingerprint=looks)
    assert not flagged(done.activation.device)


def test_a16_two_users_of_one_computer_are_no_clones() -> None:
    licence, facts = make.licence(), make.device()
    tokens = [make.activated(licence, facts).token for _ in range(2)]
    serials = [claims(make.activated(licence, facts).certificate)["serial"]] * 2
    for turn in range(8):
        who = turn % 2
        done = contact(tokens[who], make.BOUGHT + HOUR * 2 * (turn + 1), serial=serials[who], fingerprint=dict(facts.fingerprint))
        serials[who] = claims(done.certificate)["serial"]
    assert not flagged(Device.objects.get())


def test_a_store_that_was_copied_is_found_by_its_serials() -> None:
    done = make.activated(make.licence())
    held = [claims(done.certificate)["serial"]] * 2
    seen = []
    for turn in range(8):
        who = turn % 2
        answer = contact(done.token, make.BOUGHT + HOUR * 2 * (turn + 1), serial=held[who])
        held[who] = claims(answer.certificate)["serial"]
        seen.append(flagged(done.activation.device))
    assert seen == [False, False, False, True, True, True, True, True]


@pytest.mark.parametrize("minutes", [1, 7, 40])
def test_two_copies_of_a_store_that_alternate_within_minutes_are_found(minutes: int) -> None:
    done = make.activated(make.licence())
    held = [claims(done.certificate)["serial"]] * 2
    seen = []
    for turn in range(6):
        who = turn % 2
        answer = contact(done.token, make.BOUGHT + timedelta(minutes=minutes) * (turn + 1), serial=held[who])
        held[who] = claims(answer.certificate)["serial"]
        seen.append(flagged(done.activation.device))
    assert seen == [False, False, False, True, True, True]
    assert OutgoingMail.objects.filter(kind="licence.suspected_clone").count() == 1


def test_copies_are_found_an_hour_later_by_processes_that_remember_nothing() -> None:
    done = make.activated(make.licence())
    held = [claims(done.certificate)["serial"]] * 2
    for turn in range(12):
        actions.RECENT.forget()
        who = turn % 2
        answer = contact(done.token, make.BOUGHT + timedelta(minutes=10) * (turn + 1), serial=held[who])
        held[who] = claims(answer.certificate)["serial"]
    assert flagged(done.activation.device)


def test_a_virtual_machine_that_goes_back_to_its_snapshot_each_day_is_no_clone() -> None:
    done = make.activated(make.licence())
    snapshot = claims(done.certificate)["serial"]
    for day in range(5):
        held = snapshot
        for hours in (1, 2, 5):
            answer = contact(done.token, make.BOUGHT + timedelta(days=day, hours=hours), serial=held)
            held = claims(answer.certificate)["serial"]
    assert not flagged(done.activation.device)


def test_a_snapshot_that_runs_beside_its_original_is_flagged() -> None:
    done = make.activated(make.licence())
    snapshot = claims(done.certificate)["serial"]
    held = claims(contact(done.token, make.BOUGHT + HOUR, serial=snapshot).certificate)["serial"]
    held = claims(contact(done.token, make.BOUGHT + HOUR * 2, serial=held).certificate)["serial"]
    contact(done.token, make.BOUGHT + HOUR * 3, serial=snapshot)
    assert not flagged(done.activation.device)  # it may have been restored
    contact(done.token, make.BOUGHT + HOUR * 4, serial=held)
    assert flagged(done.activation.device)  # but the other one is still alive


def test_backups_restored_over_the_years_are_no_clones() -> None:
    done = make.activated(make.licence())
    held = backup = claims(done.certificate)["serial"]
    for month in range(36):
        if month % 6 == 5:
            held = backup
        if month % 6 == 2:
            backup = held
        held = claims(contact(done.token, make.BOUGHT + timedelta(days=30 * month + 1), serial=held).certificate)["serial"]
    assert not flagged(done.activation.device)


def test_an_answer_that_came_late_is_no_clone() -> None:
    """The program gave up waiting and asked again; the first question was answered last, and nobody read that answer."""
    done = make.activated(make.licence())
    told = claims(done.certificate)["serial"]
    held = claims(contact(done.token, make.BOUGHT + HOUR, serial=told).certificate)["serial"]
    contact(done.token, make.BOUGHT + HOUR + timedelta(seconds=1), serial=told)
    for turn in range(4):
        held = claims(contact(done.token, make.BOUGHT + HOUR * (2 + turn), serial=held).certificate)["serial"]
    assert not flagged(done.activation.device)


def at_address(token: str, address: str, at: datetime, **told: Any) -> Any:
    activation = queries.activation_by_token(token)
    assert activation is not None
    return journey.refresh(activation, Contact("10.1.0", 10, **told), by=Actor(ActorKind.DEVICE, "pc", address=address), at=at)


def test_two_installations_with_one_fingerprint_and_two_names_take_turns() -> None:
    licence, facts = make.licence(), make.device("PC-1")
    here, there = make.activated(licence, facts), make.activated(licence, replace(facts, name="PC-2"))
    assert here.activation == there.activation
    seen = []
    for turn in range(4):
        who = (here, there)[turn % 2]
        contact(who.token, make.BOUGHT + timedelta(minutes=3) * (turn + 1))
        seen.append(flagged(here.activation.device))
    assert seen == [False, False, True, True]


def test_two_installations_in_two_networks_within_the_hour_take_turns() -> None:
    licence, facts = make.licence(), make.device("PC")
    places = ("192.0.2.7", "198.51.100.9")
    made = [
        journey.activate(licence, facts, Contact("10.1.0", 10), by=Actor(ActorKind.DEVICE, "pc", address=place), at=make.BOUGHT)
        for place in places
    ]
    for turn in range(3):
        at_address(made[turn % 2].token, places[turn % 2], make.BOUGHT + timedelta(minutes=20) * (turn + 1))
    assert flagged(made[0].activation.device)


@pytest.mark.parametrize("pause", [timedelta(minutes=10), timedelta(hours=5)])
def test_a16_two_users_of_a_notebook_that_travels_are_no_clones(pause: timedelta) -> None:
    licence, facts = make.licence(), make.device("PC")
    home, office = "192.0.2.7", "198.51.100.9"
    made = [
        journey.activate(licence, facts, Contact("10.1.0", 10), by=Actor(ActorKind.DEVICE, "pc", address=place), at=make.BOUGHT)
        for place in (home, office)
    ]
    for turn in range(10):
        at_address(
            made[turn % 2].token,
            (office, home)[turn // 2 % 2],
            make.BOUGHT + timedelta(hours=9) * (turn // 2 + 1) + pause * (turn % 2),
        )
    assert not flagged(made[0].activation.device)


def test_a2_a_reinstalled_and_renamed_computer_is_no_clone() -> None:
    licence, facts = make.licence(), make.device("OLD-NAME")
    make.activated(licence, facts)
    for number in range(3):
        done = make.activated(licence, replace(facts, name=f"NAME-{number}"), at=make.BOUGHT + HOUR * number)
        for turn in range(5):
            contact(done.token, make.BOUGHT + HOUR * number + timedelta(minutes=turn + 1))
    assert not flagged(done.activation.device)


@pytest.mark.parametrize("lost", [(), (2,), (2, 3), (1, 4, 5)])
def test_an_honest_program_that_loses_answers_is_no_clone(lost: tuple[int, ...]) -> None:
    done = make.activated(make.licence())
    held = claims(done.certificate)["serial"]
    for turn in range(8):
        answer = contact(done.token, make.BOUGHT + timedelta(minutes=25) * (turn + 1), serial=held)
        if turn not in lost:
            held = claims(answer.certificate)["serial"]
    assert not flagged(done.activation.device)
