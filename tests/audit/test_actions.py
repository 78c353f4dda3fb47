"""The audit is only ever added to, and keeps no secrets."""

from datetime import date, datetime
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction

from podpora.audit import actions
from podpora.audit.models import Entry
from podpora.base.actors import Actor, ActorKind, system
from podpora.base.money import Money

pytestmark = pytest.mark.django_db
JANA = Actor(ActorKind.PERSON, "Jana Nová", person_id=7, address="192.0.2.0")


class Licence:
    code = "L-7Q4K92XM"


def test_who_what_before_after(at: datetime) -> None:
    actions.record(
        "licence.seats_changed", Licence(), by=JANA, at=at, before={"seats": 3}, after={"seats": 2}, facts={"why": "X-3"}
    )
    entry = Entry.objects.get()
    assert (entry.verb, entry.subject, entry.kind, entry.code) == (
        "licence.seats_changed",
        "licence:L-7Q4K92XM",
        "licence",
        "L-7Q4K92XM",
    )
    assert (entry.actor_kind, entry.actor_name, entry.person_id, entry.address, entry.at) == (
        "person",
        "Jana Nová",
        7,
        "192.0.2.0",
        at,
    )
    assert (entry.before, entry.after, entry.facts) == ({"seats": 3}, {"seats": 2}, {"why": "X-3"})


def test_every_fact_is_kept_in_a_plain_form(at: datetime) -> None:
    facts = {
        "on": date(2026, 3, 10),
        "at": at,
        "price": Money.of("49", "EUR"),
        "rate": Decimal("0.21"),
        "codes": ("a", "b"),
        "n": None,
    }
    actions.record("order.placed", "order:A-1", by=system(), at=at, facts=facts)
    kept = {"on": "2026-03-10", "at": "2026-03-16T09:00:00Z", "price": "49.00 EUR", "rate": "0.21", "codes": ["a", "b"], "n": None}
    assert Entry.objects.get().facts == kept


def test_secrets_are_never_kept(at: datetime) -> None:
    """S14"""
    facts = {"password": "hunter2", "api_token": "t", "key": "PRO-1", "key_hint": "…7XM", "deep": [{"client_secret": "s"}]}
    actions.record("token.made", "token:1", by=JANA, at=at, facts=facts, before=facts, after=facts)
    entry = Entry.objects.get()
    masked = {"password": "•••", "api_token": "•••", "key": "•••", "key_hint": "…7XM", "deep": [{"client_secret": "•••"}]}
    assert (entry.facts, entry.before, entry.after) == (masked, masked, masked)


@pytest.mark.parametrize("statement", ["UPDATE audit_entry SET verb = 'nothing'", "DELETE FROM audit_entry"])
def test_the_database_refuses_to_change_or_remove(statement: str, at: datetime) -> None:
    actions.record("order.placed", "order:A-1", by=JANA, at=at)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert Entry.objects.get().verb == "order.placed"


def test_erasing_a_person_takes_the_name_and_leaves_what_happened(at: datetime) -> None:
    actions.record("person.joined", "person:U-1", by=JANA, at=at, facts={"email": "jana@private.example", "role": "owner"})
    actions.record("mail.sent", "mail:M-1", by=system(), at=at, facts={"to": ["jana@private.example", "x@y.example"]})
    actions.erase_person(7, ["jana@private.example"], by=system("erase"), at=at)
    joined, sent, erased = Entry.objects.order_by("id")
    assert (joined.actor_name, joined.address, joined.facts) == ("—", "", {"email": "—", "role": "owner"})
    assert sent.facts == {"to": ["—", "x@y.example"]}
    assert erased.verb == "person.erased"
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Entry.objects.update(verb="x")
