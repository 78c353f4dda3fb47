"""ORG-6: a reseller buys for an end customer, who owns licence and support after claiming; the reseller sees only what was shared."""

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine

from podpora.entitlements import queries as ledgers
from podpora.journeys import resale
from podpora.licensing import queries
from podpora.licensing.models import Device, Licence, Transfer
from podpora.mail.models import OutgoingMail
from podpora.orders.models import Order
from podpora.people.models import Customer, Person
from tests.make import licensing as make
from tests.make import people, web
from tests.make.api import Api, activation_body, token

pytestmark = pytest.mark.django_db
NOW = make.BOUGHT + timedelta(days=1)
END = "novak@end.example"
QUERIES = 6  # session, person, count, licences, links, bell


@pytest.fixture(autouse=True)
def _now() -> Any:
    web.vendor()
    with time_machine.travel(NOW, tick=False):
        yield


def order(email: str = "shop@reseller.example", end: str = END, **more: Any) -> Any:
    """The reseller's order, paid, as his shop tells it."""
    body = {
        "external_id": "R-1", "customer": {"email": email, "name": "Resel Ler", "company": "Reseller s.r.o."}, "currency": "CZK",
        "placed_at": "2026-03-11T09:00:00Z", "paid_at": "2026-03-11T09:00:00Z", "lines": [{"offer": "pro-private-3"}],
        **({"end_customer": {"email": end}} if end else {}),
    }  # fmt: skip
    return Api(token("orders")).post("orders", body | more)


def link(to: str = END) -> str:
    mails = OutgoingMail.objects.filter(kind="licence.resold", to_address__contains=to).order_by("pk")
    found = re.search(r"/licences/transfers/[\w-]+/", mails.last().text)  # type: ignore[union-attr]
    assert found
    return found[0]


def reseller() -> Person:
    return Person.objects.get(email="shop@reseller.example")


def claimed(who: Person | None = None) -> Licence:
    """Ordered, and claimed by the end customer through the link in his mail."""
    order()
    owner = who or people.person(END)
    answer = web.client(owner).post(link(), {"answer": "yes", "customer": people.customer_of(owner).code})
    assert answer.status_code == 302
    return Licence.objects.get()


def test_org6_until_it_is_claimed_the_licence_is_nobody_s() -> None:
    made = order()
    assert made.status_code == 201, made.content
    told = made.json()
    assert (told["state"], told["end_customer"]) == ("paid", {"email": END})
    assert "key" not in told["lines"][0]
    licence = Licence.objects.get()
    assert (licence.customer, licence.reseller) == (None, Customer.objects.get(name="Reseller s.r.o."))
    page = web.client(reseller())
    assert page.get(f"/licences/{licence.code}/").status_code == 404
    assert licence.code not in page.get("/licences/").content.decode()
    shop = (
        page.get(f"/shop/orders/{Order.objects.get().token}/")
        if False
        else page.get(f"/account/orders/{Order.objects.get().code}/")
    )

    key = queries.key_of(licence)
    for mail in OutgoingMail.objects.all():
        assert key not in mail.text
    assert key not in shop.content.decode() and END in shop.content.decode()


def test_org6_licence_and_support_are_the_end_customer_s_after_claiming() -> None:
    licence = claimed()
    owner = Person.objects.get(email=END)
    assert licence.customer == people.customer_of(owner)
    assert {row.customer for row in ledgers.ledger_rows(licence.code)} == {licence.customer}
    told = Api(token("licences", person=owner)).get(f"licences/{licence.code}").json()
    assert (told["support"]["through"], told["support"]["allowed"]) == ("2027-03-11", True)  # VIP-1: from the day of the purchase
    assert Api().post("activations", activation_body(licence, app_version="9.1.0")).status_code == 201
    assert OutgoingMail.objects.filter(kind="licence.resale_claimed", to_address__contains="shop@reseller.example").count() == 1
    gate = Api(token("tickets", person=reseller())).post("tickets", {"subject": "Help", "text": "Please"})
    assert gate.status_code in (409, 422)  # the reseller has no support by it


def test_org6_the_reseller_sees_only_what_was_shared() -> None:
    licence = claimed()
    Api().post("activations", activation_body(licence, make.device("NOVAK-PC"), app_version="9.1.0"))
    boss, owner = reseller(), Person.objects.get(email=END)
    api = Api(token("licences", person=boss))
    secret = {"NOVAK-PC", "2027-03-11", "11 Mar 2027", licence.key_hint}
    for path in (f"licences/{licence.code}", f"licences/{licence.code}/devices", f"licences/{licence.code}/ledger"):
        assert api.get(path).status_code == 404, path
    (item,) = api.get("resales").json()["items"]
    assert (item["licence"], item["state"], item["email"], item["shown"]) == (licence.code, "claimed", END, None)
    html = web.client(boss).get("/licences/resold/").content.decode()
    assert END in html and not [word for word in secret if word in html]
    shown = web.client(owner).post(f"/licences/{licence.code}/reseller/", {"shown": "1"})
    assert shown.status_code == 302
    assert api.get("resales").json()["items"][0]["shown"] == {"support_through": "2027-03-11", "seats_used": 1}
    html = web.client(boss).get("/licences/resold/").content.decode()
    assert "11 Mar 2027" in html and "NOVAK-PC" not in html
    assert api.get(f"licences/{licence.code}").status_code == 404
    put = Api(token("licences", person=owner))
    hidden = put.client.put(
        f"/api/v1/licences/{licence.code}/reseller", {"shown": False}, content_type="application/json", headers=put.headers
    )
    assert hidden.json()["shown"] is False
    assert api.get("resales").json()["items"][0]["shown"] is None


def test_org6_nobody_but_the_address_claims_it_and_once() -> None:
    order()
    stranger = people.person("other@else.example")
    for who in (stranger, reseller()):
        web.client(who).post(link(), {"answer": "yes", "customer": people.customer_of(stranger).code})
    assert Licence.objects.get().customer is None
    owner = people.person(END)
    for _ in range(2):
        web.client(owner).post(link(), {"answer": "yes", "customer": people.customer_of(owner).code})
    assert Licence.objects.get().customer == people.customer_of(owner)
    stranger_api = Api(token("licences", person=stranger))
    code = Licence.objects.get().code
    assert stranger_api.get("resales").json()["items"] == []
    assert stranger_api.post(f"resales/{code}/send", {}).status_code == 404
    assert web.client(stranger).post(f"/licences/{code}/reseller/", {"shown": "1"}).status_code == 404


def test_org6_the_link_goes_again_also_to_another_address_and_the_old_one_ends() -> None:
    order(end="novka@end.example")
    old, code = link("novka@end.example"), Licence.objects.get().code
    again = Api(token("licences", person=reseller())).post(f"resales/{code}/send", {"email": END})
    assert (again.status_code, again.json()["email"], again.json()["state"]) == (202, END, "waiting")
    owner = people.person(END)
    assert web.client(owner).get(old).status_code == 404
    assert web.client(owner).get(link()).status_code == 200
    web.client(owner).post(link(), {"answer": "yes", "customer": people.customer_of(owner).code})
    late = web.client(reseller()).post(f"/licences/resold/{code}/send/", {"email": END})
    assert late.status_code == 409
    bad = Api(token("licences", person=reseller())).post(f"resales/{code}/send", {"email": "nobody"})
    assert bad.status_code in (409, 422)


def test_org6_said_no_and_offered_again() -> None:
    order()
    owner = people.person(END)
    web.client(owner).post(link(), {"answer": "no"})
    licence = Licence.objects.get()
    assert resale.resold([licence], at=NOW)[0].state == "declined"
    assert web.client(reseller()).post(f"/licences/resold/{licence.code}/send/", {"email": END}).status_code == 302
    assert resale.resold([licence], at=NOW)[0].state == "waiting"


def test_org6_a_refund_before_the_claim_leaves_nothing_to_claim() -> None:
    made = order().json()
    Api(token("orders")).post(f"orders/{made['code']}/refunds", {"external_id": "F-1", "at": "2026-03-11T09:30:00Z"})
    licence = Licence.objects.get()
    assert resale.resold([licence], at=NOW)[0].state == "returned"
    owner = people.person(END)
    refused = web.client(owner).post(link(), {"answer": "yes", "customer": people.customer_of(owner).code})
    assert refused.status_code == 409
    assert Licence.objects.get().customer is None


def test_org6_lifetime_updates_of_a_first_owner_stay_his() -> None:
    order(lines=[{"offer": "pro-private-3"}])
    transfer = Transfer.objects.get()
    assert transfer.is_resale
    owner = people.person(END)
    web.client(owner).post(link(), {"answer": "yes", "customer": people.customer_of(owner).code})
    assert not [entry for entry in ledgers.ledger(Licence.objects.get().code) if entry.strikes]


@pytest.mark.parametrize(("end", "code"), [
    ("nobody", "not_an_email"), ("shop@reseller.example", "order.for_oneself"), ("novák@end.example", "not_an_email"),
])  # fmt: skip
def test_an_end_customer_that_can_not_be(end: str, code: str) -> None:
    order(end="", external_id="R-0")
    refused = order(end=end, external_id="R-2")
    assert (refused.status_code, refused.json()["error"]["fields"]) == (422, {"end_customer": [code]})
    assert Licence.objects.filter(customer=None).count() == 0


def test_what_extends_a_licence_is_not_bought_for_another() -> None:
    mine = order(end="").json()["lines"][0]["licence"]
    refused = order(external_id="R-2", lines=[{"offer": "vip-renewal", "licence": mine}])
    assert refused.json()["error"]["fields"] == {"end_customer": ["order.new_licences_only"]}


def test_twice_the_same_order_is_one_and_another_end_customer_is_a_conflict() -> None:
    assert [order().status_code for _ in range(2)] == [201, 200]
    assert OutgoingMail.objects.filter(kind="licence.resold").count() == 1
    assert order(end="else@end.example").status_code == 409


def test_the_list_of_a_reseller_asks_the_same_for_one_and_for_three(django_assert_num_queries: Any) -> None:
    order()
    boss = web.client(reseller())
    boss.get("/licences/resold/")
    with django_assert_num_queries(QUERIES):
        boss.get("/licences/resold/")
    for number in (2, 3):
        order(end=f"n{number}@end.example", external_id=f"R-{number}")
    with django_assert_num_queries(QUERIES):
        assert boss.get("/licences/resold/").content.decode().count("waits to be claimed") == 3
    assert Device.objects.count() == 0
