"""A refresh without a detour: one statement, the same rules, one signature (docs/explanation/speed.md).

This answers the plain case only: an active device on an active licence that may run, with nothing to write but "it was here". Whatever
is not plain gives None, and the ordinary way (journeys/activation.py) decides it. So there is one truth: nothing is refused here, and
what is given is what the ordinary way would give, because rules, facts and claims are the same functions.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache

from django.conf import settings

from podpora.base.codes import random_part
from podpora.catalog import queries as catalog
from podpora.entitlements import queries as entitlements
from podpora.journeys import activation, rights
from podpora.licensing.actions import RECENT, Visit
from podpora.licensing.queries import hot
from podpora.licensing.queries.devices import token_hash
from podpora.licensing.queries.hot import HotDevice
from podpora.licensing.rules import claims_of, compact, unsigned_part
from podpora.licensing.rules.certificate import LICENCE_TYPE, next_serial
from podpora.licensing.rules.decision import Asked, DeviceState, decide, notices_of
from podpora.licensing.rules.possession import REFRESH, problem_of
from podpora.licensing.rules.watching import Thread, is_stale
from podpora.licensing.values import SEEN_EVERY_SECONDS, Contact, Granted

CLOCK_TOLERANCE = 48 * 3600  # seconds


@dataclass(frozen=True, slots=True)
class Refreshed:
    """A certificate, and what has to be written down: that the device was here, or that its program is another version now."""

    found: HotDevice
    certificate: str
    visit: Visit
    was_not_seen: bool
    is_updated: bool


@lru_cache(maxsize=1)
def _prepared() -> tuple[str, tuple[str, ...]]:
    """The statement, and the names of the pieces in it."""
    pieces = {"ledger": entitlements.ledger_sql(hot.LICENCE)} | catalog.facts_sql(hot.PRODUCT)
    return hot.statement(pieces), tuple(pieces)


def refreshed(token: str, contact: Contact, *, at: datetime) -> Refreshed | None:
    """A new certificate with today's rights, or None when this is not for here. Nothing is written."""
    found = hot.device_by_token(token, *_prepared())
    if found is None or not found.is_plain or not _is_plain(contact, found, token, at) or not _is_shown(contact, found, at):
        return None
    granted = _granted(found, contact, at=at)
    if granted is None:
        return None
    serial, has_to_be_written = next_serial(found.serial, found.last_seen_at, at)
    if has_to_be_written:
        return None
    visit = Visit(at, contact.app_version, found.token_pk, serial, contact.serial)
    certificate = _certificate(found, contact, granted, serial, at=at)
    if contact.serial is not None:
        RECENT.note(token_hash(token), given=serial, told=contact.serial)
    return Refreshed(found, certificate, visit, _was_not_seen(found, visit), found.app_version != contact.app_version)


def _is_shown(contact: Contact, found: HotDevice, at: datetime) -> bool:
    """Does the caller hold the key of the installation that the token was given to, where it registered one (S34)?"""
    if not found.device_key:
        return True
    return contact.possession is not None and not problem_of(contact.possession, key=found.device_key, call=REFRESH, at=at)


def _is_odd(told: int, found: HotDevice, token: str) -> bool:
    """Is it older than what this token was given, by the row or by what this process remembers of the last hour (clones)?"""
    if is_stale(told, found.given_serial):
        return True
    known = RECENT.with_it(Thread(found.given_serial), token_hash(token))
    return is_stale(told, known.given) and told != known.told


def _was_not_seen(found: HotDevice, visit: Visit) -> bool:
    """Is it time to write the visit down? At most once an hour: when the device was seen, or what its program said it has."""
    if (visit.at - found.last_seen_at).total_seconds() >= SEEN_EVERY_SECONDS:
        return True
    return visit.told is not None and visit.given - (found.given_serial or 0) >= SEEN_EVERY_SECONDS * 1_000_000


def _is_plain(contact: Contact, found: HotDevice, token: str, at: datetime) -> bool:
    """Does the program tell nothing that somebody has to look at: a changed computer, a clone, a clock that is off?"""
    return (
        (contact.fingerprint is None or contact.fingerprint == found.fingerprint)
        and (contact.serial is None or not _is_odd(contact.serial, found, token))
        and (contact.clock is None or abs((contact.clock - at).total_seconds()) <= CLOCK_TOLERANCE)
    )


def _granted(found: HotDevice, contact: Contact, *, at: datetime) -> Granted | None:
    """What the ledger gives; None when it refuses."""
    more = found.more
    facts = rights.Facts(catalog.versions_from(more["versions"]), catalog.policy_from(more["policy"]))
    levels = catalog.levels_from(more["plans"], at)
    entries = entitlements.entries_from(more["ledger"])
    answers = rights.answers_from(found.licence, entries, facts, levels, at=at, explained=False)
    version = activation.covered(answers, found.product_pk, contact.app_version, contact.major, at=at)
    granted = activation.standing_from(found.licence, answers, contact.major, version, at=at).granted
    if granted.decision.codes == ("licence.valid",):
        return granted  # the decision would look at each of its conditions and find none
    outcome = decide(Asked(found.licence, granted, device=DeviceState(found.device, "active")))
    return replace(granted, notices=notices_of(granted, outcome)) if outcome.decision.allowed else None


def _certificate(found: HotDevice, contact: Contact, granted: Granted, serial: int, *, at: datetime) -> str:
    facts = {
        "sub": found.licence, "jti": random_part(20), "activation": found.activation, "serial": serial, "product": found.product,
        "edition": found.edition, "kind": found.kind, "seats": found.seats, "holder": found.holder, "features": found.features,
        "nonce": contact.nonce, "key": found.device_key,
    }  # fmt: skip
    assert found.kid is not None  # is_plain
    claims = claims_of(facts, granted, found.fingerprint, issuer=settings.SITE_URL, at=at)
    unsigned = unsigned_part(claims, kid=found.kid, typ=LICENCE_TYPE)
    return compact(unsigned, hot.signing_key(found.kid).sign(unsigned.encode()))
