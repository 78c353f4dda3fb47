"""Every endpoint of the OpenAPI document, with odd requests: no 5xx, no undocumented status, always an answer of the documented form.

Bounded and the same on every run. A long hunt:
`schemathesis run http://127.0.0.1:8000/api/v1/openapi.json -H "Authorization: Bearer …" -c all --exclude-checks positive_data_acceptance`.
"""

import json
import random
from typing import Any
from urllib.parse import quote

import pytest
from jsonschema_rs import Draft202012Validator

from tests.make import licensing as make
from tests.make.api import Api, activation_body, token

pytestmark = pytest.mark.django_db
ROUNDS = 6
DEEP: Any = []
for _level in range(30):
    DEEP = [DEEP]
ODD: list[Any] = [
    None, True, 0, -1, 2**31, 2**63, 1e308, -0.5, "", " ", "x", "x" * 70_000, "\x00", "\ud800", "\u202e", "¡ž🦉", "2026-02-30T25:00:00Z",
    "0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999999-23:59", "1e5", "../..", "%00", "' OR 1=1 --", [], [[]], {}, {"": ""}, DEEP,
    {str(n): n for n in range(3000)}, "CZK", "opened", "A-1", "L-1", "1.00", "10.1",
]  # fmt: skip
TEXTS = [value for value in ODD if isinstance(value, str) and "\ud800" not in value and len(value) < 1000]


def _like(schema: Any, document: dict[str, Any], chance: random.Random) -> Any:
    """Something of about the schema's form; now and then something else in its place."""
    if chance.random() < 0.12:
        return chance.choice(ODD)
    if schema is True:  # anything
        return chance.choice(ODD)
    if "$ref" in schema:
        return _like(document["components"]["schemas"][schema["$ref"].rpartition("/")[2]], document, chance)
    if "anyOf" in schema:
        return _like(chance.choice(schema["anyOf"]), document, chance)
    for name in ("enum", "examples"):
        if name in schema:
            return chance.choice(schema[name])
    match schema.get("type"):
        case "object" if "properties" in schema:
            wanted = [n for n in schema["properties"] if n in schema.get("required", ()) or chance.random() < 0.5]
            return {name: _like(schema["properties"][name], document, chance) for name in wanted}
        case "object":
            return {chance.choice(TEXTS): _like(schema.get("additionalProperties") or {}, document, chance) for _ in range(3)}
        case "array":
            return [_like(schema.get("items", {}), document, chance) for _ in range(chance.randint(0, 3))]
        case "integer":
            return chance.choice([0, 1, 2, 50])
        case "string":
            return chance.choice(["x", "pro-private-1", "a@example.com", *TEXTS])
    return chance.choice(ODD)


def _path(template: str, parameters: list[dict[str, Any]], chance: random.Random, known: dict[str, list[str]]) -> str:
    path = template
    for found in parameters:
        if found["in"] == "path":
            value = chance.choice(known.get(template.split("/")[3], []) + TEXTS[4:8])
            path = path.replace(f"{{{found['name']}}}", quote(value, safe=""))
    query = [f"{p['name']}={quote(chance.choice(TEXTS))}" for p in parameters if p["in"] == "query" and chance.random() < 0.5]
    return f"{path}?{'&'.join(query)}" if query else path


def test_odd_requests_get_documented_answers() -> None:
    licence = make.licence()
    bearers = {"activations/me": Api().post("activations", activation_body(licence)).json()["token"], "": token("all")}
    document = Api().get("openapi.json").json()
    chance, client = random.Random(7), Api().client
    seen: set[int] = set()
    for template, operations in document["paths"].items():
        bearer = next(found for part, found in bearers.items() if part in template)
        for method, operation in operations.items():
            schema = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
            for _round in range(ROUNDS if method != "delete" else 2):
                path = _path(template, operation.get("parameters", []), chance, {"licences": [licence.code] * 4})
                body = json.dumps(_like(schema, document, chance)) if schema else ""
                answer = client.generic(
                    method.upper(), path, body, "application/json", headers={"Authorization": f"Bearer {bearer}"}
                )  # fmt: skip
                seen.add(answer.status_code)
                _check(answer, operation, document, f"{method} {path} {body[:300]}")
    assert seen >= {200, 400, 404, 422}


def _check(answer: Any, operation: dict[str, Any], document: dict[str, Any], said: str) -> None:
    assert answer.status_code < 500, said
    assert str(answer.status_code) in operation["responses"], f"{said}: {answer.status_code}"
    if answer.status_code == 204:
        assert not answer.content, said
        return
    schema = operation["responses"][str(answer.status_code)]["content"]["application/json"]["schema"]
    Draft202012Validator({**schema, "components": document["components"]}).validate(answer.json())


@pytest.mark.parametrize("path", ["", "v1", "v1/", "v1/orders", "v1/nothing", "v2/orders", "docs/", "v1/licences/L-1/", "../admin"])
@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS", "TRACE", "POST", "PUT", "PATCH", "DELETE", "BREW"])
def test_every_method_of_every_address_is_answered_in_the_one_form(method: str, path: str) -> None:
    answer = Api().client.generic(method, f"/api/{path}", b"", "application/json")
    assert answer.status_code in (200, 204, 401, 404, 405)
    if method != "HEAD" and answer.status_code >= 400:
        assert answer.headers["Content-Type"].startswith("application/json")
        assert answer.json()["error"]["message"]
    if answer.status_code == 405:
        assert answer.headers["Allow"]


@pytest.mark.parametrize("kind", [
    "multipart/form-data", "multipart/form-data; boundary=", "multipart/form-data; boundary=x", "text/xml", "application/json; charset=x", "", "x",
    "application/x-www-form-urlencoded", "application/json\x7f",
])  # fmt: skip
@pytest.mark.parametrize("body", [b"", b"\xff\xfe", b"--x\r\n\r\n", b'{"key":'])
def test_bodies_that_are_not_what_they_say(kind: str, body: bytes) -> None:
    for path in ("orders", "tickets", "activations", "licences/L-1/owner-proofs"):
        headers = {"Authorization": f"Bearer {token('all')}", "Idempotency-Key": "k"}
        answer = Api().client.generic("POST", f"/api/v1/{path}", body, kind, headers=headers)
        assert answer.status_code in (400, 404, 415, 422), (path, kind, body)
        assert answer.json()["error"]["message"]


def test_many_keys_are_told_of_shortly() -> None:
    body = json.dumps({f"k{n}": n for n in range(60_000)})
    answer = Api(token("all")).post("orders", body)
    assert answer.status_code == 422
    assert len(answer.content) < 100_000
