"""Licences of an older system: issued with the day of their purchase and, where it is known, with the key that their owners have."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from podpora.audit import actions as audit
from podpora.base.actors import Actor
from podpora.base.codes import unguessable
from podpora.base.errors import InvalidInput
from podpora.catalog.models import Edition
from podpora.licensing import queries
from podpora.licensing.actions.licence_keys import key_fields, new_key, write_groups
from podpora.licensing.models import Licence, SeatShare, Transfer
from podpora.licensing.values import LicenceKind
from podpora.people.models import Customer


@dataclass(frozen=True, slots=True)
class ImportedLicence:
    """`plain_key` empty: a new one is made."""

    code: str
    customer: Customer | None
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
        "customer": told.customer.code if told.customer else "",
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


@dataclass(frozen=True, slots=True)
class PastTransfer:
    """How the licence came, or may come, to another customer. Nobody knows its link any more; a new one can be sent."""

    code: str
    giver: Customer
    taker: Customer | None
    to_email: str
    is_resale: bool
    offered_at: datetime
    expires_at: datetime
    accepted_at: datetime | None
    cancelled_at: datetime | None


@dataclass(frozen=True, slots=True)
class History:
    """Who sold it and had it before, and whether its key had leaked."""

    reseller: Customer | None = None
    reseller_sees: bool = False
    owned_since: datetime | None = None
    frozen_at: datetime | None = None
    frozen_why: str = ""
    transfers: tuple[PastTransfer, ...] = ()


@transaction.atomic
def take_owner(licence: Licence, owner: Customer, *, by: Actor, at: datetime) -> Licence:
    """The licence is this customer's, as it was in the other system. Nobody is told; it has no devices here yet."""
    facts = {"licence": licence.code, "to": owner.code}
    licence.customer = owner
    licence.save(update_fields=["customer"])
    audit.record("licence.owner_imported", f"licence:{licence.code}", by=by, at=at, facts=facts)
    return licence


@transaction.atomic
def take_history(licence: Licence, told: History, *, by: Actor, at: datetime) -> None:
    """What the other system knew of those who had it and sold it. What was noted here while its order came in gives way."""
    licence.reseller, licence.reseller_sees, licence.owned_since = told.reseller, told.reseller_sees, told.owned_since
    licence.frozen_at, licence.frozen_why = told.frozen_at, told.frozen_why
    licence.save(update_fields=["reseller", "reseller_sees", "owned_since", "frozen_at", "frozen_why"])
    Transfer.objects.filter(licence=licence).delete()
    taken = set(Transfer.objects.filter(code__in=[one.code for one in told.transfers]).values_list("code", flat=True))
    for one in told.transfers:
        Transfer.objects.create(
            licence=licence, from_customer=one.giver, to_customer=one.taker, to_email=one.to_email, is_resale=one.is_resale,
            token_hash=queries.transfer_hash(unguessable()), offered_at=one.offered_at, expires_at=one.expires_at,
            accepted_at=one.accepted_at, cancelled_at=one.cancelled_at,
            **({"code": one.code} if one.code and one.code not in taken else {}),
        )  # fmt: skip


def _refuse_taken(plain: str, but: Licence | None) -> None:
    hashed = key_fields(plain)["key_hash"]
    others = Licence.objects.filter(key_hash=hashed)
    others = others.exclude(pk=but.pk) if but else others
    if others.exists() or SeatShare.objects.filter(key_hash=hashed).exists():
        raise InvalidInput({"key": ["taken"]})
