"""S66: bodies beyond all measure are refused quickly, and by their length before they are read. S13: no credential in an address."""

import json
import resource
import time
from typing import Any

import pytest
from django.test import Client

from tests.make import people, sweep, web, world
from tests.make.api import Api, token

pytestmark = [pytest.mark.django_db, pytest.mark.once]
GIGABYTE = str(2**30)
FORM = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data; boundary=x"


def peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss  # kilobytes


class Watched:
    """Not longer than two seconds (one is promised, on a quiet machine) and not 64 MB more."""

    def __enter__(self) -> "Watched":
        self.began, self.before = time.process_time(), peak()
        return self

    def __exit__(self, *_problem: Any) -> None:
        assert time.process_time() - self.began < 2
        assert peak() - self.before < 64 * 1024


@pytest.mark.parametrize("kind", [FORM, MULTIPART, "application/json", "text/plain", "application/octet-stream"])
@pytest.mark.parametrize("path", ["/centre/new/", "/contact/", "/account/profile/", "/shop/checkout/", "/account/login/"])
def test_s66_a_gigabyte_is_refused_at_the_door_of_a_page(path: str, kind: str) -> None:
    web.vendor()
    client = web.client(people.person() if path.startswith(("/centre", "/account/profile")) else None)
    with Watched():
        answer = client.generic("POST", path, b"a=" + b"x" * 100_000, kind, CONTENT_LENGTH=GIGABYTE)
    assert 300 <= answer.status_code < 500 or answer.status_code == 200
    if kind in (FORM, MULTIPART) and path != "/shop/checkout/":
        assert answer.status_code in (400, 413), path


@pytest.mark.parametrize("kind", [FORM, MULTIPART, "application/json", ""])
@pytest.mark.parametrize("path", ["orders", "tickets", "activations", "offline/activations", "customers/C-1/teams", "nothing"])
def test_s66_a_gigabyte_is_refused_at_the_door_of_the_api(path: str, kind: str) -> None:
    headers = {"Authorization": f"Bearer {token('all')}"}
    with Watched():
        answer = Client().generic("POST", f"/api/v1/{path}", b"{}", kind, CONTENT_LENGTH=GIGABYTE, headers=headers)
    assert answer.status_code in (404, 405, 413, 415)
    assert answer.status_code == 413 or path in ("nothing", "customers/C-1/teams") or kind in ("", FORM)


@pytest.mark.parametrize("length", ["-1", "x", "1e3", "٣", "0x10", " ", "9" * 5000, "1,1"])
def test_s66_a_length_that_is_none(length: str) -> None:
    answer = Client().generic("POST", "/api/v1/activations", b"{}", "application/json", CONTENT_LENGTH=length)
    assert answer.status_code in (400, 401, 413, 415, 422)


def test_s66_a_hundred_thousand_fields() -> None:
    web.vendor()
    body = "&".join(f"f{n}=1" for n in range(100_000)).encode()
    parts = b"".join(b'--x\r\nContent-Disposition: form-data; name="f%d"\r\n\r\n1\r\n' % n for n in range(5_000)) + b"--x--\r\n"
    files = (
        b"".join(b'--x\r\nContent-Disposition: form-data; name="files"; filename="f%d"\r\n\r\n1\r\n' % n for n in range(100))
        + b"--x--\r\n"
    )
    client = web.client(people.person())
    for path in ("/centre/new/", "/contact/"):
        for raw, kind in ((body, FORM), (parts, MULTIPART), (files, MULTIPART)):
            with Watched():
                assert client.generic("POST", path, raw, kind).status_code in (400, 413)
    api = Api(token("all"))
    for raw in (parts, files):
        with Watched():
            answer = api.client.generic("POST", "/api/v1/tickets", raw, MULTIPART, headers=api.headers)
        assert answer.status_code in (400, 413, 422)
        assert len(answer.content) < 100_000


DEEP = {"lists": b"[" * 10_000 + b"]" * 10_000, "objects": b'{"a":' * 10_000 + b"1" + b"}" * 10_000, "open": b"[" * 500_000}
NUMBERS = {
    "digits": b'{"a":' + b"9" * 900_000 + b"}",
    "exponent": b'{"a": 1e999999}',
    "fraction": b'{"a": 0.' + b"1" * 900_000 + b"}",
}
TWICE = {
    "first": b'{"key": "a", "key": "b"}',
    "within": b'{"a": {"b": 1, "b": 2}}',
    "many": b'{"a":1,' * 1 + b'"a":1,' * 100_000 + b'"a":1}',
}
OTHERS = {
    "nan": b'{"a": NaN}',
    "bom": b'\xef\xbb\xbf{"a": 1}',
    "trailing": b'{"a": 1} {"b": 2}',
    "string": b'"' + b"\\u0000" * 100_000 + b'"',
}


@pytest.mark.parametrize("name", [*DEEP, *NUMBERS, *TWICE, *OTHERS])
@pytest.mark.parametrize("path", ["orders", "activations", "tickets", "offline/deactivations"])
def test_s66_hostile_json_is_refused_quickly(path: str, name: str) -> None:
    body = (DEEP | NUMBERS | TWICE | OTHERS)[name]
    with Watched():
        answer = Api(token("all")).post(path, body)
    assert answer.status_code in (400, 413, 422), answer.content[:300]
    assert answer.json()["error"]["message"]
    if name in (*DEEP, *TWICE):
        assert answer.status_code == 400
    assert len(answer.content) < 10_000


CREDENTIALS = ("token", "access_token", "api_key", "key", "Authorization", "bearer", "password", "licence_key")


def test_s13_a_credential_in_the_address_is_refused_at_every_door_of_the_api() -> None:
    """Not ignored: whoever tries learns that it is in a log now. Licences, trace, teams, webhooks, everything."""
    with web.on() as at:
        made = world.build(at)
        bearer = made.tokens["system"]
        api = Api(bearer)
        wrong = []
        for address, view in sweep.patterns():
            if not address.startswith("api/v1/") or address.startswith("api/v1/^"):
                continue
            for _of, things in sweep.owners(address, made)[:1]:
                path = sweep.filled(address, things)
                for name in ("token", "access_token", "key"):
                    for method in sweep.methods_of(address, view)[:1]:
                        answer = api.client.generic(method, f"{path}?{name}={bearer}", headers=api.headers)
                        told = answer.status_code == 400 and "request.credential_in_address" in answer.content.decode()
                        if not told or bearer in answer.content.decode():
                            wrong.append((method, path, name, answer.status_code))
        assert wrong == []


def test_s13_a_token_opens_no_page_and_no_export() -> None:
    with web.on() as at:
        made = world.build(at)
        bearer, licence = made.tokens["owner"], made.company.licence.code
        client = Client()
        for path in (
            f"/licences/{licence}/devices.csv",
            "/licences/licences.csv",
            "/licences/activity.csv",
            "/desk/",
            "/office/webhooks/",
        ):
            for query in ("", f"?token={bearer}", f"?access_token={bearer}", f"?key={bearer}"):
                answer = client.get(f"{path}{query}", headers={"Authorization": f"Bearer {bearer}"})
                assert answer.status_code == 302, path
                assert answer["Location"].startswith("/account/login/")


@pytest.mark.parametrize("name", CREDENTIALS)
def test_s13_a_credential_in_the_address_counts_for_nothing(name: str) -> None:
    bearer = token("all")
    answer = Client().get(f"/api/v1/customers?{name}={json.dumps(bearer)[1:-1]}")
    assert answer.status_code in (400, 401, 422)
    assert bearer not in answer.content.decode()
