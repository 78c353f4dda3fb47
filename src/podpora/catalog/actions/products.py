"""Products and their editions."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from podpora.audit import actions as audit
from podpora.base.actors import Actor
from podpora.catalog.models import Edition, PolicyRow, Product


@transaction.atomic
def create_product(code: str, name: str, *, tagline_cs: str = "", tagline_en: str = "", by: Actor, at: datetime) -> Product:
    product = Product.objects.create(code=code, name=name, tagline_cs=tagline_cs, tagline_en=tagline_en)
    PolicyRow.objects.create(product=product)
    audit.record("product.created", f"product:{code}", by=by, at=at, after={"name": name})
    return product


@transaction.atomic
def create_edition(product: Product, code: str, name: str, *, features: Mapping[str, Any], by: Actor, at: datetime) -> Edition:
    edition = Edition.objects.create(product=product, code=code, name=name, features=dict(features))
    audit.record("edition.created", f"product:{product.code}", by=by, at=at, after={"edition": code})
    return edition
