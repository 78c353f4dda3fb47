"""Opening a ticket."""

from datetime import datetime

from django.db import transaction

from podpora.audit.actions import record
from podpora.base.actors import Actor
from podpora.catalog.models import Product
from podpora.desk import notices, rules
from podpora.desk.actions.clocks import promise
from podpora.desk.actions.happening import happened
from podpora.desk.actions.writing import Pen, check_words, next_number, or_invalid, take_turn, write
from podpora.desk.models import Queue, StateChange, Ticket
from podpora.desk.values import SUBJECT_LENGTH, Draft, Happening, HappeningKind, MessageKind, Side, State, SupportSnapshot, Words
from podpora.people.models import Customer, Person


@transaction.atomic
def open_ticket(
    draft: Draft, *, customer: Customer, requester: Person, queue: Queue, support: SupportSnapshot, by: Actor, at: datetime
) -> Ticket:
    """A customer asks. Whether he may was decided before (journeys.ticket); `support` keeps what was decided (SC-2).

    Sent twice (the same `draft.once` of the same actor) it is opened once and the first ticket returned.
    """
    or_invalid(_problems(draft) if draft.mailed is None else {})
    number = next_number("ticket")  # locks: whoever sends the same thing at once waits here
    once = rules.once_key(draft.once, by)
    if once and (first := Ticket.objects.filter(once=once).first()):
        return first
    ticket = _new(draft, customer, requester, queue, at)
    ticket.number, ticket.code, ticket.once = number, f"T-{number}", once
    ticket.tier, ticket.support_code, ticket.support_through = support.tier, support.decision.code, support.through
    promise(ticket, at=at)
    place = rules.place_of(ticket.facts())
    ticket.rank, ticket.since = place.rank, place.since
    ticket.save()
    StateChange.objects.create(ticket=ticket, state=State.NEW, from_at=at, by_name=by.name[:200])
    words = Words(draft.text, draft.uploads, draft.via, mailed=draft.mailed)
    name = draft.mailed.author if draft.mailed else str(requester)
    message = write(ticket, MessageKind.PUBLIC, words, pen=Pen(Side.CUSTOMER, requester, name), by=by, at=at)
    if draft.is_unproven:
        message.is_unverified = True
        message.save(update_fields=["is_unverified"])
    record(
        "ticket.opened",
        ticket,
        by=by,
        at=at,
        facts={"queue": queue.code, "customer": customer.code, "support": ticket.support_code},
    )
    if draft.receipt.is_wanted:
        notices.ticket_opened(ticket, message, draft.receipt, by=by, at=at)
    take_turn(ticket, by=by, at=at)
    ticket.save()
    happened(ticket, Happening(HappeningKind.OPENED, message=message), by=by, at=at)
    return ticket


def _problems(draft: Draft) -> dict[str, list[str]]:
    problems = check_words(draft.text, draft.uploads)
    subject = " ".join(draft.subject.split())
    if not subject:
        problems["subject"] = ["required"]
    elif len(subject) > SUBJECT_LENGTH:
        problems["subject"] = ["too_long"]
    elif "\x00" in subject:
        problems["subject"] = ["ticket.not_text"]
    return problems


def _new(draft: Draft, customer: Customer, requester: Person, queue: Queue, at: datetime) -> Ticket:
    about = draft.about
    return Ticket(
        customer=customer,
        requester=requester,
        queue=queue,
        product=Product.objects.filter(code=about.product).first() if about.product else None,
        subject=" ".join(draft.subject.split()),
        state=State.NEW,
        via=draft.via,
        is_private=draft.is_private,
        licence=about.licence,
        device=about.device,
        device_name=about.device_name[:200],
        app_version=about.app_version[:30],
        platform=about.platform[:50],
        version_is_ended=about.version_is_ended,
        opened_at=at,
        last_customer_message_at=at,
        waiting_since=at,
        changed_at=at,
    )
