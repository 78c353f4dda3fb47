"""What is the same for every endpoint: one form of error, limits, credentials, language, idempotency keys, cursors (API.md)."""

import json
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from podpora.api.models import Answer
from podpora.api.parsing import DEPTH
from podpora.licensing.models import Activation, Licence
from podpora.people.values import StaffRole
from tests.make import licensing as make
from tests.make import people
from tests.make.api import Api, activation_body, token

pytestmark = pytest.mark.django_db

DEEP = '{"key": ' + "[" * 10_000 + "]" * 10_000 + "}"


def error(response: Any) -> dict[str, Any]:
    found: dict[str, Any] = response.json()["error"]
    assert set(found) >= {"code", "message", "reasons"}
    assert found["message"]
    assert not found["message"].startswith(found["code"])  # a sentence, not the bare code
    return found


@pytest.mark.parametrize(("body", "word"), [
    (b"", None), (b"{", "line 1"), (b"[]", "object"), (b'"x"', "object"), (b"null", "object"), (b"\xff\xfe{}", "UTF-8"),
    (b'{"key": 1, "key": 2}', "twice"), (b'{"device": {"name": "a", "name": "b"}}', "twice"), (b'{"key": NaN}', "number"),
    (b'{"key": Infinity}', "number"), (DEEP.encode(), "deeply"), (b'{"key": ' + b"9" * 5000 + b"}", "digits"), (b'{"key": 1} x', "line 1"),
    ((b'{"key":' + b'{"a":' * (DEPTH + 1) + b"1" + b"}" * (DEPTH + 2)), "deeply"),
])  # fmt: skip
def test_bodies_that_are_not_what_they_should_be(body: bytes, word: str | None) -> None:
    refused = Api().post("activations", body)
    assert refused.status_code == (400 if word else 422)
    if word:
        assert error(refused)["code"] == "request.malformed"
        assert word in error(refused)["message"]


@pytest.mark.parametrize(("body", "fields"), [
    (b'{"key": "a\\u0000b"}', {"key": ["invalid_characters"]}),
    (b'{"device": {"name": "\\ud800"}}', {"device.name": ["invalid_characters"]}),
    (b'{"device": {"name": ["a", 1e300]}}', {"device.name.1": ["too_big"]}),
])  # fmt: skip
def test_text_and_numbers_that_cannot_be_kept(body: bytes, fields: dict[str, list[str]]) -> None:
    refused = Api().post("activations", body)
    assert (refused.status_code, error(refused)["fields"]) == (422, fields)


def test_too_large_and_not_json() -> None:
    large = Api().post("activations", b'{"key": "' + b"x" * 2_000_000 + b'"}')
    assert (large.status_code, error(large)["code"]) == (413, "request.too_large")
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", ""):
        other = Api().client.post("/api/v1/activations", b"key=1", content_type=kind)
        assert (other.status_code, error(other)["code"]) == (415, "request.unsupported_type")


@pytest.mark.parametrize(("method", "path", "status"), [
    ("get", "/api/v1/nothing", 404), ("get", "/api/v1/", 404), ("post", "/api/nothing", 404), ("get", "/api/v1/keys/", 404),
    ("put", "/api/v1/keys", 405), ("delete", "/api/v1/activations", 405), ("patch", "/api/v1/activations/me", 405),
    ("get", "/api/v1/licences/%00", 404), ("get", "/api/v1/keys?at=%00", 400), ("get", "/api/v1/keys?token=x", 400),
    ("get", "/api/v1/licences/L-X?access_token=x", 400),
])  # fmt: skip
def test_every_address_answers_json(method: str, path: str, status: int) -> None:
    refused = getattr(Api().client, method)(path)
    assert refused.status_code == status
    assert error(refused)
    if status == 405:
        assert refused.headers["Allow"]


def test_the_reader_chooses_the_language() -> None:
    licence = make.licence(terms=make.Terms(seats=0))
    body = activation_body(licence)
    told = {lang: Api(Accept_Language=lang).post("activations", body, Accept_Language=lang) for lang in ("cs", "en", "xx", "*;q=x")}
    assert [told[lang].headers["Content-Language"] for lang in told] == ["cs", "en", "en", "en"]
    assert "zařízení" in error(told["cs"])["message"]
    assert "All seats" in error(told["en"])["message"]
    assert "Accept-Language" in told["cs"].headers["Vary"]


def test_tokens_open_what_their_scopes_say() -> None:
    licence = make.licence()
    path = f"licences/{licence.code}"
    assert Api().get(path).status_code == 401
    assert Api("podpora_nobody").get(path).status_code == 401
    refused = Api(token("orders")).get(path)
    assert (refused.status_code, error(refused)["code"]) == (403, "token.scope_missing")
    assert Api(token("licences")).get(path).status_code == 200
    assert Api(token("all")).get(path).status_code == 200


def test_the_same_key_gives_the_same_answer() -> None:
    licence = make.licence()
    body = activation_body(licence)
    first = Api().post("activations", body, Idempotency_Key="k1")
    again = Api().post("activations", json.dumps(body, indent=3), Idempotency_Key="k1")
    assert (again.status_code, again.content) == (first.status_code, first.content) == (201, first.content)
    assert again.headers["Idempotent-Replayed"] == "true"
    other = Api().post("activations", activation_body(licence), Idempotency_Key="k1")
    assert (other.status_code, error(other)["code"]) == (422, "request.idempotency_key_reused")
    assert Activation.objects.count() == 1
    assert first.json()["token"] not in Answer.objects.get().body_sealed


def test_a_refusal_is_an_answer_too_and_a_slowdown_is_none() -> None:
    licence = make.licence(terms=make.Terms(seats=0))
    body = activation_body(licence)
    first = Api().post("activations", body, Idempotency_Key="k2")
    assert first.status_code == 409
    Licence.objects.update(seats=1)
    assert Api().post("activations", body, Idempotency_Key="k2").content == first.content
    assert Api().post("activations", body, Idempotency_Key="k3").status_code == 201
    assert not Api().post("activations/me/refresh", {"app_version": "1"}, Idempotency_Key="k4").json().get("activation")
    assert Answer.objects.count() == 2


@pytest.mark.parametrize("key", ["", "x" * 201, "tab\there"])
def test_a_key_that_is_none(key: str) -> None:
    refused = Api().post("activations", activation_body(make.licence()), Idempotency_Key=key)
    assert (refused.status_code, error(refused)["code"]) == (400, "request.idempotency_key")


def test_two_callers_never_meet_in_a_key() -> None:
    one, two = (make.activated(make.licence()).token for _ in range(2))
    answers = [Api(t).post("activations/me/refresh", {"app_version": "10.1"}, Idempotency_Key="same") for t in (one, two)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].json()["licence"] != answers[1].json()["licence"]


def test_a_list_is_paged_without_gaps_while_it_grows() -> None:
    staff = Api(token("licences", person=people.staff(StaffRole.TECHNICIAN)))
    codes = [make.licence().code for _ in range(5)]
    first = staff.get("licences?limit=2").json()
    make.licence()
    second = staff.get(f"licences?limit=2&cursor={first['next']}").json()
    third = staff.get(f"licences?limit=2&cursor={second['next']}").json()
    assert [item["code"] for part in (first, second, third) for item in part["items"]] == codes[::-1]
    assert third["next"] is None


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=101", "limit=x", "limit=-1", "cursor=x", "cursor=%ff", "cursor=cGs6LTE", "limit=²"]
)
def test_a_page_that_is_none(query: str) -> None:
    refused = Api(token("licences")).get(f"licences?{query}")
    assert refused.status_code == 422
    assert set(error(refused)["fields"]) == {query.split("=")[0]}


def test_openapi_names_every_endpoint_and_its_credential() -> None:
    document = Api().get("openapi.json").json()
    assert document["openapi"].startswith("3.")
    assert {"/api/v1/activations", "/api/v1/activations/me", "/api/v1/licences/{code}", "/api/v1/keys"} <= set(document["paths"])
    assert document["paths"]["/api/v1/activations/me"]["get"]["security"]


def test_s07_looking_writes_nothing() -> None:
    done = make.activated(make.licence())
    paths = ["keys", "openapi.json", "activations/me", "licences", f"licences/{done.activation.licence.code}"]
    for path in paths:
        caller = Api(done.token if path.startswith("activations") else token("all"))
        with CaptureQueriesContext(connection) as found:
            assert caller.get(path).status_code == 200
        writing = [query["sql"] for query in found if not query["sql"].startswith(("SELECT", "SAVEPOINT", "RELEASE", "BEGIN"))]
        assert writing == []


@pytest.mark.parametrize("body", ['{"key": 1, "key": 2}', "{", "[]", '{"key": NaN}', "[" * 40 + "]" * 40])
def test_what_is_malformed_is_said_in_the_readers_language(body: str) -> None:
    told = [
        Api().client.post("/api/v1/activations", body, "application/json", headers={"Accept-Language": language}).json()["error"]
        for language in ("cs", "en")
    ]
    assert [each["code"] for each in told] == ["request.malformed"] * 2
    czech, english = (each["reasons"][0]["facts"]["problem"] for each in told)
    assert czech != english and czech in told[0]["message"]
