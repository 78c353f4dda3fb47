"""What may help with the answer to a ticket: what everybody may find (articles, known problems, topics) and solved tickets like it.

The desk knows its tickets, the index knows the rest; nobody knows both but this story. It decides nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from podpora.desk import queries as desk
from podpora.desk.models import Ticket
from podpora.journeys import finding
from podpora.people.models import Person
from podpora.search.values import Hit

PUBLIC_KINDS = ("article", "problem", "topic")
SHOWN, HELPFUL = 4, 3


@dataclass(frozen=True, slots=True)
class Help:
    """`hits`: what the customer may read too, so that their addresses may go into the answer. `solved`: tickets with what was answered."""

    hits: Sequence[Hit]
    solved: Sequence[tuple[Ticket, str]]


def for_answer(ticket: Ticket, reader: Person | None, *, at: datetime) -> Help:
    """Of tickets only those that the reader sees (VI-3); one of the vendor's systems is shown none."""
    language = ticket.language or ticket.requester.language or "en"
    hits = finding.similar(ticket.subject, desk.opening_text(ticket), None, language=language, kinds=PUBLIC_KINDS, at=at)
    return Help(hits[:HELPFUL], desk.solved_like(ticket, reader, size=SHOWN) if reader is not None else [])
