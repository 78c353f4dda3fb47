"""The clocks of a ticket's promises."""

from datetime import datetime

from podpora.desk.models import Ticket


def keep_clocks(ticket: Ticket, *, at: datetime) -> None:
    """Set the ticket's due instants anew, from its state history and what it was promised. Saves what it changes."""
