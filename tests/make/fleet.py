"""A small schema of settings for tests."""

import json
from typing import Any

from podpora.fleet import actions
from podpora.fleet.models import SettingsSchema
from tests.make import licensing as make
from tests.make.api import Api

TITLE = {"cs": "Název", "en": "Title"}
PROPERTIES: dict[str, dict[str, Any]] = {
    "look.theme": {"type": "string", "enum": ["light", "dark"], "default": "light", "title": TITLE},
    "proxy.mode": {"type": "string", "enum": ["none", "manual"], "title": TITLE, "x-atomic-group": "proxy"},
    "proxy.host": {"type": "string", "title": TITLE, "x-atomic-group": "proxy"},
    "mail.port": {"type": "integer", "minimum": 1, "maximum": 65535, "title": TITLE},
    "new.thing": {"type": "boolean", "title": TITLE, "x-since": "10.2"},
}


def document(version: int = 1, **more: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "x-version": version, "properties": PROPERTIES | more}


def schema(version: int = 1, **more: dict[str, Any]) -> SettingsSchema:
    row, _changes = actions.upload_schema(make.product(), document(version, **more), by=make.BY, at=make.BOUGHT)
    return row


def put(caller: Api, path: str, body: Any) -> Any:
    return caller.client.put(f"/api/v1/{path}", json.dumps(body), content_type="application/json", headers=caller.headers)


def forced(value: Any) -> dict[str, Any]:
    return {"value": value, "mode": "forced"}
