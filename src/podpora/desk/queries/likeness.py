"""Solved tickets that are like another one."""

from podpora.desk.models import Message, Ticket
from podpora.desk.queries.seeing import seen_by_staff
from podpora.desk.values import MessageKind, Side, State
from podpora.people.models import Person
from podpora.search import queries as search

LEAST = 2  # so many words in common, of longer subjects


def opening_text(ticket: Ticket) -> str:
    """What the customer wrote first."""
    words = Message.objects.filter(ticket=ticket, kind=MessageKind.PUBLIC, side=Side.CUSTOMER)
    return words.order_by("pk").values_list("text", flat=True).first() or ""


def solved_like(ticket: Ticket, reader: Person, *, size: int = 4) -> list[tuple[Ticket, str]]:
    """The solved tickets that the reader sees with the most words of this subject, and the last answer in each. Three statements."""
    ranked = [(pk, score) for pk, score in search.alike("ticket", ticket.subject) if pk != ticket.pk]
    best = [pk for pk, score in ranked if score >= min(LEAST, len(ticket.subject.split()))][: size * 5]
    rows = seen_by_staff(reader).filter(pk__in=best, state__in=[State.SOLVED, State.CLOSED]).only("code", "subject")
    by_pk = {row.pk: row for row in rows}
    chosen = [by_pk[pk] for pk in best if pk in by_pk][:size]
    answers = dict(
        Message.objects.filter(ticket__in=chosen, kind=MessageKind.PUBLIC, side=Side.STAFF)
        .order_by("pk")
        .values_list("ticket_id", "text")
    )
    return [(each, answers[each.pk]) for each in chosen if each.pk in answers]
