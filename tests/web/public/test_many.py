"""`/shop/many/` and `POST licences/quote`: many licences at once, with dates and prices first (ORG-1, ORG-3, VIP-13)."""

import json
import re

import pytest
from django.urls import reverse

from podpora.journeys.rights import rights_of
from podpora.licensing.models import Licence
from podpora.orders.models import Order
from podpora.people import actions as people_actions
from tests.make import orders as make
from tests.make import people, web

pytestmark = pytest.mark.django_db
MANY = "/shop/many/"


@pytest.fixture
def jana(client, settings):
    """One customer with three licences: until 10 Mar, 30 Jun 2027, and one of version 8, past its end of life."""
    make.shop()
    customer = people.customer()
    for on in ("2026-03-10", "2026-06-30"):
        make.bought("pro-private-1", of=customer, on=on)
    make.bought("pro-private-1", of=customer, on="2022-05-05")
    client.force_login(customer.person)
    return customer


def codes(customer) -> list[str]:
    return list(Licence.objects.filter(customer=customer).order_by("pk").values_list("code", flat=True))


def sent(page, **more):
    """The form as the page made it, with the order button pressed."""
    text = page.content.decode()
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', text))
    return {**hidden, "licence": re.findall(r'name="licence" value="([^"]+)"', text), "terms": "on", **more}


def test_dates_and_prices_of_each_and_a_refusal_with_its_way_out(jana, client):
    first, second, old = codes(jana)
    with web.on():
        page = client.get(MANY)
    rows = {row.code: row for row in page.context["rows"]}
    assert [row.row.is_sold for row in page.context["rows"]] == [True, True, False]
    assert (rows[first].after, rows[second].after) == ("10 Mar 2028", "30 Jun 2028")
    assert rows[old].row.may_upgrade
    assert [reason.code for reason in rows[old].reasons] == ["version.end_of_life"]
    assert page.context["batch"].quote.total.amount == 2 * page.context["rows"][0].row.line.total.amount


def test_ordered_and_paid_the_dates_are_those_that_were_shown(jana, client):
    first, second, old = codes(jana)
    with web.on():
        page = client.post(MANY, {"shown": "1", "what": "renew", "licence": [first, second, old], "upgrade": [old]})
        assert page.context["count"] == 3
        answer = client.post(MANY, sent(page, what="renew", number="1", upgrade=[old], order="1"))
    order = Order.objects.latest("pk")
    assert answer["Location"] == reverse("shop:order", args=[order.token])
    shown = {row.code: row.row.line.after.support_through for row in page.context["rows"]}
    make.pay(order, "2026-11-20")
    given = {row.code: rights_of(row, at=make.at("2026-11-21")).support_through for row in Licence.objects.filter(customer=jana)}
    assert given == shown


def test_ORG3_all_to_the_latest_date(jana, client):
    first, second, _old = codes(jana)
    with web.on():
        page = client.post(MANY, {"what": "align", "licence": [first, second]})
    rows = {row.code: row for row in page.context["rows"]}
    assert rows[first].after == "30 Jun 2027"
    assert rows[second].reasons[0].code == "alignment.not_later"
    assert page.context["batch"].left_out == 1


def test_sent_twice_is_ordered_once_and_without_consent_not_at_all(jana, client):
    first, _second, _old = codes(jana)
    with web.on():
        page = client.post(MANY, {"what": "renew", "licence": [first]})
        form = sent(page, what="renew", order="1")
        before = Order.objects.count()
        assert client.post(MANY, form | {"terms": ""}).status_code == 200
        assert Order.objects.count() == before
        for _again in range(2):
            client.post(MANY, form)
        assert Order.objects.count() == before + 1
        assert client.post(MANY, sent(page, what="renew", order="1", expected="1.00", key="k" * 24)).status_code == 409


def test_nothing_is_chosen(jana, client):
    with web.on():
        assert client.post(MANY, {"shown": "1", "what": "renew"}).context["rows"] == []


def test_a_stranger_and_a_member_who_may_not_buy(jana, client):
    stranger = people.customer()
    client.force_login(stranger.person)
    with web.on():
        assert client.get(MANY, {"licence": codes(jana)}).context["rows"] == []
    client.logout()
    assert client.get(MANY).status_code == 302


@pytest.mark.parametrize("count", [1, 3, 60])
def test_as_many_statements_for_sixty_as_for_one(client, count, django_assert_num_queries):
    make.shop()
    customer = people.customer()
    for _n in range(count):
        make.bought("pro-private-1", of=customer, on="2026-03-10")
    client.force_login(customer.person)
    with web.on():
        client.get(MANY)
        with django_assert_num_queries(33):
            page = client.get(MANY)
    assert page.context["count"] == count


def test_the_api_gives_the_same_answer(jana, client):
    first, second, old = codes(jana)
    token = people_actions.create_token("mine", ["licences"], jana.person, by=make.BY, at=make.OPENED)
    body = {"licences": [first, second, old], "what": "renew"}

    def ask(**more):
        with web.on():
            return client.post(
                "/api/v1/licences/quote", json.dumps(body | more), content_type="application/json",
                headers={"Authorization": f"Bearer {token}"},
            )  # fmt: skip

    told = ask().json()
    assert [line["sold"] for line in told["lines"]] == [True, True, False]
    assert (told["total"], told["left_out"]) == ("1180.00", 1)
    assert told["lines"][2]["reasons"][0]["code"] == "version.end_of_life"
    assert ask(upgrade=[old]).json()["left_out"] == 0
    assert ask(licences=["L-22222222"]).status_code == 404
    assert ask(what="steal").status_code == 422
    assert not Order.objects.filter(state="awaiting_payment").exists()


def test_org5_one_of_many_is_renewed_for_fewer_devices(jana, client):
    make.bought("pro-private-3", of=jana, on="2026-05-05")
    code = codes(jana)[-1]
    with web.on():
        page = client.post(MANY, {"shown": "1", "what": "renew", "licence": codes(jana), f"seats-{code}": "2"})
        rows = {row.code: row for row in page.context["rows"]}
        assert (rows[code].seats, rows[code].seats_to, rows[code].row.line.change.seats_less) == (3, 2, 1)
        assert [row.seats for row in rows.values() if row.code != code] == [0, 0, 0]  # of one device there is nothing to choose
        client.post(MANY, sent(page, what="renew", number="1", order="1", **{f"seats-{code}": "2"}))
    line = Order.objects.latest("pk").lines.get(licence_code=code)
    assert (line.seats_less, str(line.less_from)) == (1, "2027-05-06")


@pytest.mark.parametrize("number", ["0", "-1", "x", "", "4", "9" * 30])
def test_a_number_of_devices_that_can_not_be_changes_nothing(jana, client, number):
    make.bought("pro-private-3", of=jana, on="2026-05-05")
    code = codes(jana)[-1]
    with web.on():
        page = client.post(MANY, {"shown": "1", "what": "renew", "licence": [code], f"seats-{code}": number})
    assert page.status_code == 200
    assert page.context["rows"][0].row.line.change.seats_less == 0
