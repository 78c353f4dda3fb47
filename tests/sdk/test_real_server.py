"""The SDK against the real server: trial, activation, refresh, seats, deactivation, files, questions (A-1..A-15, EOL-8, EOL-9)."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.conf import settings

from podpora.base import clock
from podpora.base.clock import vendor_date
from podpora.journeys import registration
from podpora.licensing import actions, queries
from podpora.licensing.models import Activation, Licence
from tests.make import licensing as make
from tests.make import people
from tests.make.api import Api, token
from tests.sdk.conftest import Started

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]


def licence(now: datetime, **terms: Any) -> Licence:
    return make.licence(terms=make.Terms(bought_at=now - timedelta(days=30), **terms))


def test_activate_refresh_deactivate(program: Started, now: datetime) -> None:
    bought = licence(now)
    one = program()
    state = one.activate(queries.key_of(bought).lower()).state
    assert state
    assert (state.may_run, state.reason, state.licence, state.edition) == (True, "licence.valid", bought.code, "pro")
    assert (str(state.covers), state.days_left, state.holder) == ("versions up to 10.*", None, bought.customer.name)
    assert state.support_through
    assert one.activate().ok  # the same device again takes no second seat
    assert queries.by_code(queries.all_licences(), bought.code).seats_used == 1
    assert one.refresh().ok
    assert program().state().may_run  # from the disk
    assert one.deactivate().ok
    assert queries.by_code(queries.all_licences(), bought.code).seats_used == 0
    assert program().state().reason == "licence.not_activated"


def test_s34_the_installation_s_key_reaches_the_server(program: Started, now: datetime) -> None:
    from podpora_sdk.device import public_x

    one = program()
    one.activate(queries.key_of(licence(now)))
    assert Activation.objects.get().device_key == public_x(one.holding.device_key())


def test_wrong_keys(program: Started, now: datetime) -> None:
    one = program(language="cs")
    mistyped = one.activate("PK234-56789-ABCDE-FGHJK-MNPQR")
    assert (mistyped.ok, mistyped.code) == (False, "licence.key_mistyped")
    assert "0, O, 1, I" in mistyped.message
    gone = licence(now)
    key = queries.key_of(gone)
    actions.replace_key(gone, by=make.BY, at=now)
    unknown = one.activate(key)
    assert (unknown.code, bool(unknown.next)) == ("licence.not_found", True)
    assert not unknown.message.startswith("There is")  # in the user's language


def test_a1_the_limit_and_freeing_one_with_the_owner_s_proof(program: Started, now: datetime) -> None:
    owner = people.person()
    bought = make.licence(people.company(owner=owner), make.Terms(seats=1, bought_at=now - timedelta(days=30)))
    key = queries.key_of(bought)
    first, second = program("laptop"), program("desktop")
    assert first.activate(key).ok
    stranger = second.activate(key)
    assert (stranger.code, stranger.devices) == ("licence.activation_limit", ())
    proof = Api(token("licences", person=owner)).post(f"licences/{bought.code}/owner-proofs").json()["owner_proof"]
    told = second.activate(key, owner_proof=proof)
    assert [device.name for device in told.devices] == ["laptop"]
    assert second.activate(key, owner_proof=proof, replace=told.devices[0].code).ok
    assert first.state().may_run  # until it hears of it
    assert first.refresh().code == "licence.deactivated"
    assert (first.state().may_run, first.state().reason) == (False, "licence.deactivated")
    assert program("laptop").state().reason == "licence.deactivated"
    api = token("licences", person=owner)
    code = second.devices(api).devices[-1].code
    assert [device.name for device in second.devices(api).devices if device.state == "active"] == ["desktop"]
    assert second.free_device(second.state().device, api).ok
    assert code
    assert first.activate().ok  # with the key of the last time
    assert first.state().may_run


def test_a15_a_trial_does_not_start_again(program: Started) -> None:
    one = program()
    result = one.start_trial()
    assert result.ok, result
    state = one.state()
    assert (state.may_run, state.kind, state.holder) == (True, "trial", "")
    today = vendor_date(clock.now(), settings.VENDOR_ZONE)
    assert state.ends_on == today + timedelta(days=29)  # 30 days, today is the first
    assert state.days_left == 30 + (today - clock.now().astimezone().date()).days  # by the calendar of this computer
    again = program("laptop").start_trial()  # reinstalled: the same device
    assert again.state
    assert again.state.ends_on == state.ends_on


def test_x4_a_disputed_licence_runs_on_with_a_notice(program: Started, now: datetime) -> None:
    bought = licence(now)
    one = program()
    one.activate(queries.key_of(bought))
    actions.set_state(bought, "revoked", by=make.BY, at=now)  # type: ignore[arg-type]
    refused = one.refresh()
    assert (refused.ok, one.state().may_run) in ((False, False), (True, True))
    assert one.state().reason == (refused.code if not refused.ok else one.state().reason)


def test_eol8_a_version_that_is_not_covered(program: Started, now: datetime) -> None:
    bought = licence(now, through_major=9)
    one = program(version="9.4")
    one.activate(queries.key_of(bought))
    assert one.may_update_to("9.9")
    assert one.may_update_to("10.0").code == "version.not_covered"
    newer = program(version="10.0")  # installed all the same
    assert (newer.state().may_run, newer.state().reason) == (False, "version.not_covered")
    assert newer.refresh().code == "version.not_covered"
    assert program(version="9.4").state().may_run  # the one that is covered is his for ever


def test_a9_offline_there_and_back(program: Started, now: datetime, live_server: Any) -> None:
    bought = licence(now)
    one = program()
    request = one.offline_request(queries.key_of(bought))
    answer = Api().post("offline/activations", {"request": request.file})
    assert answer.status_code == 201, answer.content
    file = answer.content
    assert one.install_offline(file).ok
    assert one.state().may_run
    assert program("desktop").install_offline(file).code == "licence.wrong_device"
    proof = one.offline_proof()
    assert proof.ok
    answer = Api().post("offline/deactivations", {"proofs": [proof.file]})
    assert [item["state"] for item in answer.json()["items"]] == ["deactivated"], answer.content
    assert queries.by_code(queries.all_licences(), bought.code).seats_used == 0
    assert one.install_offline(file).code == "licence.stale_serial"
    again = Api().post("offline/activations", {"request": one.offline_request(queries.key_of(bought)).file})
    assert one.install_offline(again.content).ok


def test_cs11_the_server_rotates_its_key(program: Started, now: datetime) -> None:
    one = program()
    one.activate(queries.key_of(licence(now)))
    actions.rotate_signing_key(overlap=timedelta(days=90), by=make.BY, at=now)
    assert one.refresh().ok
    assert program().state().may_run


def test_a_question_from_the_program(program: Started, now: datetime) -> None:
    one = program()
    one.activate(queries.key_of(licence(now)))
    result = one.report_problem("It crashes when I press the button.", queue="licences", reference="once")
    assert result.ok, result
    assert (
        one.report_problem("It crashes when I press the button.", queue="licences", reference="once").data["code"]
        == result.data["code"]
    )


def test_a11_a_clock_that_is_wrong_is_repaired_by_a_refresh(program: Started, now: datetime) -> None:
    from podpora_sdk.clock import Clock

    from podpora.licensing.models import Device

    program().activate(queries.key_of(licence(now)))
    wrong = Clock(lambda: (now - timedelta(days=400)).timestamp())
    one = program(clock=wrong)
    assert one.state().reason == "licence.clock_tampered"
    assert one.refresh().ok
    assert Device.objects.get().clock_skew is not None
    assert one.state().may_run


def test_a13_free_by_e_mail_moves_to_a_new_computer(program: Started, now: datetime) -> None:
    one, other = program("laptop", language="cs"), program("desktop")
    asked = one.register_free("nora@free.example")
    assert (asked.ok, asked.message) == (True, "Pokud je adresa správná, klíč je na cestě.")
    assert other.register_free("not an address").fields == {"email": ("not_an_email",)}
    registration.register(make.product(), "nora@free.example", "cs", by=make.BY, at=now)  # what the worker does with it
    key = queries.key_of(Licence.objects.get())
    assert one.activate(key).ok
    assert (one.state().kind, one.feature("accounts").value, one.feature("commercial").code) == (
        "free",
        2,
        "licence.feature_missing",
    )
    assert other.activate(key).ok
    assert one.refresh().code == "licence.deactivated"
    assert other.state().may_run


def test_s37_updates_come_with_a_signed_manifest(program: Started, now: datetime) -> None:
    from podpora_sdk import versions

    bought = licence(now)
    vendor = Api(token("catalog"))
    files = [{"platform": "linux", "url": "https://download.vendor.example/p", "sha256": "ab" * 32, "size": 1000}]
    body = {"product": "postak", "version": "10.3.0", "released_on": (now - timedelta(days=3)).date().isoformat(), "files": files}
    assert vendor.post("releases", body).status_code == 201
    one = program()
    one.activate(queries.key_of(bought))
    result = one.updates()
    assert (result.ok, result.code, "10.3.0" in result.message) == (True, "update.available", True)
    newest = versions.newest(one.holding)
    assert newest
    assert (newest.version, newest.files[0].sha256) == ("10.3.0", "ab" * 32)
    assert program(version="10.3.0").updates().code == "update.none"
    refused = one.updates("11.0")
    assert (refused.ok, refused.code) == (False, "version.not_covered")


def test_every_code_that_the_server_puts_into_a_certificate_has_a_sentence_in_the_sdk() -> None:
    from podpora_sdk.texts import TEXTS

    from podpora.base import reasons
    from podpora.licensing.rules.decision import PROGRAM_ORDER

    of_orders = {
        "support.active",
        "support.included",
        "support.too_far_ahead",
        "support.use_other_licence",
        "support.licence_revoked",
    }
    of_tickets = {"support.not_needed"}
    support = {code for code in reasons.declared() if code.startswith("support.")} - of_orders - of_tickets
    warns = {
        "licence.trial_ends_soon",
        "licence.ends_soon",
        "licence.suspended_payment",
        "licence.suspended_by_vendor",
        "version.end_of_life",
    }
    assert (support | warns | set(PROGRAM_ORDER)) - TEXTS.keys() == set()
