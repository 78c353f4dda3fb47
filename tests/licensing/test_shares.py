"""Seats that belong to teams: given, used by the team's key, taken back, trimmed; who leads a team."""

from functools import partial

import pytest

from podpora.audit.models import Entry
from podpora.base.decisions import Refused
from podpora.base.errors import InvalidInput, NotYours
from podpora.licensing import actions, queries
from podpora.licensing.models import Device, Licence, SeatShare
from podpora.licensing.permissions import may_free
from podpora.licensing.rules.shares import ShareFacts, may_share, trimmed
from podpora.licensing.values import Activated
from podpora.people import actions as people_actions
from podpora.people.models import Customer, Team
from podpora.people.values import Role
from tests.make import licensing as make
from tests.make import people
from tests.make.api import Api, activation_body
from tests.make.races import at_once


def company() -> Customer:
    return people.company()


def team(of: Customer, name: str = "Sales") -> Team:
    return people_actions.create_team(of, name, by=make.BY, at=make.BOUGHT)


def by_team_key(share: SeatShare, name: str = "") -> Activated:
    """A device shows the team's key, as the program would."""
    licence = queries.licence_by_key(queries.share_key_of(share))
    assert licence is not None
    return make.activated(licence, make.device(name))


def counts(licence: Licence) -> tuple[int, int, int]:
    """Seats used and shared as written, and devices that hold a seat."""
    licence.refresh_from_db()
    return licence.seats_used, licence.seats_shared, Device.objects.filter(licence=licence, holds_seat=True).count()


@pytest.mark.parametrize(
    ("used", "others", "in_team", "wanted", "codes"),
    [
        (0, [], 0, 5, []),
        (0, [], 0, 6, ["licence.share_too_big"]),
        (3, [], 0, 2, []),
        (3, [], 0, 3, ["licence.share_too_big"]),
        (3, [], 3, 5, []),
        (3, [], 3, 2, ["licence.share_too_small"]),
        (2, [(3, 2)], 0, 2, []),
        (2, [(3, 2)], 0, 3, ["licence.share_too_big"]),
        (5, [], 2, 1, ["licence.share_too_small"]),
    ],
)
def test_a_share_is_cut_from_what_is_free(
    used: int, others: list[tuple[int, int]], in_team: int, wanted: int, codes: list[str]
) -> None:
    facts = [ShareFacts(number, *share) for number, share in enumerate(others)]
    assert list(may_share(seats=5, used=used, others=facts, in_team=in_team, wanted=wanted).codes) == codes


@pytest.mark.parametrize(
    ("shares", "seats", "left"),
    [
        ([(5, 0), (5, 5)], 10, {}),
        ([(5, 0), (5, 5)], 7, {0: 2}),
        ([(5, 3), (5, 5)], 4, {0: 1, 1: 3}),
        ([(1, 0)], 0, {0: 0}),
    ],
)
def test_a_smaller_licence_takes_free_seats_from_teams_first(
    shares: list[tuple[int, int]], seats: int, left: dict[int, int]
) -> None:
    assert trimmed([ShareFacts(number, *share) for number, share in enumerate(shares)], seats) == left


@pytest.mark.django_db
def test_a_device_with_the_teams_key_sits_in_its_share() -> None:
    owner = company()
    licence, sales = make.licence(owner, make.Terms(seats=5)), team(owner)
    share = actions.share_seats(licence, sales, 2, by=make.BY, at=make.BOUGHT)
    first = by_team_key(share).activation
    assert Device.objects.get(pk=first.device_id).team == sales
    by_team_key(share)
    with pytest.raises(Refused) as refused:
        by_team_key(share)
    assert refused.value.decision.code == "licence.team_limit"
    assert refused.value.decision.facts("licence.team_limit")["team"] == "Sales"
    assert counts(licence) == (2, 2, 2)
    actions.deactivate(first, by=make.BY, at=make.BOUGHT)
    share.refresh_from_db()
    assert (share.seats_used, counts(licence)) == (1, (1, 2, 1))


@pytest.mark.django_db
def test_the_licences_own_key_does_not_take_a_teams_seats() -> None:
    owner = company()
    licence = make.licence(owner, make.Terms(seats=5))
    actions.share_seats(licence, team(owner), 3, by=make.BY, at=make.BOUGHT)
    make.activated(licence)
    make.activated(licence)
    with pytest.raises(Refused) as refused:
        make.activated(licence)
    assert refused.value.decision.codes == ("licence.activation_limit", "licence.seats_shared")
    assert counts(licence) == (2, 3, 2)


@pytest.mark.django_db
def test_a_device_that_comes_back_by_the_licences_key_returns_to_its_team_while_there_is_room() -> None:
    owner = company()
    licence = make.licence(owner, make.Terms(seats=3))
    share = actions.share_seats(licence, team(owner), 1, by=make.BY, at=make.BOUGHT)
    facts = make.device("PC of sales")
    shown = queries.licence_by_key(queries.share_key_of(share))
    assert shown is not None
    actions.deactivate(make.activated(shown, facts).activation, by=make.BY, at=make.BOUGHT)
    again = make.activated(licence, facts).activation
    share.refresh_from_db()
    assert share.seats_used == 1
    actions.deactivate(again, by=make.BY, at=make.BOUGHT)
    by_team_key(share)
    make.activated(licence, facts)
    assert Device.objects.get(name="PC of sales").team is None
    share.refresh_from_db()
    assert (share.seats_used, counts(licence)) == (1, (2, 1, 2))


@pytest.mark.django_db
def test_the_team_brings_the_seats_of_its_devices() -> None:
    owner = company()
    licence, sales = make.licence(owner, make.Terms(seats=3)), team(owner)
    devices = [make.activated(licence).activation.device for _ in range(3)]
    Device.objects.filter(pk__in=[d.pk for d in devices[:2]]).update(team=sales)
    with pytest.raises(Refused):
        actions.share_seats(licence, sales, 3, by=make.BY, at=make.BOUGHT)
    share = actions.share_seats(licence, sales, 2, by=make.BY, at=make.BOUGHT)
    assert share.seats_used == 2
    actions.end_share(share, by=make.BY, at=make.BOUGHT)
    actions.end_share(share, by=make.BY, at=make.BOUGHT)
    assert counts(licence) == (3, 0, 3)
    assert queries.licence_by_key(queries.share_key_of(share)) is None


@pytest.mark.django_db
def test_a_refunded_licence_takes_seats_back_from_teams() -> None:
    owner = company()
    licence = make.licence(owner, make.Terms(seats=5))
    share = actions.share_seats(licence, team(owner), 4, by=make.BY, at=make.BOUGHT)
    actions.set_seats(licence, 2, by=make.BY, at=make.BOUGHT)
    share.refresh_from_db()
    assert (share.seats, counts(licence)) == (2, (0, 2, 0))
    actions.set_seats(licence, 0, by=make.BY, at=make.BOUGHT)
    assert not SeatShare.objects.exists()
    assert Entry.objects.filter(verb="licence.share_trimmed").count() == 2


@pytest.mark.django_db
def test_s15_a_strangers_team_gets_nothing() -> None:
    licence = make.licence(company())
    with pytest.raises(NotYours):
        actions.share_seats(licence, team(company()), 1, by=make.BY, at=make.BOUGHT)
    with pytest.raises(InvalidInput):
        actions.share_seats(licence, team(licence.customer), 0, by=make.BY, at=make.BOUGHT)


@pytest.mark.django_db
def test_a_new_key_of_a_team_ends_the_old_one() -> None:
    owner = company()
    licence = make.licence(owner)
    share = actions.share_seats(licence, team(owner), 1, by=make.BY, at=make.BOUGHT)
    old = actions.show_share_key(share, by=make.BY, at=make.BOUGHT)
    new = queries.share_key_of(actions.replace_share_key(share, by=make.BY, at=make.BOUGHT))
    assert queries.licence_by_key(old) is None
    assert queries.licence_by_key(new) == licence
    assert old not in str(list(Entry.objects.values_list("facts", "before", "after")))


@pytest.mark.django_db
def test_a_lead_frees_his_teams_devices_only() -> None:
    owner = company()
    licence, sales = make.licence(owner), team(owner)
    lead = people.member(owner, Role.VIEWER)
    people_actions.put_into_team(sales, lead, is_lead=True, by=make.BY, at=make.BOUGHT)
    theirs, other = (make.activated(licence).activation.device for _ in range(2))
    Device.objects.filter(pk=theirs.pk).update(team=sales)
    theirs.refresh_from_db()
    assert may_free(lead, theirs)
    assert not may_free(lead, other)
    people_actions.put_into_team(sales, lead, is_lead=False, by=make.BY, at=make.BOUGHT)
    assert not may_free(lead, theirs)


@pytest.mark.django_db
def test_the_api_says_which_limit_it_is() -> None:
    owner = company()
    licence = make.licence(owner)
    share = actions.share_seats(licence, team(owner), 1, by=make.BY, at=make.BOUGHT)
    key = queries.share_key_of(share)
    assert Api().post("activations", activation_body(licence) | {"key": key}).status_code == 201
    answer = Api().post("activations", activation_body(licence) | {"key": key})
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "licence.team_limit")


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_a7_two_seats_of_a_team_for_twenty() -> None:
    owner = company()
    licence = make.licence(owner, make.Terms(seats=5))
    share = actions.share_seats(licence, team(owner), 2, by=make.BY, at=make.BOUGHT)
    make.activated(make.licence())  # the first certificate makes the signing key
    ends = at_once([partial(by_team_key, share) for _ in range(10)] + [partial(make.activated, licence) for _ in range(10)])
    assert sum(end.failed is None for end in ends[:10]) == 2
    assert sum(end.failed is None for end in ends[10:]) == 3
    share.refresh_from_db()
    assert (share.seats_used, counts(licence)) == (2, (5, 2, 5))


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_shares_given_at_once_never_exceed_the_licence() -> None:
    owner = company()
    licence = make.licence(owner, make.Terms(seats=5))
    teams = [team(owner, f"Team {number}") for number in range(8)]
    ends = at_once([partial(actions.share_seats, licence, each, 2, by=make.BY, at=make.BOUGHT) for each in teams])
    assert sum(end.failed is None for end in ends) == 2
    assert all(isinstance(end.failed, Refused) for end in ends if end.failed)
    assert counts(licence)[1] == 4 == sum(SeatShare.objects.values_list("seats", flat=True))


@pytest.mark.django_db
def test_a6_a_roll_out_in_teams_is_no_moving_about() -> None:
    """Devices of all teams are counted, so the seats of all are: a company that fills its licence in one day waits for nothing."""
    firm = company()
    licence = make.licence(firm, make.Terms(seats=34))
    actions.share_seats(licence, team(firm), 30, by=make.BY, at=make.BOUGHT)
    actions.share_seats(licence, team(firm, "Two"), 2, by=make.BY, at=make.BOUGHT)
    large, small = SeatShare.objects.order_by("pk")
    for number in range(30):
        by_team_key(large, f"L-{number}")
    for number in range(2):
        by_team_key(small, f"S-{number}")
        make.activated(licence, make.device(f"C-{number}"))
    assert counts(licence) == (34, 32, 34)
