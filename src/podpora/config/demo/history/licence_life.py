"""What can happen to licences: a key that leaked, one on its way to another owner, one bought for somebody else, a device without a
network, a copied disk; and two webhooks, one of which nobody answers.

All of it at the second company, so that the first one and the private people stay as they are described.
"""

import base64
from datetime import datetime, timedelta

from podpora.audit import actions as audit
from podpora.config.demo.history.chronicle import Chronicle
from podpora.journeys import offline, purchase, transfer
from podpora.licensing import actions as licensing
from podpora.licensing.values import DeviceFacts, OfflineRequest
from podpora.orders.values import CartLine, Notice, Terms

EMAIL = "admin@other.example"


def add(c: Chronicle) -> None:
    c.on(48, 10, 12, lambda at: _laboratory(c, at))
    c.on(24, 14, 40, lambda at: _resold(c, at))
    c.on(5, 16, 5, lambda at: _leaked(c, at))
    c.on(3, 11, 30, lambda at: _handed_over(c, at))
    c.on(9, 10, 30, lambda at: _website(c, at))
    c.on(1, 22, 15, lambda at: _webhook(c, at))


def _laboratory(c: Chronicle, at: datetime) -> None:
    """Three seats for computers that must not see the internet; one of them was activated by a file."""
    c.order("laboratory", EMAIL, CartLine("pro-company", 3, ""), currency="EUR", at=at)
    licence = c.licence("laboratory")
    licensing.rename(licence, "Laboratory", by=c.actor(EMAIL), at=at)
    parts = {part: f"demo-{part}-lab" for part in ("machine", "board", "disk", "network")}
    key = base64.urlsafe_b64encode(b"podpora demo laboratory device 1").rstrip(b"=").decode()
    request = OfflineRequest(c.product.code, DeviceFacts(parts, "LAB-SPECTROMETER", "windows", key), "10.2.0", 10)
    offline.activate(licence, request, ttl=timedelta(days=180), by=c.actor(EMAIL), at=at)


def _leaked(c: Chronicle, at: datetime) -> None:
    """X-9: its key was seen on too many computers, so it takes no new device until the owner takes a new key."""
    licensing.freeze(c.licence("laboratory"), "23 devices in 11 networks on one day", by=c.by, at=at)


def _handed_over(c: Chronicle, at: datetime) -> None:
    """A-17: a licence that waits for its new owner to confirm."""
    c.order("spare", EMAIL, CartLine("pro-private-1", 1, ""), currency="EUR", at=at - timedelta(days=90))
    licensing.rename(c.licence("spare"), "Spare notebook", by=c.actor(EMAIL), at=at)
    transfer.offer(c.licence("spare"), "filip@free.example", by=c.actor(EMAIL), at=at)


def _resold(c: Chronicle, at: datetime) -> None:
    """ORG-6: bought for somebody else, who has not claimed it yet."""
    terms = Terms(for_email="orders@bookshop.example")
    paid = Notice("demo:resold", at, provider="transfer")
    line = CartLine("pro-private-3", 1, "")
    purchase.place_paid([line], paid, customer=c.customer(EMAIL), currency="EUR", terms=terms, by=c.actor(EMAIL), at=at)


def _webhook(c: Chronicle, at: datetime) -> None:
    """The book-keeping was to hear of orders, but nobody answers there: what was tried stands beside each message."""
    facts = audit.WebhookFacts("https://bookkeeping.vendor.invalid/podpora", ("order.paid", "licence.activated"), "Book-keeping")
    hook, _secret = audit.create_webhook(facts, by=c.actor("manager@vendor.example"), at=at)
    for minutes in (1, 4):
        audit.ping(hook, by=c.actor("manager@vendor.example"), at=at + timedelta(minutes=minutes))


def _website(c: Chronicle, at: datetime) -> None:
    """The vendor's web site hears of new releases, and says thank you."""
    facts = audit.WebhookFacts("https://www.vendor.invalid/hooks/releases", ("release.published",), "Web site")
    hook, _secret = audit.create_webhook(facts, by=c.actor("manager@vendor.example"), at=at)
    sent = audit.ping(hook, by=c.actor("manager@vendor.example"), at=at)
    thanks = audit.Answer(200, "", "203.0.113.25", 184, b'{"ok": true}', {"Content-Type": "application/json"})
    audit.note_answer(sent, thanks, at=at + timedelta(seconds=1))
