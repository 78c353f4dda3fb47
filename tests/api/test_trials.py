"""`POST trials`: started once a device, found again, ended for good (A-15)."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from podpora.audit.models import Entry
from podpora.base import clock
from podpora.base.clock import vendor_date
from podpora.base.decisions import Refused
from podpora.catalog import actions as catalog
from podpora.entitlements.models import LedgerEntry, Standing
from podpora.journeys import claiming, rights, trials
from podpora.licensing import actions, queries
from podpora.licensing.models import Activation, Device, Licence
from podpora.licensing.values import Contact, LicenceKind
from tests.make import licensing as make
from tests.make import people
from tests.make.api import Api, activation_body, token
from tests.make.races import at_once

pytestmark = pytest.mark.django_db
FIRST = datetime(2026, 1, 31, 20, 30, tzinfo=UTC)  # 31 January 2026, half past nine in the evening in Prague


def body(device: Any = None, **more: Any) -> dict[str, Any]:
    facts = device or make.device()
    described = {"fingerprint": dict(facts.fingerprint), "name": facts.name, "platform": facts.platform}
    return {"product": make.product().code, "device": described, "app_version": "10.1.0", **more}


def start(device: Any, at: datetime = FIRST) -> trials.Started:
    return trials.start(make.product(), device, Contact("10.1.0", 10), by=make.BY, at=at)


def test_the_first_call_starts_and_every_later_one_goes_on() -> None:
    sent = body()
    first = Api().post("trials", sent)
    assert first.status_code == 201
    assert set(first.json()) == {"activation", "licence", "device", "token", "certificate"}
    again = Api().post("trials", sent)
    assert again.status_code == 200
    assert [again.json()[name] for name in ("licence", "activation", "device")] == [
        first.json()[name] for name in ("licence", "activation", "device")
    ]
    licence = Licence.objects.get()
    assert (licence.kind, licence.customer, licence.edition.code, licence.seats_used) == (LicenceKind.TRIAL, None, "pro", 1)
    assert {row.customer for row in LedgerEntry.objects.all()} == {None} == {row.customer for row in Standing.objects.all()}


def test_s31_the_answer_carries_the_nonce_and_an_idempotency_key_gives_the_same_answer() -> None:
    sent = body(nonce="n-7")
    first, again = (Api().post("trials", sent, Idempotency_Key="k1") for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.content == again.content
    assert Activation.objects.get().tokens.count() == 1


@pytest.mark.parametrize(("day", "left"), [
    (date(2026, 1, 31), 30), (date(2026, 2, 1), 29), (date(2026, 2, 28), 2), (date(2026, 3, 1), 1), (date(2026, 3, 2), 0),
])  # fmt: skip
def test_a15_day_one_is_the_31st_of_january_and_the_last_full_day_is_the_1st_of_march(day: date, left: int) -> None:
    licence = start(make.device()).done.activation.licence
    asked = f"{day}T12:00:00Z" if day > date(2026, 1, 31) else f"{day}T21:00:00Z"
    answer = Api(token("licences")).get(f"licences/{licence.code}?at={asked}").json()
    assert answer["run"]["covers"]["until"] == "2026-03-01"
    assert (answer["run"]["days_left"], answer["run"]["allowed"]) == (left, left > 0)
    assert answer["state"] == ("active" if left else "ended")


def test_a15_the_last_day_ends_at_midnight_in_prague() -> None:
    device = make.device()
    start(device)
    last = datetime(2026, 3, 1, 22, 59, 59, tzinfo=UTC)
    assert not start(device, last).is_new
    with pytest.raises(Refused) as refusal:
        start(device, last + timedelta(seconds=1))
    assert refusal.value.decision.code == "licence.expired"


def test_a15_a_reinstalled_program_does_not_start_it_again() -> None:
    device = make.device()
    first = start(device)
    renewed = make.device(**(dict(device.fingerprint) | {"disk": "another", "network": "another"}))
    again = start(renewed, FIRST + timedelta(days=20))
    assert not again.is_new
    assert again.done.activation == first.done.activation
    actions.deactivate(first.done.activation, by=make.BY, at=FIRST)
    given_back = start(renewed, FIRST + timedelta(days=21))
    assert (given_back.is_new, given_back.done.activation.licence) == (False, first.done.activation.licence)
    assert Licence.objects.count() == 1


def test_a15_after_its_end_it_is_refused_with_ways_on_and_nothing_new_begins() -> None:
    sent = body()
    made = Api().post("trials", sent).json()
    Licence.objects.filter(code=made["licence"]).update(issued_at=clock.now() - timedelta(days=31))
    LedgerEntry.objects.update(
        at=clock.now() - timedelta(days=31), on=vendor_date(clock.now(), settings.VENDOR_ZONE) - timedelta(days=31)
    )
    refused = Api().post("trials", sent)
    assert refused.status_code == 409
    reason = refused.json()["error"]["reasons"][0]
    assert reason["code"] == "licence.expired"
    assert reason["facts"]["days_ago"] == 2
    assert {step["kind"] for step in reason["next"]} == {"buy", "read", "forum"}
    assert Licence.objects.count() == 1
    me = Api(made["token"]).get("activations/me").json()
    assert (me["run"]["allowed"], me["run"]["code"], me["run"]["days_left"]) == (False, "licence.expired", 0)


def test_devices_that_share_a_part_with_thousands_have_trials_of_their_own() -> None:
    common = {"board": "to-be-filled-by-the-maker"}
    started = [start(make.device(**common)) for _ in range(30)]
    assert all(one.is_new for one in started)


def test_a_device_with_one_part_has_one_trial() -> None:
    one = {"device": {"fingerprint": {"machine": "only"}, "name": "PC", "platform": "linux"}}
    assert [Api().post("trials", body() | one).status_code for _ in range(2)] == [201, 200]


def test_trials_of_two_products_are_two() -> None:
    device = make.device()
    other = catalog.create_product("kalendar", "Kalendář", by=make.BY, at=make.BOUGHT)
    catalog.create_edition(other, "pro", "PRO", features={}, by=make.BY, at=make.BOUGHT)
    assert start(device).is_new
    assert trials.start(other, device, Contact("1.0", 1), by=make.BY, at=FIRST).is_new


@pytest.mark.parametrize("change", [
    {"product": "unknown"}, {"product": ""}, {"product": 7}, {"product": "x" * 41}, {"device": {"fingerprint": {}}},
    {"device": {"fingerprint": {f"p{n}": "v" for n in range(1000)}}}, {"app_version": "new"}, {"nonce": ""}, {"nonce": "x" * 65},
    {"nonce": "řeka"}, {"key": "PK"}, {"device": {"fingerprint": {"a": "b"}, "public_key": "x"}},
    {"device": {"fingerprint": {"a": "b"}, "public_key": "A" * 42 + "B"}}, {"device": {"fingerprint": {"a": "b"}, "name": "x" * 101}},
    {"device": {"fingerprint": {"a": "b\x00"}}}, {"product": "postak\x00"},
])  # fmt: skip
def test_bad_input_writes_nothing(change: dict[str, Any]) -> None:
    refused = Api().post("trials", body() | change)
    assert refused.status_code == 422
    for model in (Licence, Device, Activation, LedgerEntry, Standing):
        assert not model.objects.exists()
    assert not Entry.objects.filter(verb__startswith="licence").exists()


def test_s36_one_address_begins_twenty_trials_a_day_and_goes_on_with_any() -> None:
    first = body()
    codes = [Api().post("trials", sent).status_code for sent in [first, *(body() for _ in range(20))]]
    assert codes == [201] * 20 + [429]
    refused = Api().post("trials", body())
    assert 1 <= int(refused.headers["Retry-After"]) <= 86400
    assert Api().post("trials", first).status_code == 200
    elsewhere = Client(REMOTE_ADDR="203.0.113.9")
    assert elsewhere.post("/api/v1/trials", body(), content_type="application/json").status_code == 201


def test_a_trial_is_claimed_once_with_its_ledger() -> None:
    licence = start(make.device()).done.activation.licence
    mine, his = people.customer(), people.customer()
    claimed = claiming.claim(licence, mine, by=make.BY, at=FIRST)
    assert claimed.customer == mine
    assert LedgerEntry.objects.get().customer == Standing.objects.get().customer == mine
    assert claiming.claim(licence, mine, by=make.BY, at=FIRST).customer == mine
    with pytest.raises(Refused) as refusal:
        claiming.claim(licence, his, by=make.BY, at=FIRST)
    assert refusal.value.decision.code == "licence.trial_claimed"
    assert Entry.objects.filter(verb="licence.claimed").count() == 1


def test_only_a_trial_can_be_claimed() -> None:
    with pytest.raises(Refused) as refusal:
        claiming.claim(make.licence(), people.customer(), by=make.BY, at=FIRST)
    assert refusal.value.decision.code == "licence.trial_only"


def test_the_trial_of_a_device_follows_the_licence_that_is_bought_for_it() -> None:
    device, stranger = make.device(), make.device()
    trial, others = (start(one).done.activation.licence for one in (device, stranger))
    bought = make.licence()
    make.activated(bought, device, at=make.BOUGHT)
    trial.refresh_from_db()
    others.refresh_from_db()
    assert trial.customer == bought.customer
    assert others.customer is None
    assert rights.rights_of(trial, at=make.BOUGHT).run.until == date(2026, 3, 1)


def test_a_claimed_trial_stays_with_who_claimed_it() -> None:
    device, owner = make.device(), people.customer()
    trial = claiming.claim(start(device).done.activation.licence, owner, by=make.BY, at=FIRST)
    make.activated(make.licence(), device)
    trial.refresh_from_db()
    assert trial.customer == owner


def test_the_key_of_a_trial_activates_no_second_device() -> None:
    licence = start(make.device(), clock.now()).done.activation.licence
    refused = Api().post("activations", activation_body(licence))
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "licence.activation_limit")


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_a15_two_first_calls_at_once_make_one_trial() -> None:
    device = make.device()
    start(make.device())  # the signing key
    ends = at_once([partial(start, device) for _ in range(10)])
    assert [end.failed for end in ends if end.failed] == []
    assert Counter(end.value.is_new for end in ends) == {True: 1, False: 9}
    assert len({end.value.done.activation.licence_id for end in ends}) == 1
    assert queries.trial_of(make.product(), device.fingerprint) is not None
    assert Licence.objects.count() == 2
