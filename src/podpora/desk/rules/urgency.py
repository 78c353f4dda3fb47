"""How urgent a ticket is: its place in the technicians' list."""

from datetime import UTC, datetime

from podpora.desk.values import (
    ACTIVE,
    DONE,
    Place,
    State,
    TicketFacts,
)

RANK_ANSWERED, RANK_WAITING, RANK_DONE = 50, 100, 200
RANK_MERGED = 290
RANK_SNOOZED = 190
_STATE_RANK = {State.WAITING_VENDOR: 100, State.WAITING_CUSTOMER: 150, State.SOLVED: 200, State.CLOSED: 250, State.MERGED: 290}


def place_of(ticket: TicketFacts) -> Place:
    """Where the ticket stands in a technician's list.

    First what waits for our answer, by priority, VIP before others of the same priority, the longest wait first; then what
    is open but answered; then what waits; then what is put off; then what is done. Stored with the ticket, so that a list of 100,000 reads an index.
    """
    step = (3 - int(ticket.priority)) * 10 + (0 if ticket.is_vip else 5)
    since = ticket.changed_at or ticket.opened_at or datetime.min.replace(tzinfo=UTC)
    if ticket.snoozed_until is not None and ticket.state not in DONE:
        return Place(RANK_SNOOZED, ticket.snoozed_until)
    if ticket.state not in ACTIVE:
        return Place(_STATE_RANK[ticket.state] + (step if ticket.state not in DONE else 0), since)
    if ticket.waiting_since is None:
        return Place(RANK_ANSWERED + step, since)
    return Place(step, ticket.waiting_since)
