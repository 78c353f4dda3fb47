"""Rights as every face asks for them: one gate, one explanation, few queries."""

from datetime import datetime, timedelta

import pytest
from django.utils import translation
from pytest_django.fixtures import DjangoAssertNumQueries

from podpora.base import reasons
from podpora.base.actors import system
from podpora.catalog import actions as catalog
from podpora.catalog.actions import PlanPromise
from podpora.catalog.models import Product
from podpora.catalog.values import Channel, Level, Scope, Tier
from podpora.entitlements import actions
from podpora.entitlements.values import Entry
from podpora.journeys import rights
from podpora.people.models import Customer
from tests.make import people
from tests.make.catalog import catalogue
from tests.make.ledger import bought, chargeback, day, free, instant, lifetime, refunded, renewed, trial, upgraded

pytestmark = pytest.mark.django_db
BY = system("test")
NOW = instant("2026-05-05")


class Named:
    """A licence, as far as rights go."""

    def __init__(self, code: str, product: Product) -> None:
        self.code, self.product_id = code, product.pk


@pytest.fixture
def product() -> Product:
    return catalogue()


@pytest.fixture
def customer(product: Product) -> Customer:
    return people.customer()


def licence(customer: Customer, product: Product, code: str, *entries: Entry, at: datetime = NOW) -> Named:
    actions.record_entries(code, customer, entries, by=BY, at=at)
    return Named(code, product)


def test_rights_of_a_licence(customer: Customer, product: Product) -> None:
    found = rights.rights_of(licence(customer, product, "L-1", bought("2026-03-10")), at=NOW)
    assert (found.support_through, rights.tier_of(found)) == (day("2027-03-10"), Tier.PRO)


@pytest.mark.parametrize("count", [1, 3])
def test_rights_of_many_in_three_queries(
    customer: Customer, product: Product, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    several = [licence(customer, product, f"L-{n}", bought("2026-03-10")) for n in range(count)]
    with django_assert_num_queries(3):
        assert len(rights.rights_of_many(several, at=NOW)) == count
    with django_assert_num_queries(3):
        assert len(rights.answers_for(several, at=NOW)) == count


@pytest.mark.parametrize("count", [1, 3])
def test_the_gate_in_four_queries(
    customer: Customer, product: Product, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    several = [licence(customer, product, f"L-{n}", bought("2026-03-10")) for n in range(count)]
    with django_assert_num_queries(4):
        assert rights.may_open_ticket(customer, several[0], at=NOW).allowed


def test_vip_9_the_refusal_has_the_reason_and_two_ways_out(customer: Customer, product: Product) -> None:
    mine = licence(customer, product, "L-1", bought("2026-03-10"), lifetime("2026-03-11", years=0))
    decision = rights.support_decision(mine, at=instant("2027-03-12"))
    assert (decision.allowed, decision.code) == (False, "support.expired")
    with translation.override("en"):
        steps = reasons.ways(decision.reasons[0])
        assert "The licence is not affected" in reasons.message(decision)
    assert [step["kind"] for step in steps] == ["buy", "forum", "ask"]
    assert steps[0]["label"] == "Renew VIP support for a year"
    assert rights.run_decision(mine, at=instant("2027-03-12")).code == "licence.valid"


def test_eol_3_who_can_not_renew_is_offered_the_upgrade(customer: Customer, product: Product) -> None:
    mine = licence(customer, product, "L-1", bought("2023-03-10", major=8))
    decision = rights.may_open_ticket(customer, mine, at=instant("2026-11-01"))
    assert decision.code == "support.expired"
    with translation.override("en"):
        labels = [step["label"] for step in reasons.ways(decision.reasons[0])]
    assert labels[0] == "Upgrade: a year of VIP support is included"
    assert not any(label.startswith("Renew") for label in labels)


def test_s1_the_rules_read_the_matrix_of_their_instant(customer: Customer, product: Product) -> None:
    mine = licence(customer, product, "L-1", free("2026-03-10"))
    catalog.set_plan(product, Tier.FREE, Channel.CENTRE, PlanPromise(Level.YES), by=BY, at=NOW)
    before, after = NOW - timedelta(seconds=1), NOW
    assert rights.support_decision(mine, at=before).code == "support.not_included"
    assert rights.support_decision(mine, at=after).code == "support.included"
    assert rights.may_open_ticket(customer, mine, at=before).allowed is False
    assert rights.may_open_ticket(customer, mine, at=after).allowed is True


def test_vip_10_trial_and_free(customer: Customer, product: Product) -> None:
    for code, entry, reason in (("L-1", trial("2026-05-01"), "trial"), ("L-2", free("2026-05-01"), "free")):
        decision = rights.support_decision(licence(customer, product, code, entry), at=NOW)
        assert decision.code == "support.not_included" and decision.reasons[0].facts[reason] is True


def test_a_customer_without_any_licence(customer: Customer) -> None:
    assert rights.may_open_ticket(customer, None, at=NOW).code == "support.not_included"


def test_org_1_and_org_2(customer: Customer, product: Product) -> None:
    one = licence(customer, product, "L-1", bought("2026-03-10"))
    licence(customer, product, "L-2", bought("2026-06-30"))
    at = instant("2027-04-01")
    assert rights.may_open_ticket(customer, one, at=at).allowed
    catalog.set_policy(product, {"scope": Scope.LICENCE}, by=BY, at=at)
    assert rights.may_open_ticket(customer, one, at=at).codes == ("support.expired", "support.use_other_licence")


def test_a_stranger_does_not_borrow_anybodys_support(customer: Customer, product: Product) -> None:
    licence(customer, product, "L-1", bought("2026-03-10"))
    assert not rights.may_open_ticket(people.customer(), None, at=NOW).allowed


def test_x_1_explained(customer: Customer, product: Product) -> None:
    purchase, renewal = bought("2026-03-10"), renewed("2027-02-01")
    mine = licence(customer, product, "L-1", purchase, renewal, refunded(renewal, "2027-02-10"))
    with translation.override("en"):
        told = rights.explain(mine, at=instant("2027-02-11"))
    assert told.periods == ({"starts_on": day("2026-03-10"), "through": day("2027-03-10")},)
    assert [(e["kind"], e["on"].isoformat(), e["years"], e["standing"]) for e in told.entries] == [
        ("purchase", "2026-03-10", 1, True),
        ("renewal", "2027-02-01", 1, False),
        ("refund", "2027-02-10", 0, True),
    ]
    assert told.entries[1]["why"].startswith("Struck on")
    assert told.support.code == "support.active"


def test_every_kind_has_its_name_on_the_wire(customer: Customer, product: Product) -> None:
    purchase = bought("2026-03-10")
    events = [purchase, upgraded("2026-10-05"), lifetime("2026-10-06"), chargeback("opened", purchase, "2026-11-01")]
    mine = licence(customer, product, "L-1", *events, chargeback("won", purchase, "2026-12-01"))
    actions.grant_goodwill("L-1", customer, actions.Goodwill("Long outage", days=3), by=BY, at=instant("2026-12-02"))
    told = rights.explain(mine, at=instant("2026-12-03"))
    assert [e["kind"] for e in told.entries] == ["purchase", "upgrade", "lifetime", "chargeback", "chargeback", "goodwill"]
    assert told.entries[-1]["why"].endswith("Long outage")


def test_t_4_the_gate_counts_licences_of_all_products(customer: Customer, product: Product) -> None:
    """A customer of two programs: support of either opens the support centre, each judged by its own program's versions and rules."""
    other = catalog.create_product("kalendar", "Kalendář", by=BY, at=NOW)
    catalog.set_plan(other, Tier.PRO, Channel.CENTRE, PlanPromise(Level.WITH_SUPPORT), by=BY, at=instant("2020-01-01"))
    licence(customer, product, "L-1", bought("2024-03-10"))
    actions.record_entries("L-2", customer, [bought("2026-03-10")], by=BY, at=NOW, product=other.pk)
    assert rights.may_open_ticket(customer, None, at=NOW).allowed
    assert rights.may_open_ticket(customer, Named("L-1", product), at=NOW).allowed  # T4: any line, also of another program
    assert not rights.may_open_ticket(customer, None, at=instant("2027-05-05")).allowed


def test_standings_follow_a_changed_version(customer: Customer, product: Product) -> None:
    licence(customer, product, "L-1", bought("2026-03-10"))
    assert actions.refresh_standings(at=NOW) == 0
    catalog.set_policy(product, {"free_upgrade_days": 700}, by=BY, at=NOW)
    assert actions.refresh_standings(at=NOW) == 1
    assert actions.refresh_standings(at=NOW) == 0
