"""The one place where what happened to a ticket has its consequences. Every action that changes a ticket ends here."""

from datetime import datetime

from podpora.base.actors import Actor
from podpora.desk.actions.clocks import keep_clocks
from podpora.desk.actions.triggers import run_triggers
from podpora.desk.actions.watching import watch_assignee
from podpora.desk.models import Merge, Ticket
from podpora.desk.values import Happening, HappeningKind
from podpora.search.actions import index

# What changes where the words stand: the search index is told within the transaction.
MOVES_WORDS = frozenset({HappeningKind.MERGED, HappeningKind.UNMERGED, HappeningKind.SPLIT, HappeningKind.SUBJECT})


def happened(ticket: Ticket, *happenings: Happening, by: Actor, at: datetime) -> None:
    """Within the action's transaction, when the ticket is saved: the clocks are set anew, then the triggers run (RU-1).

    `ticket` is as it stands in the database afterwards, also where a trigger changed it.
    """
    if any(happening.kind in MOVES_WORDS for happening in happenings):
        others = Merge.objects.filter(target=ticket.pk).values_list("source", flat=True)
        index("ticket", list(dict.fromkeys([ticket.pk, *others])), at=at)
    keep_clocks(ticket, at=at)
    watch_assignee(ticket, by=by, at=at)
    if run_triggers(ticket, happenings, by=by, at=at):
        ticket.refresh_from_db()
