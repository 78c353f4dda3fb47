"""Devices come to a licence, come again, and leave (RULES.md C)."""

from datetime import timedelta

import pytest
from django.utils import translation

from podpora.audit import queries as audit
from podpora.audit.models import Entry
from podpora.base.decisions import Refused
from podpora.journeys import activation as journey
from podpora.licensing import actions, queries
from podpora.licensing.models import Activation, Device, Licence
from podpora.licensing.values import ActivationState, Contact, LicenceKind, LicenceState
from tests.make import licensing as make
from tests.make import people

pytestmark = pytest.mark.django_db


def used(licence: Licence) -> int:
    licence.refresh_from_db()
    return licence.seats_used


def test_a1_the_fourth_device_of_three_is_refused_and_nothing_is_freed() -> None:
    licence = make.licence()
    for _ in range(3):
        assert make.activated(licence).is_new
    with pytest.raises(Refused) as refusal:
        make.activated(licence)
    assert refusal.value.decision.codes == ("licence.activation_limit",)
    assert used(licence) == 3
    assert Device.objects.count() == 3


@pytest.mark.parametrize("changed", [[], ["disk"], ["disk", "network"]])
def test_a2_a3_the_same_device_again_keeps_its_seat(changed: list[str]) -> None:
    licence = make.licence()
    device = make.device()
    first = make.activated(licence, device)
    again = make.activated(licence, make.device(**{k: v for k, v in device.fingerprint.items() if k not in changed}))
    assert not again.is_new
    assert again.activation.code == first.activation.code
    assert again.token != first.token
    assert used(licence) == 1
    # what changed is learned: a later change of the other parts is recognised too
    assert len(queries.fingerprint_of(Device.objects.get())) == 4


def test_a2_with_fewer_than_two_equal_parts_it_is_another_device() -> None:
    licence = make.licence()
    device = make.device()
    make.activated(licence, device)
    other = make.activated(licence, make.device(machine=device.fingerprint["machine"]))
    assert other.is_new
    assert used(licence) == 2


def test_a_device_of_another_licence_is_no_concern_of_this_one() -> None:
    device = make.device()
    first, second = make.licence(), make.licence()
    assert make.activated(first, device).is_new
    assert make.activated(second, device).is_new


def test_a16_both_tokens_of_one_device_work_and_only_the_newest_few_are_kept() -> None:
    licence, device = make.licence(), make.device()
    tokens = [make.activated(licence, device).token for _ in range(7)]
    assert [queries.activation_by_token(token) is not None for token in tokens] == [False, False, *[True] * 5]


def test_a4_a5_deactivated_once_the_seat_is_free_and_the_device_is_told() -> None:
    licence = make.licence()
    activation = make.activated(licence).activation
    assert actions.deactivate(activation, by=make.BY, at=make.BOUGHT)
    assert not actions.deactivate(activation, by=make.BY, at=make.BOUGHT)
    assert used(licence) == 0
    with pytest.raises(Refused) as refusal:
        journey.refresh(Activation.objects.get(), Contact("10.1.0", 10), by=make.BY, at=make.BOUGHT)
    assert refusal.value.decision.code == "licence.deactivated"
    licence.refresh_from_db()
    assert licence.state == LicenceState.ACTIVE


def test_a5_a_device_that_was_taken_off_may_come_again() -> None:
    licence, device = make.licence(), make.device()
    first = make.activated(licence, device).activation
    actions.deactivate(first, by=make.BY, at=make.BOUGHT)
    again = make.activated(licence, device)
    assert again.is_new
    assert again.activation.code != first.code
    assert Device.objects.count() == 1
    assert used(licence) == 1


def test_a6_moving_again_and_again_slows_down() -> None:
    licence = make.licence(terms=make.Terms(seats=1))
    for _ in range(11):
        actions.deactivate(make.activated(licence).activation, by=make.BY, at=make.BOUGHT)
    with pytest.raises(Refused) as refusal:
        make.activated(licence)
    assert refusal.value.decision.code == "licence.too_many_moves"
    assert make.activated(licence, at=make.BOUGHT + timedelta(days=1)).is_new  # a slow-down, no cap for life


@pytest.mark.parametrize(
    ("state", "code"), [(LicenceState.SUSPENDED, "licence.suspended_payment"), (LicenceState.REVOKED, "licence.revoked")]
)
def test_x4_a_suspended_licence_takes_no_new_device_but_knows_those_it_has(state: LicenceState, code: str) -> None:
    licence, device = make.licence(), make.device()
    make.activated(licence, device)
    actions.set_state(licence, state, by=make.BY, at=make.BOUGHT)
    with pytest.raises(Refused) as refusal:
        make.activated(licence)
    assert refusal.value.decision.code == code
    assert not make.activated(licence, device).is_new
    assert used(licence) == 1


def test_eol8_a_version_that_is_not_covered_is_refused() -> None:
    licence = make.licence(terms=make.Terms(through_major=9))
    with pytest.raises(Refused) as refusal:
        make.activated(licence, version="10.0.1")
    assert refusal.value.decision.code == "version.not_covered"
    assert make.activated(licence, version="9.4").is_new
    assert used(licence) == 1


def test_eol8_an_ended_version_runs_and_says_so() -> None:
    done = make.activated(make.licence(), version="8.2")
    assert done.is_new
    assert "version.end_of_life" in done.decision.codes


def test_fewer_seats_cut_nobody_off() -> None:
    licence = make.licence()
    devices = [make.device() for _ in range(3)]
    for device in devices:
        make.activated(licence, device)
    actions.set_seats(licence, 2, by=make.BY, at=make.BOUGHT)
    assert used(licence) == 3
    assert not make.activated(licence, devices[0]).is_new
    with pytest.raises(Refused):
        make.activated(licence)


def test_issuing_twice_is_issuing_once() -> None:
    licence = make.licence()
    key = queries.key_of(licence)
    again = actions.issue(
        code=licence.code, customer=people.customer(), product=licence.product, edition=licence.edition, offer="other",
        kind=LicenceKind.ONE_TIME, seats=9, source="order:other", by=make.BY, at=make.BOUGHT,
    )  # fmt: skip
    assert again == licence
    assert queries.key_of(again) == key
    assert again.seats == 3


def test_the_key_is_found_however_typed_and_kept_nowhere_in_the_clear() -> None:
    licence = make.licence()
    key = queries.key_of(licence)
    assert queries.licence_by_key(f" {key.lower().replace('-', ' ')} ") == licence
    licence.refresh_from_db()
    plain = key.replace("-", "")
    for value in (licence.key_hash, licence.key_sealed):
        assert plain not in value


def test_x9_a_new_key_makes_the_old_one_unknown_and_devices_go_on() -> None:
    licence = make.licence()
    old = queries.key_of(licence)
    done = make.activated(licence)
    actions.replace_key(licence, by=make.BY, at=make.BOUGHT)
    assert queries.licence_by_key(old) is None
    assert queries.activation_by_token(done.token) == done.activation
    assert done.activation.state == ActivationState.ACTIVE


@pytest.mark.parametrize(("language", "sentence"), [
    ("en", "The licence changed from active to suspended."), ("cs", "Stav licence se změnil z „platná“ na „pozastavená“."),
])  # fmt: skip
def test_the_audit_says_the_state_of_a_licence_in_the_reader_s_language(language: str, sentence: str) -> None:
    licence = make.licence()
    actions.set_state(licence, LicenceState.SUSPENDED, by=make.BY, at=make.BOUGHT)
    with translation.override(language):
        assert audit.sentence(Entry.objects.get(verb="licence.state_changed")) == sentence
