"""Changing a ticket: by a technician nearly everything, by its customer whether it is done."""

from collections.abc import Iterable
from typing import Annotated, Any, Literal

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic import Field, StringConstraints

from podpora.api.access import caller_of, token
from podpora.api.envelope import answer
from podpora.api.v1.schemas import Strict
from podpora.api.v1.tickets import Code, ticket_and_side, whole
from podpora.base.errors import InvalidInput, NotYours
from podpora.desk import actions, queries
from podpora.desk.models import Ticket
from podpora.desk.values import ClosedAs, Priority, Side, State, TicketKind
from podpora.people.models import Person

router = Router(tags=["tickets"])
tickets_token = token("tickets")


class TicketPatch(Strict):
    """What changes. `assignee`: a technician's e-mail address, or null for nobody. A customer may set `closed` and `open`."""

    state: Literal["open", "waiting_customer", "waiting_vendor", "solved", "closed"] | None = None
    assignee: Annotated[str, StringConstraints(max_length=254)] | None = Field(default=None)
    priority: Literal["low", "normal", "high", "urgent"] | None = None
    queue: Code | None = None
    subject: Annotated[str, StringConstraints(max_length=200, strip_whitespace=True)] | None = None
    kind: Literal["question", "problem", "task"] | None = None
    tags: Annotated[list[str], Field(max_length=50)] | None = None
    fields: dict[str, Any] | None = None
    private: bool | None = None
    own_state: Code | None = None
    closed_as: Literal["spam", "duplicate", "nothing_to_do"] | None = None
    parent: Code | None = None


@router.patch("tickets/{code}", auth=tickets_token)
def change(request: HttpRequest, code: str, body: TicketPatch) -> HttpResponse:
    """State, technician, priority, queue, subject, kind, tags, fields and the rest. All or nothing."""
    found, side = ticket_and_side(request, code)
    sent = body.model_fields_set
    with transaction.atomic():
        if side is Side.CUSTOMER:
            _change_as_customer(request, found, body, sent)
        else:
            changes = _changes(body, sent)
            actions.change(found, changes, by=caller_of(request).actor, at=request.now)  # type: ignore[attr-defined]
            _change_more(request, found, body, sent)
    return answer(
        whole(queries.any_ticket(found.code), side, caller_of(request))
    )  # also when it is in a queue now that the caller does not read


def _change_more(request: HttpRequest, ticket: Ticket, body: TicketPatch, sent: Iterable[str]) -> None:
    more: dict[str, Any] = {"by": caller_of(request).actor, "at": request.now}  # type: ignore[attr-defined]
    if body.subject is not None:
        actions.set_subject(ticket, body.subject, **more)
    if body.kind is not None:
        actions.set_kind(ticket, TicketKind(body.kind), **more)
    if body.tags is not None:
        actions.set_tags(ticket, body.tags, **more)
    if body.fields is not None:
        actions.set_fields(ticket, body.fields, **more)
    if body.private is not None:
        actions.set_private(ticket, body.private, **more)
    if body.own_state is not None:
        own = next((row for row in queries.own_states() if row.code == body.own_state), None)
        if own is None:
            raise InvalidInput({"own_state": ["unknown"]})
        actions.set_own_state(ticket, own, **more)
    if body.closed_as is not None:
        actions.close_as(ticket, ClosedAs(body.closed_as), **more)
    if "parent" in set(sent):
        actions.set_parent(ticket, _parent(request, body.parent), **more)


def _parent(request: HttpRequest, code: str | None) -> Ticket | None:
    if code is None:
        return None
    try:
        found, side = ticket_and_side(request, code)
    except NotYours:
        raise InvalidInput({"parent": ["unknown"]}) from None
    if side is not Side.STAFF:
        raise InvalidInput({"parent": ["unknown"]})
    return found


def _change_as_customer(request: HttpRequest, ticket: Ticket, body: TicketPatch, sent: Iterable[str]) -> None:
    wrong = {name: ["unknown"] for name in sent if name != "state" or body.state not in ("closed", "open")}
    if wrong:
        raise InvalidInput(wrong)
    by, at = caller_of(request).actor, request.now  # type: ignore[attr-defined]
    if body.state == "closed":
        actions.close(ticket, by=by, at=at)
    elif body.state == "open":
        actions.reopen(ticket, by=by, at=at)


def _changes(body: TicketPatch, sent: Iterable[str]) -> actions.Changes:
    """The wish as the desk takes it; an unknown name is 422 with its field."""
    technician: Person | None = None
    if body.assignee:
        technician = queries.technicians().filter(email=body.assignee.strip().lower()).first()
        if technician is None:
            raise InvalidInput({"assignee": ["unknown"]})
    queue = None
    if body.queue:
        try:
            queue = queries.queue(body.queue)
        except NotYours:
            raise InvalidInput({"queue": ["unknown"]}) from None
    return actions.Changes(
        state=State(body.state) if body.state else None,
        assigns="assignee" in set(sent),
        technician=technician,
        priority=Priority[body.priority.upper()] if body.priority else None,
        queue=queue,
    )
