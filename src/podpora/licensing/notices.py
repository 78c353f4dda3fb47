"""Who is told what about a licence and its devices."""

from datetime import datetime

from podpora.licensing import queries
from podpora.licensing.models import Licence
from podpora.licensing.values import KEY_REPLACED_NOTICE
from podpora.notifications.actions import tell
from podpora.people import queries as people


def key_replaced(licence: Licence, *, at: datetime) -> None:
    """The new key goes to those who may look after devices."""
    if licence.customer is None:
        return
    facts = {"licence": licence.code, "key": queries.key_of(licence)}
    once = f"licence:{licence.code}:key:{licence.key_hint}"
    tell(people.recipients(licence.customer, "devices"), KEY_REPLACED_NOTICE, facts, at=at, once=once, url=page(licence))


def page(licence: Licence) -> str:
    return f"/licences/{licence.code}/"
