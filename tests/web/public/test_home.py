"""The home page, the levels of support, the FAQ: for readers, without a trace of them."""

import pytest
from django.test import Client

from tests.make import web

pytestmark = pytest.mark.django_db
PAGES = ["/", "/levels/", "/forum/", "/faq/", "/search/", "/contact/", "/shop/", "/shop/cart/"]


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize(("language", "word"), [("cs", "Přeskočit na obsah"), ("en", "Skip to the content")])
def test_a_page_for_readers_sets_no_cookie_and_speaks_their_language(path: str, language: str, word: str) -> None:
    web.vendor()
    answer = Client().get(path, headers={"accept-language": language})
    assert answer.status_code == 200
    assert not answer.cookies
    assert answer.headers["Content-Language"] == language
    assert "Accept-Language" in answer.headers["Vary"]
    assert word in answer.content.decode()


def test_pages_live_without_a_vendor() -> None:
    for path in ("/", "/levels/", "/shop/"):
        assert Client().get(path).status_code == 200


def test_there_is_nothing_inline() -> None:
    web.vendor()
    page = Client().get("/").content.decode()
    assert " style=" not in page
    assert "<style" not in page
    assert "<script>" not in page
    assert " onclick=" not in page


def test_a_page_is_light() -> None:
    web.vendor()
    assert len(Client().get("/").content) < 40_000


def test_levels_show_the_readers_own_tier() -> None:
    web.vendor()
    jana = web.customer()
    web.bought(jana, "2026-03-10")
    with web.on("2026-11-20"):
        mine = web.client(jana).get("/levels/").content.decode()
        others = web.client().get("/levels/").content.decode()
    assert "your licence" in mine
    assert "your licence" not in others


def test_home_shows_the_refusal_with_its_ways_out() -> None:
    web.vendor()
    jana = web.customer()
    licence = web.licence_of(web.bought(jana, "2025-11-01"))
    with web.on("2026-11-20"):
        page = web.client(jana).get("/").content.decode()
    assert "ended on 1 Nov 2026" in page
    assert f"/shop/renew/{licence.code}/" in page
    assert "/forum/" in page
    assert "/contact/" in page


def test_query_counts() -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    web.vendor()
    jana = web.customer()
    counts = []
    for number in (1, 3):
        while jana.private_customer.licences.count() < number:
            web.bought(jana, "2026-03-10")
        with (
            web.on("2026-11-20"),
            CaptureQueriesContext(
                connection,
            ) as queries,
        ):
            assert web.client(jana).get("/").status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
