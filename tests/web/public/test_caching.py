"""Who may keep a page: everybody the same ones, nobody anything personal (S55)."""

from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from tests.make import articles
from tests.make import catalog as make
from tests.make.browsing import signed_in
from tests.make.people import person

pytestmark = pytest.mark.django_db

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
