"""FB-1: what a member of the forum has by his licences, so that his badges and circles follow within an hour.

Rooms: licensing (has he a licence?), entitlements (is there VIP support today?), forum.
"""

from datetime import date, datetime
from typing import Any

from django.db.models import Q

from podpora.entitlements.models import Standing
from podpora.forum import actions
from podpora.forum.models import Member
from podpora.licensing.models import Licence
from podpora.licensing.values import LicenceKind
from podpora.people.models import Membership, Person


def refresh(*, on: date, at: datetime) -> int:
    """Every member. How many changed."""
    owners = _people_of(Licence.objects.exclude(kind=LicenceKind.TRIAL).values_list("customer_id", flat=True))
    covered = Standing.objects.filter(support_through__gte=on, suspended_at=None).filter(
        Q(support_starts_on=None) | Q(support_starts_on__lte=on)
    )
    vips = _people_of(covered.values_list("customer_id", flat=True))
    rows = Member.objects.values_list("person_id", "is_customer", "is_vip").iterator(chunk_size=1000)
    stale = [pk for pk, customer, vip in rows if (customer, vip) != (pk in owners, pk in vips)]
    return sum(actions.set_rights(pk, is_customer=pk in owners, is_vip=pk in vips, at=at) for pk in stale)


def refresh_person(person: Person, *, on: date, at: datetime) -> bool:
    """One member, at once: when he makes his face."""
    customers = list(Membership.objects.filter(person=person).values_list("customer_id", flat=True))
    owns = Licence.objects.filter(customer__in=customers).exclude(kind=LicenceKind.TRIAL).exists()
    vip = Standing.objects.filter(customer__in=customers, support_through__gte=on, suspended_at=None).exists()
    return actions.set_rights(person.pk, is_customer=owns, is_vip=vip, at=at)


def _people_of(customers: Any) -> set[int]:
    return set(Membership.objects.filter(customer__in=customers).values_list("person_id", flat=True))
