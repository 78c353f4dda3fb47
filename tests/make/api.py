"""Calling the API in tests."""

import json
from typing import Any

from django.test import Client

from podpora.base.actors import system
from podpora.licensing import queries
from podpora.licensing.models import Licence
from podpora.licensing.values import DeviceFacts
from podpora.people import actions as people
from podpora.people.models import Person
from tests.make import licensing as make


class Api:
    """A caller with or without a token."""

    def __init__(self, token: str = "", **headers: str) -> None:
        self.client = Client()
        self.headers = {**({"Authorization": f"Bearer {token}"} if token else {}), **headers}

    def get(self, path: str, **headers: str) -> Any:
        return self.client.get(f"/api/v1/{path}", headers={**self.headers, **headers})

    def delete(self, path: str, **headers: str) -> Any:
        return self.client.delete(f"/api/v1/{path}", headers={**self.headers, **headers})

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        raw = body if isinstance(body, bytes | str) else json.dumps(body if body is not None else {})
        sent = {**self.headers, **{name.replace("_", "-"): value for name, value in headers.items()}}
        return self.client.post(f"/api/v1/{path}", raw, content_type="application/json", headers=sent)

    def put(self, path: str, body: Any = None, **headers: str) -> Any:
        raw = body if isinstance(body, bytes | str) else json.dumps(body if body is not None else {})
        return self.client.put(f"/api/v1/{path}", raw, content_type="application/json", headers={**self.headers, **headers})


def token(*scopes: str, person: Person | None = None) -> str:
    return people.create_token("test", scopes or ("all",), person, by=system("tests"), at=make.BOUGHT)


def activation_body(licence: Licence, device: DeviceFacts | None = None, **more: Any) -> dict[str, Any]:
    """What a program sends."""
    facts = device or make.device()
    described = {"fingerprint": dict(facts.fingerprint), "name": facts.name, "platform": facts.platform}
    return {"key": queries.key_of(licence), "device": described, "app_version": "10.1.0", **more}
