"""Error pages: in the reader's language, with a way on, and without a word too many."""

import re

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from podpora.base.decisions import Refused, refuse
from podpora.base.errors import InvalidInput, NotYours
from podpora.web import errors, middleware
from tests.make import web

pytestmark = pytest.mark.django_db


def test_404_leads_on() -> None:
    answer = Client().get("/nothing/", headers={"accept-language": "cs"})
    page = answer.content.decode()
    assert answer.status_code == 404
    assert "Tady nic není" in page
    assert 'href="/contact/"' in page


def test_what_is_not_yours_looks_like_what_is_not_there() -> None:
    """S15."""
    web.vendor()
    licence = web.licence_of(web.bought(web.customer(), "2026-03-10"))
    stranger = web.client(web.customer("stranger@private.example", "Cizí"))
    theirs, none = stranger.get(f"/licences/{licence.code}/"), stranger.get("/licences/L-22222222/")
    assert theirs.status_code == none.status_code == 404
    assert _plain(theirs, licence.code) == _plain(none, "L-22222222")


def _plain(answer: HttpResponse, code: str) -> str:
    """The page without what differs at each reading: its own address and the masked token."""
    return re.sub(r'value="\w{64}"', "", answer.content.decode().replace(code, ""))


def _request() -> HttpRequest:
    return Client().get("/").wsgi_request


def test_errors_of_base_become_pages() -> None:
    found = [middleware.error_page(_request(), error) for error in (NotYours(), InvalidInput({"name": ["required"]}))]
    assert [answer.status_code for answer in found if answer] == [404, 400]
    answer = middleware.error_page(_request(), Refused(refuse("licence.lifetime_already")))
    assert answer is not None
    assert answer.status_code == 409
    assert b"already has lifetime updates" in answer.content
    assert middleware.error_page(_request(), ValueError()) is None
    assert middleware.error_page(RequestFactory().get("/api/v1/x"), NotYours()) is None


def test_s68_500_needs_nothing() -> None:
    answer = errors.server_error(RequestFactory().get("/"))
    assert answer.status_code == 500
    assert b"Something broke on our side" in answer.content


def test_400_and_403_have_pages() -> None:
    assert errors.bad_request(_request()).status_code == 400
    assert errors.forbidden(_request()).status_code == 403
    assert errors.csrf_failure(_request()).status_code == 403
