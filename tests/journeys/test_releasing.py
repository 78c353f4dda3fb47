"""Fewer seats than devices: the owner picks within his time, then the longest silent ones go (X-3, ORG-5), by simulated days."""

from datetime import date, timedelta

import pytest

from podpora.journeys import purchase
from podpora.journeys.refund import refund
from podpora.journeys.releasing import release_due
from podpora.licensing import actions, queries
from podpora.licensing.models import Device, Licence, SeatNotice
from podpora.mail.models import OutgoingMail
from podpora.orders.models import Order
from podpora.orders.values import CartLine, Notice
from tests.make import licensing as make_licences
from tests.make import orders as make

pytestmark = pytest.mark.django_db


def devices_on(licence: Licence, count: int) -> list[Device]:
    """The first one is silent for the longest time."""
    made = []
    for n in range(count):
        device = make_licences.activated(licence, version="10.0.0", at=make.at("2026-04-01")).activation.device
        Device.objects.filter(pk=device.pk).update(last_seen_at=make.at("2026-05-01") + timedelta(days=n))
        made.append(device)
    return made


def active(licence: Licence) -> set[str]:
    return {device.code for device in queries.active_devices(licence)}


def days(first: str, count: int) -> int:
    """The job runs twice a day."""
    freed = 0
    for n in range(count):
        for hours in (0, 6):
            freed += release_due(by=make.BY, at=make.at(first) + timedelta(days=n, hours=hours))
    return freed


def mails(kind: str) -> list[OutgoingMail]:
    return list(OutgoingMail.objects.filter(kind=kind))


@pytest.fixture
def three() -> tuple[Order, Licence, list[Device]]:
    make.shop()
    order = make.bought("pro-company", 3, on="2026-03-10")
    licence = Licence.objects.get()
    return order, licence, devices_on(licence, 3)


def seat_refunded(order: Order) -> None:
    refund(order, ((1, 1),), Notice("r-1", make.at("2026-06-01")), by=make.BY, at=make.at("2026-06-01"))


def test_X3_the_owner_has_fourteen_days_then_the_longest_silent_goes(three):
    order, licence, devices = three
    seat_refunded(order)
    licence.refresh_from_db()
    assert (licence.seats, licence.seats_used) == (2, 3)
    assert SeatNotice.objects.get().release_on == date(2026, 6, 15)
    assert str(devices[0]) in mails("licence.too_many_devices")[0].text
    assert days("2026-06-01", 14) == 0
    assert len(active(licence)) == 3
    assert days("2026-06-15", 3) == 1
    assert active(licence) == {devices[1].code, devices[2].code}
    assert (len(mails("licence.too_many_devices")), len(mails("licence.devices_released"))) == (1, 1)


def test_X3_who_picks_keeps_what_he_picked(three):
    order, licence, devices = three
    seat_refunded(order)
    actions.free_seat(licence, devices[2].code, by=make.BY, at=make.at("2026-06-05"))
    assert days("2026-06-05", 20) == 0
    assert active(licence) == {devices[0].code, devices[1].code}
    assert mails("licence.devices_released") == []


def test_X3_a_seat_that_is_bought_again_ends_the_matter(three):
    order, licence, _devices = three
    seat_refunded(order)
    make.bought("extra-device", 1, licence.code, of=order.customer, on="2026-06-05")
    assert days("2026-06-05", 20) == 0
    assert len(active(licence)) == 3


def fewer(order: Order, licence: Licence, seats: int, on: str) -> None:
    line = CartLine("vip-renewal", 1, licence.code, None, seats)
    make.pay(purchase.place([line], customer=order.customer, currency="CZK", by=make.BY, at=make.at(on)), on)


def test_ORG5_the_seats_fall_the_day_after_the_old_end_and_the_devices_then(three):
    order, licence, devices = three
    fewer(order, licence, 1, "2027-01-15")
    licence.refresh_from_db()
    assert licence.seats == 3
    assert (SeatNotice.objects.get().takes_effect_on, SeatNotice.objects.get().release_on) == (date(2027, 3, 11), date(2027, 3, 11))
    assert days("2027-01-15", 55) == 0  # until 10 March
    licence.refresh_from_db()
    assert licence.seats == 3
    assert days("2027-03-11", 2) == 2
    licence.refresh_from_db()
    assert (licence.seats, active(licence)) == (1, {devices[2].code})


def test_ORG5_nobody_is_cut_without_fourteen_days(three):
    order, licence, _devices = three
    fewer(order, licence, 1, "2027-03-05")
    assert SeatNotice.objects.get().release_on == date(2027, 3, 19)
    assert days("2027-03-05", 14) == 0
    assert days("2027-03-19", 2) == 2


def test_ORG5_a_job_that_slept_for_days_does_it_once(three):
    order, licence, _devices = three
    fewer(order, licence, 2, "2027-01-15")
    assert release_due(by=make.BY, at=make.at("2027-03-20")) == 1
    assert release_due(by=make.BY, at=make.at("2027-03-20")) == 0


def test_ORG5_seats_fall_also_where_all_devices_fit():
    make.shop()
    order = make.bought("pro-company", 3, on="2026-03-10")
    licence = Licence.objects.get()
    fewer(order, licence, 2, "2027-01-15")
    assert days("2027-03-09", 3) == 0
    licence.refresh_from_db()
    assert licence.seats == 2
    assert not SeatNotice.objects.exists()
