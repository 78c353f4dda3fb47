"""Writing the catalogue."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from podpora.audit.models import Entry as AuditEntry
from podpora.base.actors import system
from podpora.base.errors import InvalidInput
from podpora.catalog import actions, queries
from podpora.catalog.actions import OfferTexts, PlanPromise, ReleaseNotes
from podpora.catalog.models import Plan, PriceList, Product, Version
from podpora.catalog.values import Channel, Grace, Level, Tier, UpgradeRule, VersionFacts
from tests.make.catalog import AT, catalogue

pytestmark = pytest.mark.django_db
BY = system("test")


@pytest.fixture
def product() -> Product:
    return catalogue()


def errors_of(call: Callable[..., object], *args: object, **facts: Any) -> dict[str, list[str]]:
    with pytest.raises(InvalidInput) as caught:
        call(*args, by=BY, at=AT, **facts)
    return caught.value.fields


def test_the_catalogue_is_made_once(product: Product) -> None:
    assert catalogue() == product
    assert Product.objects.count() == 1


def test_the_sample_versions_are_relative_to_the_day() -> None:
    product = catalogue(at=datetime.fromisoformat("2026-11-22T09:00:00+00:00"), versions=None)
    assert queries.version_facts(product) == [
        VersionFacts(10, date(2025, 10, 1), date(2029, 6, 30)),
        VersionFacts(9, date(2023, 9, 1), date(2027, 6, 30), date(2028, 6, 30), replaced_by=10),
        VersionFacts(8, date(2019, 11, 1), date(2026, 6, 30), replaced_by=9),
    ]
    assert [release.number for release in Version.objects.get(major=10).releases.all()[:2]] == ["10.3.0-beta.2", "10.3.0-beta.1"]


def test_eol_7_the_audit_keeps_the_old_date(product: Product) -> None:
    actions.set_version(product, 8, released_on=date(2019, 3, 1), support_ends_on=date(2027, 1, 31), by=BY, at=AT)
    entry = AuditEntry.objects.filter(verb="version.changed", subject="version:postolka-8").latest("pk")
    assert entry.before["support_ends_on"] == "2026-06-30"
    assert entry.after["support_ends_on"] == "2027-01-31"


def test_a_version_that_stays_as_it_is_writes_nothing(product: Product) -> None:
    before = AuditEntry.objects.count()
    actions.set_version(product, 8, released_on=date(2019, 3, 1), support_ends_on=date(2026, 6, 30), by=BY, at=AT)
    assert AuditEntry.objects.count() == before


@pytest.mark.parametrize(
    ("major", "released", "ends", "fields"),
    [
        (0, None, None, {"major": ["version.major_positive"]}),
        (11, None, date(2030, 1, 1), {"released_on": ["version.end_without_release"]}),
        (11, date(2030, 1, 2), date(2030, 1, 1), {"support_ends_on": ["version.ends_before_release"]}),
    ],
)
def test_a_version_that_can_not_be(product: Product, major: int, released: date, ends: date, fields: dict[str, list[str]]) -> None:
    assert errors_of(actions.set_version, product, major, released_on=released, support_ends_on=ends) == fields
    assert not Version.objects.filter(major__in=[0, 11]).exists()


def test_what_is_out_stays_out(product: Product) -> None:
    """An emptied form must not take back a release that licences cover."""
    assert errors_of(actions.set_version, product, 8, released_on=None, support_ends_on=None) == {"released_on": ["required"]}
    assert product.versions.get(major=8).released_on is not None


@pytest.mark.parametrize(
    ("number", "on", "fields"),
    [
        ("9.9.0", date(2026, 10, 2), {"number": ["release.not_of_this_version"]}),
        ("10", date(2026, 10, 2), {"number": ["release.not_a_number"]}),
        ("10.x", date(2026, 10, 2), {"number": ["release.not_a_number"]}),
        ("10.1", date(2026, 9, 30), {"released_on": ["release.before_version"]}),
    ],
)
def test_a_release_that_can_not_be(product: Product, number: str, on: date, fields: dict[str, list[str]]) -> None:
    assert errors_of(actions.publish_release, Version.objects.get(major=10), number, released_on=on) == fields


def test_a_release_is_published_again_with_other_notes(product: Product) -> None:
    version = Version.objects.get(major=10)
    for text in ("First", "Second"):
        actions.publish_release(version, "10.3.0", released_on=date(2026, 10, 5), notes=ReleaseNotes("", text), by=BY, at=AT)
    assert [r.notes_en for r in version.releases.filter(number="10.3.0")] == ["Second"]


def test_s1_a_change_of_the_matrix_closes_the_old_row_and_opens_a_new_one(product: Product) -> None:
    later = AT + timedelta(days=10)
    actions.set_plan(product, Tier.PRO, Channel.CENTRE, PlanPromise(Level.YES, "vždy", "always", 4), by=BY, at=later)
    levels = [queries.plan_level(product, Tier.PRO, Channel.CENTRE, at).level for at in (AT, later - timedelta(seconds=1), later)]
    assert levels == [Level.WITH_SUPPORT, Level.WITH_SUPPORT, Level.YES]
    new, old = queries.plan_history(product)["pro", "centre"]
    assert (old.valid_to, new.valid_from, new.valid_to) == (later, later, None)
    assert AuditEntry.objects.filter(verb="plan.changed", subject="plan:postolka-pro-centre").count() == 2


def test_the_first_row_holds_since_ever(product: Product) -> None:
    """Licences of an older shop are imported with dates from before this system was set up."""
    long_ago = datetime.fromisoformat("2004-02-29T12:00:00+00:00")
    assert queries.plan_level(product, Tier.PRO, Channel.CENTRE, long_ago).level is Level.WITH_SUPPORT


def test_the_same_promise_again_writes_nothing(product: Product) -> None:
    row = Plan.objects.get(tier="free", channel="email")
    promise = PlanPromise(Level.LIMITED, row.promise_cs, row.promise_en)
    assert actions.set_plan(product, Tier.FREE, Channel.EMAIL, promise, by=BY, at=AT) == row


def test_two_changes_at_one_instant_leave_no_empty_period(product: Product) -> None:
    for level in (Level.YES, Level.LIMITED):
        actions.set_plan(product, Tier.FREE, Channel.CENTRE, PlanPromise(level), by=BY, at=AT)
    new, old = queries.plan_history(product)["free", "centre"]
    assert (new.level, old.level, old.valid_to) == (Level.LIMITED, Level.NO, AT)


def test_a_promise_of_no_hours_is_refused(product: Product) -> None:
    fields = errors_of(actions.set_plan, product, Tier.PRO, Channel.EMAIL, PlanPromise(Level.YES, first_answer_hours=0))
    assert fields == {"first_answer_hours": ["plan.hours_positive"]}


def test_policy_is_changed_and_read_back(product: Product) -> None:
    changes = {"upgrade_rule": UpgradeRule.RESET_MAX, "grace": Grace.NONE, "pending_days": 21}
    changed = actions.set_policy(product, changes, by=BY, at=AT)
    assert changed == queries.policy_of(product)
    assert (changed.upgrade_rule, changed.grace, changed.pending_days, changed.max_ahead_years) == ("reset_max", "none", 21, 3)
    before = AuditEntry.objects.filter(verb="policy.changed").get().before
    assert before == {"upgrade_rule": "stack", "grace": "earth", "pending_days": 14}


def test_a_policy_that_can_not_be(product: Product) -> None:
    fields = errors_of(actions.set_policy, product, {"lease_days": 13, "pending_days": "7", "grace": "moon", "zone": "UTC"})
    assert fields == {
        "lease_days": ["policy.out_of_range"], "pending_days": ["policy.out_of_range"], "grace": ["unknown"], "zone": ["unknown"],
    }  # fmt: skip


PRICES = {("pro-private-1", ""): Decimal("1090"), ("upgrade", "pro-private-1"): Decimal("690.50")}
TOMORROW = date(2026, 3, 17)


def test_a_new_price_list_replaces_the_old_one_from_its_day_on(product: Product) -> None:
    actions.set_price_list("CZK", TOMORROW, PRICES, by=BY, at=AT)
    old, new = queries.price_list("CZK", date(2026, 3, 16)), queries.price_list("CZK", TOMORROW)
    assert old and new
    assert old.prices["pro-private-1", ""].wire() == "990.00"
    assert new.prices["upgrade", "pro-private-1"].wire() == "690.50"
    assert ("pro-private-3", "") not in new.prices


@pytest.mark.parametrize("on", [date(2026, 3, 16), date(2025, 1, 1)])
def test_prices_that_are_or_were_valid_are_never_changed(product: Product, on: date) -> None:
    assert errors_of(actions.set_price_list, "CZK", on, PRICES) == {"valid_from": ["price_list.in_the_past"]}


@pytest.mark.parametrize(
    ("currency", "prices", "fields"),
    [
        ("XXX", PRICES, {"currency": ["unknown"]}),
        ("CZK", {}, {"prices": ["price_list.needs_price"]}),
        ("CZK", {("upgrade", "pro-company"): Decimal("-1")}, {"upgrade/pro-company": ["price.negative"]}),
        ("EUR", {("upgrade", ""): Decimal("1.005")}, {"upgrade": ["price.too_fine"]}),
        ("EUR", {("upgrade", ""): Decimal("1000000000")}, {"upgrade": ["price.too_high"]}),
        ("EUR", {("no-such-offer", ""): Decimal("1")}, {"no-such-offer": ["unknown"]}),
    ],
)
def test_prices_that_can_not_be(
    product: Product, currency: str, prices: dict[tuple[str, str], Decimal], fields: dict[str, list[str]]
) -> None:
    before = PriceList.objects.count()
    assert errors_of(actions.set_price_list, currency, TOMORROW, prices) == fields
    assert PriceList.objects.count() == before


def test_planned_prices_are_set_again_and_withdrawn(product: Product) -> None:
    actions.set_price_list("CZK", TOMORROW, PRICES, by=BY, at=AT)
    row = actions.set_price_list("CZK", TOMORROW, {("pro-private-1", ""): Decimal("1190")}, by=BY, at=AT)
    assert PriceList.objects.filter(currency="CZK").count() == 2
    actions.withdraw_price_list(row, by=BY, at=AT)
    table = queries.price_list("CZK", date(2026, 5, 1))
    assert table and table.prices["pro-private-1", ""].wire() == "990.00"


def test_a_list_between_two_ends_where_the_next_begins(product: Product) -> None:
    actions.set_price_list("CZK", date(2026, 6, 1), PRICES, by=BY, at=AT)
    between = actions.set_price_list("CZK", date(2026, 4, 1), PRICES, by=BY, at=AT)
    assert between.valid_to == date(2026, 6, 1)
    rows = PriceList.objects.filter(currency="CZK").order_by("valid_from").values_list("valid_from", "valid_to")
    assert list(rows)[1:] == [(date(2026, 4, 1), date(2026, 6, 1)), (date(2026, 6, 1), None)]


def test_valid_prices_are_not_withdrawn(product: Product) -> None:
    row = PriceList.objects.get(currency="CZK")
    assert errors_of(actions.withdraw_price_list, row) == {"valid_from": ["price_list.already_valid"]}


def test_an_offer_is_taken_off_sale(product: Product) -> None:
    offer = queries.offer("upgrade")
    assert offer is not None
    actions.change_offer(offer, texts=OfferTexts("Upgrade", "Upgrade"), is_sold=False, by=BY, at=AT)
    assert "upgrade" not in [o.code for o in queries.offers_on_sale(product)]
    assert errors_of(actions.change_offer, offer, texts=OfferTexts("", "Upgrade"), is_sold=True) == {"name_cs": ["required"]}
