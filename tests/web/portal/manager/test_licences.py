"""The list of licences: cards and a sentence for a private customer, a table for a company (ORG-7)."""

from collections.abc import Iterator

import pytest

from podpora.catalog import actions as catalog_actions
from podpora.catalog.models import Product
from podpora.catalog.values import ManagerFor
from podpora.entitlements.rules import may_use_manager
from podpora.journeys import manager
from podpora.licensing import actions
from podpora.licensing.models import Licence
from podpora.licensing.values import LicenceState
from tests.make import licensing as make
from tests.make import people, web
from tests.make.firms import firm

SENTENCE = "come with a PRO licence for companies"


@pytest.mark.parametrize(
    ("is_company", "has_pro", "given_to", "allowed"),
    [
        (True, True, ManagerFor.COMPANIES, True),
        (True, False, ManagerFor.COMPANIES, False),
        (False, True, ManagerFor.COMPANIES, False),
        (False, False, ManagerFor.EVERYONE, True),
    ],
)
def test_org_7_who_gets_the_whole(is_company: bool, has_pro: bool, given_to: ManagerFor, allowed: bool) -> None:
    decision = may_use_manager(is_company=is_company, has_pro=has_pro, given_to=given_to)
    assert decision.allowed is allowed
    assert decision.code == ("ok" if allowed else "manager.company_licence_needed")


@pytest.fixture
def _today() -> Iterator[None]:
    web.vendor()
    with web.on("2026-11-20"):
        yield


pages = pytest.mark.usefixtures("_today")


@pages
@pytest.mark.django_db
def test_org_7_a_private_customer_sees_his_licences_and_the_sentence() -> None:
    jana = web.customer()
    web.bought(jana, "2026-03-10")
    html = web.client(jana).get("/licences/").content.decode()
    assert SENTENCE in html
    assert "<table" not in html
    catalog_actions.set_policy(Product.objects.get(), {"license_manager_for": "everyone"}, by=make.BY, at=web.NOW)
    html = web.client(jana).get("/licences/").content.decode()
    assert SENTENCE not in html
    assert "<table" in html


@pages
@pytest.mark.django_db
def test_org_7_a_company_keeps_the_whole_after_support_has_ended() -> None:
    alfa = firm()
    with web.on("2029-11-20") as at:
        assert manager.may_use(alfa.customer, at=at).allowed
        html = web.client(alfa.owner).get("/licences/").content.decode()
    assert SENTENCE not in html
    assert "VIP support ended" in html


@pages
@pytest.mark.django_db
def test_org_7_a_company_without_a_licence_is_told() -> None:
    owner = people.person()
    empty = people.company("Empty", owner)
    assert manager.may_use(empty, at=web.NOW).codes == ("manager.company_licence_needed",)


@pages
@pytest.mark.django_db
@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", {"first", "second"}),
        ("?q=first", {"first"}),
        ("?q=PC-1", {"first"}),
        ("?state=revoked", {"gone"}),
        ("?state=all", {"first", "second", "gone"}),
        ("?state=full", {"second"}),
        ("?state=ended", {"second"}),
        ("?sort=devices", {"first", "second"}),
        ("?sort=-issued&after=zzz", {"first", "second"}),
    ],
)
def test_the_address_holds_what_is_shown(query: str, found: set[str]) -> None:
    alfa = firm(devices=1)
    old = make.Terms(seats=1, bought_at=make.BOUGHT.replace(year=2024))
    second, gone = make.licence(alfa.customer, old), make.licence(alfa.customer, old)
    make.activated(second, version="9.1.0")
    actions.set_state(gone, LicenceState.REVOKED, by=make.BY, at=make.BOUGHT)
    for licence, name in ((alfa.licence, "first"), (second, "second"), (gone, "gone")):
        actions.rename(licence, name, by=make.BY, at=make.BOUGHT)
    html = web.client(alfa.owner).get(f"/licences/{query}").content.decode()
    assert {name for name in ("first", "second", "gone") if f">{name}</a>" in html} == found


@pages
@pytest.mark.django_db
@pytest.mark.parametrize("more", [0, 2])
def test_the_table_costs_the_same_for_one_and_three(more: int, django_assert_num_queries: object) -> None:
    alfa = firm()
    for _ in range(more):
        make.licence(alfa.customer)
    client = web.client(alfa.owner)
    client.get("/licences/")
    with django_assert_num_queries(8):  # type: ignore[operator]
        client.get("/licences/")


@pages
@pytest.mark.django_db
def test_the_file_of_licences_has_no_keys_and_no_strangers() -> None:
    alfa, beta = firm(), firm("Beta")
    actions.rename(alfa.licence, "=1+1", by=make.BY, at=make.BOUGHT)
    text = b"".join(web.client(alfa.owner).get("/licences/licences.csv").streaming_content).decode("utf-8-sig")
    assert alfa.licence.code in text
    assert beta.licence.code not in text
    assert ",'=1+1," in text
    assert len(text.splitlines()) == 2


@pages
@pytest.mark.django_db
def test_a_stranger_sees_nothing_by_any_filter() -> None:
    alfa, beta = firm(), firm("Beta")
    client = web.client(beta.owner)
    wishes = (alfa.licence.code, "PC-1", alfa.licence.key_hint[-5:])
    for query in [*(f"?q={wish}&state=all" for wish in wishes), f"?customer={alfa.customer.code}"]:
        html = client.get(f"/licences/{query}").content.decode()
        assert f"/licences/{alfa.licence.code}/" not in html
        assert "Alfa" not in html
    assert Licence.objects.count() == 2
