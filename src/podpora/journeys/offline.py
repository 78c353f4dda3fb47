"""Devices without a network: request files in, certificate files out, proofs back (A-9). See docs/reference/offline.md.

An offline activation is an activation: the same action under the same lock, the same device keeps its activation and its seat. Only
the end of the certificate is another: it is chosen, because nothing will be heard of the device until somebody carries a file again.
"""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from podpora.base.actors import Actor
from podpora.base.decisions import Refused, refuse
from podpora.journeys import activation as journey
from podpora.journeys import central
from podpora.journeys import releases as release_journey
from podpora.licensing import actions, queries
from podpora.licensing.models import Activation, Licence
from podpora.licensing.rules.offline import read_proof, read_request
from podpora.licensing.values import (
    LICENCE_NEEDED,
    NOT_FOUND,
    PRODUCT_MISMATCH,
    PROOF_UNKNOWN,
    Activated,
    Contact,
    NamedText,
    OfflineRequest,
    Unreadable,
)
from podpora.people.models import Customer

TTL = timedelta(days=30)
SHORTEST, LONGEST = timedelta(hours=1), timedelta(days=366)


@transaction.atomic
def activate(licence: Licence, request: OfflineRequest, *, ttl: timedelta = TTL, by: Actor, at: datetime) -> Activated:
    """Give the device that the request describes a seat, or the one that it has, and a certificate that ends after `ttl`.

    Refused as an activation is, and for a request of another program. Renewing is doing it again.
    """
    assert SHORTEST <= ttl <= LONGEST
    if request.product != licence.product.code:
        raise Refused(refuse(PRODUCT_MISMATCH, licence=licence.code))
    standing = journey.standing_of(licence, request.major, version=request.app_version, at=at)
    contact = Contact(request.app_version, request.major, request.nonce)
    return actions.activate(licence, request.device, contact, granted=replace(standing.granted, ttl=ttl), by=by, at=at)


@dataclass(frozen=True, slots=True)
class Item:
    """What became of one request: `given`, or `refused` with its code."""

    request: str
    state: str
    code: str
    activation: Activation | None = None
    is_new: bool = False


@dataclass(frozen=True, slots=True)
class CertificateFile:
    """What the administrator carries back: certificates, and everything that helps a program to check them."""

    items: tuple[Item, ...]
    certificates: tuple[str, ...]
    keys: Sequence[dict[str, Any]]
    announcements: Sequence[str]
    releases: Sequence[str] = ()
    settings: Sequence[str] = ()

    def wire(self) -> dict[str, Any]:
        """The file's JSON."""
        return {
            "podpora": "offline", "v": 1, "certificates": list(self.certificates), "settings": list(self.settings),
            "releases": list(self.releases), "keys": list(self.keys), "announcements": list(self.announcements),
            "items": [_item(item) for item in self.items],
        }  # fmt: skip


def _item(item: Item) -> dict[str, Any]:
    found = item.activation
    return {
        "request": item.request, "state": item.state, "code": item.code, "activation": found.code if found else None,
        "device": found.device.code if found else None, "licence": found.licence.code if found else None,
    }  # fmt: skip


def certificate_file(done: Activated, *, name: str = "", at: datetime) -> CertificateFile:
    """The file for one device."""
    item = Item(name, "given", "ok", done.activation, done.is_new)
    return _file([item], [done], at=at)


def _file(items: Iterable[Item], given: Sequence[Activated], *, at: datetime) -> CertificateFile:
    trusted = queries.jwk_set(at=at)
    products = {done.activation.licence.product_id: done.activation.licence.product for done in given}
    releases = [manifest for product in products.values() for manifest in release_journey.manifests(product, at=at)]
    certificates = tuple(done.certificate for done in given)
    return CertificateFile(tuple(items), certificates, trusted["keys"], trusted["announcements"], releases, _settings(given, at=at))


def _settings(given: Iterable[Activated], *, at: datetime) -> list[str]:
    """The central settings of each device whose company has some. A licence that ended gets no new ones (CS-20)."""
    found = []
    for done in given:
        with suppress(Refused):
            delivery = central.poll(done.activation, at=at)
            found += [delivery.bundle] if delivery else []
    return found


def bundle(
    customer: Customer, files: Iterable[NamedText], *, licence: Licence | None = None, ttl: timedelta = TTL, by: Actor, at: datetime
) -> CertificateFile:
    """One file for many devices of this customer. A request that is refused is named with its code; the others are given.

    Each request goes to the licence of its own key, which has to be this customer's; one without a key to `licence`.
    """
    items: list[Item] = []
    given: list[Activated] = []
    for file in files:
        try:
            request = read_request(file.text)
            done = activate(_licence_for(request, customer, licence), request, ttl=ttl, by=by, at=at)
        except Unreadable as problem:
            items.append(Item(file.name, "refused", problem.code))
        except Refused as refusal:
            items.append(Item(file.name, "refused", refusal.decision.code))
        else:
            items.append(Item(file.name, "given", "ok", done.activation, done.is_new))
            given.append(done)
    return _file(items, given, at=at)


def _licence_for(request: OfflineRequest, customer: Customer, named: Licence | None) -> Licence:
    if request.key:
        found = queries.licence_by_key(request.key)
        if found is None or found.customer_id != customer.pk:
            raise Refused(refuse(NOT_FOUND))
        return found
    if named is None or named.customer_id != customer.pk:
        raise Refused(refuse(LICENCE_NEEDED))
    return named


@dataclass(frozen=True, slots=True)
class TakenBack:
    """What became of one proof: `deactivated`, `already`, or `refused` with its code."""

    state: str
    code: str
    activation: str | None = None
    licence: str | None = None

    def wire(self) -> dict[str, Any]:
        return {"activation": self.activation, "licence": self.licence, "state": self.state, "code": self.code}


def take_back(proofs: Iterable[NamedText], *, by: Actor, at: datetime) -> list[TakenBack]:
    """Free the seats of the devices whose proofs these are, each exactly once; the answers in the order of the proofs."""
    return [_taken_back(proof.text, by=by, at=at) for proof in proofs]


def _taken_back(text: str, *, by: Actor, at: datetime) -> TakenBack:
    try:
        proof = read_proof(text)
        is_first = actions.deactivate_by_proof(proof, by=by, at=at)
    except Unreadable as problem:
        return TakenBack("refused", problem.code)
    except Refused as refusal:
        if refusal.decision.code == PROOF_UNKNOWN:
            return TakenBack("refused", PROOF_UNKNOWN)
        return TakenBack("refused", refusal.decision.code, proof.activation, proof.licence)
    return TakenBack("deactivated" if is_first else "already", "ok", proof.activation, proof.licence)
