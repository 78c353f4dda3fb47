"""The vendor's staff look for a licence by what a customer tells them: a part of a key, a device, an address, an order."""

from collections.abc import Iterable

from django.db.models import Count, Q, QuerySet

from podpora.base.sealing import keyed_hash
from podpora.licensing.models import Device, KeyGroup, Licence, SeatShare
from podpora.licensing.queries.licences import PURPOSE, all_licences, group_tag
from podpora.licensing.rules import groups_meant, key_meant
from podpora.licensing.values import LicenceState
from podpora.people.models import Customer

MOST_WORDS = 6


def licences_found(words: str, *, named: Iterable[str] = (), state: str = "") -> QuerySet[Licence]:
    """Licences that fit every word, newest first. `named`: codes that another room found for the words (orders).

    A word may be a licence's, device's or customer's code, a key or whole groups of it, a name, an address or its end (`@firm.example`).
    """
    rows = all_licences().order_by("-pk")
    if state in list(LicenceState):
        rows = rows.filter(state=state)
    codes = list(named)
    if codes:
        return rows.filter(code__in=codes)
    for word in words.split()[:MOST_WORDS]:
        rows = rows.filter(_matching(word))
    return rows


def counts_by_state(words: str = "", *, named: Iterable[str] = ()) -> dict[str, int]:
    """How many licences fit, by state (one query)."""
    rows = licences_found(words, named=named).order_by()
    return dict(rows.values_list("state").annotate(count=Count("pk")))


def _matching(word: str) -> Q:
    """What looks like one thing is looked up as that thing, by an index; any other word is part of a name."""
    upper = word.upper()
    if upper.startswith("L-"):
        return Q(code__startswith=upper)
    if upper.startswith("D-"):
        return Q(pk__in=Device.objects.filter(code__startswith=upper).values("licence"))
    if upper.startswith("C-"):
        return Q(customer__code=upper)
    if (plain := key_meant(word)) is not None:
        kept = keyed_hash(plain, PURPOSE)
        return Q(key_hash=kept) | Q(pk__in=SeatShare.objects.filter(key_hash=kept).values("licence"))
    if "@" in word:
        return Q(customer__in=_with_address(word))
    named = Q(customer__in=Customer.objects.filter(name__icontains=word)) | Q(name__icontains=word)
    named |= Q(pk__in=Device.objects.filter(name__icontains=word).values("licence"))
    if 3 <= len(upper) <= 12 and upper.isascii() and upper.isalnum():
        named |= Q(code__contains=upper)  # a part of its number, as read from a letter or over the phone
    groups = groups_meant(word)
    return named | _with_groups(groups) if groups else named


def _with_address(word: str) -> QuerySet[Customer]:
    """The customers of an address, or of all addresses at a domain."""
    lower = word.lower()
    if lower.startswith("@"):
        fits = Q(email__iendswith=lower) | Q(members__email__iendswith=lower)
    else:
        fits = Q(email=lower) | Q(members__email=lower)
    return Customer.objects.filter(fits)


def _with_groups(groups: list[str]) -> Q:
    """Licences whose key has all these groups."""
    found = Q()
    for group in groups:
        found &= Q(pk__in=KeyGroup.objects.filter(tag=group_tag(group)).values("licence"))
    return found
