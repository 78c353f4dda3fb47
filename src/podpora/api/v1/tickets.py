"""Tickets: for the vendor's systems and technicians all of them, for a customer's token his own, without notes (VI-2)."""

from datetime import datetime
from typing import Annotated, Any, Literal

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from ninja import Router
from pydantic import StringConstraints

from podpora.api.access import Caller, caller_of, device, is_device, token
from podpora.api.envelope import answer
from podpora.api.lists import page
from podpora.api.v1 import ticket_facts
from podpora.api.v1.forms import body_of, described, files_of
from podpora.api.v1.licences import licence_of
from podpora.api.v1.reports import ReportIn, report
from podpora.api.v1.schemas import Line, Made, Strict
from podpora.base.clock import format_instant
from podpora.base.codes import normalised
from podpora.base.decisions import Refused
from podpora.base.errors import InvalidInput, NotYours
from podpora.desk import actions, queries
from podpora.desk.models import Message, Queue, Ticket
from podpora.desk.values import MessageKind, Priority, Purpose, Side, State, TicketKind, Via, Words
from podpora.files.queries import response_for
from podpora.journeys import ticket as journey
from podpora.licensing.models import Device, Licence
from podpora.people import actions as people_actions
from podpora.people import queries as people
from podpora.people.models import Customer, Person
from podpora.people.permissions import staff_may

router = Router(tags=["tickets"])
tickets_token = token("tickets")
STANDARD = {"vip": Purpose.VIP, "technical": Purpose.TECHNICAL, "licences": Purpose.LICENCE_BILLING, "general": Purpose.GENERAL}
MESSAGES = 200

Code = Annotated[str, StringConstraints(max_length=40, strip_whitespace=True)]
Text = Annotated[str, StringConstraints(max_length=50_000)]


class RequesterIn(Strict):
    """For whom one of the vendor's systems asks."""

    email: Annotated[str, StringConstraints(min_length=3, max_length=254, strip_whitespace=True)]
    name: Annotated[str, StringConstraints(max_length=150, strip_whitespace=True)] = ""


class TicketIn(Strict):
    """A question. `queue`: `vip` (the default; behind the VIP gate), `licences`, `general`, or another queue's code."""

    subject: Line
    text: Text
    queue: Code = "vip"
    licence: Code | None = None
    device: Code | None = None
    version: Annotated[str, StringConstraints(max_length=30, strip_whitespace=True)] = ""
    requester: RequesterIn | None = None
    private: bool = False
    fields: dict[str, Any] = {}
    tags: list[str] = []
    kind: Literal["question", "problem", "task"] = "question"


class MessageIn(Strict):
    """`kind`: public, or note among technicians. `then`: the state that follows an answer. `send_at`: not now but then. `seen`: how
    many messages the writer knows; 409 `ticket.newer_message` when there are more."""

    text: Text
    kind: Literal["public", "note"] = "public"
    then: Literal["open", "waiting_customer", "waiting_vendor", "solved", "closed"] | None = None
    send_at: Annotated[str, StringConstraints(max_length=40)] | None = None
    seen: int | None = None


def is_staff(caller: Caller) -> bool:
    """Does the caller act on the vendor's side?"""
    return caller.sees_all or staff_may(caller.person, "tickets")


def ticket_and_side(request: HttpRequest, code: str) -> tuple[Ticket, Side]:
    """The ticket, and the side on which the caller is in it: a technician is a customer in his own one (VI-4)."""
    caller, code = caller_of(request), normalised(code)[:20]
    if caller.sees_all:
        return queries.any_ticket(code), Side.STAFF
    if is_staff(caller):
        try:
            return queries.ticket_for_staff(caller.person, code), Side.STAFF
        except NotYours:
            pass
    return queries.ticket_for_customer(caller.person, code), Side.CUSTOMER


def message_json(message: Message, base: str) -> dict[str, Any]:
    return {
        "code": message.code, "kind": message.kind, "via": message.via, "side": message.side, "author": message.author_name,
        "text": message.text, "reply_text": message.visible or message.text, "at": format_instant(message.written_at),
        "event": {"verb": message.event, **message.event_facts} if message.kind == MessageKind.EVENT else None,
        "attachments": [
            {"code": f.code, "name": f.name, "size": f.size, "content_type": f.content_type, "url": f"{base}/files/{f.code}",
             "secrets_removed": f.secrets_removed, "diagnostics": bool(f.preview)}
            for f in message.shown_files  # type: ignore[attr-defined]
        ],
    }  # fmt: skip


def ticket_json(ticket: Ticket, side: Side, *, verified: bool) -> dict[str, Any]:
    """A ticket without its messages. Priority and clocks are the vendor's business (VI-2); a customer learns until when he will be
    answered (`due_at`)."""
    told: dict[str, Any] = {
        "code": ticket.code, "subject": ticket.subject, "state": ticket.state, "queue": ticket.queue.code, "tier": ticket.tier, "via": ticket.via,
        "customer": ticket.customer.code,
        "requester": {"email": ticket.requester.email, "name": ticket.requester.name, "verified": verified},
        "assignee": str(ticket.assignee) if ticket.assignee else None,
        "licence": ticket.licence or None, "device": ticket.device or None, "version": ticket.app_version or None,
        "platform": ticket.platform or None, "version_ended": ticket.version_is_ended, "private": ticket.is_private,
        "support": support_json(ticket),
        "due_at": _instant(ticket.first_response_due_at or ticket.update_due_at), "tied_to": [],
        "opened_at": format_instant(ticket.opened_at), "reopened": ticket.reopened,
        "solved_at": format_instant(ticket.solved_at) if ticket.solved_at else None,
        "first_answered_at": format_instant(ticket.first_answered_at) if ticket.first_answered_at else None,
    }  # fmt: skip
    if side is Side.STAFF:
        told["priority"] = Priority(ticket.priority).name.lower()
        told |= clocks_json(ticket) | {"revision": ticket.revision}
    return told


def support_json(ticket: Ticket) -> dict[str, Any]:
    """What the gate said when the ticket was opened; where there is no gate, everybody may ask (SC-6)."""
    asked = ticket.support_code not in ("", "ok")
    return {
        "allowed": ticket.is_vip or not asked, "code": ticket.support_code if asked else "support.not_needed",
        "through": ticket.support_through,
    }  # fmt: skip


def clocks_json(ticket: Ticket) -> dict[str, Any]:
    """The clocks as technicians see them: deadlines that run now, what it took in minutes of service time, what was left (SLA-12)."""
    due = ("due_at", "first_response_due_at", "update_due_at", "solution_due_at")
    taken = (
        "first_response_minutes",
        "first_response_diff",
        "longest_update_minutes",
        "update_diff",
        "solution_minutes",
        "solution_diff",
    )
    return {name: _instant(getattr(ticket, name)) for name in due} | {name: getattr(ticket, name) for name in taken}


def _instant(at: Any) -> str | None:
    return format_instant(at) if at else None


def whole(ticket: Ticket, side: Side, caller: Caller) -> dict[str, Any]:
    base = f"/api/v1/tickets/{ticket.code}"
    reader = None if caller.sees_all else caller.person
    conversation = queries.conversation(ticket, for_customer=side is Side.CUSTOMER, reader=reader, size=MESSAGES)
    verified = ticket.requester_id in people.proven_among([ticket.requester_id])
    told = ticket_json(ticket, side, verified=verified)
    told |= ticket_facts.for_staff(ticket, reader) if side is Side.STAFF else ticket_facts.for_customer(ticket)
    return told | {"messages": [message_json(message, base) for message in conversation.messages]}


@router.get("tickets", auth=tickets_token)
def tickets(request: HttpRequest) -> HttpResponse:
    """Newest first. Filters: `requester` (e-mail), `state`, `queue` (codes), `q` (number, words of the subject, name, e-mail); for the
    vendor's side also `tag` and `field.CODE` (the field's value)."""
    caller = caller_of(request)
    side = Side.STAFF if is_staff(caller) else Side.CUSTOMER
    if caller.sees_all:
        rows = Ticket.objects.all()
    else:
        rows = queries.seen_by_staff(caller.person) if side is Side.STAFF else queries.seen_by_customer(caller.person)
    if side is Side.STAFF:
        rows = _by_work(request, rows)
    rows = _filtered(request, rows, caller.person, side).select_related("customer", "requester", "queue", "assignee")
    found = page(request, rows, lambda ticket: ticket)
    verified = people.proven_among(ticket.requester_id for ticket in found["items"])
    more = ticket_facts.for_list(found["items"]) if side is Side.STAFF else {}
    items = [
        ticket_json(ticket, side, verified=ticket.requester_id in verified) | more.get(ticket.pk, {}) for ticket in found["items"]
    ]
    return answer({"items": items, "next": found["next"]})


def _by_work(request: HttpRequest, rows: Any) -> Any:
    """By tag and by fields: the vendor's own words (VI-2)."""
    if tag := request.GET.get("tag", "").replace("\x00", ""):
        rows = queries.with_tag(rows, tag)
    for name, value in list(request.GET.items())[:20]:
        if name.startswith("field.") and "\x00" not in f"{name}{value}":
            rows = rows.filter(queries.field_is(name.removeprefix("field."), str(value)))
    return rows


def _filtered(request: HttpRequest, rows: Any, reader: Any, side: Side) -> Any:
    wish = {name: request.GET.get(name, "").replace("\x00", "")[:254] for name in ("requester", "state", "queue", "q")}
    if wish["state"] and wish["state"] not in set(State):
        raise InvalidInput({"state": ["unknown"]})
    if wish["state"]:
        rows = rows.filter(state=wish["state"])
    if wish["requester"]:
        rows = rows.filter(requester__email=wish["requester"].strip().lower())
    if wish["queue"]:
        rows = rows.filter(queue__code=wish["queue"])
    return queries.found(rows, wish["q"], reader, for_customer=side is Side.CUSTOMER) if wish["q"] else rows


@router.post("tickets", auth=[device, tickets_token], response={201: Made, 200: Made}, openapi_extra=described(TicketIn, ReportIn))
def open_ticket(request: HttpRequest) -> HttpResponse:
    """Ask. 409 with `support.expired` and its like where the VIP gate is shut; other queues are always open.

    As JSON, or as a form with files. With a device's token it is a question from the program, with its diagnostics.
    """
    if is_device(request):
        with transaction.atomic():
            return report(request)
    try:
        return _opened(request)
    except Refused as refusal:
        caller = caller_of(request)
        if not caller.sees_all:
            actions.note_refusal(caller.person, refusal.decision, Via.API, at=request.now)  # type: ignore[attr-defined]
        raise


@transaction.atomic
def _opened(request: HttpRequest) -> HttpResponse:
    body, files = body_of(request, TicketIn), files_of(request)
    caller, at = caller_of(request), request.now  # type: ignore[attr-defined]
    licence = _licence(request, body.licence)
    requester, customer = _asking(caller, body, licence, at=at)
    queue = _queue(body.queue, caller)
    question = journey.Question(
        customer=customer, requester=requester, purpose=Purpose(queue.purpose), queue=queue, subject=body.subject, text=body.text,
        licence=licence, device=_device(licence, body.device), version=body.version, via=Via.API, is_private=body.private,
        uploads=[upload for field in files.values() for upload in field],
    )  # fmt: skip
    if (body.tags or body.kind != "question") and not is_staff(caller):
        raise InvalidInput({"tags" if body.tags else "kind": ["unknown"]})
    ticket = journey.open_ticket(question, by=caller.actor, at=at)
    _dress(ticket, body, caller, at=at)
    side = Side.STAFF if is_staff(caller) and body.requester else Side.CUSTOMER
    return answer(whole(queries.any_ticket(ticket.code), side, caller), 201)


def _dress(ticket: Ticket, body: TicketIn, caller: Caller, *, at: Any) -> None:
    """Fields, tags and kind of a new ticket; required fields have to be there. A customer fills in public fields only."""
    public_only = not is_staff(caller)
    fields = queries.fields_of(ticket.queue_id, public_only=public_only)
    if body.fields or (fields and public_only):
        values = actions.read_values(fields, body.fields, had={}, complete=public_only)
        actions.set_fields(ticket, values, by=caller.actor, at=at)
    if body.tags:
        actions.set_tags(ticket, body.tags, by=caller.actor, at=at)
    if body.kind != "question":
        actions.set_kind(ticket, TicketKind(body.kind), by=caller.actor, at=at)


def _licence(request: HttpRequest, code: str | None) -> Licence | None:
    """A licence that does not exist or is not the caller's: one answer."""
    if not code:
        return None
    try:
        return licence_of(request, code)
    except NotYours:
        raise InvalidInput({"licence": ["unknown"]}) from None


def _device(licence: Licence | None, code: str | None) -> Device | None:
    if not code:
        return None
    found = Device.objects.filter(licence=licence, code=normalised(code)[:20]).first() if licence else None
    if found is None:
        raise InvalidInput({"device": ["unknown"]})
    return found


def _asking(caller: Caller, body: TicketIn, licence: Licence | None, *, at: Any) -> tuple[Person, Customer]:
    """Who asks, for which customer. Only the vendor's side asks for somebody else."""
    if body.requester is None:
        if caller.sees_all:
            raise InvalidInput({"requester": ["required"]})
        customer = licence.customer if licence else people.private_customer(caller.person)
        if customer is None:
            raise InvalidInput({"licence": ["required"]})
        return caller.person, customer
    if not is_staff(caller):
        raise InvalidInput({"requester": ["unknown"]})
    private = people_actions.ensure_customer(email=body.requester.email, name=body.requester.name, by=caller.actor, at=at)
    person = people.person_by_email(body.requester.email)
    assert person is not None  # it was just made
    if licence is None:
        return person, private
    if licence.customer is None or not licence.customer.memberships.filter(person=person).exists():
        raise InvalidInput({"licence": ["unknown"]})
    return person, licence.customer


def _queue(code: str, caller: Caller) -> Queue:
    """The queue; a customer chooses among those of the support centre, so that nobody walks around the gate."""
    if code in STANDARD:
        actions.standard_queue(STANDARD[code])
    try:
        found = queries.queue(code)
    except NotYours:
        raise InvalidInput({"queue": ["unknown"]}) from None
    if not is_staff(caller) and found.purpose == Purpose.TECHNICAL:
        raise InvalidInput({"queue": ["unknown"]})
    return found


@router.get("tickets/{code}", auth=tickets_token)
def ticket(request: HttpRequest, code: str) -> HttpResponse:
    """The ticket with its newest 200 messages, oldest first."""
    return answer(whole(*ticket_and_side(request, code), caller_of(request)))


@router.post("tickets/{code}/messages", auth=tickets_token, response={201: Made, 202: Made}, openapi_extra=described(MessageIn))
def write(request: HttpRequest, code: str) -> HttpResponse:
    """An answer, a customer's message, or (on the vendor's side) a note. As JSON, or as a form with files. With `send_at` a technician's
    answer waits until then: 202 with its code, to take it back."""
    found, side = ticket_and_side(request, code)
    body = body_of(request, MessageIn)
    caller, at = caller_of(request), request.now  # type: ignore[attr-defined]
    uploads = [upload for field in files_of(request).values() for upload in field]
    words = Words(body.text, uploads, via=Via.API, seen=body.seen if side is Side.STAFF else None)
    then = State(body.then) if body.then else None
    _check_side(body, side, caller)
    if body.send_at is not None:
        waiting = actions.schedule(found, words, instant_of(body.send_at, "send_at"), then=then, by=caller.actor, at=at)
        return answer(ticket_facts.scheduled_json(waiting), 202)
    if body.kind == "note":
        message = actions.add_note(found, words, by=caller.actor, at=at)
    else:
        message = actions.reply(found, words, side=side, then=then, by=caller.actor, at=at)
    queries.with_attachments([message])
    return answer(message_json(message, f"/api/v1/tickets/{queries.end_of(found).code}"), 201)


def _check_side(body: MessageIn, side: Side, caller: Caller) -> None:
    """Notes, states and moments are a technician's; one of the vendor's systems is nobody who could take an answer back."""
    if side is Side.CUSTOMER:
        wrong = (
            "kind" if body.kind == "note" else "then" if body.then else "send_at" if body.send_at else "seen" if body.seen else ""
        )
        if wrong:
            raise InvalidInput({wrong: ["unknown"]})
    if body.send_at is not None and (caller.sees_all or body.kind == "note"):
        raise InvalidInput({"send_at": ["not_wanted"]})


def instant_of(text: str, field: str) -> datetime:
    """An instant with its zone; 422 for anything else."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise InvalidInput({field: ["not_an_instant"]}) from None
    if found.tzinfo is None:
        raise InvalidInput({field: ["not_an_instant"]})
    return found


@router.get("tickets/{code}/files/{file}", auth=tickets_token)
def download(request: HttpRequest, code: str, file: str) -> HttpResponseBase:
    """An attachment, as a download."""
    found, side = ticket_and_side(request, code)
    for_customer, reader = side is Side.CUSTOMER, None if caller_of(request).sees_all else caller_of(request).person
    return response_for(queries.attachment_of(found, normalised(file), for_customer=for_customer, reader=reader).file)
