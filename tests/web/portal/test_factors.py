"""Second factors: codes once, steps and not accounts are locked, and nobody's factor opens another's account (A13 to A16)."""

import unicodedata
from typing import Any

import pytest
import time_machine as clockwork
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.test import Client

from podpora.people.models import Person
from tests.make import people
from tests.make.people import PASSWORD

pytestmark = pytest.mark.django_db


@pytest.fixture
def secret() -> str:
    return str(totp.generate_totp_secret())


def with_app(email: str, secret: str) -> Person:
    person = people.person(email)
    totp.TOTP.activate(person, secret)
    return person


def code(secret: str) -> str:
    return str(totp.format_hotp_value(totp.hotp_value(secret, next(iter(totp.yield_hotp_counters_from_time())))))


def at_the_step(person: Person) -> Client:
    """The password was right; the second factor is asked for."""
    client = Client()
    answer = client.post("/account/login/", {"login": person.email, "password": PASSWORD})
    assert (answer.status_code, answer["Location"]) == (302, "/account/2fa/authenticate/")
    return client


def is_signed_in(client: Client) -> bool:
    return client.get("/account/profile/").status_code == 200


def enter(client: Client, typed: str) -> Any:
    return client.post("/account/2fa/authenticate/", {"code": typed})


def test_a13_a_code_works_once(secret: str) -> None:
    jana = with_app("jana@private.example", secret)
    with clockwork.travel("2026-11-20T11:00:00Z", tick=False):
        typed = code(secret)
        first, second = at_the_step(jana), at_the_step(jana)
        assert enter(first, typed).status_code == 302
        assert is_signed_in(first)
        assert enter(second, typed).status_code == 200
        assert not is_signed_in(second)


@pytest.mark.parametrize("script", ["ARABIC-INDIC DIGIT", "FULLWIDTH DIGIT", "DEVANAGARI DIGIT", "MATHEMATICAL BOLD DIGIT"])
def test_a13_nor_in_other_digits(secret: str, script: str) -> None:
    """The same number in another script is the same code."""
    words = ("ZERO", "ONE", "TWO", "THREE", "FOUR", "FIVE", "SIX", "SEVEN", "EIGHT", "NINE")
    jana = with_app("jana@private.example", secret)
    with clockwork.travel("2026-11-20T11:00:00Z", tick=False):
        typed = code(secret)
        assert enter(at_the_step(jana), typed).status_code == 302
        other = "".join(unicodedata.lookup(f"{script} {words[int(digit)]}") for digit in typed)
        for form in (other, f" {typed} ", f"{typed[:3]} {typed[3:]}", f"{typed[:3]}-{typed[3:]}", f"{typed}\u200b"):
            again = at_the_step(jana)
            enter(again, form)
            assert not is_signed_in(again), form


def test_a14_wrong_codes_lock_the_step_and_not_the_account(secret: str) -> None:
    jana = with_app("jana@private.example", secret)
    with clockwork.travel("2026-11-20T11:00:00Z", tick=False) as traveller:
        signed_in_elsewhere = at_the_step(jana)
        assert enter(signed_in_elsewhere, code(secret)).status_code == 302
        attacker = at_the_step(jana)
        for _try in range(5):
            enter(attacker, "000000")
        traveller.shift(31)
        enter(attacker, code(secret))
        assert not is_signed_in(attacker), "the step is locked, also for the right code"
        assert is_signed_in(signed_in_elsewhere), "whoever is in stays in"
        jana.refresh_from_db()
        assert jana.is_active
        traveller.shift(5 * 60 + 1)
        later = at_the_step(jana)
        assert enter(later, code(secret)).status_code == 302, "it opens by itself"
        assert is_signed_in(later)


def test_a15_failures_with_passkeys_of_a_stranger_do_not_lock_the_victims_app(secret: str) -> None:
    jana = with_app("jana@private.example", secret)
    Authenticator.objects.create(user=jana, type=Authenticator.Type.WEBAUTHN, data={"name": "key", "credential": {}})
    with clockwork.travel("2026-11-20T11:00:00Z", tick=False):
        stranger = Client()
        for _try in range(12):
            stranger.get("/account/2fa/webauthn/login/")
            answer = stranger.post("/account/2fa/webauthn/login/", {"credential": '{"id": "x", "response": {}}'})
            assert answer.status_code < 500
        mine = at_the_step(jana)
        assert enter(mine, code(secret)).status_code == 302
        assert is_signed_in(mine)


def test_a16_a_login_that_was_broken_off_never_mixes_with_the_next(secret: str) -> None:
    """In one browser: A gets to the step, then B signs in. A's factor does not finish B's login, nor B's A's."""
    other = str(totp.generate_totp_secret())
    anna, bara = with_app("anna@private.example", secret), with_app("bara@private.example", other)
    with clockwork.travel("2026-11-20T11:00:00Z", tick=False):
        browser = at_the_step(anna)
        again = browser.post("/account/login/", {"login": bara.email, "password": PASSWORD})
        assert again["Location"] == "/account/2fa/authenticate/", "A's login is not over: nobody else's begins beside it"
        enter(browser, code(other))
        assert not is_signed_in(browser)
        browser.post("/account/logout/")
        browser.post("/account/login/", {"login": bara.email, "password": PASSWORD})
        enter(browser, code(secret))
        assert not is_signed_in(browser)
        enter(browser, code(other))
        assert is_signed_in(browser)
        assert browser.get("/account/profile/").wsgi_request.user == bara


def test_a16_without_a_factor_the_second_is_in_as_himself_alone(secret: str) -> None:
    anna, petr = with_app("anna@private.example", secret), people.person("petr@private.example")
    browser = at_the_step(anna)
    browser.post("/account/logout/")
    browser.post("/account/login/", {"login": petr.email, "password": PASSWORD})
    page = browser.get("/account/profile/")
    assert (page.status_code, page.wsgi_request.user) == (200, petr)
    enter(browser, code(secret))
    assert browser.get("/account/profile/").wsgi_request.user == petr


@pytest.mark.parametrize(
    "sent", ["{}", "[]", "null", '"x"', '{"rawId": 1}', '{"id": "x", "rawId": "x", "response": {}, "type": "public-key"}', "{"]
)
def test_nonsense_in_the_place_of_a_passkey_is_a_wrong_one(sent: str) -> None:
    """What is no credential is no error of ours, for nobody and for somebody."""
    client = Client()
    client.get("/account/2fa/webauthn/login/")
    assert client.post("/account/2fa/webauthn/login/", {"credential": sent}).status_code in (200, 302)
    person = people.person("jana@private.example")
    client.post("/account/login/", {"login": person.email, "password": PASSWORD})
    client.post("/account/reauthenticate/", {"password": PASSWORD})
    client.get("/account/2fa/webauthn/add/")
    assert client.post("/account/2fa/webauthn/add/", {"credential": sent, "name": "x"}).status_code == 200
