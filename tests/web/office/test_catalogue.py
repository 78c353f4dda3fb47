"""The office's pages of versions, plans and rules, offers and prices."""

from datetime import date
from decimal import Decimal

import pytest
from django.test import Client
from django.utils import translation
from pytest_django.fixtures import DjangoAssertNumQueries

from podpora.audit.models import Entry as AuditEntry
from podpora.base.actors import system
from podpora.base.clock import now
from podpora.catalog import actions, queries
from podpora.catalog.models import PriceList, Version
from podpora.catalog.values import Channel, Level, Tier
from podpora.people.models import Person
from podpora.people.values import StaffRole
from podpora.web.components.numbers import AmountField, read_amount
from tests.make import people
from tests.make.catalog import catalogue

pytestmark = pytest.mark.django_db
PAGES = [
    "/office/versions/", "/office/versions/new/", "/office/versions/9/", "/office/plans/", "/office/plans/pro/centre/",
    "/office/offers/", "/office/offers/upgrade/", "/office/offers/prices/new/", "/office/offers/prices/CZK/2010-01-01/",
]  # fmt: skip


@pytest.fixture
def office(client: Client) -> Client:
    catalogue()
    client.force_login(people.manager(), backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


@pytest.mark.parametrize("url", PAGES)
def test_the_manager_sees_it_in_both_languages(office: Client, url: str) -> None:
    for language in ("cs", "en"):
        Person.objects.update(language=language)
        assert office.get(url).status_code == 200


@pytest.mark.parametrize("url", PAGES)
def test_nobody_else_does(client: Client, url: str) -> None:
    catalogue()
    assert client.get(url).status_code == 302
    for stranger in (people.person(), people.staff()):
        client.force_login(stranger, backend="allauth.account.auth_backends.AuthenticationBackend")
        assert client.get(url).status_code == 404


@pytest.mark.parametrize(
    "url", ["/office/versions/77/", "/office/plans/pro/pigeon/", "/office/offers/nothing/", "/office/offers/prices/CZK/x/"]
)
def test_what_is_not_there(office: Client, url: str) -> None:
    assert office.get(url).status_code == 404


def test_eol_7_a_date_is_changed_and_the_audit_knows_who(office: Client) -> None:
    url = "/office/versions/8/"
    response = office.post(url, {"name": "Poštolka 8", "released_on": "2019-03-01", "support_ends_on": "2027-01-31"})
    assert (response.status_code, response["Location"]) == (302, url)
    assert Version.objects.get(major=8).support_ends_on == date(2027, 1, 31)
    assert AuditEntry.objects.filter(verb="version.changed").latest("pk").actor_name == "Marie Vedoucí"


def test_a_wrong_date_is_named_at_its_field(office: Client) -> None:
    response = office.post("/office/versions/8/", {"released_on": "2019-03-01", "support_ends_on": "2018-01-31"})
    assert response.status_code == 200
    assert list(response.context["form"].errors) == ["support_ends_on"]
    assert Version.objects.get(major=8).support_ends_on == date(2026, 6, 30)


def test_a_version_is_announced_once(office: Client) -> None:
    assert office.post("/office/versions/new/", {"major": "11"}).status_code == 302
    assert list(office.post("/office/versions/new/", {"major": "11"}).context["form"].errors) == ["major"]


def test_a_release_is_published(office: Client) -> None:
    url = "/office/versions/9/releases/"
    wrong = office.post(url, {"number": "10.1", "out_on": "2020-01-01"})
    assert set(wrong.context["release_form"].errors) == {"number", "out_on"}
    assert office.post(url, {"number": "9.9.1", "out_on": "2026-02-01", "notes_cs": "Opravy"}).status_code == 302
    assert Version.objects.get(major=9).releases.filter(number="9.9.1").exists()


def test_a_release_with_everything_that_can_be_said(office: Client) -> None:
    url = "/office/versions/9/releases/"
    file = f"windows-x64 https://download.vendor.example/9.9.2.exe {'AB' * 32} 4096"
    facts = {
        "number": "9.9.2", "out_on": "2026-03-01", "channel": "", "is_security": "on", "back_dated_to": "2025-01-01", "min_from": "9.0",
        "fixes": "P-1, P-2", "downloads": f"{file}\n\n", "notes_en": "Closes a hole",
    }  # fmt: skip
    assert list(office.post(url, facts | {"downloads": "windows-x64 x"}).context["release_form"].errors) == ["downloads"]
    assert list(office.post(url, facts | {"downloads": file.replace("https", "http")}).context["release_form"].errors) == [
        "downloads"
    ]
    assert office.post(url, facts).status_code == 302
    made = Version.objects.get(major=9).releases.get(number="9.9.2")
    assert (made.channel, made.is_security, made.back_dated_to, made.fixes) == ("stable", True, date(2025, 1, 1), ["P-1", "P-2"])
    assert made.files.get().sha256 == "ab" * 32
    page = office.get("/office/versions/9/").content.decode()
    assert "https://download.vendor.example/9.9.2.exe" in page
    assert "/api/v1/releases/9.9.2/manifest" in page


def test_a_release_is_withdrawn_and_its_number_not_used_again(office: Client) -> None:
    url = "/office/versions/9/releases/"
    facts = {"number": "9.9.1", "out_on": "2026-02-01"}
    office.post(url, facts)
    assert office.post(f"{url}9.9.1/withdraw/").status_code == 302
    assert Version.objects.get(major=9).releases.get(number="9.9.1").withdrawn_at
    assert list(office.post(url, facts).context["release_form"].errors) == ["number"]
    assert "9.9.1" not in office.get("/versions/").content.decode()
    assert office.post(f"{url}7.7.7/withdraw/").status_code == 404


def _table(office: Client, **changes: str) -> dict[str, str]:
    """The table as the browser would send it back."""
    found = {}
    for _shown, form in office.get("/office/versions/").context["versions"]:
        for bound in form:
            value = bound.value()
            found[bound.html_name] = value.isoformat() if isinstance(value, date) else str(value or "")
    return found | changes


def test_eol_7_the_table_is_edited_in_place_with_history(office: Client) -> None:
    before = AuditEntry.objects.filter(verb="version.changed").count()
    changed = {
        "v8-support_ends_on": "2026-12-31",
        "v8-security_ends_on": "2027-06-30",
        "v8-end_of_life_on": "2027-12-31",
        "v8-replaced_by": "9",
    }
    assert office.post("/office/versions/", _table(office, **changed)).status_code == 302
    eight = Version.objects.get(major=8)
    assert (eight.support_ends_on, eight.security_ends_on) == (date(2026, 12, 31), date(2027, 6, 30))
    assert (eight.end_of_life_on, eight.replaced_by) == (date(2027, 12, 31), 9)
    assert AuditEntry.objects.filter(verb="version.changed").count() == before + 1  # the rows that stayed wrote nothing
    page = office.get("/office/versions/8/").content.decode()
    assert "2026-06-30" in page and "2026-12-31" in page and "Marie Vedoucí" in page


def test_one_wrong_row_saves_no_row(office: Client) -> None:
    wrong = _table(office, **{"v9-support_ends_on": "2031-01-31", "v8-security_ends_on": "2001-01-01"})
    page = office.post("/office/versions/", wrong)
    assert page.status_code == 200
    assert [list(form.errors) for _shown, form in page.context["versions"]] == [[], [], ["security_ends_on"]]
    assert Version.objects.get(major=9).support_ends_on == date(2027, 8, 31)


def test_what_a_purchase_covers_is_the_vendors_choice_with_history(office: Client) -> None:
    for mode in ("by_date", "all", "all", "nothing"):
        assert office.post("/office/versions/coverage/", {"mode": mode}).status_code == 302
    assert [row.mode.value for row in queries.coverages(queries.product())] == ["all", "by_date"]
    assert AuditEntry.objects.filter(verb="coverage.changed").count() == 2


def test_s1_the_matrix_is_changed_and_the_public_page_shows_it(office: Client) -> None:
    facts = {"level": "yes", "promise_cs": "vždy a hned", "promise_en": "always, at once", "first_answer_hours": "4"}
    assert office.post("/office/plans/pro/centre/", facts).status_code == 302
    product = queries.product()
    assert queries.plan_level(product, Tier.PRO, Channel.CENTRE, now()).level is Level.YES
    assert "always, at once" in office.get("/levels/").content.decode()


def test_policy_names_the_field(office: Client) -> None:
    page = office.get("/office/plans/")
    facts = dict(page.context["form"].initial)
    wrong = office.post("/office/plans/policy/", {**facts, "lease_days": "3"})
    assert list(wrong.context["form"].errors) == ["lease_days"]
    assert office.post("/office/plans/policy/", {**facts, "upgrade_rule": "reset_max"}).status_code == 302
    assert queries.policy_of(queries.product()).upgrade_rule == "reset_max"


def test_new_prices_in_czech_numbers(office: Client) -> None:
    Person.objects.filter(staff_role=StaffRole.MANAGER).update(language="cs")
    page = office.get("/office/offers/prices/new/?currency=CZK")
    form = page.context["form"]
    facts = {"currency": "CZK", "includes_vat": "on", "valid_from": "2999-01-01"}
    with translation.override("cs"):
        facts |= {name: str(form[name].value() or "") for name in form.pairs}
    facts["pro-private-1"] = "1\u00a0290,50"
    facts["pro-private-3"] = ""
    assert office.post("/office/offers/prices/new/", facts).status_code == 302
    table = queries.price_list("CZK", date(2999, 1, 1))
    assert table is not None
    assert table.prices["pro-private-1", ""].wire() == "1290.50"
    assert ("pro-private-3", "") not in table.prices
    url = "/office/offers/prices/CZK/2999-01-01/withdraw/"
    assert office.post(url).status_code == 302
    assert not PriceList.objects.filter(valid_from=date(2999, 1, 1)).exists()


@pytest.mark.parametrize(
    ("changed", "fields"),
    [
        ({"valid_from": "2020-01-01"}, ["valid_from"]),
        ({"pro-private-1": "-5"}, ["pro-private-1"]),
        ({"pro-private-1": "lots"}, ["pro-private-1"]),
        ({"upgrade/pro-company": "1.005"}, ["upgrade/pro-company"]),
        ({"currency": "XXX"}, ["currency"]),
    ],
)
def test_wrong_prices_name_their_field(office: Client, changed: dict[str, str], fields: list[str]) -> None:
    before = PriceList.objects.count()
    facts = {"currency": "CZK", "valid_from": "2999-01-01", "pro-private-3": "5", **changed}
    response = office.post("/office/offers/prices/new/", facts)
    assert list(response.context["form"].errors) == fields
    assert PriceList.objects.count() == before


def test_valid_prices_stay(office: Client) -> None:
    office.post("/office/offers/prices/CZK/2010-01-01/withdraw/")
    assert PriceList.objects.filter(currency="CZK").count() == 1


def test_an_offer_is_renamed(office: Client) -> None:
    facts = {"name_cs": "Povýšení", "name_en": "Upgrade", "summary_cs": "", "summary_en": ""}
    assert office.post("/office/offers/upgrade/", facts).status_code == 302
    offer = queries.offer("upgrade")
    assert offer and (offer.name_cs, offer.is_sold) == ("Povýšení", False)
    assert list(office.post("/office/offers/upgrade/", {**facts, "name_en": " "}).context["form"].errors) == ["name_en"]


@pytest.mark.parametrize("more", [0, 2])
def test_lists_ask_a_fixed_number_of_queries(office: Client, more: int, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    product, by = queries.product(), system("test")
    for n in range(more):
        actions.set_version(product, 11 + n, released_on=None, support_ends_on=None, by=by, at=now())
        actions.set_price_list("CZK", date(2990 + n, 1, 1), {("upgrade", ""): Decimal(1)}, by=by, at=now())
    office.get("/office/versions/")
    with django_assert_num_queries(SESSION + 4):
        office.get("/office/versions/")
    with django_assert_num_queries(SESSION + 3):
        office.get("/office/plans/")
    with django_assert_num_queries(SESSION + 5):
        office.get("/office/offers/")


SESSION = 2  # the session and the person


@pytest.mark.parametrize(
    ("language", "text", "amount"),
    [
        ("cs", "1 290", "1290"), ("cs", "1\u00a0290,50", "1290.50"), ("cs", "1.290", "1290"), ("cs", "1.290,50", "1290.50"),
        ("cs", "49,90", "49.90"), ("cs", "49.90", "49.90"), ("cs", "690 Kč", "690"),
        ("en", "1,290.50", "1290.50"), ("en", "1,290", "1290"), ("en", "49.90", "49.90"), ("en", "-5", "-5"),
        ("cs", "1e3", None), ("en", "NaN", None), ("en", "Infinity", None), ("en", "١٢٣", None), ("en", "1.2.3", None), ("cs", "", None),
    ],
)  # fmt: skip
def test_amounts_as_people_type_them(language: str, text: str, amount: str | None) -> None:
    with translation.override(language):
        assert read_amount(text) == (Decimal(amount) if amount else None)


def test_amounts_as_people_read_them() -> None:
    with translation.override("cs"):
        assert [AmountField().prepare_value(Decimal(text)) for text in ("990.000", "49.900")] == ["990", "49,90"]
