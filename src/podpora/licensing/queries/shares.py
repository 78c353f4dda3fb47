"""Seats that belong to teams."""

from django.db.models import QuerySet, Sum

from podpora.base.errors import NotYours
from podpora.base.sealing import keyed_hash, unseal
from podpora.licensing.models import Licence, SeatShare
from podpora.licensing.queries.licences import PURPOSE
from podpora.licensing.rules import key_from, key_meant


def shares_of(licence: Licence) -> QuerySet[SeatShare]:
    """The licence's shares with their teams, oldest first (one query)."""
    return SeatShare.objects.filter(licence=licence).select_related("team").order_by("pk")


def share_of(licence: Licence, team_id: int | None) -> SeatShare | None:
    """The share that this team has of this licence. No query for a licence without shares."""
    if team_id is None or not licence.seats_shared:
        return None
    return SeatShare.objects.select_related("team").filter(licence=licence, team=team_id).first()


def share_in(licence: Licence, team_code: str) -> SeatShare:
    """The share of the team with this code; else NotYours."""
    share = shares_of(licence).filter(team__code=team_code).first()
    if share is None:
        raise NotYours
    return share


def shared_used(licence: Licence) -> int:
    """How many devices sit in shares. No query for a licence without shares."""
    if not licence.seats_shared:
        return 0
    return SeatShare.objects.filter(licence=licence).aggregate(used=Sum("seats_used"))["used"] or 0


def share_by_key(text: str) -> SeatShare | None:
    """The share whose own key this is."""
    plain = key_meant(text)
    if plain is None:
        return None
    names = ("team", "licence__customer", "licence__product", "licence__edition")
    return SeatShare.objects.filter(key_hash=keyed_hash(plain, PURPOSE)).select_related(*names).first()


def share_key_of(share: SeatShare) -> str:
    """The team's key as its lead sees it."""
    return key_from(unseal(share.key_sealed, PURPOSE))
