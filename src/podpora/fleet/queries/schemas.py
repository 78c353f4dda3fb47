"""Schemas: the newest document of a product, read once in a process."""

from functools import lru_cache
from json import loads

from django.db.models import QuerySet

from podpora.catalog.models import Product
from podpora.fleet.models import SettingsSchema
from podpora.fleet.rules import read_schema
from podpora.fleet.values import Schema


def newest_schema(product: Product) -> SettingsSchema | None:
    """The newest version of the product's document; None where it was never described."""
    return schemas_of(product).first()


def schemas_of(product: Product) -> QuerySet[SettingsSchema]:
    """Newest first, without their documents."""
    return SettingsSchema.objects.filter(product=product).defer("document").order_by("-version")


def read(row: SettingsSchema) -> Schema:
    """What the document says. It is read once in a process, for a row never changes."""
    return _read(row.pk, row.digest)


@lru_cache(maxsize=50)
def _read(pk: int, _digest: str) -> Schema:
    return read_schema(loads(SettingsSchema.objects.values_list("document", flat=True).get(pk=pk)))
