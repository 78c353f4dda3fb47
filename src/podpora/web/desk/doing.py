"""What a technician does to a ticket besides answering: one small function for each form of its page of work."""

from collections.abc import Callable
from typing import Any

from podpora.base.codes import normalised
from podpora.base.errors import InvalidInput, NotYours
from podpora.desk import actions, queries
from podpora.desk.models import Ticket
from podpora.desk.values import ClosedAs, LinkKind, State, TicketKind
from podpora.web import ticket_fields
from podpora.web.request import Request

Deed = Callable[[Request, Ticket], Any]
_deeds: dict[str, Deed] = {}


def deed(function: Deed) -> Deed:
    """Register a deed under its name, which is the last part of its address."""
    _deeds[function.__name__] = function
    return function


def do(request: Request, ticket: Ticket, what: str) -> Any:
    """Raises NotYours for a deed that does not exist; Refused and InvalidInput as the actions do."""
    if what not in _deeds:
        raise NotYours
    return _deeds[what](request, ticket)


def _how(request: Request) -> dict[str, Any]:
    return {"by": request.actor, "at": request.now}


def _text(request: Request, name: str) -> str:
    return str(request.POST.get(name, ""))


def other_ticket(request: Request, field: str) -> Ticket:
    """The ticket that is named by code or number, if the technician sees it (C4)."""
    code = normalised(_text(request, field)).lstrip("#")[:20]
    try:
        return queries.ticket_for_staff(request.user, code if code.startswith("T-") else f"T-{code}")
    except NotYours:
        raise InvalidInput({field: ["unknown"]}) from None


@deed
def fields(request: Request, ticket: Ticket) -> None:
    given = ticket_fields.given(request.POST, queries.fields_of(ticket.queue_id))
    actions.set_fields(ticket, given, **_how(request))


@deed
def edit(request: Request, ticket: Ticket) -> None:
    if _text(request, "subject"):
        actions.set_subject(ticket, _text(request, "subject"), **_how(request))
    if _text(request, "kind") in set(TicketKind):
        actions.set_kind(ticket, TicketKind(_text(request, "kind")), **_how(request))
    own = next((state for state in queries.own_states() if state.code == _text(request, "own_state")), None)
    if own is not None:
        actions.set_own_state(ticket, own, **_how(request))


@deed
def close_as(request: Request, ticket: Ticket) -> None:
    if _text(request, "why") not in set(ClosedAs):
        raise InvalidInput({"why": ["unknown"]})
    actions.close_as(ticket, ClosedAs(_text(request, "why")), **_how(request))


@deed
def split(request: Request, ticket: Ticket) -> Ticket:
    messages = [queries.message_of(ticket, code) for code in request.POST.getlist("messages")[:100]]
    return actions.split(ticket, messages, _text(request, "subject"), **_how(request))


@deed
def link(request: Request, ticket: Ticket) -> None:
    kind = _text(request, "kind")
    if kind not in (LinkKind.RELATES, LinkKind.DUPLICATES, LinkKind.BLOCKS):
        raise InvalidInput({"kind": ["unknown"]})
    actions.link(ticket, other_ticket(request, "ticket"), LinkKind(kind), **_how(request))


@deed
def unlink(request: Request, ticket: Ticket) -> None:
    for linked in queries.links_of(ticket, request.user):
        if str(linked.link.pk) == _text(request, "link"):
            actions.unlink(linked.link, **_how(request))


@deed
def parent(request: Request, ticket: Ticket) -> None:
    above = other_ticket(request, "parent") if _text(request, "parent").strip() else None
    actions.set_parent(ticket, above, **_how(request))


@deed
def children(request: Request, ticket: Ticket) -> None:
    state = State.CLOSED if _text(request, "state") == "closed" else State.SOLVED
    actions.close_children(ticket, state, reader=request.user, **_how(request))


@deed
def spent(request: Request, ticket: Ticket) -> None:
    minutes = _text(request, "minutes")
    if not (minutes.isascii() and minutes.isdigit() and len(minutes) < 6):
        raise InvalidInput({"minutes": ["wrong_type"]}, {"minutes": {"expected": "12"}})
    actions.add_time(ticket, int(minutes), _text(request, "note"), **_how(request))


@deed
def spent_not(request: Request, ticket: Ticket) -> None:
    actions.remove_time(queries.time_entry(ticket, _text(request, "entry")), **_how(request))


@deed
def forward(request: Request, ticket: Ticket) -> None:
    wish = actions.Forward(
        _text(request, "to"), _text(request, "text"), _text(request, "history") == "yes", request.POST.getlist("files")[:10],
        request.LANGUAGE_CODE, _text(request, "once")[:60],
    )  # fmt: skip
    actions.forward(ticket, wish, **_how(request))


@deed
def undo_seconds(request: Request, ticket: Ticket) -> None:
    seconds = _text(request, "seconds")
    if not (seconds.isascii() and seconds.isdigit() and len(seconds) < 5):
        raise InvalidInput({"seconds": ["wrong_type"]}, {"seconds": {"expected": "20"}})
    actions.set_undo_seconds(request.user, int(seconds))
