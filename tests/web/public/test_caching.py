"""Who may keep a page: everybody the same ones, nobody anything personal (S55)."""

import gzip
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from podpora.web import crawlers
from podpora.web.caching import SHELF, Page, Shelf
from tests.make import articles
from tests.make import catalog as make
from tests.make.browsing import signed_in
from tests.make.people import person

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def emptied() -> Iterator[None]:
    yield
    SHELF.clear()


SHARED = ("/", "/levels/", "/versions/", "/forum/", "/faq/", "/faq/?category=licences", "/faq/support-until/")


@pytest.mark.parametrize("path", SHARED)
def test_a_page_for_everybody_may_be_kept_and_is_confirmed_without_being_sent_again(path: str) -> None:
    articles.standard()
    first = Client().get(path)
    assert first.status_code == 200
    assert first["Cache-Control"].startswith("public, max-age=0")
    assert {word.strip() for word in first["Vary"].split(",")} >= {"Accept-Language", "Cookie"}
    assert not first.cookies
    assert not Session.objects.exists()
    again = Client().get(path, headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 304
    assert again.content == b""
    assert Client().get(path, headers={"If-None-Match": '"other"'}).status_code == 200


@pytest.mark.parametrize(
    "path", ["/contact/", "/shop/", "/shop/cart/", "/account/login/", "/account/signup/", "/nowhere/", "/licences/"]
)
def test_a_page_with_a_form_a_cart_or_an_error_is_kept_by_nobody(path: str) -> None:
    answer = Client().get(path)
    assert "no-store" in answer["Cache-Control"]
    assert "ETag" not in answer


@pytest.mark.parametrize("path", [*SHARED, "/account/", "/licences/", "/centre/", "/account/profile/", "/account/x.css"])
def test_who_is_signed_in_gets_pages_that_nobody_keeps(path: str) -> None:
    answer = signed_in(person("jana@private.example")).get(path)
    assert "no-store" in answer["Cache-Control"]
    assert "private" in answer["Cache-Control"]
    assert "ETag" not in answer


def test_a_page_from_memory_holds_no_name_no_token_and_no_cookie(settings: Any) -> None:
    settings.PAGES_KEPT = 30
    jana = signed_in(person("jana@private.example", name="Jana Nováková"))
    assert b"Jana" in jana.get("/levels/").content
    for _round in range(2):
        answer = Client().get("/levels/", headers={"X-Forwarded-Host": "evil.example", "Referer": "https://evil.example/"})
        assert not any(word in answer.content for word in (b"Jana", b"csrfmiddlewaretoken", b"evil.example"))
        assert not answer.cookies
    assert b"Jana" in jana.get("/levels/").content


def test_each_language_and_theme_has_its_own_page_and_junk_has_none(settings: Any) -> None:
    settings.PAGES_KEPT = 30
    assert Client().get("/faq/", headers={"Accept-Language": "cs"})["Content-Language"] == "cs"
    english = Client().get("/faq/", headers={"Accept-Language": "en", "Cookie": "junk=<script>"})
    assert english["Content-Language"] == "en"
    assert b"junk" not in english.content
    dark = Client().get("/faq/", headers={"Accept-Language": "en", "Cookie": "theme=dark"}).content
    assert b'data-theme="dark"' in dark
    assert b"data-theme=" not in Client().get("/faq/", headers={"Accept-Language": "en"}).content


def test_a_kept_page_asks_the_database_nothing(settings: Any, django_assert_num_queries: Any) -> None:
    settings.PAGES_KEPT = 30
    make.catalogue()
    first = Client().get("/levels/", headers={"Accept-Language": "de"}).content
    with django_assert_num_queries(0):
        assert Client().get("/levels/", headers={"Accept-Language": "de"}).content == first


def test_a_kept_page_comes_with_all_its_headers_and_compressed_for_who_can_read_that(settings: Any) -> None:
    settings.PAGES_KEPT = 30
    articles.standard()
    made, kept = (Client().get("/faq/", headers={"Accept-Encoding": "br, gzip"}) for _round in range(2))
    assert made.headers == kept.headers
    assert kept["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in kept["Vary"]
    assert kept["Content-Security-Policy"] and kept["X-Content-Type-Options"]
    plain = Client().get("/faq/", headers={"Accept-Encoding": "gzip;q=0"})
    assert "Content-Encoding" not in plain
    assert gzip.decompress(kept.content) == plain.content
    assert len(kept.content) * 3 < len(plain.content)
    assert Client().get("/faq/", headers={"If-None-Match": kept["ETag"]}).status_code == 304
    secret = signed_in(person("jana@private.example")).get("/faq/", headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in secret  # its length would tell of what is in it
    assert Client().get("/faq/", headers={"Host": "evil@example.com"}).status_code == 400


def test_the_shelf_holds_so_many_bytes_and_drops_what_nobody_asks_for() -> None:
    shelf, page = Shelf(3000), Page((), b"x" * 1000, until=float("inf"))
    shelf.put("a", page)
    shelf.put("b", page)
    assert shelf.get("a") is page
    shelf.put("c", page)
    assert [shelf.get(key) is page for key in "abc"] == [True, False, True]
    shelf.put("old", Page((), b"", until=0.0))
    assert shelf.get("old") is None


def test_a_crawler_that_is_too_fast_is_told_when_to_come_again_and_people_never(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """FORUM 3: nothing is written for it, kept pages and robots.txt stay open to it."""
    settings.PAGES_KEPT = 30
    monkeypatch.setattr(crawlers, "LANE", crawlers.Lane(2, delay=1e9))
    bot = {"User-Agent": "Mozilla/5.0 (compatible; ExampleBot/2.0)", "Accept-Language": "cs"}
    assert Client().get("/levels/", headers=bot).status_code == 200
    assert Client().get("/nowhere/", headers=bot).status_code == 404
    slower = Client().get("/versions/", headers=bot)
    assert (slower.status_code, slower["Retry-After"], "Pomaleji" in slower.content.decode()) == (429, "20", True)
    assert slower["X-Content-Type-Options"] == "nosniff"
    assert not Session.objects.exists()
    for path, headers in (
        ("/levels/", bot),
        ("/robots.txt", bot),
        ("/sitemap-pages.xml", bot),
        ("/versions/", {"User-Agent": "Firefox"}),
    ):
        assert Client().get(path, headers=headers).status_code == 200, path
    assert Client().get("/versions/", headers=bot, REMOTE_ADDR="198.51.100.7").status_code == 200


def test_who_waits_may_take_another_page() -> None:
    lane = crawlers.Lane(2, delay=2)
    assert [lane.takes("a", at) for at in (0.0, 0.0, 0.0, 1.9, 4.1, 4.1)] == [True, True, False, False, True, True]
    assert lane.takes("b", 4.1)
