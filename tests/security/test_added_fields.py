"""S09: a field that an endpoint does not know is refused by its name, for every body of the API, and nothing is written."""

from typing import Any

import pytest
from django.db import transaction

from tests.make import licensing as make
from tests.make import sweep
from tests.make.api import Api, activation_body, token

pytestmark = [pytest.mark.django_db, pytest.mark.once]
WISHES = (
    "is_staff", "is_superuser", "role", "staff_role", "org", "customer", "customer_id", "email_verified", "seats", "price", "total", "state",
    "kind", "owner", "id", "__proto__", "password",
)  # fmt: skip


def _names(schema: dict[str, Any], document: dict[str, Any]) -> set[str]:
    if "$ref" in schema:
        return _names(document["components"]["schemas"][schema["$ref"].rpartition("/")[2]], document)
    found = set(schema.get("properties", {}))
    for part in schema.get("anyOf", []) + schema.get("allOf", []):
        found |= _names(part, document)
    return found


def test_s09_every_body_of_the_api_refuses_what_it_does_not_know() -> None:
    licence = make.licence()
    device = Api().post("activations", activation_body(licence)).json()["token"]
    system = token("all")
    document = Api().get("openapi.json").json()
    wrong, bodies, named = [], 0, 0
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            schema = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
            if schema is None:
                continue
            bodies += 1
            names = _names(schema, document)
            for wish in (wish for wish in WISHES if wish not in names):
                bearer = device if "activations/me" in path else system
                filled = sweep.PARAMETER.sub("L-22222222", path.replace("{", "<").replace("}", ">").replace("<code>", licence.code))
                with sweep.counted_writes() as writes, transaction.atomic():
                    answer = Api(bearer).client.generic(
                        method.upper(), filled, f'{{"{wish}": "1"}}', "application/json", headers={"Authorization": f"Bearer {bearer}"}
                    )  # fmt: skip
                    transaction.set_rollback(True)
                fields = answer.json().get("error", {}).get("fields", {}) if answer.content else {}
                written = {table for table in writes if table not in ("people_apitoken", "api_count", "django_cache")}
                if (
                    answer.status_code < 400
                    or answer.status_code >= 500
                    or written
                    or (answer.status_code == 422 and wish not in fields)
                ):
                    wrong.append((method, filled, wish, answer.status_code, list(fields)[:5], sorted(written)))
                named += wish in fields
    assert not wrong, "\n".join(map(str, wrong))
    assert bodies > 30
    assert named > bodies * 10  # most are refused by name; the rest did not get that far (404, 409)
