"""In front of Django: the same answers, from the same address, with the same headers."""

import io
import json
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import OperationalError, close_old_connections, connection

from podpora.api import hot
from podpora.api.visits import Visits
from podpora.base import clock
from podpora.config.dispatch import Dispatcher
from podpora.fleet.models import DeviceSettings, Profile
from podpora.fleet.values import BUNDLE_RENEWED
from podpora.licensing import actions
from podpora.licensing.actions import Visit
from podpora.licensing.models import Activation, ActivationToken, Device
from podpora.licensing.queries import key_of
from tests.make import fleet
from tests.make import licensing as make
from tests.make.firms import firm
from tests.make.offline import Program, claims_in

PATH = "/api/v1/activations/me/refresh"
PLAIN = {"app_version": "10.1.0"}


class Site:
    """The application, with Django behind it counted."""

    def __init__(self) -> None:
        self.django = get_wsgi_application()
        self.handed_on = 0
        self.application = Dispatcher(self._counted)

    def _counted(self, environ: Any, start_response: Any) -> Any:
        self.handed_on += 1
        return self.django(environ, start_response)

    def call(
        self, token: str, body: Any = PLAIN, *, path: str = PATH, method: str = "POST", **environ: str
    ) -> tuple[int, dict[str, str], Any]:
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        told: list[Any] = []
        asked = {
            "REQUEST_METHOD": method, "PATH_INFO": path, "QUERY_STRING": "", "SERVER_NAME": "x", "SERVER_PORT": "80", "SCRIPT_NAME": "",
            "CONTENT_TYPE": "application/json", "CONTENT_LENGTH": str(len(raw)), "HTTP_AUTHORIZATION": f"Bearer {token}",
            "REMOTE_ADDR": "192.0.2.1", "wsgi.input": io.BytesIO(raw), "wsgi.url_scheme": "http", "wsgi.errors": io.StringIO(), **environ,
        }  # fmt: skip
        found = self.application(asked, lambda status, headers, *more: told.extend([status, headers]))
        content = b"".join(found)
        return int(told[0][:3]), dict(told[1]), json.loads(content) if content else None


@pytest.fixture
def site() -> Iterator[Site]:
    """As Django's own test client does it: a request does not end the connection that the test holds."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield Site()
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def token(db: None) -> str:
    return make.activated(make.licence(), at=clock.now() - timedelta(minutes=1)).token


def test_the_first_answer_is_djangos_and_the_next_has_the_same_form(
    site: Site, token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hot, "in_django", lambda request: None)
    first, second, czech = site.call(token), site.call(token), site.call(token, HTTP_ACCEPT_LANGUAGE="cs,en;q=0.5")
    assert site.handed_on == 1
    assert first[0] == second[0] == 200
    fixed = {"Podpora-Time", "Content-Length"}
    assert {k: v for k, v in first[1].items() if k not in fixed} == {k: v for k, v in second[1].items() if k not in fixed}
    assert second[1]["Podpora-Time"].endswith("Z")
    assert (second[1]["Content-Language"], czech[1]["Content-Language"]) == ("en", "cs")
    assert first[2].keys() == second[2].keys()
    assert {name: first[2][name] for name in ("activation", "licence", "device")} == {
        name: second[2][name] for name in ("activation", "licence", "device")
    }


LOOK = "/api/v1/activations/me"


@pytest.mark.parametrize("language", ["en", "cs"])
def test_a_look_is_the_same_as_djangos(site: Site, token: str, language: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def look() -> Any:
        status, headers, told = site.call(token, b"", path=LOOK, method="GET", HTTP_ACCEPT_LANGUAGE=language)
        del told["server_time"], headers["Podpora-Time"]
        return status, headers, told

    with monkeypatch.context() as patch:
        patch.setattr(hot, "in_django", lambda request: None)
        patch.setattr(hot, "CALLS", {})
        ordinary = look()
    look()  # learns the headers
    before = site.handed_on
    assert look() == ordinary
    assert site.handed_on == before


ACTIVATE = "/api/v1/activations"


@pytest.mark.parametrize("language", ["en", "cs"])
def test_a1_a_full_licence_is_refused_as_django_does_it(
    site: Site, db: None, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    licence = make.licence(terms=make.Terms(seats=1))
    make.activated(licence, at=clock.now() - timedelta(minutes=1))
    body = {"key": key_of(licence), "device": {"name": "NB", "fingerprint": {"machine": "m", "disk": "d"}}, "app_version": "10.1.0"}

    def ask() -> Any:
        status, headers, told = site.call("", body, path=ACTIVATE, HTTP_ACCEPT_LANGUAGE=language, HTTP_AUTHORIZATION="")
        return status, {name: value for name, value in headers.items() if name != "Podpora-Time"}, told

    with monkeypatch.context() as patch:
        patch.setattr(hot, "in_django", lambda request: None)
        patch.setattr(hot, "CALLS", {})
        ordinary = ask()
    assert (ordinary[0], ordinary[2]["error"]["code"]) == (409, "licence.activation_limit")
    ask()  # learns the headers
    before = site.handed_on
    assert ask() == ordinary
    assert site.handed_on == before
    actions.deactivate(Activation.objects.get(), by=make.BY, at=clock.now())
    assert (ask()[0], site.handed_on) == (201, before + 1)


POLL = "/api/v1/settings"


def test_cs_15_a_poll_without_a_change_is_the_same_as_djangos(site: Site, db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """304 with the same headers; whatever changed, and whoever is not plain, is Django's."""
    alfa = firm(at=clock.now() - timedelta(days=9))
    given = make.activated(alfa.licence, make.device("NB"), at=clock.now() - timedelta(minutes=1))
    fleet.published(alfa.customer, alfa.licence.product, alfa.owner, "Secret", at=clock.now())

    def poll(etag: str, token: str = given.token) -> tuple[int, dict[str, str], Any]:
        status, headers, told = site.call(token, b"", path=POLL, method="GET", HTTP_IF_NONE_MATCH=etag)
        return status, {name: value for name, value in headers.items() if name != "Podpora-Time"}, told

    status, headers, told = poll('"other"')
    assert (status, set(told)) == (200, {"bundle"})
    tag = headers["ETag"]
    with monkeypatch.context() as patch:
        patch.setattr(hot, "in_django", lambda request: None)
        patch.setattr(hot, "CALLS", {})
        ordinary = poll(tag)
    assert (ordinary[0], ordinary[1]["ETag"], ordinary[2]) == (304, tag, None)
    poll(tag)  # learns the headers
    before = site.handed_on
    assert [poll(tag), poll(f"W/{tag}")] == [ordinary] * 2
    assert site.handed_on == before
    assert poll('"other"')[0] == 200
    assert poll("")[0] == 200
    assert site.call(given.token, b"", path=POLL, method="GET")[0] == 200
    assert poll(tag, given.token + "x")[0] == 401
    changes = (
        lambda: Device.objects.filter(pk=given.activation.device_id).update(app_version="10.1.9"),
        lambda: DeviceSettings.objects.update(offered_at=clock.now() - BUNDLE_RENEWED),  # signed anew, and the same
        lambda: Profile.objects.update(stamp=99),
    )
    for change in changes:
        before, _ = site.handed_on, change()
        assert (poll(tag)[0], site.handed_on - before) == (304, 1)
        assert (poll(tag)[0], site.handed_on - before) == (304, 1)
    actions.deactivate(given.activation, by=make.BY, at=clock.now())
    assert poll(tag)[0] == 409


def test_a5_a_look_of_a_device_off_its_seat_is_djangos(site: Site, token: str) -> None:
    site.call(token, b"", path=LOOK, method="GET")
    actions.deactivate(Activation.objects.get(), by=make.BY, at=clock.now())
    status, _headers, told = site.call(token, b"", path=LOOK, method="GET")
    assert (status, told["state"], told["decision"]["code"]) == (200, "deactivated", "licence.deactivated")


@pytest.mark.parametrize(("change", "status"), [
    ({"body": b"{"}, 400), ({"body": b""}, 422), ({"body": {"app_version": 1}}, 422), ({"body": b"[" * 5000}, 400),
    ({"body": b'{"app_version":"10.1.0","app_version":"10.1.0"}'}, 400), ({"body": {**PLAIN, "more": 1}}, 422),
    ({"CONTENT_TYPE": "text/plain"}, 415), ({"HTTP_AUTHORIZATION": ""}, 401), ({"HTTP_AUTHORIZATION": "Bearer pd_nobody"}, 401),
    ({"HTTP_AUTHORIZATION": "Basic pd_x"}, 401), ({"QUERY_STRING": "token=x"}, 400), ({"CONTENT_LENGTH": "x"}, 400), ({"method": "PUT"}, 405),
    ({"method": "GET"}, 405), ({"path": PATH + "/"}, 404), ({"body": {**PLAIN, "nonce": "x" * 500_000}}, 422), ({"body": b" " * 1_100_000}, 413),
    ({"HTTP_IDEMPOTENCY_KEY": "k"}, 200), ({"body": {"app_version": "11.0"}}, 409),
])  # fmt: skip
def test_what_is_unusual_is_answered_by_django(site: Site, token: str, change: dict[str, Any], status: int) -> None:
    site.call(token)
    before = site.handed_on
    options = dict(change)
    assert site.call(token, options.pop("body", PLAIN), **options)[0] == status
    assert site.handed_on == before + 1


def test_a5_a_device_that_was_taken_off_its_seat_is_told_so_at_once(site: Site, token: str) -> None:
    site.call(token)
    assert site.call(token)[0] == 200
    actions.deactivate(Activation.objects.get(), by=make.BY, at=clock.now())
    status, _headers, told = site.call(token)
    assert (status, told["error"]["code"]) == (409, "licence.deactivated")


def test_an_update_of_the_program_is_known_at_once(site: Site, token: str) -> None:
    site.call(token)
    before = site.handed_on
    assert site.call(token, {"app_version": "10.2.0"})[0] == 200
    assert (Device.objects.get().app_version, site.handed_on) == ("10.2.0", before)


def test_other_addresses_are_djangos(site: Site, token: str) -> None:
    assert site.call(token, b"", path="/api/v1/keys", method="GET")[0] == 200
    assert site.call(token, b"", path="/api/v1/activations/me", method="DELETE")[0] == 204
    assert site.handed_on == 2


@pytest.mark.django_db(transaction=True)
def test_a_connection_that_broke_is_tried_anew(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    token = make.activated(make.licence(), at=clock.now() - timedelta(minutes=1)).token
    site.call(token)
    real, tries = hot.CALLS["POST", PATH], []

    def breaks(call: hot.Call) -> bytes | None:
        tries.append(1)
        if len(tries) == 1:
            raise OperationalError("server closed the connection unexpectedly")
        return real(call)

    monkeypatch.setattr(hot, "CALLS", {("POST", PATH): breaks})
    before = site.handed_on
    assert site.call(token)[0] == 200
    assert (len(tries), site.handed_on) == (2, before)


@pytest.mark.django_db(transaction=True)
def test_a_real_connection_that_was_closed_is_opened_anew(site: Site) -> None:
    token = make.activated(make.licence(), at=clock.now() - timedelta(minutes=1)).token
    site.call(token)
    connection.ensure_connection()
    connection.connection.close()
    before = site.handed_on
    assert site.call(token)[0] == 200
    assert site.handed_on == before


@pytest.mark.django_db(transaction=True)
def test_visits_are_written_together_and_never_back_in_time() -> None:
    first, second = make.activated(make.licence()).activation.device, make.activated(make.licence()).activation.device
    visits = Visits()
    late = make.BOUGHT + timedelta(hours=3)
    visits.note(first.pk, Visit(late, "10.2", 0, 0, None))
    visits.note(second.pk, Visit(make.BOUGHT - timedelta(hours=3), "10.3", 0, 0, None))
    for _ in range(100):
        if Device.objects.get(pk=first.pk).last_seen_at == late:
            break
        time.sleep(0.05)
    assert set(Device.objects.values_list("last_seen_at", "app_version")) == {(late, "10.2"), (make.BOUGHT, "10.1.0")}


@pytest.mark.django_db
def test_visits_that_cannot_be_written_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    visits = Visits()

    def busy(seen: Any) -> None:
        raise OperationalError("database is locked")

    monkeypatch.setattr(Visits, "_write_for_ever", lambda self: None)
    monkeypatch.setattr(actions, "note_visits", busy)
    visit = Visit(make.BOUGHT, "10.1", 0, 0, None)
    visits.note(1, visit)
    visits.write()
    noted: list[Any] = []
    monkeypatch.setattr(actions, "note_visits", noted.append)
    visits.write()
    assert noted == [{1: visit}]


def test_s34_a_signed_refresh_is_answered_here_and_a_copied_token_is_refused_by_django(site: Site, db: None) -> None:
    program = Program()
    facts = replace(program.facts, public_key=program.public)
    token = make.activated(make.licence(), facts, at=clock.now() - timedelta(minutes=1)).token
    raw = json.dumps(PLAIN).encode()

    def proof(by: Program = program) -> str:
        return by.possession(token, raw, clock.now())

    assert site.call(token, raw, HTTP_PODPORA_PROOF=proof())[0] == 200  # Django's, for its headers
    before = site.handed_on
    assert site.call(token, raw, HTTP_PODPORA_PROOF=proof())[0] == 200
    assert site.handed_on == before
    for environ in ({}, {"HTTP_PODPORA_PROOF": proof(Program())}):
        status, _headers, told = site.call(token, raw, **environ)
        assert (status, told["error"]["code"]) == (409, "licence.device_key_needed")
    assert site.handed_on == before + 2


def test_two_copies_of_a_store_are_seen_in_front_of_django_too(site: Site, token: str) -> None:
    serials = [ActivationToken.objects.get().serial] * 2
    for turn in range(6):
        found = site.call(token, {**PLAIN, "serial": serials[turn % 2]})
        assert found[0] == 200
        serials[turn % 2] = claims_in(found[2]["certificate"])["serial"]
    assert Device.objects.get().suspected_clone_at is not None
