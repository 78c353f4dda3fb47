"""Who is told what about a licence and its devices."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from podpora.licensing import queries
from podpora.licensing.models import Licence, SeatNotice
from podpora.licensing.values import KEY_REPLACED_NOTICE, SEATS_NOTICE, SEATS_RELEASED
from podpora.notifications.actions import tell
from podpora.people import queries as people


def key_replaced(licence: Licence, *, at: datetime) -> None:
    """The new key goes to those who may look after devices."""
    if licence.customer is None:
        return
    facts = {"licence": licence.code, "key": queries.key_of(licence)}
    once = f"licence:{licence.code}:key:{licence.key_hint}"
    tell(people.recipients(licence.customer, "devices"), KEY_REPLACED_NOTICE, facts, at=at, once=once, url=page(licence))


def too_many_devices(notice: SeatNotice, names: Sequence[str], *, at: datetime) -> None:
    """Who looks after devices picks which go, until the last day before the release."""
    licence = notice.licence
    if licence.customer is None:
        return
    facts = {
        "licence": licence.code, "seats": notice.seats, "used": licence.seats_used, "too_many": licence.seats_used - notice.seats,
        "from_on": notice.takes_effect_on, "until": notice.release_on - timedelta(days=1), "names": list(names)[:50],
    }  # fmt: skip
    once = f"licence:{licence.code}:seats:{notice.seats}:{notice.release_on}"
    tell(people.recipients(licence.customer, "devices"), SEATS_NOTICE, facts, at=at, once=once, url=page(licence))


def devices_released(notice: SeatNotice, names: Sequence[str], *, at: datetime) -> None:
    licence = notice.licence
    if licence.customer is None:
        return
    facts = {"licence": licence.code, "seats": licence.seats, "names": list(names)}
    once = f"licence:{licence.code}:released:{notice.pk}"
    tell(people.recipients(licence.customer, "devices"), SEATS_RELEASED, facts, at=at, once=once, url=page(licence))


def page(licence: Licence) -> str:
    return f"/licences/{licence.code}/"
