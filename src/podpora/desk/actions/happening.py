"""The one place where what happened to a ticket has its consequences. Every action that changes a ticket ends here."""

from datetime import datetime

from podpora.base.actors import Actor
from podpora.desk.actions.clocks import keep_clocks
from podpora.desk.actions.triggers import run_triggers
from podpora.desk.actions.watching import watch_assignee
from podpora.desk.models import Ticket
from podpora.desk.values import Happening


def happened(ticket: Ticket, *happenings: Happening, by: Actor, at: datetime) -> None:
    """Within the action's transaction, when the ticket is saved: the clocks are set anew, then the triggers run (RU-1).

    `ticket` is as it stands in the database afterwards, also where a trigger changed it.
    """
    keep_clocks(ticket, at=at)
    watch_assignee(ticket, by=by, at=at)
    if run_triggers(ticket, happenings, by=by, at=at):
        ticket.refresh_from_db()
