"""Language and theme: switched from our own pages, kept with the person, and back to a page of ours only (S08)."""

import pytest
from django.test import Client

from tests.make import web

pytestmark = pytest.mark.django_db


def test_a_visitor_keeps_his_choice_in_a_cookie() -> None:
    client = web.client()
    answer = client.post("/language/", {"language": "cs", "next": "/levels/"})
    assert answer.headers["Location"] == "/levels/"
    assert answer.cookies["language"].value == "cs"
    assert answer.cookies["language"]["samesite"] == "Lax"
    assert "Úrovně podpory" in client.get("/levels/").content.decode()


def test_a_person_keeps_it_with_the_account() -> None:
    jana = web.customer()
    client = web.client(jana)
    client.post("/language/", {"language": "cs"})
    client.post("/theme/", {"theme": "dark"})
    jana.refresh_from_db()
    assert (jana.language, jana.theme) == ("cs", "dark")
    assert 'data-theme="dark"' in client.get("/").content.decode()
    client.post("/theme/", {"theme": ""})
    assert "data-theme=" not in client.get("/").content.decode().split("<body")[0]


@pytest.mark.parametrize("chosen", ["", "xx", "../cs", "cs' or 1=1"])
def test_an_unknown_language_changes_nothing(chosen: str) -> None:
    assert "language" not in web.client(language="en").post("/language/", {"language": chosen}).cookies


@pytest.mark.parametrize(
    "url",
    ["//evil.example", "/\\evil.example", "https://evil.example", "https:evil", "/\t/evil.example", "javascript:alert(1)", ""],
)
def test_it_never_leads_elsewhere(url: str) -> None:
    answer = web.client().post("/language/", {"language": "cs", "next": url})
    assert answer.headers["Location"] == "/"


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"HTTP_ORIGIN": "https://evil.example"},
        {"HTTP_ORIGIN": "null"},
        {"HTTP_ORIGIN": "http://testserver", "HTTP_SEC_FETCH_SITE": "cross-site"},
        {"HTTP_REFERER": "https://evil.example/testserver"},
    ],
)
@pytest.mark.parametrize("path", ["/language/", "/theme/", "/shop/cart/add/", "/shop/cart/change/", "/shop/currency/", "/contact/"])
def test_other_sites_can_switch_nothing(path: str, headers: dict[str, str]) -> None:
    """S07: without a token, and from elsewhere or nowhere."""
    assert Client(enforce_csrf_checks=True, **headers).post(path, {"language": "cs"}).status_code == 403


@pytest.mark.parametrize("path", ["/language/", "/theme/"])
def test_reading_an_address_changes_nothing(path: str) -> None:
    assert web.client().get(path).status_code == 405
