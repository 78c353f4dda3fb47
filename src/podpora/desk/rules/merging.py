"""Two tickets that become one."""

from collections.abc import Mapping
from datetime import datetime

from podpora.base.decisions import Decision, refuse
from podpora.desk.values import UNMERGE_WITHIN, State, TicketFacts


def may_merge(source: TicketFacts, target: TicketFacts, *, same_customer: bool, across: bool) -> Decision:
    """RU-3, VI-7: another ticket, neither merged already. Tickets of different customers only when it is said expressly."""
    if source.code == target.code:
        return refuse("ticket.merge_itself", ticket=source.code)
    if source.state is State.MERGED:
        return refuse("ticket.merged_already", ticket=source.code)
    if not same_customer and not across:
        return refuse("ticket.merge_other_customer", ticket=source.code, target=target.code)
    return Decision()


def may_unmerge(source: TicketFacts, *, merged_at: datetime, target_is_merged: bool, at: datetime) -> Decision:
    """For half an hour, and while the other ticket was not merged on."""
    if at - merged_at > UNMERGE_WITHIN or target_is_merged:
        return refuse("ticket.unmerge_too_late", ticket=source.code, minutes=int(UNMERGE_WITHIN.total_seconds() // 60))
    return Decision()


def end_of_chain(start: int, into: Mapping[int, int]) -> int:
    """The ticket that a merged one goes on in; a circle ends where it began to repeat."""
    seen, at = {start}, start
    while at in into and into[at] not in seen:
        at = into[at]
        seen.add(at)
    return at
