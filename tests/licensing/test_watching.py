"""What looks odd: clones, old serials, wrong clocks, a key in foreign hands (X-9); nothing of it locks who is honest."""

import base64
import json
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from podpora.audit.models import Entry
from podpora.base.actors import Actor, ActorKind
from podpora.base.decisions import Refused
from podpora.journeys import activation as journey
from podpora.licensing import actions, queries
from podpora.licensing.models import Activation, Device, Licence, Sighting
from podpora.licensing.rules.watching import leak_of, place_of, skew_of
from podpora.licensing.values import Contact, DeviceFacts, Leak
from podpora.mail.models import OutgoingMail
from podpora.people.values import StaffRole
from tests.make import licensing as make
from tests.make import people, web
from tests.make.api import Api, activation_body, token

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


def test_an_older_serial_is_told_in_the_certificate_once() -> None:
    done = make.activated(make.licence())
    old = claims(done.certificate)["serial"]
    contact(done.token, make.BOUGHT + HOUR * 2, serial=old)
    stale = contact(done.token, make.BOUGHT + HOUR * 4, serial=old)
    assert "licence.stale_serial" in claims(stale.certificate)["notices"]
    fresh = claims(stale.certificate)["serial"]
    again = contact(done.token, make.BOUGHT + HOUR * 6, serial=fresh)
    assert "licence.stale_serial" not in claims(again.certificate)["notices"]


@pytest.mark.parametrize(("off", "skew"), [
    (timedelta(), None), (timedelta(hours=48), None), (timedelta(hours=-48), None),
    (timedelta(hours=48, seconds=1), 172_801), (timedelta(days=-400), -34_560_000),
])  # fmt: skip
def test_a11_a_clock_is_wrong_beyond_two_days(off: timedelta, skew: int | None, at: datetime) -> None:
    assert skew_of(at + off, at) == skew


def test_a11_a_wrong_clock_is_written_down_told_and_forgiven() -> None:
    done = make.activated(make.licence())
    device = done.activation.device
    wrong = contact(done.token, make.BOUGHT + HOUR, clock=make.BOUGHT - timedelta(days=300))
    assert claims(wrong.certificate)["notices"] == ["licence.clock_tampered"]
    contact(done.token, make.BOUGHT + HOUR * 2, clock=make.BOUGHT - timedelta(days=301))
    device.refresh_from_db()
    assert device.clock_skew is not None and device.clock_skew < -25_000_000
    assert Entry.objects.filter(verb="device.clock_wrong").count() == 1
    silent = contact(done.token, make.BOUGHT + HOUR * 3)
    assert claims(silent.certificate)["notices"] == ["licence.clock_tampered"]
    right = contact(done.token, make.BOUGHT + HOUR * 4, clock=make.BOUGHT + HOUR * 4)
    assert claims(right.certificate)["notices"] == []
    assert Entry.objects.filter(verb="device.clock_right").count() == 1


@pytest.mark.parametrize(("address", "place"), [
    ("203.0.113.9", "203.0.0.0/16"), ("203.0.4.1", "203.0.0.0/16"), ("2001:db8:1::1", "2001:db8::/32"), ("", "?"), ("x", "?"),
])  # fmt: skip
def test_a_place_is_a_network(address: str, place: str) -> None:
    assert place_of(address) == place


@pytest.mark.parametrize(("devices", "places", "seats", "leak"), [
    (30, 20, 3, Leak.FREEZE), (30, 20, 25, Leak.FREEZE), (30, 20, 30, Leak.ALERT), (200, 150, 500, Leak.ALERT), (14, 14, 1, Leak.NONE),
    (15, 8, 1, Leak.FREEZE), (15, 7, 1, Leak.NONE), (500, 1, 3, Leak.NONE),
])  # fmt: skip
def test_x9_what_is_a_leak(devices: int, places: int, seats: int, leak: Leak) -> None:
    assert leak_of(devices, places, seats) is leak


def come(licence: Licence, number: int, at: datetime = make.BOUGHT) -> None:
    """A stranger somewhere on Earth tries the key."""
    by = Actor(ActorKind.DEVICE, "PC", address=f"203.{number % 20}.113.9")
    with suppress(Refused):
        journey.activate(Licence.objects.get(pk=licence.pk), make.device(), Contact("10.1.0", 10), by=by, at=at)


def test_x9_a_leaked_key_takes_no_new_device_and_honest_ones_go_on() -> None:
    owner, boss = people.person(), people.staff(StaffRole.MANAGER)
    licence, mine = make.licence(people.customer_of(owner)), make.device()
    honest = make.activated(licence, mine)
    for number in range(30):
        come(licence, number)
    licence.refresh_from_db()
    assert licence.frozen_at == make.BOUGHT
    assert contact(honest.token, make.BOUGHT + HOUR).certificate
    assert not make.activated(licence, mine).is_new
    actions.free_seat(licence, Device.objects.exclude(pk=honest.activation.device_id).first().code, by=make.BY, at=make.BOUGHT)  # type: ignore[union-attr]
    with pytest.raises(Refused) as refusal:
        make.activated(licence)
    assert refusal.value.decision.code == "licence.frozen"
    told = OutgoingMail.objects.filter(kind__in=["licence.leaked", "licence.leak_seen"]).values_list("kind", "to_address")
    assert set(told) == {("licence.leaked", owner.email), ("licence.leak_seen", boss.email)}
    assert Entry.objects.filter(verb="licence.frozen").count() == 1


def test_x9_the_owner_takes_a_new_key_and_new_devices_come_with_it_alone() -> None:
    owner = people.person()
    licence = make.licence(people.customer_of(owner))
    old = activation_body(licence)
    api = Api(token("licences", person=owner))
    assert api.post(f"licences/{licence.code}/new-key").json()["error"]["code"] == "licence.not_frozen"
    actions.freeze(licence, "30 devices in 20 networks", by=make.BY, at=make.BOUGHT)
    assert Api().post("activations", old).json()["error"]["code"] == "licence.frozen"
    assert api.get(f"licences/{licence.code}").json()["frozen_at"] == "2026-03-10T09:00:00Z"
    given = api.post(f"licences/{licence.code}/new-key").json()
    assert Api().post("activations", old).status_code == 404
    assert Api().post("activations", old | {"key": given["key"]}).status_code == 201
    stranger = Api(token("licences", person=people.person()))
    assert stranger.post(f"licences/{licence.code}/new-key").status_code == 404


def test_x9_the_page_of_a_frozen_licence_offers_the_new_key() -> None:
    owner = people.person()
    licence = make.licence(people.customer_of(owner))
    web.vendor()
    browser = web.client(owner)
    assert browser.post(f"/licences/{licence.code}/new-key/").status_code == 409
    actions.freeze(licence, "30 devices in 20 networks", by=make.BY, at=make.BOUGHT)
    assert "Get a new key" in browser.get(f"/licences/{licence.code}/").content.decode()
    old = queries.key_of(licence)
    page = browser.post(f"/licences/{licence.code}/new-key/").content.decode()
    licence.refresh_from_db()
    assert licence.frozen_at is None
    assert queries.key_of(licence) in page
    assert old not in page
    assert "Get a new key" not in page


def test_x9_a_roll_out_from_an_office_is_none() -> None:
    licence = make.licence(terms=make.Terms(seats=100))
    by = Actor(ActorKind.DEVICE, "PC", address="203.0.113.9")
    for _ in range(40):
        journey.activate(licence, make.device(), Contact("10.1.0", 10), by=by, at=make.BOUGHT)
    licence.refresh_from_db()
    assert licence.frozen_at is None
    assert not OutgoingMail.objects.filter(kind="licence.leaked").exists()


def test_a6_too_many_moves_are_told_to_the_owner_once_a_day() -> None:
    licence = make.licence(terms=make.Terms(seats=1))
    for _ in range(11):
        actions.deactivate(make.activated(licence).activation, by=make.BY, at=make.BOUGHT)
    for _ in range(3):
        with pytest.raises(Refused) as refusal:
            make.activated(licence, at=make.BOUGHT + HOUR)
        assert refusal.value.decision.code == "licence.too_many_moves"
    assert OutgoingMail.objects.filter(kind="licence.moves").count() == 1
    assert make.activated(licence, at=make.BOUGHT + timedelta(hours=25)).is_new  # a slow-down, no cap


def test_s29_a_month_of_moves_is_slowed_down_and_passes() -> None:
    licence = make.licence(terms=make.Terms(seats=1))
    day = 0
    for number in range(62):
        day = number // 10
        actions.deactivate(
            make.activated(licence, at=make.BOUGHT + timedelta(days=day, hours=number % 10)).activation, by=make.BY, at=make.BOUGHT
        )
    with pytest.raises(Refused) as refusal:
        make.activated(licence, at=make.BOUGHT + timedelta(days=day + 2))
    assert dict(refusal.value.decision.facts("licence.too_many_moves"))["days"] == 30
    assert make.activated(licence, at=make.BOUGHT + timedelta(days=40)).is_new


def test_a3_the_owner_says_that_it_is_the_same_computer() -> None:
    owner = people.person()
    licence, facts = make.licence(people.customer_of(owner), make.Terms(seats=1)), make.device()
    first = make.activated(licence, facts).activation
    body = activation_body(licence, make.device("Repaired", machine=facts.fingerprint["machine"]))
    assert "likely" not in Api().post("activations", body).json()["error"]
    proof = {"owner_proof": token("licences", person=owner)}
    refused = Api().post("activations", body | proof).json()["error"]
    assert (refused["code"], refused["likely"]["code"]) == ("licence.activation_limit", first.device.code)
    unproven = Api().post("activations", body | {"same_as": first.device.code})
    assert unproven.json()["error"]["fields"] == {"owner_proof": ["required"]}
    done = Api().post("activations", body | proof | {"same_as": first.device.code})
    assert (done.status_code, done.json()["activation"]) == (200, first.code)
    assert queries.fingerprint_of(Device.objects.get()) == body["device"]["fingerprint"]
    assert Entry.objects.filter(verb="device.same_as").count() == 1


def test_a3_a_computer_of_which_nothing_is_left_is_another_one() -> None:
    owner = people.person()
    licence = make.licence(people.customer_of(owner), make.Terms(seats=1))
    first = make.activated(licence).activation
    body = activation_body(licence) | {"owner_proof": token("licences", person=owner)}
    assert Api().post("activations", body).json()["error"]["likely"] is None
    refused = Api().post("activations", body | {"same_as": first.device.code}).json()["error"]
    assert refused["code"] == "licence.fingerprint_mismatch"
    foreign = make.activated(make.licence()).activation.device.code
    assert Api().post("activations", body | {"same_as": foreign}).json()["error"]["code"] == "licence.fingerprint_mismatch"
    assert Activation.objects.filter(licence=licence).count() == 1


def test_all_devices_are_replaced_in_one_call() -> None:
    owner = people.person()
    licence = make.licence(people.customer_of(owner))
    for _ in range(3):
        make.activated(licence)
    assert Api(token("licences", person=people.person())).delete(f"licences/{licence.code}/devices").status_code == 404
    api = Api(token("licences", person=owner))
    assert [api.delete(f"licences/{licence.code}/devices").json() for _ in range(2)] == [{"freed": 3}, {"freed": 0}]
    licence.refresh_from_db()
    assert licence.seats_used == 0
    assert Entry.objects.filter(verb="licence.devices_released").count() == 1


def test_a_device_is_renamed_shut_out_and_cleared_over_the_api() -> None:
    owner = people.person()
    licence, facts = make.licence(people.customer_of(owner)), make.device("PC")
    device = make.activated(licence, facts).activation.device
    actions.flag_clone(device, "parts", by=make.BY, at=make.BOUGHT)
    api = Api(token("licences", person=owner))
    path = f"licences/{licence.code}/devices/{device.code}"
    patch = api.client.patch(
        f"/api/v1/{path}", {"name": "Účtárna", "blocked": True}, content_type="application/json", headers=api.headers
    )
    told = patch.json()
    assert (told["name"], told["blocked"], bool(told["blocked_at"]), bool(told["suspected_clone_at"])) == (
        "Účtárna",
        True,
        True,
        True,
    )
    make_clear = {"suspected_clone": False, "blocked": False}
    told = api.client.patch(f"/api/v1/{path}", make_clear, content_type="application/json", headers=api.headers).json()
    assert (told["blocked_at"], told["suspected_clone_at"]) == (None, None)
    make.activated(licence, replace(facts, name="PC-NEW"))
    device.refresh_from_db()
    assert device.name == "Účtárna"
    bad = api.client.patch(f"/api/v1/{path}", {"suspected_clone": True}, content_type="application/json", headers=api.headers)
    assert bad.status_code == 422


def test_devices_that_left_long_ago_are_forgotten_and_trials_are_not() -> None:
    from podpora.journeys import trials

    licence = make.licence()
    stays, left, blocked = (make.activated(licence).activation for _ in range(3))
    actions.deactivate(left, by=make.BY, at=make.BOUGHT)
    actions.block_device(licence, blocked.device.code, by=make.BY, at=make.BOUGHT)
    actions.deactivate(blocked, by=make.BY, at=make.BOUGHT)
    trial = trials.start(make.product(), make.device(), Contact("10.1", 10), by=make.BY, at=make.BOUGHT).done.activation
    actions.deactivate(trial, by=make.BY, at=make.BOUGHT)
    assert Sighting.objects.exists()
    assert actions.forget(make.product(), kept_days=730, at=make.BOUGHT + timedelta(days=729)) == 0
    assert actions.forget(make.product(), kept_days=730, at=make.BOUGHT + timedelta(days=731)) == 1
    assert set(Device.objects.values_list("pk", flat=True)) == {stays.device_id, blocked.device_id, trial.device_id}
    assert not Sighting.objects.exists()
