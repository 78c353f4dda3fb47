"""The sample vendor's catalogue for tests."""

from collections.abc import Iterable
from datetime import UTC, datetime

from django.conf import settings
from django.db import transaction

from podpora.base import vendor
from podpora.base.actors import system
from podpora.catalog.models import Product
from podpora.catalog.values import VersionFacts
from podpora.config.demo.catalogue import CODE, make_catalogue
from tests.make.ledger import VERSIONS
from tests.make.remembered import remembered

AT = datetime(2026, 3, 16, 9, 0, tzinfo=UTC)


def catalogue(*, at: datetime = AT, versions: Iterable[VersionFacts] | None = VERSIONS) -> Product:
    """Poštolka with 8 (ends 30 Jun 2026), 9 and 10 (released 1 Oct 2026); `versions=None`: as the demo has them, relative to `at`."""
    lives = tuple(versions) if versions is not None else None
    remembered(("catalogue", at, lives, settings.VENDOR_ZONE), lambda: make_catalogue(by=system("test"), at=at, versions=lives))
    transaction.on_commit(vendor.forget)  # as setting the seller does
    return Product.objects.get(code=CODE)
