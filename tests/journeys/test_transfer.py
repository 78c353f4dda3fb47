"""A-17: a licence goes to another customer. Both confirm, support moves along, activations are cleared; what stands in the way."""

import re
from datetime import timedelta
from functools import partial

import pytest

from podpora.audit.models import Entry
from podpora.base.decisions import Refused
from podpora.base.errors import InvalidInput
from podpora.catalog import actions as catalog
from podpora.entitlements import actions as entitlements
from podpora.entitlements.models import LedgerEntry, Standing
from podpora.entitlements.values import Entry as LedgerLine
from podpora.entitlements.values import EntryKind
from podpora.journeys import purchase, rights, transfer
from podpora.licensing import actions, queries
from podpora.licensing.models import Device, FingerprintPart, Licence, SeatShare, Transfer
from podpora.licensing.values import LicenceState
from podpora.orders.values import CartLine
from tests.make import licensing as make
from tests.make import mails, people, web
from tests.make.api import Api, token
from tests.make.firms import firm
from tests.make.races import at_once

pytestmark = pytest.mark.django_db
AT = make.BOUGHT + timedelta(days=100)


def offered(licence: Licence, email: str) -> Transfer:
    return transfer.offer(licence, email, by=make.BY, at=AT)


def test_a_17_the_whole_story() -> None:
    alfa, jana = firm(), people.person("jana@private.example")
    actions.share_seats(alfa.licence, alfa.team, 2, by=make.BY, at=AT)
    old_key, through = queries.key_of(alfa.licence), rights.rights_of(alfa.licence, at=AT).support_through
    row = offered(alfa.licence, "Jana@private.example")
    licence = transfer.accept(row, people.customer_of(jana), by=people.actor(jana), at=AT)
    assert licence.customer == people.customer_of(jana)
    assert rights.rights_of(licence, at=AT).support_through == through
    assert (licence.seats_used, licence.seats_shared, SeatShare.objects.count()) == (0, 0, 0)
    assert queries.licence_by_key(old_key) is None
    assert not FingerprintPart.objects.exists()
    assert set(Device.objects.values_list("fingerprint", flat=True)) == {"{}"}
    assert {device.name for device in Device.objects.all()} == {""}
    assert list(queries.all_devices(licence)) == []
    assert set(LedgerEntry.objects.values_list("customer", flat=True)) == {licence.customer_id}
    assert Standing.objects.get().customer == licence.customer
    subjects = set(Entry.objects.filter(verb="licence.transferred").values_list("subject", flat=True))
    assert subjects == {f"licence:{licence.code}", f"customer:{alfa.customer.code}", f"customer:{licence.customer.code}"}
    assert not queries.visible_to(alfa.owner).exists()


def test_a_17_accepting_twice_changes_nothing() -> None:
    licence, jana = make.licence(), people.person("jana@private.example")
    row = offered(licence, "jana@private.example")
    first = transfer.accept(row, people.customer_of(jana), by=make.BY, at=AT)
    make.activated(first)
    again = transfer.accept(row, people.customer_of(jana), by=make.BY, at=AT + timedelta(days=60))
    assert (again.key_hash, again.seats_used) == (first.key_hash, 1)
    assert Entry.objects.filter(verb="ledger.moved").count() == 1


def test_either_side_says_no() -> None:
    licence = make.licence()
    row = offered(licence, "jana@private.example")
    assert transfer.cancel(row, by=make.BY, at=AT)
    assert not transfer.cancel(row, by=make.BY, at=AT)
    with pytest.raises(Refused) as refused:
        transfer.accept(row, people.customer(), by=make.BY, at=AT)
    assert refused.value.decision.code == "transfer.over"
    offered(licence, "jana@private.example")


def test_a_17_what_was_accepted_is_not_cancelled() -> None:
    licence, jana = make.licence(), people.person("jana@private.example")
    row = offered(licence, "jana@private.example")
    transfer.accept(row, people.customer_of(jana), by=make.BY, at=AT)
    with pytest.raises(Refused) as refused:
        transfer.cancel(row, by=make.BY, at=AT)
    assert refused.value.decision.code == "transfer.over"
    assert Entry.objects.filter(verb="licence.transfer_cancelled").count() == 0


def test_an_offer_does_not_live_for_ever() -> None:
    licence = make.licence()
    row = offered(licence, "jana@private.example")
    late = AT + timedelta(days=14)
    with pytest.raises(Refused):
        transfer.accept(row, people.customer(), by=make.BY, at=late)
    transfer.offer(licence, "eva@private.example", by=make.BY, at=late)
    assert Transfer.objects.filter(cancelled_at=None).get().to_email == "eva@private.example"


def test_what_stands_in_the_way_is_said() -> None:
    licence = make.licence()
    offered(licence, "jana@private.example")
    actions.set_state(licence, LicenceState.SUSPENDED, by=make.BY, at=AT)
    with pytest.raises(Refused) as refused:
        offered(licence, "eva@private.example")
    assert refused.value.decision.codes == ("transfer.suspended", "transfer.already_offered")
    with pytest.raises(InvalidInput):
        offered(make.licence(), "not an address")
    own = make.licence()
    assert own.customer
    with pytest.raises(InvalidInput):
        offered(own, own.customer.email)


def test_an_order_that_waits_for_its_money_stands_in_the_way() -> None:
    web.vendor()
    with web.on("2026-11-20") as at:
        jana = web.customer()
        licence = web.licence_of(web.bought(jana, "2026-03-10"))
        waiting = purchase.place(
            [CartLine("vip-renewal", 1, licence.code)], customer=people.customer_of(jana), currency="CZK", by=make.BY, at=at
        )
        with pytest.raises(Refused) as refused:
            transfer.offer(licence, "eva@private.example", by=make.BY, at=at)
    assert refused.value.decision.facts("transfer.open_order")["orders"] == waiting.code


@pytest.mark.parametrize(("rule", "covers_all"), [("moves", True), ("ends", False)])
def test_a_17_lifetime_updates_by_the_products_rule(rule: str, covers_all: bool) -> None:
    licence = make.licence(terms=make.Terms(through_major=9))
    for_ever = LedgerLine("order:A-LIFE/1", EntryKind.LIFETIME, AT, AT.date(), units=1, covers_all=True)
    entitlements.record_entries(licence.code, licence.customer, [for_ever], by=make.BY, at=AT)
    through = rights.rights_of(licence, at=AT).support_through
    catalog.set_policy(licence.product, {"transfer_of_lifetime": rule}, by=make.BY, at=AT)
    later = AT + timedelta(days=1)
    row = transfer.offer(licence, "jana@private.example", by=make.BY, at=later)
    moved = transfer.accept(row, people.customer(), by=make.BY, at=later)
    now = rights.rights_of(moved, at=later + timedelta(hours=1))
    assert now.run.covers_all is covers_all
    assert now.run.covers(10)
    assert now.support_through == through


def test_the_new_owner_reads_the_history_without_the_old_ones_words() -> None:
    licence = make.licence()
    gift = entitlements.Goodwill("Paní Nováková nám psala o potížích", days=10)
    entitlements.grant_goodwill(licence.code, licence.customer, gift, by=make.BY, at=AT)
    assert "Nováková" in str(rights.explain(licence, at=AT).entries)
    moved = transfer.accept(offered(licence, "eva@private.example"), people.customer(), by=make.BY, at=AT)
    told = rights.explain(moved, at=AT)
    assert len(told.entries) == 2
    assert "Nováková" not in str(told.entries)


def test_by_the_api_with_members_tokens() -> None:
    alfa, eva = firm(), people.person("eva@private.example")
    owner, other = Api(token("licences", person=alfa.owner)), Api(token("licences", person=eva))
    body = {"licence": alfa.licence.code, "email": "eva@private.example"}
    for stranger in (alfa.viewer, alfa.billing, people.person()):
        assert Api(token("licences", person=stranger)).post("transfers", body).status_code == 404
    made = owner.post("transfers", body)
    assert made.status_code == 201
    code, mine = made.json()["code"], people.customer_of(eva).code
    assert owner.post(f"transfers/{code}/accept", {"customer": alfa.customer.code}).status_code == 404
    assert Api(token("licences", person=people.person())).get(f"transfers/{code}").status_code == 404
    assert other.get(f"transfers/{code}").json()["state"] == "offered"
    assert other.post(f"transfers/{code}/accept", {"customer": alfa.customer.code}).status_code == 422
    assert other.post(f"transfers/{code}/accept", {"customer": mine}).json() == {"licence": alfa.licence.code, "customer": mine}
    assert owner.get(f"licences/{alfa.licence.code}").status_code == 404
    assert other.get(f"licences/{alfa.licence.code}").status_code == 200
    again = owner.post(f"transfers/{code}/cancel", {})
    assert (again.status_code, again.json()["error"]["code"]) == (409, "transfer.over")


def test_by_the_pages() -> None:
    web.vendor()
    with web.on("2026-06-20"):
        alfa, eva = firm(), people.person("eva@private.example")
        page = f"/licences/{alfa.licence.code}/transfer/"
        assert web.client(alfa.viewer).get(page).status_code == 404
        assert "3 devices are deactivated" in web.client(alfa.owner).get(page).content.decode()
        assert web.client(alfa.owner).post(page, {"email": "nonsense"}).status_code == 422
        web.client(alfa.owner).post(page, {"email": "eva@private.example"})
        found = re.search(r"/licences/transfers/[\w-]+/", mails.last_to("eva@private.example").text)
        assert found
        path = found[0]
        assert "Sign in" in web.client().get(path).content.decode()
        assert "another address" in web.client(alfa.viewer).get(path).content.decode()
        wrong = web.client(eva).post(path, {"answer": "yes", "customer": alfa.customer.code})
        assert wrong.status_code == 404
        done = web.client(eva).post(path, {"answer": "yes", "customer": people.customer_of(eva).code})
        assert done["Location"] == f"/licences/{alfa.licence.code}/"
        assert web.client(eva).get(path).status_code == 404
        assert web.client(alfa.owner).get(f"/licences/{alfa.licence.code}/").status_code == 404


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_two_customers_of_one_person_take_it_at_once_and_one_gets_it() -> None:
    licence, eva = make.licence(), people.person("eva@private.example")
    row = offered(licence, "eva@private.example")
    firms = [people.company(owner=eva) for _ in range(6)]
    ends = at_once([partial(transfer.accept, row, each, by=make.BY, at=AT) for each in firms])
    assert sum(end.failed is None for end in ends) == 1
    assert all(isinstance(end.failed, Refused) for end in ends if end.failed)
    licence.refresh_from_db()
    assert Standing.objects.get().customer_id == licence.customer_id == Transfer.objects.get().to_customer_id
