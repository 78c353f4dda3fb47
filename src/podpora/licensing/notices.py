"""Who is told what about a licence and its devices."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.conf import settings

from podpora.base.clock import vendor_date
from podpora.licensing import queries
from podpora.licensing.models import Device, Licence, SeatNotice, Transfer
from podpora.licensing.values import (
    CLONED,
    FREE_KEY,
    KEY_REPLACED_NOTICE,
    KEY_SENT,
    LEAK_SEEN,
    LEAKED,
    MOVES,
    RESALE_CLAIMED,
    RESOLD,
    SEATS_NOTICE,
    SEATS_RELEASED,
    TRANSFER_CANCELLED_NOTICE,
    TRANSFER_OFFERED_NOTICE,
    TRANSFERRED_NOTICE,
)
from podpora.notifications.actions import tell
from podpora.notifications.values import Recipient
from podpora.people import queries as people
from podpora.people.models import Person


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


def free_key(licence: Licence, email: str, language: str, *, at: datetime) -> None:
    """To the address alone, which is how it is proven; in the inbox of nobody, for the key is in it."""
    facts = {"licence": licence.code, "product": licence.product.name, "key": queries.key_of(licence)}
    tell([Recipient(email, "", language)], FREE_KEY, facts, at=at, url="/licences/")


def too_many_moves(licence: Licence, moves: int, *, at: datetime) -> None:
    """A-6: once a day."""
    if licence.customer is not None:
        once = f"licence:{licence.code}:moves:{vendor_date(at, settings.VENDOR_ZONE)}"
        facts = {"licence": licence.code, "moves": moves}
        tell(people.recipients(licence.customer, "devices"), MOVES, facts, at=at, once=once, url=page(licence))


def leaked(licence: Licence, *, devices: int, places: int, frozen: bool, at: datetime) -> None:
    """X-9: the owner and the vendor's staff, once for an alert and once for a freeze each day."""
    step = "frozen" if frozen else "alert"
    once = f"licence:{licence.code}:leak:{step}:{vendor_date(at, settings.VENDOR_ZONE)}"
    facts = {"licence": licence.code, "devices": devices, "places": places, "frozen": frozen}
    if licence.customer is not None:
        tell(people.recipients(licence.customer, "devices"), LEAKED, facts, at=at, once=once, url=page(licence))
    staff = [Recipient(person.email, person.name, person.language, person.pk) for person in people.staff_with("licences")]
    tell(staff, LEAK_SEEN, facts, at=at, once=f"{once}:staff", url=f"/office/licences/{licence.code}/")


def suspected_clone(device: Device, *, at: datetime) -> None:
    licence = device.licence
    if licence.customer is not None:
        facts = {"licence": licence.code, "device": str(device)}
        once = f"device:{device.code}:clone:{vendor_date(at, settings.VENDOR_ZONE)}"
        tell(people.recipients(licence.customer, "devices"), CLONED, facts, at=at, once=once, url=page(licence))


def page(licence: Licence) -> str:
    return f"/licences/{licence.code}/"


def key_sent(licence: Licence, person: Person, *, at: datetime) -> None:
    """The key, to the member who asked for it and to nobody else; not in his inbox, for the key is in it."""
    facts = {"licence": licence.code, "name": licence.name, "key": queries.key_of(licence)}
    tell([Recipient(person.email, person.name, person.language or "en")], KEY_SENT, facts, at=at, url=page(licence))


def transfer_offered(transfer: Transfer, token: str, *, at: datetime) -> None:
    """Whoever reads this mail may take the licence; the link is for him alone."""
    person = people.person_by_email(transfer.to_email)
    language = (person.language if person else "") or transfer.from_customer.language
    to = Recipient(transfer.to_email, person.name if person else "", language)
    facts = {"from": transfer.from_customer.name, "product": transfer.licence.product.name, "expires_at": transfer.expires_at}
    tell([to], TRANSFER_OFFERED_NOTICE, facts, at=at, url=f"{settings.SITE_URL}/licences/transfers/{token}/")


def resold(transfer: Transfer, token: str, *, at: datetime) -> None:
    """ORG-6: whoever reads this mail may claim the licence; the link is for him alone."""
    person = people.person_by_email(transfer.to_email)
    language = (person.language if person else "") or transfer.from_customer.language
    to = Recipient(transfer.to_email, person.name if person else "", language)
    facts = {"from": transfer.from_customer.name, "product": transfer.licence.product.name, "licence": transfer.licence.code}
    tell([to], RESOLD, facts, at=at, url=f"{settings.SITE_URL}/licences/transfers/{token}/")


def resale_claimed(transfer: Transfer, *, at: datetime) -> None:
    """The new owner finds the licence on its page; the reseller learns that it arrived."""
    assert transfer.to_customer is not None
    facts = {"product": transfer.licence.product.name, "licence": transfer.licence.code, "email": transfer.to_email}
    once = f"transfer:{transfer.code}"
    tell(
        people.recipients(transfer.from_customer, "buy"),
        RESALE_CLAIMED,
        facts,
        at=at,
        once=f"{once}:claimed",
        url="/licences/resold/",
    )
    new = people.recipients(transfer.to_customer, "devices")
    tell(new, TRANSFERRED_NOTICE, facts | {"to_you": True}, at=at, once=f"{once}:here", url=page(transfer.licence))


def transfer_cancelled(transfer: Transfer, *, at: datetime) -> None:
    """Both sides learn it."""
    person = people.person_by_email(transfer.to_email)
    language = (person.language if person else "") or transfer.from_customer.language
    facts = {"product": transfer.licence.product.name, "licence": transfer.licence.code}
    once = f"transfer:{transfer.code}:cancelled"
    others = people.recipients(transfer.from_customer, "transfer")
    tell([*others, Recipient(transfer.to_email, "", language)], TRANSFER_CANCELLED_NOTICE, facts, at=at, once=once)


def transferred(transfer: Transfer, *, at: datetime) -> None:
    """The new owner's people find the licence on its page; those of the old one know that it is gone."""
    assert transfer.to_customer is not None
    facts = {"product": transfer.licence.product.name, "licence": transfer.licence.code, "to_you": False}
    tell(
        people.recipients(transfer.from_customer, "transfer"),
        TRANSFERRED_NOTICE,
        facts,
        at=at,
        once=f"transfer:{transfer.code}:gone",
    )
    new = people.recipients(transfer.to_customer, "devices")
    once = f"transfer:{transfer.code}:here"
    tell(new, TRANSFERRED_NOTICE, facts | {"to_you": True}, at=at, once=once, url=page(transfer.licence))
