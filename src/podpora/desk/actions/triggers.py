"""Triggers: when this happens and the ticket is so, do that (RU-1)."""

from collections.abc import Sequence
from datetime import datetime

from podpora.base.actors import Actor
from podpora.desk.models import Ticket, Trigger
from podpora.desk.values import Happening


def run_triggers(ticket: Ticket, happenings: Sequence[Happening], *, by: Actor, at: datetime) -> bool:
    """Run what fits, in the order of the triggers. True when something was done to the ticket."""
    if not happenings or not Trigger.objects.filter(is_active=True).exists():
        return False
    return False
