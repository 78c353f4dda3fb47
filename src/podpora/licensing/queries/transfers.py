"""Licences on their way to another customer."""

import hashlib
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from podpora.base.errors import NotYours
from podpora.licensing.models import Licence, Transfer
from podpora.people.models import Customer, Person
from podpora.people.queries import customers_with, has_proven

NAMES = ("licence__product", "licence__edition", "licence__customer", "from_customer", "to_customer", "offered_by")


def transfer_hash(token: str) -> str:
    """The token has 160 random bits: a plain hash is enough to keep it by."""
    return hashlib.sha256(token.encode()).hexdigest()


def transfers() -> QuerySet[Transfer]:
    return Transfer.objects.select_related(*NAMES)


def open_transfer(licence: Licence, *, at: datetime) -> Transfer | None:
    """The offer of this licence that can still be accepted."""
    return transfers().filter(licence=licence, accepted_at=None, cancelled_at=None, expires_at__gt=at).first()


def transfer_by_token(token: str) -> Transfer | None:
    """The offer that this link belongs to, whatever its state."""
    return transfers().filter(token_hash=transfer_hash(token)).first() if 20 <= len(token) <= 60 else None


def transfer_visible_to(person: Any, code: str) -> Transfer:
    """An offer, for those who may give the licence away and for the person to whom it was made. Else NotYours."""
    found = transfers().filter(code=code[:20]).first()
    if found is None or not (may_give(person, found.from_customer) or is_for(person, found)):
        raise NotYours
    return found


def resold_by(person: Any) -> QuerySet[Licence]:
    """Licences that this person's customers bought for somebody else (ORG-6), newest first; of each only what `reseller_sees` allows is
    for his eyes (rules.resale)."""
    mine = customers_with(person, "buy")
    return Licence.objects.filter(reseller__in=mine).select_related("product", "edition", "reseller").order_by("-issued_at", "-pk")


def claims_of(rows: Iterable[Licence]) -> dict[int, Transfer]:
    """The newest link of each of these licences, by the licence's primary key (one query)."""
    found = Transfer.objects.filter(licence__in=[row.pk for row in rows], is_resale=True).order_by("pk")
    return {transfer.licence_id: transfer for transfer in found}


def may_give(person: Any, customer: Customer) -> bool:
    return customers_with(person, "transfer").filter(pk=customer.pk).exists()


def is_for(person: Any, transfer: Transfer) -> bool:
    """Was it offered to an address that this person has proven?"""
    return isinstance(person, Person) and person.is_active and has_proven(person, transfer.to_email)


def offered_to(person: Person, *, at: datetime) -> QuerySet[Transfer]:
    """Open offers to the person's own, proven address."""
    if not has_proven(person, person.email):
        return Transfer.objects.none()
    return transfers().filter(to_email__iexact=person.email, accepted_at=None, cancelled_at=None, expires_at__gt=at)
