"""A refresh without a detour: one statement, the same rules, one signature (docs/explanation/speed.md).

This answers the plain case only: an active device on an active licence that may run, with nothing to write but "it was here". Whatever
is not plain gives None, and the ordinary way (journeys/activation.py) decides it. So there is one truth: what is given is what the
ordinary way would give, because rules, facts and claims are the same functions. The only refusal that is found here is the one of a full
licence (`full`).

Two things are remembered in a process, and neither can outlive a change. What the vendor set is known together with its mark; the mark
comes with every row, and the database changes it with every change. And what the rules gave for a ledger is given again to a ledger
that is alike, on the same day (entitlements/queries.py: likeness).
"""

import json
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any, NamedTuple

from django.conf import settings

from podpora.base import sql
from podpora.base.clock import vendor_date
from podpora.base.codes import random_part
from podpora.catalog import queries as catalog
from podpora.catalog.rules.releases import line_of
from podpora.catalog.values import ProductFacts
from podpora.entitlements import queries as entitlements
from podpora.fleet import queries as fleet
from podpora.fleet.values import BUNDLE_RENEWED
from podpora.journeys import activation, rights
from podpora.licensing.actions import RECENT, Visit, place_hash
from podpora.licensing.queries import hot
from podpora.licensing.queries.devices import token_hash
from podpora.licensing.queries.hot import FullLicence, HotDevice
from podpora.licensing.rules import compact
from podpora.licensing.rules.certificate import LICENCE_TYPE, Form, form_of, next_serial, written
from podpora.licensing.rules.decision import Asked, DeviceState, decide, notices_of
from podpora.licensing.rules.possession import REFRESH, problem_of
from podpora.licensing.rules.watching import Thread, is_stale, says_more
from podpora.licensing.values import ACTIVATION_LIMIT, SEEN_EVERY_SECONDS, Contact, DeviceFacts, Granted, LicenceState, Occupancy

CLOCK_TOLERANCE = 48 * 3600  # seconds
MOST = 5_000  # forms that are remembered
_NOON, _QUARTER = timedelta(hours=12), timedelta(minutes=15)
_LICENCE, _DEVICE = "\0L", "\0D"  # stand for codes; no text that is told has them
_NEVER = datetime.max.replace(tzinfo=UTC)


class Refreshed(NamedTuple):
    """A certificate, and what has to be written down: that the device was here, or that its program is another version now."""

    found: HotDevice
    certificate: str
    visit: Visit
    was_not_seen: bool
    is_updated: bool


@dataclass(slots=True)
class _Product:
    """What the vendor set about a product, and on which day for it an answer is given: its vendor's, and the one that has ended
    everywhere on Earth at noon (Z-5), with what is had in the support centre then."""

    facts: ProductFacts
    written: Mapping[int, Mapping[str, str]]  # of the editions' certificates, by primary key
    day: Hashable = None
    since: datetime = _NEVER
    until: datetime = _NEVER

    def day_at(self, at: datetime) -> Hashable:
        """Worked out once in a quarter of an hour: no zone's midnight lies within one."""
        if not self.since <= at < self.until:
            quarter = at - timedelta(minutes=at.minute % 15, seconds=at.second, microseconds=at.microsecond)
            changes = [instant for since, until, *_ in self.facts.plans for instant in (since, until) if instant and instant > at]
            self.day = (vendor_date(at, self.facts.policy.zone), (at - _NOON).date(), *self.facts.levels(at).values())
            self.since, self.until = at, min([quarter + _QUARTER, *changes])
        return self.day


@dataclass(frozen=True, slots=True)
class _Known:
    """What the vendor set, and which key signs, while the mark is this one; and what the rules have given under it."""

    mark: int
    kid: str
    products: Mapping[int, _Product]
    forms: dict[Hashable, Form | None] = field(default_factory=dict)
    looks: dict[Hashable, str] = field(default_factory=dict)  # how it is told
    refusals: dict[Hashable, bool] = field(default_factory=dict)  # is there no seat, and nothing else to say?


_known: _Known | None = None


class Looked(NamedTuple):
    """How a plain device stands, as it is told (`tell`), and the codes of its product and edition."""

    found: HotDevice
    product: str
    edition: str
    told: str


@lru_cache(maxsize=1)
def _of_all() -> tuple[sql.Statement, tuple[str, ...]]:
    """The statement about all that the vendor set, and the names of its pieces."""
    pieces = {"mark": catalog.MARK, "kid": hot.SIGNER} | catalog.all_facts_sql()
    return sql.Statement(f"SELECT {', '.join(pieces.values())}"), tuple(pieces)


@lru_cache(maxsize=2)
def _of_device(more: tuple[str, ...] = ()) -> sql.Statement:
    return hot.statement(catalog.MARK, entitlements.ledger_sql(hot.LICENCE), more)


@lru_cache(maxsize=1)
def _of_full() -> sql.Statement:
    return hot.full_statement(catalog.MARK, entitlements.ledger_sql(hot.LICENCE))


@lru_cache(maxsize=1)
def _of_settings() -> sql.Statement:
    return hot.statement_of(fleet.held_sql(hot.DEVICE, hot.CUSTOMER))


def settings_held(token: str, *, at: datetime) -> str | None:
    """The tag of the central settings that a plain device holds, as long as they are what it would be given; else None (CS-15).

    Rights are asked when settings are signed, not when nothing changed: so does the ordinary way (journeys/central.py).
    """
    since, now = sql.as_parameter(at - BUNDLE_RENEWED), sql.as_parameter(at)
    found = _of_settings().first(since, now, token_hash(token), now)
    return found[0] if found else None


def _known_at(mark: int | None) -> _Known | None:
    """What is known under this mark; read anew where it is another one (its own mark comes with it, in one statement)."""
    global _known
    known = _known
    if known is None or known.mark != mark or mark is None:
        everything, names = _of_all()
        found = dict(zip(names, everything.first() or (), strict=True))
        if found["mark"] is None or found["kid"] is None:
            return None
        products = {pk: _product(facts) for pk, facts in catalog.all_facts_from(found).items()}
        known = _known = _Known(int(found["mark"]), found["kid"], products)
    return known


def _product(facts: ProductFacts) -> _Product:
    def texts(edition: str, features: Mapping[str, Any]) -> Mapping[str, str]:
        return {"product": written(facts.code), "edition": written(edition), "features": written(features)}

    return _Product(facts, {pk: texts(*edition) for pk, edition in facts.editions.items()})


def refreshed(token: str, contact: Contact, *, at: datetime) -> Refreshed | None:
    """A new certificate with today's rights, or None when this is not for here. Nothing is written."""
    hashed = token_hash(token)
    found = hot.plain_device(_of_device(), hashed, at)
    if found is None or not _is_plain(contact, found, hashed, at) or not _is_shown(contact, found, at):
        return None
    known = _known_at(found.mark)
    form = _form(known, found, contact, at=at) if known else None
    serial, has_to_be_written = next_serial(found.serial, at, at)
    if known is None or form is None or has_to_be_written:
        return None
    visit = Visit(at, contact.app_version, found.token_pk, serial, contact.serial)
    certificate = _certificate(known, found, contact, form, serial, at=at)
    if contact.serial is not None:
        RECENT.note(hashed, given=serial, told=contact.serial)
    return Refreshed(found, certificate, visit, _was_not_seen(found, visit), found.app_version != contact.app_version)


def full(key: str, device: DeviceFacts, contact: Contact, *, product: str | None, address: str, at: datetime) -> FullLicence | None:
    """The licence of this key, when all that is to be said to this new computer is that every seat is taken, and nothing is to be written.

    Where anything else would be said too (the licence ended, the version is not covered), or could be, it is None.
    """
    on = vendor_date(at, settings.VENDOR_ZONE)
    found = hot.full_licence(_of_full(), key, device, place_hash(address or "?"), on=on)
    known = _known_at(found.mark) if found else None
    if found is None or known is None:
        return None
    if says_more(devices=found.devices, here=found.here, again=found.again, seats=found.seats):
        return None
    facts = known.products[found.product_pk]
    if product is not None and product != facts.facts.code:
        return None
    alike = entitlements.likeness(found.ledger, at)
    question = (alike, found.product_pk, contact.app_version, facts.day_at(at))
    is_plain = known.refusals.get(question) if alike is not None else None
    if is_plain is None:
        standing = _standing(facts.facts, found, contact.app_version, contact.major, at=at)
        seat = Occupancy(LicenceState.ACTIVE, on, found.seats, found.seats_used, 0)
        decision = decide(Asked(found.licence, standing.granted, seat=seat)).decision
        is_plain = [reason.code for reason in decision.reasons if reason.blocks] == [ACTIVATION_LIMIT]
        _remember(known.refusals, question, is_plain)
    return found if is_plain else None


def _remember(answers: dict[Hashable, Any], question: Hashable, answer: Any) -> None:
    if len(answers) >= MOST:
        answers.clear()
    answers[question] = answer


def looked(token: str, tell: Callable[[activation.Standing], str], *, language: str, at: datetime) -> Looked | None:
    """How the device stands now, or None when this is not for here. Nothing is written.

    `tell` makes a text in that language of what `activation.device_standing` would give. It is made once for all that are alike: what is
    of its own in it are the codes of licence and device.
    """
    found = hot.plain_device(_of_device(hot.LOOK), token_hash(token), at)
    known = _known_at(found.mark) if found else None
    if found is None or known is None:
        return None
    product = known.products[found.product_pk]
    edition, _features = product.facts.editions[found.edition_pk]
    alike = entitlements.likeness(found.ledger, at)
    question = (alike, found.product_pk, found.app_version, product.day_at(at), language)
    told = known.looks.get(question) if alike is not None else None
    if told is None:
        standing = _stands(product.facts, found, at=at)
        if standing is None:
            return None
        told = tell(standing).replace(found.licence, _LICENCE).replace(found.device, _DEVICE)
        if alike is not None:
            _remember(known.looks, question, told)
    return Looked(found, product.facts.code, edition, told.replace(_LICENCE, found.licence).replace(_DEVICE, found.device))


def _stands(product: ProductFacts, found: HotDevice, *, at: datetime) -> activation.Standing | None:
    """As `activation.device_standing` gives it; None where it may not run."""
    line = line_of(found.app_version)
    standing = _standing(product, found, found.app_version, line[0] if line else None, at=at)
    support = next(iter(standing.support.reasons), None)
    outcome = decide(Asked(found.licence, standing.granted, support=support, device=DeviceState(found.device, "active")))
    if not outcome.decision.allowed:
        return None
    granted = replace(standing.granted, notices=notices_of(standing.granted, outcome))
    return replace(standing, outcome=outcome, granted=granted)


def _is_shown(contact: Contact, found: HotDevice, at: datetime) -> bool:
    """Does the caller hold the key of the installation that the token was given to, where it registered one (S34)?"""
    if not found.device_key:
        return True
    return contact.possession is not None and not problem_of(contact.possession, key=found.device_key, call=REFRESH, at=at)


def _is_odd(told: int, found: HotDevice, hashed: str) -> bool:
    """Is it older than what this token was given, by the row or by what this process remembers of the last hour (clones)?"""
    if is_stale(told, found.given_serial):
        return True
    known = RECENT.with_it(Thread(found.given_serial), hashed)
    return is_stale(told, known.given) and told != known.told


def _was_not_seen(found: HotDevice, visit: Visit) -> bool:
    """Is it time to write the visit down? At most once an hour: when the device was seen, or what its program said it has."""
    if found.was_silent:
        return True
    return visit.told is not None and visit.given - (found.given_serial or 0) >= SEEN_EVERY_SECONDS * 1_000_000


def _is_plain(contact: Contact, found: HotDevice, hashed: str, at: datetime) -> bool:
    """Does the program tell nothing that somebody has to look at: a changed computer, a clone, a clock that is off?"""
    return (
        (contact.fingerprint is None or contact.fingerprint == json.loads(found.fingerprint))
        and (contact.serial is None or not _is_odd(contact.serial, found, hashed))
        and (contact.clock is None or abs((contact.clock - at).total_seconds()) <= CLOCK_TOLERANCE)
    )


def _form(known: _Known, found: HotDevice, contact: Contact, *, at: datetime) -> Form | None:
    """The certificate's form for what the ledger gives; None when it refuses."""
    product = known.products[found.product_pk]
    alike = entitlements.likeness(found.ledger, at)
    if alike is None:
        return _new_form(product.facts, found, contact, at=at)
    question = (alike, found.product_pk, contact.app_version, product.day_at(at), not contact.nonce, not found.device_key)
    try:
        return known.forms[question]
    except KeyError:
        form = _new_form(product.facts, found, contact, at=at)
    _remember(known.forms, question, form)
    return form


def _new_form(product: ProductFacts, found: HotDevice, contact: Contact, *, at: datetime) -> Form | None:
    granted = _decided(found, _standing(product, found, contact.app_version, contact.major, at=at).granted)
    if granted is None:
        return None
    return form_of(granted, issuer=settings.SITE_URL, has_nonce=bool(contact.nonce), has_key=bool(found.device_key))


def _standing(
    product: ProductFacts, found: HotDevice | FullLicence, version: str, major: int | None, *, at: datetime
) -> activation.Standing:
    """What the ledger gives to this version, worked out as `activation.standing_of` does it."""
    facts = rights.Facts(product.versions, product.policy, releases=product.releases)
    entries = entitlements.entries_from(found.ledger)
    answers = rights.answers_from(found.licence, entries, facts, product.levels(at), at=at, explained=False)
    covered = activation.covered(answers, found.product_pk, version, major, at=at)
    return activation.standing_from(found.licence, answers, major, covered, at=at)


def _decided(found: HotDevice, granted: Granted) -> Granted | None:
    if granted.decision.codes == ("licence.valid",):
        return granted  # the decision would look at each of its conditions and find none
    outcome = decide(Asked(found.licence, granted, device=DeviceState(found.device, "active")))
    return replace(granted, notices=notices_of(granted, outcome)) if outcome.decision.allowed else None


def _certificate(known: _Known, found: HotDevice, contact: Contact, form: Form, serial: int, *, at: datetime) -> str:
    values: dict[str, str | int] = {
        "sub": written(found.licence), "jti": written(random_part(20)), "activation": written(found.activation), "serial": serial,
        "kind": written(found.kind), "seats": found.seats, "holder": written(found.holder or ""), "nonce": written(contact.nonce),
        "key": written(found.device_key), **known.products[found.product_pk].written[found.edition_pk],
    }  # fmt: skip
    unsigned = form.filled(values, found.fingerprint, kid=known.kid, typ=LICENCE_TYPE, at=at)
    return compact(unsigned, hot.signing_key(known.kid).sign(unsigned.encode()))
