"""Who met the closed gate: counted, so that the vendor sees how many want more than they have."""

from datetime import datetime

from django.conf import settings
from django.db import transaction

from podpora.base.clock import vendor_date
from podpora.base.decisions import Decision
from podpora.base.reasons import ways
from podpora.desk.models import Refusal
from podpora.desk.values import Via
from podpora.people.models import Person


def note_refusal(person: Person, decision: Decision, via: Via, *, at: datetime) -> None:
    """Once a person and day, with the first reason and the kinds of ways that were shown. Nothing for a decision that allows.

    A page that is only looked at calls this too, so it writes at most once a person, day and reason; every other time it only looks.
    """
    blocking = next((reason for reason in decision.reasons if reason.blocks), None)
    if blocking is None:
        return
    kinds = ",".join(dict.fromkeys(way["kind"] for way in ways(blocking)))[:100]
    row = Refusal(person=person, on=vendor_date(at, settings.VENDOR_ZONE), code=blocking.code[:60], ways=kinds, via=via)
    if not Refusal.objects.filter(person=person, on=row.on, code=row.code).exists():
        with transaction.atomic():
            Refusal.objects.bulk_create([row], ignore_conflicts=True)
