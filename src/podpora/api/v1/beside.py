"""What stands beside a ticket: the customer's truth, notes on him, what may help with the answer. The vendor's side only (VI-2)."""

from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic import StringConstraints

from podpora.api.access import caller_of
from podpora.api.envelope import answer, explained
from podpora.api.v1.schemas import Strict
from podpora.api.v1.ticket_work import how, reader_of, staffs, tickets_token
from podpora.base.clock import format_instant
from podpora.desk import actions, queries
from podpora.desk.models import CustomerNote
from podpora.journeys import beside, suggesting
from podpora.journeys.finding import address_of

router = Router(tags=["tickets"])


class NoteIn(Strict):
    text: Annotated[str, StringConstraints(min_length=1, max_length=2000)]


def note_json(note: CustomerNote) -> dict[str, Any]:
    return {"code": note.code, "text": note.text, "author": note.author_name, "at": format_instant(note.written_at)}


@router.get("tickets/{code}/customer", auth=tickets_token)
def customer(request: HttpRequest, code: str) -> HttpResponse:
    """Licences with both rights as they are now, devices, orders, earlier tickets, central settings, notes."""
    ticket = staffs(request, code)
    truth = beside.truth_of(ticket, reader_of(caller_of(request)), at=request.now)  # type: ignore[attr-defined]
    first = beside.first_licence(ticket, at=request.now)  # type: ignore[attr-defined]
    return answer({
        "customer": {"code": ticket.customer.code, "name": ticket.customer.name},
        "licences": [
            {"code": each.code, "name": each.edition, "kind": each.kind, "seats": {"total": each.seats, "used": each.seats_used},
             "support": explained(each.support), "through": each.through, "of_ticket": each.is_named}
            for each in truth.licences
        ],
        "more_licences": truth.more_licences,
        "devices": [
            {"code": each.code, "name": str(each), "platform": each.platform, "app_version": each.app_version}
            for each in truth.devices
        ],
        "orders": [{"code": order, "placed_at": format_instant(placed_at)} for order, placed_at in truth.orders],
        "earlier": [{"code": each.code, "subject": each.subject, "state": each.state} for each in truth.earlier],
        "settings": [
            {"product": each.product, "revision": each.revision, "published_at": format_instant(each.published_at), "by": each.by,
             "on_device": each.on_device, "state": each.state}
            for each in beside.settings_of(ticket, first[0] if first else None)
        ],
        "notes": [note_json(note) for note in queries.customer_notes(ticket)],
    })  # fmt: skip


@router.get("tickets/{code}/customer/notes", auth=tickets_token)
def notes(request: HttpRequest, code: str) -> HttpResponse:
    """What technicians wrote down about the customer, newest first."""
    return answer({"items": [note_json(note) for note in queries.customer_notes(staffs(request, code))], "next": None})


@router.post("tickets/{code}/customer/notes", auth=tickets_token, response={201: Any})
def add_note(request: HttpRequest, code: str, body: NoteIn) -> HttpResponse:
    """To know at every ticket of this customer. The same words twice are one note."""
    return answer(note_json(actions.note_customer(staffs(request, code), body.text, **how(request))), 201)


@router.api_operation(["DELETE"], "tickets/{code}/customer/notes/{note}", auth=tickets_token, response={204: None})
def remove_note(request: HttpRequest, code: str, note: str) -> HttpResponse:
    """It is no longer so."""
    actions.remove_customer_note(queries.customer_note(staffs(request, code), note), **how(request))
    return answer(None, 204)


@router.get("tickets/{code}/suggestions", auth=tickets_token)
def suggestions(request: HttpRequest, code: str) -> HttpResponse:
    """What may help with the answer: articles, known problems, topics, solved tickets like this one."""
    ticket = staffs(request, code)
    found = suggesting.for_answer(ticket, reader_of(caller_of(request)), at=request.now)  # type: ignore[attr-defined]
    items = [{"kind": hit.kind, "code": hit.code, "title": hit.heading, "text": "", "path": address_of(hit)} for hit in found.hits]
    items += [{"kind": "ticket", "code": like.code, "title": like.subject, "text": said, "path": ""} for like, said in found.solved]
    return answer({"items": items, "next": None})
