"""What of a ticket is told to whom: everything to the vendor's side, to customers what concerns them (VI-2)."""

from collections.abc import Iterable
from typing import Any

from podpora.base.clock import format_instant
from podpora.desk import queries
from podpora.desk.models import FieldValue, Rating, Scheduled, Ticket, TicketTag
from podpora.desk.values import Score
from podpora.people.models import Person


def for_list(tickets: Iterable[Ticket]) -> dict[int, dict[str, Any]]:
    """Tags and fields of the tickets of a page, for the vendor's side; two statements."""
    pks = [ticket.pk for ticket in tickets]
    told: dict[int, dict[str, Any]] = {pk: {"tags": [], "fields": {}} for pk in pks}
    tags = TicketTag.objects.filter(ticket__in=pks).order_by("tag__name").values_list("ticket_id", "tag__name")
    for pk, name in tags:
        told[pk]["tags"].append(name)
    for pk, code, value in FieldValue.objects.filter(ticket__in=pks).values_list("ticket_id", "field__code", "value"):
        told[pk]["fields"][code] = value
    return told


def for_staff(ticket: Ticket, reader: Person | None) -> dict[str, Any]:
    """What only the vendor's side knows. `reader` None: one of its systems. Other tickets only where the reader sees them (VI-3)."""
    rating = queries.rating_of(ticket)
    linked = [
        {"ticket": link.other.code, "subject": link.other.subject, "kind": link.link.kind, "from_here": link.is_from_here}
        for link in queries.links_of(ticket, reader)
    ]
    return for_list([ticket])[ticket.pk] | {
        "kind": ticket.kind, "own_state": ticket.own_state.code if ticket.own_state else None, "closed_as": ticket.closed_as or None,
        "language": ticket.language or None, "spent_minutes": ticket.spent_minutes, "links": linked,
        "snoozed_until": format_instant(ticket.snoozed_until) if ticket.snoozed_until else None,
        "merged_into": queries.end_of(ticket).code if ticket.merged_into_id else None,
        "parent": _parent(ticket, reader), "children": [child.code for child in queries.children_of(ticket, reader)],
        "followers": [person_json(person) for person in queries.followers_of(ticket)],
        "participants": [{"email": p.email, "name": p.name} for p in ticket.participants.order_by("pk")],
        "scheduled": [scheduled_json(row) for row in queries.waiting_answers(ticket)],
        "drafts": [{"person": str(d.person), "kind": d.kind, "saved_at": format_instant(d.saved_at)} for d in ticket.drafts.select_related("person")],
        "rating": rating_json(rating),
    }  # fmt: skip


def for_customer(ticket: Ticket) -> dict[str, Any]:
    """Public fields, and how he rated it."""
    rows = FieldValue.objects.filter(ticket=ticket, field__is_public=True).values_list("field__code", "value")
    return {"fields": dict(rows), "rating": rating_json(queries.rating_of(ticket))}


def _parent(ticket: Ticket, reader: Person | None) -> str | None:
    if ticket.parent_id is None:
        return None
    seen = Ticket.objects.all() if reader is None else queries.seen_by_staff(reader)
    return seen.filter(pk=ticket.parent_id).values_list("code", flat=True).first()


def person_json(person: Person) -> dict[str, Any]:
    return {"code": person.code, "name": str(person), "email": person.email}


def scheduled_json(row: Scheduled) -> dict[str, Any]:
    return {
        "code": row.code, "author": str(row.author), "text": row.text, "files": len(row.files), "then": row.then or None,
        "send_at": format_instant(row.send_at), "state": row.state, "why": row.why or None, "message": row.message or None,
    }  # fmt: skip


def rating_json(rating: Rating | None) -> dict[str, Any] | None:
    if rating is None or rating.score is None or rating.rated_at is None:
        return None
    return {"score": Score(rating.score).name.lower(), "comment": rating.comment, "rated_at": format_instant(rating.rated_at)}
