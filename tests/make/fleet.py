"""A small schema of settings for tests."""

import json
from datetime import datetime
from typing import Any

from podpora.catalog.models import Product
from podpora.fleet import actions, queries
from podpora.fleet.models import SettingsSchema
from podpora.fleet.values import Layer, Level, Plan, Publishing, Wave
from podpora.people.models import Customer, Person
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


def published(customer: Customer, product: Product, person: Person, secret: str, *, at: datetime) -> dict[str, str]:
    """A company whose settings are in use: a group, two revisions, the second one on its way. The codes of what there is."""
    actions.upload_schema(product, document(), by=make.BY, at=at)
    profile = actions.ensure_profile(customer, product)
    group = actions.create_group(profile, f"Group {secret}", by=make.BY, at=at)
    plan = Plan((Wave(1, hours=None), Wave(100)))
    for number, host in enumerate((secret.lower(), "second")):
        actions.save_layer(profile, Layer(Level.COMPANY), {"proxy.host": forced(f"{host}.example")}, person=person, at=at)
        wish = Publishing(number, f"{secret} why", plan if number else None)
        actions.publish(profile, wish, person=person, by=make.BY, at=at)
    rollout = queries.open_rollout(profile)
    return {"settings_group": group.code, "settings_rollout": rollout.code if rollout else "", "settings_proposal": "PP-SWEEP222"}


def put(caller: Api, path: str, body: Any) -> Any:
    return caller.client.put(f"/api/v1/{path}", json.dumps(body), content_type="application/json", headers=caller.headers)


def forced(value: Any) -> dict[str, Any]:
    return {"value": value, "mode": "forced"}
