"""Fewer seats take effect, and after the owner's time to pick the longest silent devices are taken off (ORG-5, X-3).

Run as often as you like and as late as you like: each notice ends once.
"""

from datetime import datetime

from podpora.base.actors import Actor
from podpora.entitlements import rules
from podpora.journeys.settlement import follow
from podpora.licensing import actions, queries
from podpora.orders import queries as orders


def release_due(*, by: Actor, at: datetime) -> int:
    """What is due at this instant; how many devices were taken off."""
    on = orders.today(at)
    for code in orders.reductions_begun(on):
        follow(code, by=by, at=at)
    return sum(actions.end_notice(notice, rules.silent_longest, by=by, at=at) for notice in queries.due_seat_notices(on))
