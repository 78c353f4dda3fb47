"""The one decision "may it run?": each code of LICENSING.md is met, in its order, with a sentence and a way on in both languages."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.utils import translation

from podpora.base.decisions import Decision, Reason, allow, refuse
from podpora.base.reasons import sentence, ways
from podpora.licensing.rules.decision import ORDER, PROGRAM_ORDER, Asked, DeviceState, decide
from podpora.licensing.values import Granted, LicenceState, Occupancy

pytestmark = pytest.mark.django_db  # the ways' addresses

DAY = date(2026, 3, 1)
VALID = Granted(allow("licence.valid"))
HERE = DeviceState("D-1", "active")
FREE = Occupancy(LicenceState.ACTIVE, DAY, seats=3, used=1, new_today=0)
ASKED = Asked("L-1", VALID, product="postak", product_wanted="postak", device=HERE)
FULL = replace(FREE, used=3)

# The list of LICENSING.md, as it stands on the wire (three of them are codes of other rooms: API.md).
CODES = (
    "valid", "not_found", "product_mismatch", "suspended", "revoked", "not_yet_valid", "expired", "expired_in_grace", "not_activated",
    "fingerprint_mismatch", "activation_limit", "deactivated", "device_blocked", "lease_ended", "clock_tampered",
    "certificate_malformed", "signature_invalid", "unknown_key", "wrong_device", "stale_serial", "feature_missing",
)  # fmt: skip
ALL = (*(f"licence.{code}" for code in CODES), "version.not_covered", "version.end_of_life", "support.expired")


def rights(decision: Decision) -> Asked:
    return replace(ASKED, granted=Granted(decision))


CASES: list[tuple[str, Asked, bool]] = [
    ("licence.valid", ASKED, True),
    ("licence.not_found", Asked(), False),
    ("licence.product_mismatch", replace(ASKED, product_wanted="another"), False),
    ("licence.revoked", rights(refuse("licence.revoked")), False),
    ("licence.revoked", replace(ASKED, device=None, seat=replace(FREE, state=LicenceState.REVOKED)), False),
    ("licence.suspended", rights(refuse("licence.suspended", since=DAY)), False),
    ("licence.suspended_payment", rights(allow("licence.suspended_payment", since=DAY)), True),
    ("licence.suspended_payment", replace(rights(allow("licence.suspended_payment", since=DAY)), device=None, seat=FREE), False),
    ("licence.suspended_payment", replace(ASKED, device=None, seat=replace(FREE, state=LicenceState.SUSPENDED)), False),
    ("licence.suspended_by_vendor", replace(rights(allow("licence.suspended_by_vendor", since=DAY)), seat=FREE), False),
    ("licence.not_yet_valid", rights(refuse("licence.not_yet_valid")), False),
    ("licence.expired", rights(refuse("licence.expired", until=DAY)), False),
    ("licence.expired_in_grace", rights(allow("licence.expired_in_grace", until=DAY, pending_until=DAY)), True),
    ("version.not_covered", rights(refuse("version.not_covered", major=11, through_major=10)), False),
    ("version.end_of_life", rights(allow("version.end_of_life", major=8, support_ends_on=DAY)), True),
    ("licence.feature_missing", replace(ASKED, feature="exchange", features={"exchange": False}), False),
    ("licence.valid", replace(ASKED, feature="exchange", features={"exchange": True}), True),
    ("licence.device_blocked", replace(ASKED, device=replace(HERE, blocked_on=DAY)), False),
    ("licence.device_blocked", replace(ASKED, device=replace(HERE, state="deactivated", blocked_on=DAY), seat=FREE), False),
    ("licence.fingerprint_mismatch", replace(ASKED, device=replace(HERE, is_same=False)), False),
    ("licence.deactivated", replace(ASKED, device=replace(HERE, state="deactivated", ended_on=DAY)), False),
    ("licence.valid", replace(ASKED, device=replace(HERE, state="deactivated", ended_on=DAY), seat=FREE), True),
    ("licence.not_activated", replace(ASKED, device=DeviceState()), False),
    ("licence.frozen", replace(ASKED, device=None, seat=replace(FREE, frozen_on=DAY)), False),
    ("licence.activation_limit", replace(ASKED, device=None, seat=FULL), False),
    ("licence.team_limit", replace(ASKED, device=None, seat=replace(FULL, team="Sales")), False),
    ("licence.too_many_moves", replace(ASKED, device=None, seat=replace(FREE, new_today=13)), False),
    ("licence.valid", replace(ASKED, device=None, seat=replace(FREE, new_today=12)), True),
    ("licence.too_many_moves", replace(ASKED, device=None, seat=replace(FREE, new_this_month=66)), False),
    ("licence.valid", replace(ASKED, device=None, seat=replace(FREE, new_this_month=65)), True),
    ("licence.clock_tampered", replace(ASKED, device=replace(HERE, skew=-400_000)), True),
    ("licence.stale_serial", replace(ASKED, device=replace(HERE, is_stale=True)), True),
    ("support.expired", replace(ASKED, support=Reason("support.expired", {"through": DAY})), True),
    ("licence.valid", replace(ASKED, support=Reason("support.not_included")), True),
]  # fmt: skip


@pytest.mark.parametrize(("code", "asked", "allowed"), CASES)
def test_each_condition_decides(code: str, asked: Asked, allowed: bool) -> None:
    outcome = decide(asked)
    assert (outcome.decision.code, outcome.decision.allowed) == (code, allowed)
    deciding = [step.condition for step in outcome.trace if step.decides]
    assert deciding in ([code], []) and (code == "licence.valid") == (deciding == [])


def test_every_code_of_the_list_is_met_by_the_server_or_by_the_program() -> None:
    by_server = {code for code, _asked, _allowed in CASES}
    assert set(ALL) <= by_server | set(PROGRAM_ORDER)
    assert len(ALL) == 24
    assert {condition.code for condition in ORDER} <= by_server | {"licence.seats_shared"}


@pytest.mark.parametrize("code", sorted({*ALL, *PROGRAM_ORDER, "licence.frozen", "licence.too_many_moves"}))
def test_each_code_has_a_sentence_and_a_way_on_in_both_languages(code: str) -> None:
    said = {}
    for language in ("en", "cs"):
        with translation.override(language):
            said[language] = sentence(Reason(code))
            assert code == "licence.valid" or ways(Reason(code, {"licence": "L-22222222"}))
    assert code not in said.values()
    assert said["cs"] != said["en"]


def facts(**changes: Any) -> Asked:
    """Everything is wrong at once."""
    worst = Decision((
        Reason("licence.revoked"), Reason("licence.suspended", {"since": DAY}), Reason("licence.expired", {"until": DAY}),
        Reason("version.not_covered", {"major": 11, "through_major": 10}),
        Reason("version.end_of_life", {"major": 8, "support_ends_on": DAY}, blocks=False),
    ))  # fmt: skip
    device = DeviceState("D-1", "deactivated", DAY, DAY, is_same=False, skew=999_999, is_stale=True)
    return replace(
        ASKED,
        granted=Granted(worst),
        product_wanted="other",
        feature="x",
        device=device,
        support=Reason("support.expired"),
        **changes,
    )


def test_the_first_hit_decides_and_all_are_told() -> None:
    told = decide(facts()).decision
    assert told.codes == (
        "licence.product_mismatch", "licence.revoked", "licence.suspended", "licence.expired", "version.not_covered",
        "licence.feature_missing", "licence.device_blocked", "licence.fingerprint_mismatch", "licence.deactivated",
        "version.end_of_life", "licence.clock_tampered", "licence.stale_serial", "support.expired",
    )  # fmt: skip
    assert told.code == "licence.product_mismatch"


def test_each_refusal_put_right_shows_the_next() -> None:
    """Walking down the order: what was first is mended, and the next one decides."""
    asked = facts()
    seen = [decide(asked).decision.code]
    asked = replace(asked, product_wanted="postak")
    while True:
        seen.append(decide(asked).decision.code)
        assert asked.granted is not None
        rest = tuple(reason for reason in asked.granted.decision.reasons if reason.code != seen[-1])
        if len(rest) == len(asked.granted.decision.reasons):
            break
        asked = replace(asked, granted=Granted(Decision(rest)))
    assert seen[1:] == ["licence.revoked", "licence.suspended", "licence.expired", "version.not_covered", "licence.feature_missing"]


def test_a_warning_never_hides_a_refusal() -> None:
    warned = rights(allow("licence.expired_in_grace", until=DAY, pending_until=DAY))
    gone = replace(warned, device=replace(HERE, state="deactivated", ended_on=DAY))
    assert decide(gone).decision.codes == ("licence.deactivated", "licence.expired_in_grace")
    assert not decide(gone).decision.allowed


def test_a_reason_that_the_order_does_not_know_is_not_lost() -> None:
    assert decide(rights(refuse("licence.of_tomorrow"))).decision.code == "licence.of_tomorrow"


def test_the_trace_names_every_condition_once_in_its_order() -> None:
    trace = decide(replace(ASKED, device=replace(HERE, blocked_on=DAY))).trace
    assert [step.condition for step in trace] == [condition.code for condition in ORDER]
    assert {step.outcome for step in trace} == {"passed", "refuses", "not_asked"}
    blocked = next(step for step in trace if step.outcome == "refuses")
    assert (blocked.condition, blocked.facts["device"], blocked.decides) == ("licence.device_blocked", "D-1", True)
