"""Errors that no page has caught."""

from django.db import OperationalError
from django.test import RequestFactory

from podpora.web.middleware import error_page


def test_a_lock_that_was_waited_for_too_long_asks_to_come_back() -> None:
    answer = error_page(RequestFactory().post("/shop/checkout/"), OperationalError("canceling statement due to lock timeout"))
    assert answer is not None
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert "lock timeout" not in answer.content.decode()
    assert ">503<" in answer.content.decode()


def test_the_api_answers_in_its_own_envelope() -> None:
    assert error_page(RequestFactory().get("/api/v1/keys"), OperationalError()) is None
