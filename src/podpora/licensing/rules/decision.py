"""The answer to "may it run?": one function, one order, the first hit decides the code.

Every face asks it: an activation, a refresh, `GET activations/me`, the portal, the desk. A condition that is hit refuses or only warns;
so `allowed` and `code` are independent: `version.end_of_life` is a code of an allowed answer.

The order, and why: first whether there is anything to decide about (`not_found`, `product_mismatch`), then the licence as a whole (what
was taken back, disputed, not begun, over), then the version, then the device, then the free seat. Whoever reads one code reads the one
that has to be put right first: freeing a seat helps nobody whose licence has ended. What only warns comes after everything that refuses.

The program meets conditions that the server can't (PROGRAM_ORDER): a file that is torn, forged, another device's, or too old. They are
declared with the others, so that the SDK, the server and the documentation speak of one list.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from podpora.base.decisions import Decision, Reason
from podpora.licensing.values import (
    ACTIVATION_LIMIT,
    CLOCK_TAMPERED,
    DEACTIVATED,
    DEVICE_BLOCKED,
    FEATURE_MISSING,
    FINGERPRINT_MISMATCH,
    FROZEN,
    MOVES_A_DAY,
    MOVES_A_MONTH,
    NOT_ACTIVATED,
    NOT_FOUND,
    PRODUCT_MISMATCH,
    SEATS_SHARED,
    STALE_SERIAL,
    TEAM_LIMIT,
    TOO_MANY_MOVES,
    Granted,
    LicenceState,
    Occupancy,
)

Facts = Mapping[str, Any]

# What a program finds out by itself, in its order: is it a file at all, whose is it, is it for this computer, is it still good?
PROGRAM_ORDER = (
    "licence.certificate_malformed", "licence.unknown_key", "licence.signature_invalid", "licence.product_mismatch",
    "licence.wrong_device", "licence.stale_serial", "licence.clock_tampered", "licence.lease_ended", "licence.feature_missing",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class DeviceState:
    """The device that asks, as the licence knows it. `state`: active, deactivated (since `ended_on`), or none."""

    code: str = ""
    state: str = "none"
    ended_on: date | None = None
    blocked_on: date | None = None
    is_same: bool = True  # its fingerprint still fits, as far as it was told
    skew: int | None = None  # seconds that its clock is off, if too many
    is_stale: bool = False  # its program has an older certificate than it was given


@dataclass(frozen=True, slots=True)
class Asked:
    """Everything that bears on the answer, gathered by who asks. `granted`: what the ledger gives; `seat`: a new one is asked for."""

    licence: str = ""  # empty: none was found
    granted: Granted | None = None
    product: str = ""
    product_wanted: str = ""
    support: Reason | None = None
    feature: str = ""
    features: Facts = field(default_factory=dict)
    device: DeviceState | None = None
    seat: Occupancy | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One condition of the trace: its code, the facts that it looked at, and `passed`, `warns`, `refuses`, `noted` or `not_asked`."""

    condition: str
    facts: Facts
    outcome: str
    decides: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """The decision, and the way to it (staff can open it)."""

    decision: Decision
    trace: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class _Condition:
    """`hit`: the facts of the reason when it is so, None when it is not. `applies`: does the question reach it at all?"""

    code: str
    hit: Callable[[Asked], Facts | None]
    applies: Callable[[Asked], bool] = lambda asked: asked.granted is not None
    blocks: bool = True


def decide(asked: Asked) -> Outcome:
    """May it run? Every condition in its order; all that are hit are reasons, the first of them decides the code."""
    reasons: list[Reason] = []
    steps: list[Step] = []
    known: set[str] = set()
    for condition in ORDER:
        facts = condition.hit(asked) if condition.applies(asked) else None
        told = {"licence": asked.licence, **facts} if facts is not None else {}
        is_new = facts is not None and condition.code not in known
        if is_new:
            known.add(condition.code)
            reasons.append(Reason(condition.code, told, condition.blocks))
        if not condition.applies(asked):
            outcome = "not_asked"
        elif not is_new:
            outcome = "passed"
        else:
            outcome = "refuses" if condition.blocks else "warns"
        steps.append(Step(condition.code, told if is_new else {}, outcome))
    rest = asked.granted.decision.reasons if asked.granted else ()
    reasons += [reason for reason in rest if reason.code not in known and reason.code != "licence.valid"]
    if not reasons:
        reasons.append(Reason("licence.valid", {"licence": asked.licence}, blocks=False))
    decision = Decision(tuple(sorted(reasons, key=lambda reason: not reason.blocks)))
    trace = [
        Step(s.condition, s.facts, s.outcome, s.outcome in ("refuses", "warns") and s.condition == decision.code) for s in steps
    ]
    return Outcome(decision, tuple(trace))


def notices_of(granted: Granted, outcome: Outcome) -> tuple[str, ...]:
    """What the certificate says: what the ledger tells, and what is so about this device besides."""
    told = [reason.code for reason in outcome.decision.warnings if reason.code != "licence.valid"]
    return tuple(dict.fromkeys([*granted.notices, *told]))


def _right(code: str, *, refuses: bool = True) -> Callable[[Asked], Facts | None]:
    """What the ledger says under this code: the rights' own rule has decided it (entitlements), here it gets its place in the order."""

    def hit(asked: Asked) -> Facts | None:
        found = asked.granted.decision.reasons if asked.granted else ()
        return next((reason.facts for reason in found if reason.code == code and reason.blocks == refuses), None)

    return hit


def _revoked(asked: Asked) -> Facts | None:
    if asked.seat is not None and asked.seat.state is LicenceState.REVOKED:
        return {}
    return _right("licence.revoked")(asked)


def _suspended(code: str) -> Callable[[Asked], Facts | None]:
    """X-4: what only warns a running program refuses a new device."""
    warns = _right(code, refuses=False)

    def hit(asked: Asked) -> Facts | None:
        if asked.seat is None:
            return None
        found = warns(asked)
        if found is None and code == "licence.suspended_payment" and asked.seat.state is LicenceState.SUSPENDED:
            others = ("licence.suspended", "licence.suspended_by_vendor")
            told = asked.granted.decision.codes if asked.granted else ()
            return None if any(other in told for other in others) else {"since": asked.seat.state_since}
        return found

    return hit


def _has_seat(asked: Asked) -> bool:
    return asked.seat is not None and asked.granted is not None


def _full(seat: Occupancy) -> bool:
    return seat.used >= seat.seats


def _team_limit(asked: Asked) -> Facts | None:
    seat = asked.seat
    return {"team": seat.team, "seats": seat.seats, "used": seat.used} if seat and seat.team and _full(seat) else None


def _limit(asked: Asked) -> Facts | None:
    seat = asked.seat
    return {"seats": seat.seats, "used": seat.used} if seat and not seat.team and _full(seat) else None


def _shared(asked: Asked) -> Facts | None:
    seat = asked.seat
    return {"shared": seat.shared} if seat and seat.shared and _limit(asked) is not None else None


def _moves(asked: Asked) -> Facts | None:
    """A-6, S29: so many new devices in a day, or in a month, beyond the seats. It slows down; it is no cap for a lifetime."""
    seat = asked.seat
    if seat is None or _full(seat):
        return None
    whole = seat.seats + seat.elsewhere  # devices of all teams are counted, so all seats are
    if seat.new_today >= whole + MOVES_A_DAY:
        return {"moves": seat.new_today, "days": 1}
    return {"moves": seat.new_this_month, "days": 30} if seat.new_this_month >= 2 * whole + MOVES_A_MONTH else None


def _frozen(asked: Asked) -> Facts | None:
    return {"since": asked.seat.frozen_on} if asked.seat and asked.seat.frozen_on else None


def _asks_device(asked: Asked) -> bool:
    return asked.device is not None and asked.granted is not None


def _asks_running(asked: Asked) -> bool:
    """A device that asks for a seat is not on one, which is no reason against it."""
    return _asks_device(asked) and asked.seat is None


def _blocked(asked: Asked) -> Facts | None:
    device = asked.device
    return {"since": device.blocked_on, "device": device.code} if device and device.blocked_on else None


def _mismatch(asked: Asked) -> Facts | None:
    return {} if asked.device and asked.device.state != "none" and not asked.device.is_same else None


def _deactivated(asked: Asked) -> Facts | None:
    return {"on": asked.device.ended_on} if asked.device and asked.device.state == "deactivated" else None


def _not_activated(asked: Asked) -> Facts | None:
    return {} if asked.device and asked.device.state == "none" else None


def _feature(asked: Asked) -> Facts | None:
    return {"feature": asked.feature} if not asked.features.get(asked.feature) else None


def _skew(asked: Asked) -> Facts | None:
    return {"hours": abs(asked.device.skew) // 3600} if asked.device and asked.device.skew else None


def _stale(asked: Asked) -> Facts | None:
    return {} if asked.device and asked.device.is_stale else None


def _support(asked: Asked) -> Facts | None:
    return asked.support.facts if asked.support and asked.support.code == "support.expired" else None


ORDER = (
    _Condition(NOT_FOUND, lambda asked: None if asked.licence else {}, applies=lambda asked: True),
    _Condition(
        PRODUCT_MISMATCH, lambda asked: {} if asked.product_wanted != asked.product else None,
        applies=lambda asked: bool(asked.licence and asked.product_wanted),
    ),
    _Condition("licence.revoked", _revoked),
    _Condition("licence.suspended", _right("licence.suspended")),
    _Condition("licence.not_yet_valid", _right("licence.not_yet_valid")),
    _Condition("licence.expired", _right("licence.expired")),
    _Condition("version.not_covered", _right("version.not_covered")),
    _Condition(FEATURE_MISSING, _feature, applies=lambda asked: bool(asked.granted and asked.feature)),
    _Condition(DEVICE_BLOCKED, _blocked, applies=_asks_device),
    _Condition(FINGERPRINT_MISMATCH, _mismatch, applies=_asks_running),
    _Condition(DEACTIVATED, _deactivated, applies=_asks_running),
    _Condition(NOT_ACTIVATED, _not_activated, applies=_asks_running),
    _Condition("licence.suspended_payment", _suspended("licence.suspended_payment"), applies=_has_seat),
    _Condition("licence.suspended_by_vendor", _suspended("licence.suspended_by_vendor"), applies=_has_seat),
    _Condition(FROZEN, _frozen, applies=_has_seat),
    _Condition(TEAM_LIMIT, _team_limit, applies=_has_seat),
    _Condition(SEATS_SHARED, _shared, applies=_has_seat, blocks=False),
    _Condition(ACTIVATION_LIMIT, _limit, applies=_has_seat),
    _Condition(TOO_MANY_MOVES, _moves, applies=_has_seat),
    _Condition("licence.expired_in_grace", _right("licence.expired_in_grace", refuses=False), blocks=False),
    _Condition("licence.suspended_payment", _right("licence.suspended_payment", refuses=False), blocks=False),
    _Condition("licence.suspended_by_vendor", _right("licence.suspended_by_vendor", refuses=False), blocks=False),
    _Condition("version.end_of_life", _right("version.end_of_life", refuses=False), blocks=False),
    _Condition(CLOCK_TAMPERED, _skew, applies=_asks_device, blocks=False),
    _Condition(STALE_SERIAL, _stale, applies=_asks_device, blocks=False),
    _Condition("support.expired", _support, applies=lambda asked: asked.support is not None, blocks=False),
)  # fmt: skip
