"""Licences: issued, given another number of seats or another state, a new name or a new key."""

from collections.abc import Iterable
from datetime import datetime
from typing import TypedDict, Unpack

from django.db import transaction

from podpora.audit import actions as audit
from podpora.base.actors import Actor
from podpora.base.decisions import Refused, refuse
from podpora.base.errors import InvalidInput
from podpora.base.transactions import one_transaction
from podpora.catalog.models import Edition, Product
from podpora.licensing import notices, queries
from podpora.licensing.actions.licence_keys import new_key, write_all_groups, write_groups
from podpora.licensing.actions.shares import trim_shares
from podpora.licensing.models import Licence
from podpora.licensing.values import KEY_REPLACED, NOT_FROZEN, LicenceKind, LicenceState
from podpora.people.models import Customer, Person


class NewLicence(TypedDict):
    """What a licence is issued with. `source`: why, as a public code (`order:A-1042/1`)."""

    code: str
    customer: Customer | None
    product: Product
    edition: Edition
    offer: str
    kind: LicenceKind
    seats: int
    source: str


@transaction.atomic
def issue(*, by: Actor, at: datetime, **facts: Unpack[NewLicence]) -> Licence:
    """Issue the licence with this code, with a new key. Safe to call twice: the licence that has the code is returned as it is."""
    fields = {name: value for name, value in facts.items() if name != "code"}
    licence, is_new = Licence.objects.get_or_create(
        code=facts["code"], defaults={**fields, "state_changed_at": at, "issued_at": at, **new_key()}
    )
    if is_new:
        write_groups(licence)
        told = {
            "customer": licence.customer.code if licence.customer else "",
            "offer": licence.offer,
            "kind": str(licence.kind),
            "seats": licence.seats,
        }
        audit.record("licence.issued", f"licence:{licence.code}", by=by, at=at, facts=told | {"source": licence.source})
    return licence


@one_transaction
def issue_all(new: Iterable[NewLicence], *, by: Actor, at: datetime) -> list[Licence]:
    """Issue licences whose codes are reserved for the caller and were not issued before: two statements, however many."""
    licences = [Licence(**facts, state_changed_at=at, issued_at=at, **new_key()) for facts in new]
    for licence in licences:
        told = {
            "customer": licence.customer.code if licence.customer else "",
            "offer": licence.offer,
            "kind": str(licence.kind),
            "seats": licence.seats,
        }
        audit.record("licence.issued", f"licence:{licence.code}", by=by, at=at, facts=told | {"source": licence.source})
    issued = Licence.objects.bulk_create(licences)
    write_all_groups(issued)
    return issued


@one_transaction
def follow_ledger(changes: Iterable[tuple[Licence, int, LicenceState]], *, by: Actor, at: datetime) -> None:
    """Seats and state of held licences as their ledgers give them (ORG-5, X-3..6). What is so already writes nothing.

    Devices above a lower number of seats stay until their notice is over; what is installed is told of a new state at its next contact.
    """
    changed = []
    for licence, seats, state in changes:
        subject = f"licence:{licence.code}"
        if licence.seats != seats:
            trim_shares(licence, seats, by=by, at=at)
            before, after = {"seats": licence.seats}, {"seats": seats}
            audit.record("licence.seats_changed", subject, by=by, at=at, before=before, after=after)
        if licence.state != state:
            was, now = {"state": licence.state}, {"state": str(state)}
            audit.record("licence.state_changed", subject, by=by, at=at, before=was, after=now)
            licence.state, licence.state_changed_at = state, at
        elif licence.seats == seats:
            continue
        licence.seats = seats
        changed.append(licence)
    Licence.objects.bulk_update(changed, ["seats", "state", "state_changed_at"], batch_size=200)


@transaction.atomic
def set_seats(licence: Licence, seats: int, *, by: Actor, at: datetime) -> Licence:
    """The number of seats, as the ledger gives it. Devices above a lower number stay until their notice is over (ORG-5, X-3)."""
    licence = queries.locked(licence)
    before = licence.seats
    if before != seats:
        if licence.seats_shared > seats:
            trim_shares(licence, seats, by=by, at=at)
        licence.seats = seats
        licence.save(update_fields=["seats"])
        subject = f"licence:{licence.code}"
        audit.record("licence.seats_changed", subject, by=by, at=at, before={"seats": before}, after={"seats": seats})
    return licence


@transaction.atomic
def set_state(licence: Licence, state: LicenceState, *, by: Actor, at: datetime) -> Licence:
    """Active, suspended or revoked, as the money says (X-4..6). What is installed is told at its next contact."""
    licence = queries.locked(licence)
    before = licence.state
    if before != state:
        licence.state = state
        licence.state_changed_at = at
        licence.save(update_fields=["state", "state_changed_at"])
        subject = f"licence:{licence.code}"
        audit.record("licence.state_changed", subject, by=by, at=at, before={"state": before}, after={"state": str(state)})
    return licence


@transaction.atomic
def rename(licence: Licence, name: str, *, by: Actor, at: datetime) -> Licence:
    """What its owner calls it."""
    name = " ".join(name.split())
    if len(name) > 100:
        raise InvalidInput({"name": ["too_long"]})
    licence = queries.locked(licence)
    if licence.name == name:
        return licence
    before, licence.name = licence.name, name
    licence.save(update_fields=["name"])
    audit.record("licence.renamed", f"licence:{licence.code}", by=by, at=at, before={"name": before}, after={"name": name})
    return licence


@transaction.atomic
def show_key(licence: Licence, *, by: Actor, at: datetime) -> str:
    """The key, for the page of somebody who may see it. Who saw it and when stands in the audit; the key does not."""
    audit.record("licence.key_shown", f"licence:{licence.code}", by=by, at=at, facts={"key": licence.key_hint})
    return queries.key_of(licence)


@transaction.atomic
def renew_leaked_key(licence: Licence, *, by: Actor, at: datetime) -> Licence:
    """X-9: the owner of a frozen licence takes a new key himself, and new devices may come again. Refused when it is not frozen."""
    licence = queries.locked(licence)
    if licence.frozen_at is None:
        raise Refused(refuse(NOT_FROZEN, licence=licence.code))
    return replace_key(licence, licence.frozen_why, by=by, at=at)


@transaction.atomic
def send_key(licence: Licence, person: Person, *, by: Actor, at: datetime) -> None:
    """Send the key by mail to a member who may see it, at the address that he has proven."""
    audit.record(
        "licence.key_sent", f"licence:{licence.code}", by=by, at=at, facts={"person": person.code, "hint": licence.key_hint}
    )
    notices.key_sent(licence, person, at=at)


@transaction.atomic
def replace_key(licence: Licence, reason: str = "", *, instead_of: str = "", by: Actor, at: datetime) -> Licence:
    """X-9: the owner gets a new key by mail; the old one is unknown from now on. Devices that are active go on: they hold tokens.

    `instead_of`: the hint of the key that the caller saw; refused when another one took its place meanwhile (a double click).
    """
    licence = queries.locked(licence)
    before = licence.key_hint
    if instead_of and instead_of != before:
        raise Refused(refuse(KEY_REPLACED, hint=before))
    for name, value in new_key().items():
        setattr(licence, name, value)
    licence.frozen_at, licence.frozen_why = None, ""  # the key that leaked is unknown now
    licence.save(update_fields=["key_hash", "key_sealed", "key_hint", "frozen_at", "frozen_why"])
    write_groups(licence)
    audit.record(
        "licence.key_replaced", f"licence:{licence.code}", by=by, at=at, facts={"reason": reason}, before={"hint": before},
        after={"hint": licence.key_hint},
    )  # fmt: skip
    notices.key_replaced(licence, at=at)
    return licence
