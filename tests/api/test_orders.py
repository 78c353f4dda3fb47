"""The order API: RULES.md A, B, F and G end to end, with dates of its own; bad input; repetition; any order of messages."""

import json
from datetime import date
from itertools import permutations

import pytest

from podpora.catalog import actions as catalog
from podpora.catalog.queries import product
from tests.make import orders as make
from tests.make.order_api import Api, instant
from tests.make.patience import so_many

pytestmark = pytest.mark.django_db


@pytest.fixture
def api(client):
    make.shop()
    return Api(client)


def test_VIP1_to_VIP5_a_year_from_the_purchase_and_from_the_old_end_while_active(api):
    for renewed, through in [("2026-01-07", "2027-04-22"), ("2026-04-22", "2027-04-22"), ("2026-04-23", "2027-04-23"),
                             ("2026-11-30", "2027-11-30")]:  # fmt: skip
        licence = api.order("pro-private-1", "2025-04-22")["lines"][0]["licence"]
        told = api.order("vip-renewal", renewed, licence=licence)
        assert told["lines"][0]["support_through"] == through == api.through(licence, renewed)
    before = api.get(f"licences/{licence}?at=2026-08-01T12:00:00Z")[1]["support"]
    assert (before["allowed"], before["code"], before["through"]) == (False, "support.expired", "2026-04-22")
    periods = api.get(f"licences/{licence}/ledger?at=2026-12-01T00:00:00Z")[1]["periods"]
    assert periods == [{"starts_on": "2025-04-22", "through": "2026-04-22"}, {"starts_on": "2026-11-30", "through": "2027-11-30"}]


def test_VIP6_an_upgrade_stacks(api):
    licence = api.order("pro-private-3", "2025-04-22")["lines"][0]["licence"]
    told = api.order("upgrade", "2026-01-05", licence=licence)
    assert told["lines"][0]["support_through"] == "2027-04-22"
    assert told["lines"][0]["covers"] == {"all": False, "through_major": 10, "until": None}


def test_VIP7_the_quantity_is_the_number_of_years_and_has_a_limit(api):
    licence = api.order("pro-private-1", "2025-12-24")["lines"][0]["licence"]
    assert api.order("vip-renewal", "2026-02-01", licence=licence, quantity=2)["lines"][0]["support_through"] == "2028-12-24"
    assert api.refused("vip-renewal", "2026-02-02", licence=licence) == "support.too_far_ahead"
    assert api.refused("vip-renewal", "2026-12-23", licence=licence) == "support.too_far_ahead"
    assert api.order("vip-renewal", "2026-12-24", licence=licence)["lines"][0]["support_through"] == "2029-12-24"


def test_VIP8_and_EOL4_lifetime_updates(api):
    licence = api.order("pro-private-1", "2022-04-22")["lines"][0]["licence"]
    told = api.order("lifetime-updates", "2027-11-30", licence=licence)
    assert told["lines"][0]["support_through"] == "2028-11-30"
    assert told["lines"][0]["covers"] == {"all": True, "through_major": None, "until": None}
    assert api.order("vip-renewal", "2028-11-30", licence=licence)["lines"][0]["support_through"] == "2029-11-30"  # v8 long ended
    assert api.refused("lifetime-updates", "2028-12-01", licence=licence) == "licence.lifetime_already"


def test_VIP11_the_extension_is_told_before_the_licence_and_ten_times(api):
    unpaid = api.body("pro-private-1", "2026-03-10")
    told = api.post("orders", unpaid)[1]
    licence, code = told["lines"][0]["licence"], told["code"]
    assert told["state"] == "awaiting_payment"
    renewal = api.body("vip-renewal", "2027-02-01", licence=licence, paid="2027-02-01")
    answers = [api.post("orders", renewal) for _again in range(10)]
    assert [status for status, _told in answers] == [201] + [200] * 9
    assert len({json.dumps(told) for _status, told in answers}) == 1
    payment = {"external_id": "bank-7", "paid_at": instant("2026-03-10"), "amount": "1290.00"}
    answers = [api.post(f"orders/{code}/payments", payment) for _again in range(3)]
    assert [status for status, _told in answers] == [201, 200, 200]
    assert answers[0][1]["lines"][0]["key"].startswith("PK")
    assert api.through(licence, "2027-02-01") == "2028-03-10"


def test_VIP12_a_transfer_that_was_ordered_in_time(api):
    licence = api.order("pro-private-1", "2025-03-10")["lines"][0]["licence"]
    code = api.post("orders", api.body("vip-renewal", "2026-03-08", licence=licence))[1]["code"]
    waiting = api.get(f"licences/{licence}?at=2026-03-13T12:00:00Z")[1]["support"]
    assert (waiting["allowed"], waiting["code"]) == (True, "support.pending_payment")
    api.post(f"orders/{code}/payments", {"external_id": "b", "paid_at": instant("2026-03-15"), "amount": "590.00"})
    assert api.through(licence, "2026-03-15") == "2027-03-10"


def test_VIP13_the_preview_is_what_comes(api):
    licence = api.order("pro-private-3", "2025-03-10")["lines"][0]["licence"]
    for offer, on, quantity in [("vip-renewal", "2026-02-01", 2), ("upgrade", "2027-10-05", 1), ("vip-renewal", "2029-07-01", 1)]:
        body = api.body(offer, on, licence=licence, quantity=quantity)
        status, quote = api.post("orders/preview", body)
        assert status == 200, quote
        told = api.order(offer, on, licence=licence, quantity=quantity)
        assert {k: quote["lines"][0][k] for k in ("support_through", "covers", "total", "seats")} == {
            k: told["lines"][0][k] for k in ("support_through", "covers", "total", "seats")
        }
        assert api.through(licence, on) == quote["lines"][0]["support_through"]


def test_a_preview_writes_nothing(api):
    from podpora.orders.models import Order
    from podpora.people.models import Person

    assert api.post("orders/preview", api.body("pro-private-1", "2026-03-10", email="new@private.example"))[0] == 200
    assert (Order.objects.count(), Person.objects.filter(email="new@private.example").count()) == (0, 0)


def test_EOL1_to_EOL3_end_of_life(api):
    licence = api.order("pro-private-1", "2022-08-15")["lines"][0]["licence"]
    status, told = api.post("orders/preview", api.body("vip-renewal", "2026-06-30", licence=licence))
    assert (status, [w["code"] for w in told["warnings"]]) == (200, ["version.end_of_life_today"])
    status, told = api.post("orders", api.body("vip-renewal", "2026-07-01", licence=licence))
    error = told["error"]
    assert (status, error["code"]) == (409, "version.end_of_life")
    assert error["reasons"][0]["next"][0]["kind"] == "buy"
    told = api.order("upgrade", "2026-07-01", licence=licence)
    assert told["lines"][0]["covers"]["through_major"] == 10
    assert told["lines"][0]["support_through"] == "2027-07-01"
    assert api.refused("upgrade", "2026-07-02", licence=licence) == "version.upgrade_not_needed"


def test_EOL2_the_day_of_the_order_counts_not_of_the_payment(api):
    licence = api.order("pro-private-1", "2022-08-15")["lines"][0]["licence"]
    late = api.body("vip-renewal", "2026-06-30T21:59:59Z", licence=licence, paid="2026-07-09")
    assert api.post("orders", late)[0] == 201
    assert api.refused("vip-renewal", "2026-06-30T22:00:00Z", licence=licence) == "version.end_of_life"  # midnight in Prague


def test_EOL6_the_api_lists_the_warning(api):
    licence = api.order("pro-private-1", "2022-08-15")["lines"][0]["licence"]
    told = api.order("vip-renewal", "2025-07-01", licence=licence)
    assert [w["code"] for w in told["warnings"]] == ["version.end_of_life_soon"]


def test_EOL10_a_version_that_came_soon_after(api):
    early = api.order("pro-private-1", "2027-08-31", email="a@private.example")["lines"][0]["licence"]
    late = api.order("pro-private-1", "2027-09-01", email="b@private.example")["lines"][0]["licence"]
    covers = [api.get(f"licences/{code}?at=2027-12-01T00:00:00Z")[1]["run"]["covers"]["through_major"] for code in (early, late)]
    assert covers == [10, 11]


def test_Z1_the_anchor_of_a_leap_day(api):
    catalog.set_version(product(), 9, released_on=date(2023, 5, 1), support_ends_on=None, by=make.BY, at=make.OPENED)
    licence = api.order("pro-private-1", "2024-02-29")["lines"][0]["licence"]
    found = [api.through(licence, "2024-03-01")]
    for on in ("2025-02-28", "2026-02-28", "2027-02-28", "2028-02-29"):
        found.append(api.order("vip-renewal", on, licence=licence)["lines"][0]["support_through"])
    assert found == ["2025-02-28", "2026-02-28", "2027-02-28", "2028-02-29", "2029-02-28"]


def test_Z6_the_vendors_date_counts(api):
    told = api.order("pro-private-1", "2026-12-31T23:30:00Z")
    assert told["lines"][0]["support_through"] == "2028-01-01"


def test_X1_a_refunded_extension(api):
    licence = api.order("pro-private-1", "2025-03-10")["lines"][0]["licence"]
    code = api.order("vip-renewal", "2026-02-01", licence=licence)["code"]
    status, told = api.post(f"orders/{code}/refunds", {"external_id": "r", "at": instant("2026-02-10")})
    assert (status, told["state"], told["lines"][0]["support_through"]) == (201, "refunded", "2026-03-10")
    assert api.through(licence, "2026-02-09") == "2027-03-10"
    assert api.through(licence, "2026-02-11") == "2026-03-10"


def test_X2_the_extension_without_its_licence(api):
    told = api.order("pro-private-1", "2025-03-10")
    licence = told["lines"][0]["licence"]
    api.order("vip-renewal", "2026-02-01", licence=licence)
    api.post(f"orders/{told['code']}/refunds", {"external_id": "r", "at": instant("2026-02-10"), "lines": [1]})
    after = api.get(f"licences/{licence}?at=2026-03-01T00:00:00Z")[1]
    assert (after["state"], after["run"]["code"], after["support"]["allowed"]) == ("revoked", "licence.revoked", False)
    assert after["support"]["through"] == "2027-02-01"


def test_X3_one_seat_of_three(api):
    told = api.order("pro-company", "2026-03-10", quantity=3, customer={"email": "x@c.example", "name": "X", "company": "C"})
    licence, code = told["lines"][0]["licence"], told["code"]
    body = {"external_id": "r1", "at": instant("2026-04-10"), "lines": [{"line": 1, "quantity": 1}]}
    status, told = api.post(f"orders/{code}/refunds", body)
    assert (status, told["state"], told["lines"][0]["seats"]) == (201, "part_refunded", 2)
    seats = [api.get(f"licences/{licence}?at={instant(on)}")[1]["seats"]["total"] for on in ("2026-04-09", "2026-04-11")]
    assert seats == [3, 2]
    too_many = {"external_id": "r2", "at": instant("2026-04-11"), "lines": [{"line": 1, "quantity": 3}]}
    assert api.post(f"orders/{code}/refunds", too_many)[1]["error"]["code"] == "refund.too_much"
    rest = {"external_id": "r3", "at": instant("2026-04-12")}
    assert api.post(f"orders/{code}/refunds", rest)[1]["state"] == "refunded"
    assert api.post(f"orders/{code}/refunds", rest | {"external_id": "r4"})[1]["error"]["code"] == "refund.nothing_left"


def chargeback(api, code, state, on, name="D-1"):
    return api.post(f"orders/{code}/chargebacks", {"external_id": name, "at": instant(on), "state": state})


def test_X4_to_X6_a_chargeback(api):
    told = api.order("pro-private-1", "2026-03-10")
    licence, code = told["lines"][0]["licence"], told["code"]
    assert chargeback(api, code, "opened", "2026-05-01")[1]["state"] == "disputed"
    during = api.get(f"licences/{licence}?at=2026-05-10T00:00:00Z")[1]
    assert (during["state"], during["support"]["code"], during["run"]["allowed"]) == (
        "suspended",
        "licence.suspended_payment",
        True,
    )
    assert api.get(f"licences/{licence}?at=2026-05-20T00:00:00Z")[1]["run"]["allowed"] is False
    assert chargeback(api, code, "won", "2026-05-11")[1]["state"] == "paid"
    assert api.through(licence, "2026-05-12") == "2027-03-20"  # ten days given back
    assert chargeback(api, code, "lost", "2026-06-01", "D-2")[1]["state"] == "charged_back"
    assert api.get(f"licences/{licence}?at=2026-06-02T00:00:00Z")[1]["state"] == "revoked"
    again = {"external_id": "again", "paid_at": instant("2026-06-09"), "amount": "1290.00"}
    assert api.post(f"orders/{code}/payments", again)[1]["state"] == "paid"
    after = api.get(f"licences/{licence}?at=2026-06-10T00:00:00Z")[1]
    assert (after["state"], after["support"]["through"]) == ("active", "2027-03-20")


def test_C04_every_order_of_the_messages_leads_to_the_same(api):
    messages = [
        ("payments", {"external_id": "p", "paid_at": instant("2026-03-12"), "amount": "4470.00"}),
        ("refunds", {"external_id": "r1", "at": instant("2026-03-20"), "lines": [{"line": 1, "quantity": 1}]}),
        ("chargebacks", {"external_id": "d", "at": instant("2026-04-01"), "state": "opened"}),
        ("chargebacks", {"external_id": "d", "at": instant("2026-04-09"), "state": "won"}),
        ("refunds", {"external_id": "r2", "at": instant("2026-05-01"), "lines": [{"line": 1, "quantity": 1}]}),
    ]  # fmt: skip
    seen = set()
    for number, shuffled in enumerate(permutations(messages)):
        if number % so_many(17, 1):  # some of 120; the rule itself is tested with all
            continue
        told = api.post("orders", api.body("pro-company", "2026-03-10", quantity=3))[1]
        for path, body in [*shuffled, shuffled[0]]:
            assert api.post(f"orders/{told['code']}/{path}", body)[0] in (200, 201)
        licence = told["lines"][0]["licence"]
        views = [api.get(f"licences/{licence}?at={instant(on)}")[1] for on in ("2026-03-13", "2026-04-05", "2026-06-01")]
        seen.add(json.dumps([[v["state"], v["seats"]["total"], v["support"], v["run"]] for v in views]).replace(licence, "L"))
    assert len(seen) == 1
    assert '"through": "2027-03-20"' in seen.pop()


def test_C05_a_refund_before_the_payment_is_known(api):
    told = api.post("orders", api.body("pro-private-1", "2026-03-10"))[1]
    code, licence = told["code"], told["lines"][0]["licence"]
    assert api.post(f"orders/{code}/refunds", {"external_id": "r", "at": instant("2026-03-14")})[1]["state"] == "awaiting_payment"
    paid = api.post(f"orders/{code}/payments", {"external_id": "p", "paid_at": instant("2026-03-12"), "amount": "1290"})[1]
    assert paid["state"] == "refunded"
    assert api.get(f"licences/{licence}")[1]["state"] == "revoked"


def test_C15_and_goodwill(api):
    told = api.order("pro-private-1", "2026-03-10")
    code, licence = told["code"], told["lines"][0]["licence"]
    api.post(f"orders/{code}/payments", {"external_id": "twice", "paid_at": instant("2026-03-11"), "amount": "1290.00"})
    assert api.through(licence, "2026-03-12") == "2027-03-10"
    back = {"external_id": "back", "at": instant("2026-03-12"), "amount": "1290.00"}
    assert api.post(f"orders/{code}/refunds", back)[1]["state"] == "paid"
    more = {"external_id": "more", "at": instant("2026-03-12"), "amount": "1290.01"}
    assert api.post(f"orders/{code}/refunds", more)[1]["error"]["code"] == "refund.exceeds_payment"


def test_C02_the_same_number_with_another_content(api):
    body = api.body("pro-private-1", "2026-03-10")
    first = api.post("orders", body)
    assert api.post("orders", body) == (200, first[1])
    assert api.post("orders", body | {"placed_at": "2026-03-10T13:00:00+01:00"})[0] == 200  # the same instant, written differently
    status, told = api.post("orders", body | {"currency": "EUR"})
    assert (status, told["error"]["code"]) == (409, "order.conflict")


def test_subscriptions_renew_without_a_second_set_of_seats(api):
    licence = api.order("pro-subscription", "2025-06-01", quantity=2)["lines"][0]["licence"]
    told = api.order("pro-subscription", "2026-05-20", quantity=2, licence=licence)["lines"][0]
    assert (told["support_through"], told["seats"], told["covers"]["until"]) == ("2027-06-01", 2, "2027-06-01")
    assert api.get(f"licences/{licence}?at=2027-06-02T12:00:00Z")[1]["run"]["code"] == "licence.expired"


def test_one_cart_with_upgrade_and_renewal_in_any_order(api):
    for lines in (["upgrade", "vip-renewal"], ["vip-renewal", "upgrade"]):
        licence = api.order("pro-private-1", "2022-08-15")["lines"][0]["licence"]
        body = api.body("upgrade", "2027-02-01", licence=licence, paid="2027-02-01")
        body["lines"] = [{"offer": offer, "quantity": 1, "licence": licence} for offer in lines]
        status, told = api.post("orders", body)
        assert (status, told["lines"][0]["support_through"]) == (201, "2029-02-01"), told


def test_all_that_is_wrong_is_told_at_once_and_what_would_be_right(api):
    body = {
        "external_id": "", "placed_at": "yesterday", "currency": "XXX", "nonsense": 1, "customer": {"name": "x" * 200},
        "lines": [{"offer": "unheard-of"}, {"offer": "pro-private-1", "quantity": "3"}, 7],
    }  # fmt: skip
    status, answer = api.post("orders", body)
    told = answer["error"]
    assert status == 422
    assert told["code"] == "request.invalid"
    assert told["fields"] == {
        "external_id": ["too_short"], "placed_at": ["not_an_instant"], "currency": ["unknown"], "nonsense": ["unknown"],
        "customer.email": ["required"], "customer.name": ["too_long"], "lines.0.offer": ["unknown"], "lines.1.quantity": ["wrong_type"],
        "lines.2": ["wrong_type"],
    }  # fmt: skip
    assert "CZK" in told["messages"]["currency"]
    assert "pro-private-1" in told["messages"]["lines.0.offer"]
    assert "150" in told["messages"]["customer.name"]
    assert "a whole number" in told["messages"]["lines.1.quantity"]
    assert all(name in told["message"] for name in told["fields"])


def test_what_is_wrong_in_meaning_is_told_at_once_too(api):
    lines = [{"offer": "unheard-of"}, {"offer": "upgrade", "quantity": 2}]
    body = api.body("pro-private-1", "2026-03-10") | {"customer": {"email": "nobody"}, "currency": "XXX", "lines": lines}
    told = api.post("orders", body)[1]["error"]["fields"]
    assert set(told) == {"customer.email", "currency", "lines.0.offer", "lines.1.licence", "lines.1.quantity"}
