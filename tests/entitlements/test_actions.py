"""Writing the ledger."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from podpora.audit.models import Entry as AuditEntry
from podpora.base.actors import system
from podpora.base.decisions import Refused
from podpora.base.errors import InvalidInput
from podpora.entitlements import actions, queries
from podpora.entitlements.actions import Goodwill
from podpora.entitlements.models import LedgerEntry, Standing
from podpora.people.models import Customer
from tests.make import people
from tests.make.catalog import AT, catalogue
from tests.make.ledger import bought, chargeback, day, free, instant, refunded, renewed

pytestmark = pytest.mark.django_db
BY = system("test")
LATER = datetime(2027, 2, 15, 9, tzinfo=UTC)


@pytest.fixture
def customer() -> Customer:
    catalogue()
    return people.customer()


def record(customer: Customer, *entries: object, at: datetime = LATER, licence: str = "L-1") -> int:
    return len(actions.record_entries(licence, customer, entries, by=BY, at=at))  # type: ignore[arg-type]


def test_vip_11_the_same_fact_is_written_once(customer: Customer) -> None:
    assert record(customer, bought("2026-03-10"), renewed("2027-02-01")) == 2
    assert record(customer, renewed("2027-02-01"), bought("2026-03-10")) == 0
    assert LedgerEntry.objects.count() == 2
    assert AuditEntry.objects.filter(verb="ledger.recorded", subject="licence:L-1").count() == 2


def test_a_changed_fact_becomes_the_next_revision(customer: Customer) -> None:
    waiting = renewed(None, ordered="2027-02-01", source="order:A-2/1")
    paid = renewed("2027-02-05", ordered="2027-02-01", source="order:A-2/1")
    record(customer, bought("2026-03-10"), waiting)
    record(customer, paid)
    assert [row.revision for row in queries.ledger_rows("L-1").filter(source="order:A-2/1")] == [1, 2]
    assert queries.ledger("L-1") == [bought("2026-03-10"), paid]
    assert [row.revision for row in queries.newest_rows("L-1").order_by("pk")] == [1, 2]


def test_z_9_the_recorded_date_is_never_computed_again(customer: Customer) -> None:
    """The same payment told again after the vendor moved to another zone."""
    first = bought("2026-03-10 23:30")
    record(customer, first)
    assert record(customer, replace(first, on=day("2026-03-11"))) == 0
    assert queries.ledger("L-1") == [first]


def test_vip_6_the_rule_of_the_checkout_stays_with_the_order(customer: Customer) -> None:
    first = bought("2026-03-10")
    record(customer, first)
    assert record(customer, replace(first, stacks=False, through_major=10)) == 0


def test_the_standing_follows_the_ledger(customer: Customer) -> None:
    record(customer, bought("2026-03-10", seats=3))
    row = Standing.objects.get(licence="L-1")
    assert (row.base, row.through_major, row.seats, row.support_through) == ("purchase", 9, 3, day("2027-03-10"))
    dispute = chargeback("opened", bought("2026-03-10", seats=3), "2027-02-01")
    record(customer, renewed("2027-02-01"), dispute)
    row.refresh_from_db()
    assert (row.support_through, row.suspended_at) == (day("2028-03-10"), instant("2027-02-01"))
    assert [row.licence for row in queries.standings(customer)] == ["L-1"]


def test_a_ledger_without_support_has_a_standing_too(customer: Customer) -> None:
    record(customer, free("2026-03-10"))
    row = Standing.objects.get(licence="L-1")
    assert (row.base, row.covers_all, row.support_through, row.run_until) == ("free", True, None, None)


def test_goodwill_is_given_with_a_reason(customer: Customer) -> None:
    record(customer, bought("2026-03-10"))
    entry = actions.grant_goodwill("L-1", customer, Goodwill("Long outage", days=30), by=BY, at=LATER)
    assert (entry.on, entry.days) == (day("2027-02-15"), 30)
    assert Standing.objects.get(licence="L-1").support_through == day("2027-04-09")
    assert queries.newest_rows("L-1").get(kind="goodwill").reason == "Long outage"


@pytest.mark.parametrize(
    ("goodwill", "fields"),
    [
        (Goodwill("", days=3), {"reason": ["required"]}),
        (Goodwill("why"), {"days": ["required"]}),
        (Goodwill("why", days=-1), {"days": ["goodwill.out_of_range"]}),
        (Goodwill("why", days=1, years=11), {"years": ["goodwill.out_of_range"]}),
        (Goodwill("x" * 301, days=1), {"reason": ["too_long"]}),
    ],
)
def test_goodwill_that_can_not_be(customer: Customer, goodwill: Goodwill, fields: dict[str, list[str]]) -> None:
    record(customer, bought("2026-03-10"))
    with pytest.raises(InvalidInput) as caught:
        actions.grant_goodwill("L-1", customer, goodwill, by=BY, at=LATER)
    assert caught.value.fields == fields


def test_vip_10_no_goodwill_for_a_free_licence(customer: Customer) -> None:
    record(customer, free("2026-03-10"))
    with pytest.raises(Refused) as caught:
        actions.grant_goodwill("L-1", customer, Goodwill("why", days=3), by=BY, at=LATER)
    assert caught.value.decision.code == "licence.cannot_be_extended"
    assert LedgerEntry.objects.count() == 1


def test_a_17_the_end_of_support_moves_along(customer: Customer) -> None:
    record(customer, bought("2026-03-10"))
    other = people.customer()
    actions.move_ledger("L-1", to=other, by=BY, at=LATER)
    assert [row.support_through for row in queries.standings(other)] == [day("2027-03-10")]
    assert not queries.standings(customer).exists()


def test_x_2_an_entry_moves_to_another_licence_of_the_account(customer: Customer) -> None:
    purchase, renewal = bought("2026-03-10"), renewed("2027-02-01")
    record(customer, purchase, renewal, refunded(purchase, "2027-02-10"))
    record(customer, bought("2020-01-01", major=8), licence="L-2")
    actions.move_entry(renewal.source, from_licence="L-1", to_licence="L-2", customer=customer, by=BY, at=LATER)
    ends = {row.licence: row.support_through for row in queries.standings(customer)}
    assert ends == {"L-1": None, "L-2": day("2028-02-01")}


def test_x_2_what_does_not_stand_there_is_not_moved(customer: Customer) -> None:
    record(customer, bought("2026-03-10"))
    with pytest.raises(InvalidInput):
        actions.move_entry("no such", from_licence="L-1", to_licence="L-2", customer=customer, by=BY, at=LATER)


def test_an_instant_between_two_records(customer: Customer) -> None:
    record(customer, bought("2026-03-10"), at=AT)
    record(customer, renewed("2027-02-01"), at=LATER)
    recorded = queries.ledger_rows("L-1").values_list("recorded_at", flat=True)
    assert [(at - AT) > timedelta(days=300) for at in recorded] == [False, True]
