"""Reading the catalogue."""

from datetime import date

import pytest
from django.utils import translation
from pytest_django.fixtures import DjangoAssertNumQueries

from podpora.base.errors import NotYours
from podpora.catalog import queries
from podpora.catalog.values import Channel, Level, Tier
from tests.make.catalog import AT, catalogue

pytestmark = pytest.mark.django_db


def test_no_product_yet() -> None:
    with pytest.raises(NotYours):
        queries.product()


def test_the_product() -> None:
    product = catalogue()
    assert queries.product() == queries.product("postolka") == product
    with pytest.raises(NotYours):
        queries.product("other")


def test_offers_of_the_sample_vendor() -> None:
    assert [offer.code for offer in queries.offers_on_sale(catalogue())] == [
        "pro-private-1", "pro-private-3", "pro-company", "pro-subscription", "upgrade", "lifetime-updates", "vip-renewal", "extra-device",
    ]  # fmt: skip
    assert queries.offer("no-such-offer") is None


@pytest.mark.parametrize("currency", ["CZK", "EUR", "USD"])
def test_every_currency_has_every_price(currency: str) -> None:
    catalogue()
    table = queries.price_list(currency, date(2012, 2, 29))
    assert table is not None
    assert len(table.prices) == 18
    assert queries.currencies(date(2026, 1, 1)) == ["CZK", "EUR", "USD"]
    assert queries.price_list("PLN", date(2026, 1, 1)) is None


def test_the_matrix_is_a_table_in_the_readers_language(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    product = catalogue()
    with translation.override("cs"), django_assert_num_queries(1):
        matrix = queries.plan_matrix(product, AT)
    assert [column.tier for column in matrix.columns] == list(Tier)
    assert [row.channel for row in matrix.rows] == list(Channel)
    centre = matrix.rows[2]
    assert [cell.level for cell in centre.cells] == [Level.NO, Level.NO, Level.WITH_SUPPORT]
    assert [cell.is_given for cell in centre.cells] == [False, False, True]
    assert centre.cells[2].promise == "rok s každou licencí a upgradem"
    with translation.override("en"):
        assert queries.plan_matrix(product, AT).rows[2].cells[2].promise == "a year with every licence and upgrade"


def test_s1_the_rules_read_the_rows_that_the_page_shows(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    product = catalogue()
    with django_assert_num_queries(1):
        policy, levels = queries.policy_and_levels(product, Channel.CENTRE, AT)
    assert levels == {cell.tier: cell.level for cell in queries.plan_matrix(product, AT).rows[2].cells}
    assert policy == queries.policy_of(product)


def test_price_lists_are_read_in_few_queries(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    catalogue()
    with django_assert_num_queries(4):
        assert len([price.offer.code for row in queries.price_lists() for price in row.prices.all()]) == 54
