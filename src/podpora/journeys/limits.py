"""A licence ran out of seats: whoever sells more of them wants to know (a webhook), once an hour for each licence."""

from datetime import datetime

from django.db import transaction

from podpora.audit import actions as audit
from podpora.jobs import actions as jobs
from podpora.licensing.models import Licence


@transaction.atomic
def limit_reached(licence: Licence, *, at: datetime) -> None:
    """Tell other systems. Called after the refusal, whose own transaction was undone."""
    if jobs.once(f"limit:{licence.code}:{at:%Y-%m-%dT%H}", at=at):
        audit.announce("licence.limit_reached", {"licence": licence.code, "seats": licence.seats}, at=at)
