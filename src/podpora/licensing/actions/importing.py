"""Licences of an older system: issued with the day of their purchase and, where it is known, with the key that their owners have."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from podpora.audit import actions as audit
from podpora.base.actors import Actor
from podpora.base.errors import InvalidInput
from podpora.catalog.models import Edition
from podpora.licensing.actions.licence_keys import key_fields, new_key, write_groups
from podpora.licensing.models import Licence, SeatShare
from podpora.licensing.values import LicenceKind
from podpora.people.models import Customer


@dataclass(frozen=True, slots=True)
class ImportedLicence:
    """`plain_key` empty: a new one is made."""

    code: str
    customer: Customer
    edition: Edition
    offer: str
    kind: LicenceKind
    name: str
    plain_key: str
    source: str
    issued_at: datetime


@transaction.atomic
def import_licence(told: ImportedLicence, *, by: Actor, at: datetime) -> Licence:
    """Issue it. InvalidInput({"key": ["taken"]}) when another licence has this key."""
    if told.plain_key:
        _refuse_taken(told.plain_key, None)
    licence = Licence.objects.create(
        code=told.code, customer=told.customer, product_id=told.edition.product_id, edition=told.edition, offer=told.offer,
        kind=told.kind, name=told.name, source=told.source, issued_at=told.issued_at, state_changed_at=told.issued_at,
        **(key_fields(told.plain_key) if told.plain_key else new_key()),
    )  # fmt: skip
    write_groups(licence)
    facts = {
        "customer": told.customer.code,
        "offer": told.offer,
        "kind": told.kind.value,
        "seats": licence.seats,
        "source": told.source,
    }
    audit.record("licence.issued", f"licence:{licence.code}", by=by, at=at, facts=facts)
    return licence


@transaction.atomic
def take_key(licence: Licence, plain: str, *, issued_at: datetime, by: Actor, at: datetime) -> None:
    """The licence gets the key, and the day of its first issue, that it had in the other system."""
    fields = key_fields(plain)
    if issued_at < licence.issued_at:
        licence.issued_at = issued_at
        licence.save(update_fields=["issued_at"])
    if licence.key_hash == fields["key_hash"]:
        return
    _refuse_taken(plain, licence)
    for name, value in fields.items():
        setattr(licence, name, value)
    licence.save(update_fields=list(fields))
    write_groups(licence)
    audit.record("licence.key_imported", f"licence:{licence.code}", by=by, at=at)


def _refuse_taken(plain: str, but: Licence | None) -> None:
    hashed = key_fields(plain)["key_hash"]
    others = Licence.objects.filter(key_hash=hashed)
    others = others.exclude(pk=but.pk) if but else others
    if others.exists() or SeatShare.objects.filter(key_hash=hashed).exists():
        raise InvalidInput({"key": ["taken"]})
