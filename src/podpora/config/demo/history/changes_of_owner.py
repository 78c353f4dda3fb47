"""Licences and devices that changed hands: one bought for somebody else and claimed, one handed over, one of a colleague who left; a seat
that was returned while it was in use, a licence whose payment is disputed, support given without money.

All of it at the second company, as in licence_life.
"""

import re
from datetime import datetime, timedelta

from podpora.config.demo.history.chronicle import Chronicle
from podpora.config.demo.people import PASSWORD
from podpora.entitlements.actions import Goodwill
from podpora.journeys import care, chargeback, leaving, purchase, refund, transfer
from podpora.licensing import actions as licensing
from podpora.licensing.models import Device
from podpora.licensing.queries import transfer_by_token
from podpora.mail import queries as mails
from podpora.orders.values import CartLine, Notice, Terms
from podpora.people import actions as people
from podpora.people.models import Person
from podpora.people.values import Role

EMAIL, MANAGER = "admin@other.example", "manager@vendor.example"
CUSTOMER, LEAVER = "clara@library.example", "sean@other.example"
BRANCH = ("BELFAST-1", "BELFAST-2", "BELFAST-3", "BELFAST-4")


def add(c: Chronicle) -> None:
    c.on(150, 10, 20, lambda at: _branch(c, at))
    c.on(120, 9, 0, lambda at: _hires(c, at))
    c.on(70, 15, 10, lambda at: _sold(c, at))
    c.on(30, 11, 25, lambda at: _thanked(c, at))
    c.on(14, 16, 30, lambda at: _left(c, at))
    c.on(6, 9, 50, lambda at: _returned(c, at))
    c.on(4, 13, 15, lambda at: _disputed(c, at))
    c.on(2, 10, 5, lambda at: _invites(c, at))


def _branch(c: Chronicle, at: datetime) -> None:
    c.order("branch", EMAIL, CartLine("pro-company", 4, ""), currency="EUR", at=at)
    licensing.rename(c.licence("branch"), "Belfast", by=c.actor(EMAIL), at=at)
    for number, name in enumerate(BRANCH):
        started = c.activate(c.licence("branch"), name, "windows", "10.1.0", at=at)
        c.on(3 + 9 * number, 8, 30, lambda later, started=started: c.seen(started, "10.2.0", at=later))  # type: ignore[misc]


def _hires(c: Chronicle, at: datetime) -> None:
    """A colleague with two devices of the first licence."""
    company = c.companies[EMAIL]
    sean = _person(LEAVER, "Sean Walsh", c, at)
    people.invite(company, email=LEAVER, role=Role.VIEWER, by=c.actor(EMAIL), at=at)
    c.on(119, 9, 30, lambda later: _joins(c, sean, later))


def _person(email: str, name: str, c: Chronicle, at: datetime) -> Person:
    return people.create_person(email, name, password=PASSWORD, language="en", by=c.by, at=at)


def _joins(c: Chronicle, sean: Person, at: datetime) -> None:
    c.people = {**c.people, LEAVER: sean}
    people.accept_invitation(c.invitation_link(LEAVER), by=c.actor(LEAVER), at=at)
    licence = c.licence("other")
    for name, platform in (("SEAN-DESKTOP", "windows"), ("SEAN-LAPTOP", "macos")):
        c.activate(licence, name, platform, "10.1.0", at=at)
    for device in Device.objects.filter(licence=licence, name__startswith="SEAN"):
        licensing.assign_device(licence, device.code, sean, by=c.actor(EMAIL), at=at)


def _left(c: Chronicle, at: datetime) -> None:
    """A-18: he left the company, and his two devices gave their seats back."""
    leaving.leave(c.companies[EMAIL], c.person(LEAVER), by=c.actor(EMAIL), at=at)


def _sold(c: Chronicle, at: datetime) -> None:
    """ORG-6: bought for a library, which claimed it by the link in its mail and shows its reseller how far support goes. A-17: a second one
    was handed over to it later."""
    c.people = {**c.people, CUSTOMER: _person(CUSTOMER, "Clara Byrne", c, at)}
    paid = Notice("demo:sold", at, provider="transfer")
    line = CartLine("pro-private-3", 1, "")
    purchase.place_paid(
        [line], paid, customer=c.customer(EMAIL), currency="EUR", terms=Terms(for_email=CUSTOMER), by=c.actor(EMAIL), at=at
    )
    c.on(69, 12, 40, lambda later: _claims(c, later))
    c.on(40, 9, 10, lambda later: _hands_over(c, later))


def _claims(c: Chronicle, at: datetime) -> None:
    mail = mails.outgoing(to=CUSTOMER).filter(kind="licence.resold").first()
    found = re.search(r"/licences/transfers/([\w-]+)/", mail.text if mail else "")
    offer = transfer_by_token(found[1]) if found else None
    if offer is None:
        raise LookupError(CUSTOMER)
    licence = transfer.accept(offer, c.customer(CUSTOMER), by=c.actor(CUSTOMER), at=at)
    licensing.show_reseller(licence, True, by=c.actor(CUSTOMER), at=at)
    c.activate(licence, "Reading room", "windows", "10.2.0", at=at)


def _hands_over(c: Chronicle, at: datetime) -> None:
    c.order("handed", EMAIL, CartLine("pro-private-1", 1, ""), currency="EUR", at=at - timedelta(days=60))
    offer = transfer.offer(c.licence("handed"), CUSTOMER, by=c.actor(EMAIL), at=at)
    transfer.accept(offer, c.customer(CUSTOMER), by=c.actor(CUSTOMER), at=at + timedelta(hours=3))


def _thanked(c: Chronicle, at: datetime) -> None:
    """Support without money, with a reason that the customer reads, too."""
    gift = Goodwill(days=30, reason="Thank you for the report about calendars.")
    care.give_support(c.licence("other"), gift, by=c.actor(MANAGER), at=at)


def _returned(c: Chronicle, at: datetime) -> None:
    """X-3: one of four seats was returned while four devices use them; the owner picks within 14 days."""
    notice = Notice("demo:branch-seat", at, provider="transfer", reason="One computer less.")
    refund.refund(c.orders["branch"], ((1, 1),), notice, by=c.actor(MANAGER), at=at)


def _disputed(c: Chronicle, at: datetime) -> None:
    """X-4: the bank took the money back for now: no new device and no new ticket; what is installed goes on."""
    c.order("kiosk", EMAIL, CartLine("pro-private-1", 1, ""), currency="EUR", at=at - timedelta(days=25))
    licensing.rename(c.licence("kiosk"), "Kiosk", by=c.actor(EMAIL), at=at)
    c.activate(c.licence("kiosk"), "KIOSK-1", "linux", "10.2.0", at=at)
    notice = Notice("demo:kiosk-dispute", at, provider="transfer", reason="The card's owner does not know the payment.")
    chargeback.chargeback(c.orders["kiosk"], "opened", notice, by=c.actor(MANAGER), at=at)


def _invites(c: Chronicle, at: datetime) -> None:
    """Two invitations that nobody has answered yet."""
    for address, role in (("maeve@other.example", Role.SETTINGS), ("accounts@other.example", Role.BILLING)):
        people.invite(c.companies[EMAIL], email=address, role=role, by=c.actor(EMAIL), at=at)
