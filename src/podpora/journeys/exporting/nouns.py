"""What goes out of each room, as rows that `import` reads again: customers, orders, licences, tickets, and the rest to be read."""

from collections.abc import Iterable, Iterator
from dataclasses import fields as fields_of
from typing import Any

from django.db.models import Model, Q, QuerySet

from podpora.audit.models import Entry as AuditEntry
from podpora.catalog.models import Offer, Plan, Price, Product, Release, Version
from podpora.desk.models import Attachment, Message, Ticket
from podpora.desk.queries import messages_for_customer
from podpora.entitlements import queries as ledgers
from podpora.entitlements.values import Entry
from podpora.files.models import StoredFile
from podpora.journeys.exporting.archive import Part, Row
from podpora.journeys.exporting.forum import PARTS as FORUM
from podpora.journeys.exporting.knowledge import PARTS as KNOWLEDGE
from podpora.licensing.models import Device, Licence, Transfer
from podpora.licensing.queries import key_of
from podpora.orders.models import Invoice, Order
from podpora.people.models import Customer, Person

CHUNK = 200
LINE = (
    "quantity", "align_to", "seats_less", "net", "vat", "total", "name_cs", "name_en", "devices", "support_years", "update_years",
    "unit_price",
)  # fmt: skip


def parts_of_everything() -> list[Part]:
    """Everything of the vendor, also what his staff wrote to each other."""
    customers, tickets = Customer.objects.all(), Ticket.objects.all()
    return [
        Part("customers", lambda: _each(customers.order_by("pk"), customer_rows)),
        Part("people", lambda: (person_row(person) for person in Person.objects.order_by("pk").iterator(CHUNK))),
        Part("orders", lambda: _each(Order.objects.order_by("placed_at", "pk"), order_rows)),
        Part(
            "invoices", lambda: map(invoice_row, Invoice.objects.select_related("customer", "order").order_by("pk").iterator(CHUNK))
        ),
        Part("licences", lambda: _each(Licence.objects.order_by("pk"), licence_rows)),
        Part("tickets", lambda: _each(tickets.order_by("pk"), _with_notes), lambda: files_of(tickets, internal=True)),
        *CATALOGUE,
        *KNOWLEDGE,
        *FORUM,
        Part("audit", lambda: (_columns(row, ()) for row in AuditEntry.objects.order_by("pk").iterator(2000))),
    ]


def parts_of_customer(customer: Customer) -> list[Part]:
    """What is kept of one customer, as he may have it himself: without what staff wrote to each other."""
    mine = Customer.objects.filter(pk=customer.pk)
    tickets = Ticket.objects.filter(customer=customer)
    invoices = Invoice.objects.filter(customer=customer).select_related("customer", "order").order_by("pk")
    return [
        Part("customers", lambda: _each(mine, customer_rows)),
        Part("orders", lambda: _each(Order.objects.filter(customer=customer).order_by("placed_at", "pk"), order_rows)),
        Part("invoices", lambda: map(invoice_row, invoices.iterator(CHUNK))),
        Part("licences", lambda: _each(Licence.objects.filter(customer=customer).order_by("pk"), licence_rows)),
        Part("tickets", lambda: _each(tickets.order_by("pk"), _without_notes), lambda: files_of(tickets, internal=False)),
    ]


def _each(rows: QuerySet[Any], read: Any) -> Iterator[Row]:
    """In handfuls, so that neither memory nor the number of questions grows with all there is."""
    handful: list[Any] = []
    for row in rows.iterator(chunk_size=CHUNK):
        handful.append(row)
        if len(handful) == CHUNK:
            yield from read(handful)
            handful = []
    yield from read(handful)


def customer_rows(handful: list[Customer]) -> Iterator[Row]:
    found = Customer.objects.filter(pk__in=[row.pk for row in handful]).prefetch_related(
        "memberships__person", "teams__members__person", "merged_into"
    )
    for customer in found.order_by("pk"):
        yield {
            "external_id": customer.code, "kind": customer.kind, "email": customer.email, "name": "" if customer.is_company else customer.name,
            "company": customer.name if customer.is_company else "", "language": customer.language, "street": customer.street,
            "city": customer.city, "postal_code": customer.postal_code, "country": customer.country,
            "company_id": customer.company_id, "vat_id": customer.vat_id, "created_at": customer.created_at,
            "merged_into": _code(customer.merged_into, "code") or "",
            "members": [{"email": m.person.email, "name": m.person.name, "role": m.role, "since": m.since} for m in customer.memberships.all()],
            "teams": [
                {"code": team.code, "name": team.name, "members": [{"email": m.person.email, "lead": m.is_lead} for m in team.members.all()]}
                for team in customer.teams.all()
            ],
        }  # fmt: skip


def person_row(person: Person) -> Row:
    return _columns(person, ("password", "id"))


def order_rows(handful: list[Order]) -> Iterator[Row]:
    found = (
        Order.objects.filter(pk__in=[row.pk for row in handful])
        .select_related("customer")
        .prefetch_related("lines", "money_events")
    )
    for order in found.order_by("placed_at", "pk"):
        yield {
            "external_id": order.external_id or order.code, "code": order.code, "customer": order.customer.code,
            "end_customer": order.for_email, "language": order.language, "cancelled_why": order.cancelled_why,
            "currency": order.currency, "placed_at": order.placed_at, "paid_at": order.paid_at, "state": order.state,
            "net": order.net, "vat": order.vat, "total": order.total, "vat_rate": order.vat_rate, "reverse_charge": order.reverse_charge,
            "cancelled_at": order.cancelled_at, "variable_symbol": order.variable_symbol, "consent": order.consent,
            "warnings": order.warnings,
            "lines": [
                {"offer": line.offer_code, "licence": line.target_licence, "gives": line.licence_code}
                | {name: getattr(line, name) for name in LINE}
                for line in order.lines.all()
            ],
            "money": [
                {
                    "kind": event.kind, "external_id": event.external_id, "at": event.at, "amount": event.amount, "lines": event.lines,
                    "reason": event.reason, "provider": event.provider, "keeps_rights": event.keeps_rights,
                }
                for event in order.money_events.all()
            ],
        }  # fmt: skip


def invoice_row(invoice: Invoice) -> Row:
    return {
        "number": invoice.number, "kind": invoice.kind, "customer": invoice.customer.code, "order": invoice.order.code,
        "issued_on": invoice.issued_on, "currency": invoice.currency, "total": invoice.total, "content": invoice.content,
    }  # fmt: skip


def licence_rows(handful: list[Licence]) -> Iterator[Row]:
    """With the whole ledger: dates are its replay, never numbers of their own (T2)."""
    known = ledgers.newest_of(licence.code for licence in handful)
    found = Licence.objects.filter(pk__in=[row.pk for row in handful]).select_related("customer", "reseller", "product", "edition")
    within = ("devices__person", "devices__team", "shares__team", "transfers__from_customer", "transfers__to_customer")
    for licence in found.prefetch_related(*within).order_by("pk"):
        yield {
            "external_id": licence.code, "code": licence.code, "customer": licence.customer.code if licence.customer else "",
            "product": licence.product.code, "edition": licence.edition.code, "offer": licence.offer, "kind": licence.kind,
            "name": licence.name, "state": licence.state, "state_changed_at": licence.state_changed_at, "seats": licence.seats,
            "seats_used": licence.seats_used, "key": key_of(licence), "bought_at": licence.issued_at, "source": licence.source,
            "frozen_at": licence.frozen_at, "frozen_why": licence.frozen_why, "owned_since": licence.owned_since,
            "reseller": _code(licence.reseller, "code") or "", "reseller_sees": licence.reseller_sees,
            "transfers": [transfer_row(transfer) for transfer in licence.transfers.all()],
            "shares": [
                {"team": s.team.code, "seats": s.seats, "seats_used": s.seats_used, "since": s.created_at} for s in licence.shares.all()
            ],
            "ledger": [entry_row(row.entry()) | {"reason": row.reason} for row in known[licence.code].values()],
            "devices": [device_row(device) for device in licence.devices.all()],
        }  # fmt: skip


def transfer_row(transfer: Transfer) -> Row:
    """How a licence came, or may come, to another customer. Its link is not in it: a new one can be sent."""
    names = ("code", "to_email", "is_resale", "offered_at", "expires_at", "accepted_at", "cancelled_at")
    ends = {"from": transfer.from_customer.code, "to": _code(transfer.to_customer, "code") or ""}
    return ends | {name: getattr(transfer, name) for name in names}


def device_row(device: Device) -> Row:
    names = (
        "code", "name", "is_named", "platform", "app_version", "first_seen_at", "last_seen_at", "blocked_at", "holds_seat", "is_former",
        "suspected_clone_at", "clock_skew",
    )  # fmt: skip
    who = {"person": _code(device.person, "email") or "", "team": _code(device.team, "code") or ""}
    return {name: getattr(device, name) for name in names} | who


_STANDARD = Entry("", None, None, None)  # type: ignore[arg-type]


def entry_row(entry: Entry) -> Row:
    """A line of a ledger, without what it leaves at its usual value."""
    told = {field.name: getattr(entry, field.name) for field in fields_of(entry)}
    always = ("source", "kind", "at", "on")
    return {name: value for name, value in told.items() if name in always or value != getattr(_STANDARD, name)}


def _with_notes(handful: list[Ticket]) -> Iterator[Row]:
    return ticket_rows(handful, internal=True)


def _without_notes(handful: list[Ticket]) -> Iterator[Row]:
    return ticket_rows(handful, internal=False)


def ticket_rows(handful: list[Ticket], *, internal: bool) -> Iterator[Row]:
    found = Ticket.objects.filter(pk__in=[row.pk for row in handful]).select_related("customer", "requester", "queue", "assignee")
    for ticket in found.order_by("pk"):
        messages = (
            messages_of(ticket, internal=internal).select_related("author").prefetch_related("attachments__file").order_by("pk")
        )
        yield {
            "external_id": ticket.code, "code": ticket.code, "customer": ticket.customer.code, "email": ticket.requester.email,
            "subject": ticket.subject, "state": ticket.state, "queue": ticket.queue.code, "licence": ticket.licence,
            "device": ticket.device_name, "version": ticket.app_version, "opened_at": ticket.opened_at, "solved_at": ticket.solved_at,
            "assignee": ticket.assignee.email if ticket.assignee and internal else "",
            "messages": [message_row(message) for message in messages],
        }  # fmt: skip


def messages_of(ticket: Ticket, *, internal: bool) -> QuerySet[Message]:
    return Message.objects.filter(ticket=ticket) if internal else messages_for_customer(ticket)


def message_row(message: Message) -> Row:
    return {
        "kind": message.kind, "side": message.side, "via": message.via, "email": message.author.email if message.author else "",
        "name": message.author_name, "text": message.text, "event": message.event, "at": message.written_at,
        "attachments": [
            {"file": a.file.code, "name": a.name, "type": a.content_type, "size": a.size} for a in message.attachments.all()
        ],
    }  # fmt: skip


def files_of(tickets: QuerySet[Ticket], *, internal: bool) -> Iterable[StoredFile]:
    seen = Q() if internal else Q(message__kind="public")
    attachments = Attachment.objects.filter(seen, message__ticket__in=tickets).select_related("file").order_by("pk")
    return (attachment.file for attachment in attachments.iterator(CHUNK))


def _columns(row: Model, left_out: tuple[str, ...]) -> Row:
    """The columns of a row by their names."""
    return {f.attname: getattr(row, f.attname) for f in row._meta.concrete_fields if f.attname not in left_out}


def _catalogue(noun: str, model: type[Model], **named: str) -> Part:
    """Rows of the catalogue with codes in the place of keys."""

    def rows() -> Iterator[Row]:
        found = model._default_manager.select_related(*named).order_by("pk")
        for row in found.iterator(CHUNK):
            codes = {name: _code(getattr(row, name), attribute) for name, attribute in named.items()}
            yield _columns(row, ("id", *(f"{name}_id" for name in named))) | codes

    return Part(noun, rows)


def _code(related: Any, attribute: str) -> Any:
    return None if related is None else getattr(related, attribute)


CATALOGUE = [
    _catalogue("products", Product),
    _catalogue("versions", Version, product="code"),
    _catalogue("releases", Release, version="major"),
    _catalogue("offers", Offer, product="code", edition="code"),
    _catalogue("prices", Price, price_list="currency", offer="code", basis="code"),
    _catalogue("plans", Plan, product="code"),
]
