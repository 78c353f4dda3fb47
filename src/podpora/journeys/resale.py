"""A reseller buys for an end customer (ORG-6). Whoever buys for somebody else is one: a shop, an administrator, who gives a present.

The order and its invoice are the reseller's. The licences belong to nobody until the end customer claims them by the link in his mail:
then licence and support are his, from the day of the purchase. The reseller sees that they arrived, and else only what their owner shows.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db.models import QuerySet

from podpora.base.codes import normalised
from podpora.base.errors import InvalidInput, NotYours
from podpora.journeys.rights import answers_for
from podpora.licensing import queries as licences
from podpora.licensing.models import Licence
from podpora.licensing.rules.resale import ResaleState, state_of
from podpora.orders.values import CartLine
from podpora.people.actions import email_of
from podpora.people.models import Customer

FIELD = "end_customer"


def address_of(email: str, lines: Sequence[CartLine], buyer: Customer | None) -> str:
    """The address that the licences are bought for, in its one form; empty for the buyer himself. InvalidInput names what can't be."""
    if not email.strip():
        return ""
    address = email_of(email, field=FIELD)
    if any(line.licence for line in lines):
        raise InvalidInput({FIELD: ["order.new_licences_only"]})
    if buyer is not None and address == buyer.email.lower():
        raise InvalidInput({FIELD: ["order.for_oneself"]})
    return address


@dataclass(frozen=True, slots=True)
class Resold:
    """One licence as its reseller sees it. The last three are there only when its owner shows them."""

    licence: Licence
    email: str
    state: ResaleState
    sent_at: datetime | None
    claimed_at: datetime | None
    support_through: date | None = None
    seats_used: int | None = None
    is_shown: bool = False


def resold(rows: Sequence[Licence], *, at: datetime) -> list[Resold]:
    """What the reseller of these licences may see (a handful of queries, however many they are)."""
    claims = licences.claims_of(rows)
    open_ones = [row for row in rows if row.reseller_sees and row.customer_id is not None]
    answers = answers_for(open_ones, at=at) if open_ones else {}
    found = []
    for row in rows:
        claim, answer = claims.get(row.pk), answers.get(row.code)
        told = Resold(
            row,
            claim.to_email if claim else "",
            state_of(row, claim),
            claim.offered_at if claim else None,
            claim.accepted_at if claim else None,
        )
        if answer is not None:
            told = replace(told, support_through=answer.rights.support_through, seats_used=row.seats_used, is_shown=True)
        found.append(told)
    return found


def resold_one(rows: QuerySet[Licence], code: str) -> Licence:
    """The licence with this code among those that the reader sold. NotYours otherwise."""
    found = rows.filter(code=normalised(code)[:20]).first() if code.isprintable() else None
    if found is None:
        raise NotYours
    return found
