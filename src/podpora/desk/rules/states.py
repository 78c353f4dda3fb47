"""What may happen to a ticket. Pure: facts in, a Decision or a value out."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from podpora.base.decisions import Decision, allow, refuse
from podpora.catalog.rules import version_state
from podpora.catalog.values import VersionFacts, VersionState
from podpora.desk.values import (
    DONE,
    REOPEN_DAYS,
    Side,
    State,
    TicketFacts,
)

# From where to where a technician may move a ticket. Nothing becomes new again; what is merged moves with the other ticket.
STEPS: dict[State, frozenset[State]] = {
    state: frozenset() if state is State.MERGED else frozenset(State) - {State.NEW, State.MERGED, state} for state in State
}


def may_change_state(ticket: TicketFacts, wanted: State) -> Decision:
    """A technician moves a ticket."""
    if wanted in STEPS[ticket.state]:
        return Decision()
    return refuse("ticket.state_not_possible", state=ticket.state.value, wanted=wanted.value, ticket=ticket.code)


def reopens_until(ticket: TicketFacts) -> datetime | None:
    """The instant until which the customer's word reopens a solved ticket (SC-3)."""
    return ticket.solved_at + timedelta(days=REOPEN_DAYS) if ticket.solved_at else None


def may_write(ticket: TicketFacts, *, at: datetime) -> Decision:
    """May the customer write in his ticket? Yes, whatever became of his VIP (SC-2); a solved one for 14 days (SC-3)."""
    until = reopens_until(ticket)
    if ticket.state not in DONE or until is None or at < until:
        return Decision()
    return refuse("ticket.too_late_to_reopen", ticket=ticket.code, solved_on=ticket.solved_at, until=until)


def may_reopen(ticket: TicketFacts, *, at: datetime) -> Decision:
    """May the customer reopen it by the button? As by writing; a ticket that is not done has nothing to reopen."""
    if ticket.state is State.MERGED:
        return refuse("ticket.merged_already", ticket=ticket.code)
    if ticket.state not in DONE:
        return refuse("ticket.not_done", ticket=ticket.code)
    return may_write(ticket, at=at)


def may_close(ticket: TicketFacts) -> Decision:
    """May the customer close it himself?"""
    return refuse("ticket.already_done", ticket=ticket.code) if ticket.state in DONE else Decision()


def state_after(state: State, side: Side, wanted: State | None = None) -> State:
    """The state after a public message.

    The customer's word makes it our turn, and reopens what was solved; a new ticket stays new until somebody answers it.
    A technician's answer makes it open, or what he chose (wait for the customer, solve).
    """
    if side is Side.CUSTOMER:
        return State.NEW if state is State.NEW else State.OPEN
    if wanted is not None:
        return wanted
    return State.OPEN if state is State.NEW else state


def newer_message(written: str | None, ticket: str) -> Decision:
    """CL-1: `written` names who wrote since the technician opened the page; None: nobody."""
    return refuse("ticket.newer_message", author=written, ticket=ticket) if written else Decision()


def version_advice(version: str, versions: Sequence[VersionFacts], on: date) -> Decision:
    """EOL-5: a question about a version past its end of life is accepted, and told that no fix is promised."""
    major = major_of(version)
    known = next((facts for facts in versions if facts.major == major), None)
    if known is None or version_state(known, versions, on) is not VersionState.ENDED:
        return Decision()
    return allow("version.ticket_about_ended", major=known.major, support_ends_on=known.support_ends_on)


def major_of(version: str) -> int | None:
    """`10.2.1` -> 10; None for what does not begin with a number."""
    first = version.strip().partition(".")[0]
    return int(first) if first.isascii() and first.isdigit() and len(first) < 6 else None
