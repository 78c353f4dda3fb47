"""Random histories through the order API, compared with a calculation that shares no code with the product.

Purchase, renewals and refunds with their own dates and times of day, told in a shuffled order and partly twice.
"""

import random
from calendar import monthrange
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from podpora.catalog import actions as catalog
from podpora.catalog.queries import product
from tests.api.test_orders import Api
from tests.make import orders as make
from tests.make.patience import so_many

pytestmark = pytest.mark.django_db
PRAGUE = ZoneInfo("Europe/Prague")


def clipped(year: int, month: int, day: int) -> date:
    return date(year, month, min(day, monthrange(year, month)[1]))


def expected(grants: list[tuple[datetime, int, datetime | None]], at: datetime) -> date | None:
    """(paid, years, refunded) in any order -> the last day of support, by what is known at `at`."""
    through: date | None = None
    anchor = (1, 1)
    for paid, years, refunded in sorted(grants):
        if paid > at or (refunded is not None and refunded <= at):
            continue
        on = paid.astimezone(PRAGUE).date()
        if through is None or on > through:
            anchor, through = (on.month, on.day), clipped(on.year + years, on.month, on.day)
        else:
            through = clipped(through.year + years, *anchor)
    return through


def wire(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


@pytest.mark.parametrize("seed", range(so_many(6, 60)))
def test_histories_agree_with_an_independent_calculation(client, seed):
    dice = random.Random(seed)
    make.shop(max_ahead_years=50)
    catalog.set_version(product(), 9, released_on=date(2023, 5, 1), support_ends_on=None, by=make.BY, at=make.OPENED)
    api = Api(client)
    days = [date(2024, 2, 29), date(2024, 2, 28), date(2023, 12, 31), date(2024, 3, 31), date(2025, 10, 26)]
    bought = datetime.combine(dice.choice(days), datetime.min.time(), UTC) + timedelta(minutes=dice.randrange(1440))
    told = api.post("orders", api.body("pro-private-1", wire(bought)))[1]
    licence, first = told["lines"][0]["licence"], told["code"]
    grants: list[tuple[datetime, int, datetime | None]] = [(bought, 1, None)]
    messages = [(f"orders/{first}/payments", {"external_id": "p", "paid_at": wire(bought), "amount": told["total"]})]
    instant = bought
    for number in range(dice.randrange(1, 6)):
        instant += timedelta(days=dice.choice([1, 200, 364, 365, 366, 500]), minutes=dice.randrange(1440))
        years = dice.choice([1, 1, 2])
        refunded = instant + timedelta(days=dice.randrange(1, 90)) if dice.random() < 0.3 else None
        status, order = api.post("orders", api.body("vip-renewal", wire(instant), licence=licence, quantity=years))
        assert status == 201, order
        grants.append((instant, years, refunded))
        messages.append(
            (f"orders/{order['code']}/payments", {"external_id": "p", "paid_at": wire(instant), "amount": order["total"]})
        )
        if refunded:
            messages.append((f"orders/{order['code']}/refunds", {"external_id": f"r{number}", "at": wire(refunded)}))
    dice.shuffle(messages)
    for path, body in [*messages, *messages[:2]]:
        assert api.post(path, body)[0] in (200, 201)
    for _look in range(12):
        at = bought + timedelta(days=dice.randrange(0, 3000), minutes=dice.randrange(1440))
        through = expected(grants, at)
        assert api.through(licence, wire(at)) == (through.isoformat() if through else None), (grants, at)
