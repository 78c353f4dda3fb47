"""The sample vendor's catalogue for tests."""

from collections.abc import Iterable
from datetime import UTC, datetime

from podpora.base.actors import system
from podpora.catalog.models import Product
from podpora.catalog.values import VersionFacts
from podpora.config.demo.catalogue import make_catalogue
from tests.make.ledger import VERSIONS

AT = datetime(2026, 3, 16, 9, 0, tzinfo=UTC)


def catalogue(*, at: datetime = AT, versions: Iterable[VersionFacts] | None = VERSIONS) -> Product:
    """Poštolka with 8 (ends 30 Jun 2026), 9 and 10 (released 1 Oct 2026); `versions=None`: as the demo has them, relative to `at`."""
    return make_catalogue(by=system("test"), at=at, versions=versions)
