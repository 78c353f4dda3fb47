"""What stands around a ticket: tags, links, drafts, answers that wait. Mostly there is none of it, so one statement asks for all."""

from dataclasses import dataclass
from typing import Any

from django.db import connection

from podpora.desk.models import CustomerNote, SavedDraft, Scheduled, Tag, Ticket
from podpora.desk.queries.customers import customer_notes
from podpora.desk.queries.work import Linked, draft_of, drafts_of_others, links_of, tags_of, waiting_answers
from podpora.people.models import Person

ASKED = """SELECT
    EXISTS (SELECT 1 FROM desk_tickettag WHERE ticket_id = %s),
    EXISTS (SELECT 1 FROM desk_link WHERE ticket_id = %s) OR EXISTS (SELECT 1 FROM desk_link WHERE other_id = %s),
    EXISTS (SELECT 1 FROM desk_follower WHERE ticket_id = %s AND person_id = %s),
    EXISTS (SELECT 1 FROM desk_scheduled WHERE ticket_id = %s AND state IN ('waiting', 'held')),
    EXISTS (SELECT 1 FROM desk_saveddraft WHERE ticket_id = %s),
    EXISTS (SELECT 1 FROM desk_customernote WHERE customer_id = %s)"""


@dataclass(frozen=True, slots=True)
class Around:
    tags: list[Tag]
    links: list[Linked]
    follows: bool
    waiting: list[Scheduled]
    draft: SavedDraft | None  # the reader's own
    drafts: list[SavedDraft]  # of others
    notes: list[CustomerNote]  # on the customer


def around(ticket: Ticket, reader: Person) -> Around:
    """One statement where there is nothing, one more for each thing that there is."""
    pk: Any = ticket.pk
    with connection.cursor() as cursor:
        cursor.execute(ASKED, [pk, pk, pk, pk, reader.pk, pk, pk, ticket.customer_id])
        has_tags, has_links, follows, has_waiting, has_drafts, has_notes = map(bool, cursor.fetchone())
    return Around(
        tags_of(ticket) if has_tags else [],
        links_of(ticket, reader) if has_links else [],
        follows,
        waiting_answers(ticket) if has_waiting else [],
        draft_of(reader, ticket) if has_drafts else None,
        drafts_of_others(reader, ticket) if has_drafts else [],
        customer_notes(ticket) if has_notes else [],
    )
