"""A licence ran out of seats: whoever sells more of them wants to know (a webhook), once an hour for each licence."""

from collections import OrderedDict
from datetime import datetime

from django.db import transaction

from podpora.audit import actions as audit
from podpora.jobs import actions as jobs
from podpora.licensing.models import Licence

_told: OrderedDict[str, None] = OrderedDict()  # by this process: whoever asks again within the hour costs no statement
REMEMBERED = 10_000


def is_told(licence: str, *, at: datetime) -> bool:
    """Does this process know that it was told of this licence (code) within the hour?"""
    return _key(licence, at) in _told


def _key(licence: str, at: datetime) -> str:
    return f"limit:{licence}:{at:%Y-%m-%dT%H}"


def limit_reached(licence: Licence, *, at: datetime) -> None:
    """Tell other systems. Called after the refusal, whose own transaction was undone."""
    key = _key(licence.code, at)
    if key in _told:
        return
    _tell(licence, key, at=at)
    _told[key] = None
    if len(_told) > REMEMBERED:
        _told.popitem(last=False)


@transaction.atomic
def _tell(licence: Licence, key: str, *, at: datetime) -> None:
    if jobs.once(key, at=at):
        audit.announce("licence.limit_reached", {"licence": licence.code, "seats": licence.seats}, at=at)
