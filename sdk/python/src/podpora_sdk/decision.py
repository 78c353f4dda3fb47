"""May it run? One pure function, one order, the first hit decides the code (LICENSING: "The answer to may it run?").

`may_run` and `code` are independent: a code can warn and allow. The order: what makes the certificate none, what the server said last,
what the licence covers, when it ends; then what only warns.

The end of the lease: the debate. A certificate is a lease (`exp`); the program asks for a new one long before. When the server can't
be reached for longer than that, two mistakes are possible. To stop a program whose licence is perpetual takes away what was bought for
ever because a server is down, a company has no network or a vendor no longer exists: the dearest mistake there is (T6, T7, "a
perpetual right never depends on the clock"). To let it run means that a device which its owner took off its seat, and which never
meets the server again, runs on beside its successor: one seat too many for who keeps a computer off the net on purpose, and moves are
limited by the server. So a right without an end stays allowed with the warning `licence.lease_ended`, which asks for a refresh. A right
that ends anyway (trial, subscription) ends with its lease: there the lease is what tells the device that the payment stopped. A
vendor who wants A-4 to the letter for perpetual licences too (a device that was taken off works at most until its lease ends) says so
in the code: `Options(strict_lease=True)`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone

from podpora_sdk.certificate import Certificate
from podpora_sdk.clock import Judged

VALID = "licence.valid"
NOT_ACTIVATED = "licence.not_activated"
NOT_COVERED = "version.not_covered"
EXPIRED = "licence.expired"
IN_GRACE = "licence.expired_in_grace"
LEASE_ENDED = "licence.lease_ended"
CLOCK = "licence.clock_tampered"
SUPPORT = "support.expired"
NOT_YET_VALID = "licence.not_yet_valid"

# What the server may say instead of a new certificate, and a program stops for. All others leave it running on its lease (T6).
VERDICTS = frozenset({
    "licence.deactivated", "licence.device_blocked", "licence.revoked", "licence.suspended", EXPIRED, NOT_YET_VALID,
})  # fmt: skip
# Notices of the certificate that become the code when nothing weightier does, in this order.
WARNINGS = (
    IN_GRACE, CLOCK, LEASE_ENDED, "licence.suspended_payment", "licence.suspended_by_vendor", "licence.trial_ends_soon",
    "licence.ends_soon", "version.end_of_life",
    "version.end_of_life_soon", SUPPORT, "support.ends_soon",
)  # fmt: skip


@dataclass(frozen=True)
class Facts:
    """Everything that bears on the decision. `problem`: why there is no certificate although there was a text of one."""

    certificate: Certificate | None
    problem: str
    verdict: str
    time: Judged
    major: int
    released_on: date | None = None
    strict_lease: bool = False


@dataclass(frozen=True)
class Decided:
    may_run: bool
    code: str
    warnings: tuple[str, ...] = ()


def decide(facts: Facts) -> Decided:
    """In: facts. Out: may it run, the code, and every warning besides."""
    certificate = facts.certificate
    if certificate is None:
        return Decided(False, facts.problem or NOT_ACTIVATED)
    warnings = _warnings(facts, certificate)
    code = _refusal(facts, certificate)
    if code:
        return Decided(False, code, warnings)
    return Decided(True, warnings[0] if warnings else VALID, warnings)


def _refusal(facts: Facts, certificate: Certificate) -> str:
    if facts.verdict in VERDICTS:
        return facts.verdict
    if not certificate.covers.covers(facts.major, facts.released_on):
        return NOT_COVERED
    until = certificate.covers.until
    in_grace = IN_GRACE in certificate.notices and facts.time.now <= certificate.lease_ends_at
    if until is not None and today(facts.time.now) > until and not in_grace:
        return EXPIRED
    if facts.time.now > certificate.lease_ends_at and (until is not None or facts.strict_lease):
        return LEASE_ENDED
    return ""


def _warnings(facts: Facts, certificate: Certificate) -> tuple[str, ...]:
    found = set(certificate.notices) & set(WARNINGS)
    if facts.time.is_back:
        found.add(CLOCK)
    if facts.time.now > certificate.lease_ends_at:
        found.add(LEASE_ENDED)
    if certificate.support_through is not None:
        found |= {SUPPORT} if today(facts.time.now) > certificate.support_through else set()
    if SUPPORT in found:
        found.discard("support.ends_soon")
    return tuple(code for code in WARNINGS if code in found)


def today(now: int) -> date:
    """The date that it is still somewhere on Earth: a last day, inclusive, is over when it is over everywhere (Z-5)."""
    return (datetime.fromtimestamp(now, timezone.utc) - timedelta(hours=12)).date()


def days_left(until: date | None, now: int) -> int | None:
    """How many days are left, today counted; on a day that still counts never 0 (Z-8). None: it does not end.

    Today is what the calendar of this computer says: whoever reads "3 days left" counts from his own date, not from that of Greenwich.
    """
    if until is None:
        return None
    if today(now) > until:
        return 0
    return max(1, (until - datetime.fromtimestamp(now, timezone.utc).astimezone().date()).days + 1)
