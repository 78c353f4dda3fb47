"""Which licences."""

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any

from django.db.models import QuerySet

from podpora.base.codes import normalised
from podpora.base.errors import NotYours
from podpora.base.sealing import keyed_hash, unseal
from podpora.licensing.models import Licence, SeatNotice, SeatShare
from podpora.licensing.rules import any_key_meant, key_from
from podpora.people.models import Customer
from podpora.people.permissions import staff_may
from podpora.people.values import ROLE_PERMISSIONS

PURPOSE = "licence-key"  # of the derived secrets


def all_licences() -> QuerySet[Licence]:
    """Every licence, with the names that a list shows."""
    return Licence.objects.select_related("customer", "product", "edition")


def visible_to(person: Any) -> QuerySet[Licence]:
    """What this person may see: the licences of customers where his role may see; all of them for staff."""
    if staff_may(person, "customers"):
        return all_licences()
    if not person.is_authenticated or not person.is_active:
        return Licence.objects.none()
    roles = [role for role, permissions in ROLE_PERMISSIONS.items() if "see" in permissions]
    mine = Customer.objects.filter(memberships__person=person, memberships__role__in=roles)
    return all_licences().filter(customer__in=mine)


def licence_visible_to(person: Any, code: str) -> Licence:
    """Raises NotYours for a code that does not exist and for one that is not his: nobody can tell which."""
    return by_code(visible_to(person), code)


def by_pk(pk: int) -> Licence:
    return all_licences().get(pk=pk)


def by_code(rows: QuerySet[Licence], code: str) -> Licence:
    """The one of these rows that a person means by this text; else NotYours, whatever the text is."""
    meant = normalised(code)
    licence = rows.filter(code=meant).first() if len(meant) <= 20 and meant.isascii() and meant.isprintable() else None
    if licence is None:
        raise NotYours
    return licence


def licences_of(customer: Customer) -> QuerySet[Licence]:
    """The licences of a customer, oldest first, with the names that a list shows (one query)."""
    return all_licences().filter(customer=customer)


def licences_of_all(customers: Collection[Customer]) -> QuerySet[Licence]:
    """The licences of several customers, oldest first (one query)."""
    return Licence.objects.filter(customer__in=customers).select_related("customer", "product", "edition").order_by("pk")


def licences_at_hand(customer: Customer, first: str, *, size: int) -> tuple[list[Licence], int]:
    """Some licences of a customer, the one with this code before the others, and how many there are in all: one query, three
    for a customer who has more than so many."""
    rows = Licence.objects.filter(customer=customer).select_related("product", "edition")
    found = list(rows.order_by("pk")[: size + 1])
    if len(found) <= size:
        return sorted(found, key=lambda licence: licence.code != first), len(found)
    named = list(rows.filter(code=first))
    return [*named, *(licence for licence in found if licence.code != first)][:size], rows.count()


def licence_by_key(text: str) -> Licence | None:
    """The licence of a key that a person typed; None for a mistyped or unknown one. Found by hash: no comparing of secrets.

    A team's key means the licence too: `via_share` then says through which share the device comes.
    """
    plain = any_key_meant(text)
    if plain is None:
        return None
    hashed = keyed_hash(plain, PURPOSE)
    licence = all_licences().filter(key_hash=hashed).first()
    if licence is None:
        share = SeatShare.objects.filter(key_hash=hashed).select_related("team").first()
        licence = all_licences().filter(pk=share.licence_id).first() if share else None
        if licence is not None:
            licence.via_share = share
    return licence


def group_tag(group: str) -> str:
    """What is kept of one group of a key: enough to find it by, nothing to turn back."""
    return keyed_hash(group, "licence-key-group")[:16]


def key_of(licence: Licence) -> str:
    """The key as its owner sees it: `PKXXX-XXXXX-…`. Show it to members who may see devices, and to nobody else."""
    return key_from(unseal(licence.key_sealed, PURPOSE))


def locked(licence: Licence) -> Licence:
    """The licence's row, fresh and held until the transaction ends: seats are given out one at a time."""
    return Licence.objects.select_for_update(of=("self",)).select_related("customer", "product", "edition").get(pk=licence.pk)


def due_seat_notices(on: date) -> list[SeatNotice]:
    """Notices whose time is over by that vendor date (one query)."""
    return list(SeatNotice.objects.filter(done_at=None, release_on__lte=on).select_related("licence__customer").order_by("pk"))


def open_seat_notice(licence: Licence) -> SeatNotice | None:
    """What the owner has been told about too many devices, as long as it is still to come."""
    return SeatNotice.objects.filter(licence=licence, done_at=None).first()


def held(codes: Iterable[str]) -> dict[str, Licence]:
    """These licences by code, fresh and held until the transaction ends, in the order of codes (one query)."""
    rows = Licence.objects.select_for_update(of=("self",)).select_related("customer", "product", "edition")
    return {licence.code: licence for licence in rows.filter(code__in=set(codes)).order_by("code")}
