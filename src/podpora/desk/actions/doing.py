"""Doing what a macro, a trigger or a time rule says: one deed after another, each through the action that a technician would use."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings

from podpora.base import vendor
from podpora.base.actors import Actor
from podpora.base.clock import vendor_date
from podpora.base.decisions import Refused
from podpora.base.errors import InvalidInput, NotYours
from podpora.base.reasons import written
from podpora.desk import queries, rules
from podpora.desk.actions.care import assign, move_queue, set_priority
from podpora.desk.actions.editing import set_kind
from podpora.desk.actions.fields import set_fields
from podpora.desk.actions.following import follow
from podpora.desk.actions.messages import add_note, reply, reply_automatically
from podpora.desk.actions.snoozing import snooze
from podpora.desk.actions.states import change_state
from podpora.desk.actions.tags import change_tags
from podpora.desk.models import Ticket
from podpora.desk.notices import link_for_customer
from podpora.desk.values import Priority, Side, State, TicketKind, Words
from podpora.people.models import Person


def do_all(ticket: Ticket, deeds: Sequence[Mapping[str, Any]], *, technician: Person | None, by: Actor, at: datetime) -> list[str]:
    """The deeds in their order; what each came to, for the log. One that is refused is skipped and says why; the others go on.

    `technician`: who clicked, for a macro; None where a rule works by itself: its messages are automatic mail (RU-1).
    """
    done = []
    for deed in deeds:
        ticket.refresh_from_db()
        try:
            _do(ticket, deed, technician=technician, by=by, at=at)
        except Refused as refusal:
            done.append(f"{deed['do']}: {', '.join(refusal.decision.codes)}")
        except (InvalidInput, NotYours) as problem:
            done.append(f"{deed['do']}: {problem or 'unknown'}"[:200])
        else:
            done.append(str(deed["do"]))
    ticket.refresh_from_db()
    return done


def _do(ticket: Ticket, deed: Mapping[str, Any], *, technician: Person | None, by: Actor, at: datetime) -> None:
    value = deed.get("value", "")
    match deed["do"]:
        case "state":
            change_state(ticket, State(value), by=by, at=at)
        case "priority":
            set_priority(ticket, Priority[value.upper()], by=by, at=at)
        case "queue":
            move_queue(ticket, queries.queue(value), by=by, at=at)
        case "kind":
            set_kind(ticket, TicketKind(value), by=by, at=at)
        case "assign":
            assign(ticket, _person(value, technician), by=by, at=at)
        case "tags":
            change_tags(ticket, add=deed.get("add", []), remove=deed.get("remove", []), by=by, at=at)
        case "field":
            set_fields(ticket, {deed["field"]: deed["value"]}, by=by, at=at)
        case "snooze":
            snooze(ticket, at + timedelta(hours=deed["hours"]), by=by, at=at)
        case "follow":
            follow(ticket, _person(deed.get("who") or "me", technician) or _nobody(), by=by, at=at)
        case _:
            _say(ticket, deed, technician=technician, by=by, at=at)


def _say(ticket: Ticket, deed: Mapping[str, Any], *, technician: Person | None, by: Actor, at: datetime) -> None:
    facts = variables(ticket, technician, at=at)
    if deed["do"] == "note":
        add_note(ticket, Words(rules.filled_in(deed["text"], facts)), by=by, at=at)
        return
    text = rules.filled_in(in_language(deed, language_of(ticket)), facts)
    if technician is not None:
        reply(ticket, Words(text), side=Side.STAFF, by=by, at=at)
    else:
        reply_automatically(ticket, text, by=by, at=at)


def _person(email: str, technician: Person | None) -> Person | None:
    if not email:
        return None
    if email == "me":
        return technician or _nobody()
    return queries.technicians().filter(email=email).first() or _nobody()


def _nobody() -> Person:
    raise InvalidInput({"assign": ["unknown"]})


def language_of(ticket: Ticket) -> str:
    """The language that the requester reads."""
    return ticket.requester.language or ticket.language or ticket.customer.language or "en"


def in_language(texts: Mapping[str, Any], language: str) -> str:
    """The text in this language, or in the other one where there is no text in it."""
    return str(texts.get(language) or texts.get("en") or texts.get("cs") or "")


def variables(ticket: Ticket, technician: Person | None, *, at: datetime) -> dict[str, str]:
    """What the variables of a text stand for: nothing that the customer may not read (VI-2)."""
    name = ticket.requester.name or ""
    return {
        "ticket.code": ticket.code,
        "ticket.subject": ticket.subject,
        "ticket.link": link_for_customer(ticket),
        "requester.name": name,
        "requester.first_name": name.split()[0] if name.split() else "",
        "customer.name": ticket.customer.name,
        "technician.name": technician.name if technician else ticket.assignee.name if ticket.assignee else "",
        "product.name": ticket.product.name if ticket.product else "",
        "version": ticket.app_version,
        "licence.code": ticket.licence,
        "support.through": written(ticket.support_through) if ticket.support_through else "",
        "today": written(vendor_date(at, settings.VENDOR_ZONE)),
        "vendor.name": vendor.name(),
    }
