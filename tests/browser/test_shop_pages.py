"""A visitor buys a licence and has its key; a customer whose support ended renews it and sees the date before he pays."""

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.utils import translation
from django.utils.formats import date_format

from podpora.base import clock
from podpora.licensing.models import Licence
from podpora.people.models import Customer
from tests.browser.looking import enter
from tests.make import catalog, people, web


@pytest.mark.parametrize(
    ("language", "width", "theme", "scripts"),
    [("cs", 1280, "light", True), ("en", 390, "dark", True), ("cs", 390, "light", False)],
)
def test_a_visitor_buys(window: Any, looked_at: Any, language: str, width: int, theme: str, scripts: bool) -> None:
    catalog.catalogue(at=clock.now(), versions=None)
    page = window(language=language, width=width, theme=theme, scripts=scripts)
    look = looked_at if scripts else lambda page: None  # axe is a script itself

    page.goto("/shop/")
    look(page)
    page.locator(".offer", has_text="3").locator("button").first.click()
    look(page)
    page.click("aside a.main")
    look(page)
    page.fill("#id_email", "karel@private.example")
    page.fill("#id_name", "Karel Kupec")
    page.check("#id_terms")
    page.click("button.main")
    look(page)
    page.click("button[value=test]")
    look(page)
    page.click("button[value=paid]")
    look(page)

    licence = Licence.objects.get(customer=Customer.objects.get(email="karel@private.example"))
    assert page.locator(f"#{licence.code}").inner_text().startswith("PK")
    assert _written(_in_a_year(), language) in page.locator("main").inner_text()


def test_support_that_ended_is_renewed_and_the_date_is_known_before(window: Any, looked_at: Any) -> None:
    now = clock.now()
    catalog.catalogue(at=now, versions=None)
    petr = people.person("petr@lapsed.example", "Petr Dvořák")
    licence = web.licence_of(web.bought(petr, (now - timedelta(days=700)).date().isoformat()))
    web.bought(petr, (now - timedelta(days=690)).date().isoformat(), "lifetime-updates", licence.code)
    web.bought(petr, (now - timedelta(days=689)).date().isoformat(), "extra-device", licence.code)

    page = window(width=390)
    enter(page, "petr@lapsed.example", people.PASSWORD)
    page.goto(f"/licences/{licence.code}/")
    looked_at(page)
    if page.locator(".refusal").count():
        page.click(".refusal a.main")
    else:
        page.goto(f"/shop/renew/{licence.code}/")
    looked_at(page)
    promised = page.locator(".outcome b time").first.inner_text()
    page.click("main form button.main")
    page.click("aside a.main")
    looked_at(page)
    assert promised in page.locator("main").inner_text()
    if page.locator("#id_acknowledge").count():
        page.check("#id_acknowledge")
    page.check("#id_terms")
    page.click("button.main")
    page.click("button[value=test]")
    page.click("button[value=paid]")
    page.goto(f"/licences/{licence.code}/")
    assert promised in page.locator(".page-header").inner_text()
    page.click("text=Why exactly so?")
    looked_at(page)


def _in_a_year() -> Any:
    today = clock.vendor_date(clock.now(), settings.VENDOR_ZONE)
    return today.replace(year=today.year + 1)


def _written(day: Any, language: str) -> str:
    with translation.override(language):
        return str(date_format(day, "DATE_FORMAT"))
