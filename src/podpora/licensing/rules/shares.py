"""Seats that belong to teams: how many may be given, and what is left when the licence gets smaller."""

from collections.abc import Iterable
from dataclasses import dataclass

from podpora.base.decisions import Decision, Reason
from podpora.licensing.values import SHARE_TOO_BIG, SHARE_TOO_SMALL


@dataclass(frozen=True, slots=True)
class ShareFacts:
    """A share as the rules see it."""

    pk: int
    seats: int
    used: int


# Why a share may not be larger than what nobody uses: the debate.
#
# A licence of 25 with 18 devices outside any team could promise a team 10 seats: 10 is less than 25. The team would then find the
# licence full at its eighth device and write to support about a promise. So a share is cut from what is free, and the devices that the
# team has already bring their seats with them. Whoever wants more frees seats or buys some first; the sentence says how many are free.
def may_share(*, seats: int, used: int, others: Iterable[ShareFacts], in_team: int, wanted: int) -> Decision:
    """May a team get `wanted` of the licence's `seats`?

    `used`: all devices on the licence; `others`: the shares of other teams; `in_team`: devices on the licence that this team has.
    """
    rest = list(others)
    outside = used - in_team - sum(share.used for share in rest)
    free = max(0, seats - sum(share.seats for share in rest) - outside)
    reasons = []
    if wanted > free:
        reasons.append(Reason(SHARE_TOO_BIG, {"free": free, "wanted": wanted}))
    if wanted < in_team:
        reasons.append(Reason(SHARE_TOO_SMALL, {"devices": in_team, "wanted": wanted}))
    return Decision(tuple(reasons))


def trimmed(shares: Iterable[ShareFacts], seats: int) -> dict[int, int]:
    """The new seats of those shares that have to give some back, because the licence has only `seats` now.

    Free seats go first, from the share with the most of them; only then seats that are used (their devices stay until their notice is
    over, as on any licence that got smaller: ORG-5).
    """
    now = {share.pk: share.seats for share in shares}
    used = {share.pk: share.used for share in shares}
    before = dict(now)
    while sum(now.values()) > seats:
        pk = max(now, key=lambda each: (now[each] - used[each], now[each], -each))
        now[pk] -= 1
    return {pk: left for pk, left in now.items() if left != before[pk]}
