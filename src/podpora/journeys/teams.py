"""Teams and their seats: people know who is in a team, licensing what the team has."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from podpora.base.actors import Actor
from podpora.licensing import actions as licensing
from podpora.licensing.models import Device, SeatShare
from podpora.people import actions as people
from podpora.people import queries
from podpora.people.models import Customer, Team


@dataclass(frozen=True, slots=True)
class TeamView:
    """A team with its people, its seats of each licence and how many devices it has."""

    team: Team
    shares: Sequence[SeatShare]
    devices: int

    @property
    def seats(self) -> int:
        return sum(share.seats for share in self.shares)

    @property
    def used(self) -> int:
        return sum(share.seats_used for share in self.shares)


def teams_of(customer: Customer) -> list[TeamView]:
    """All teams of the company (five queries)."""
    teams = list(queries.teams_of(customer))
    shares: dict[int, list[SeatShare]] = {}
    for share in SeatShare.objects.filter(team__in=teams).select_related("licence__product", "team").order_by("pk"):
        shares.setdefault(share.team_id, []).append(share)
    counts: dict[int, int] = {}
    for pk in Device.objects.filter(team__in=teams, holds_seat=True).values_list("team", flat=True):
        counts[pk] = counts.get(pk, 0) + 1
    return [TeamView(team, shares.get(team.pk, []), counts.get(team.pk, 0)) for team in teams]


@transaction.atomic
def disband(team: Team, *, by: Actor, at: datetime) -> None:
    """The team is no more: its seats belong to the whole licence again, its people and devices stay."""
    for share in SeatShare.objects.filter(team=team).select_related("licence").order_by("licence_id"):
        licensing.end_share(share, by=by, at=at)
    people.delete_team(team, by=by, at=at)
