"""A new version of the vendor's document."""

from collections.abc import Mapping
from datetime import datetime
from json import dumps
from typing import Any

from django.db import transaction

from podpora.audit.actions import record
from podpora.base.actors import Actor
from podpora.base.errors import InvalidInput
from podpora.catalog.models import Product
from podpora.fleet import queries
from podpora.fleet.models import Profile, SettingsSchema
from podpora.fleet.rules import compare, digest_of, read_schema
from podpora.fleet.values import Schema, SchemaChange


@transaction.atomic
def upload_schema(
    product: Product, document: Mapping[str, Any], *, by: Actor, at: datetime
) -> tuple[SettingsSchema, list[SchemaChange]]:
    """Keep the document as the product's newest, and say what changed. The same one again is the one that is there."""
    schema, digest = read_schema(document), digest_of(document)
    Product.objects.select_for_update(no_key=True).get(pk=product.pk)
    newest = queries.newest_schema(product)
    if newest is not None and newest.version == schema.version and newest.digest == digest:
        return newest, []
    if newest is not None and schema.version <= newest.version:
        raise InvalidInput({"x-version": ["settings.schema_version"]}, {"x-version": {"newest": newest.version}})
    before = queries.read(newest) if newest else Schema(0, {})
    row = SettingsSchema.objects.create(
        product=product,
        version=schema.version,
        document=dumps(document, ensure_ascii=False),
        digest=digest,
        uploaded_at=at,
        by_name=by.name[:254],
    )
    changes = compare(before, schema)
    for profile in Profile.objects.select_for_update(no_key=True).filter(product=product).order_by("pk"):
        profile.stamp += 1
        profile.save(update_fields=["stamp"])
    record("settings.schema", f"product:{product.code}", by=by, at=at, facts={"version": row.version, "changes": len(changes)})
    return row, changes
