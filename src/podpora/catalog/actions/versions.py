"""Major versions: their life, and what licences cover."""

from dataclasses import fields, replace
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import transaction

from podpora.audit import actions as audit
from podpora.base.actors import Actor
from podpora.base.clock import vendor_date
from podpora.base.errors import InvalidInput
from podpora.catalog import rules
from podpora.catalog.models import Coverage, Product, Version
from podpora.catalog.values import VERSION_KIND, CoverageMode, VersionFacts
from podpora.search import actions as search
from podpora.search.values import in_each_language

_DATES = [field.name for field in fields(VersionFacts) if field.name != "major"]
FIRST_DAY = date(1970, 1, 1)  # the first word about something counts for the time before it too


@transaction.atomic
def set_version(
    product: Product, major: int, *, released_on: date | None, support_ends_on: date | None, name: str = "", by: Actor, at: datetime
) -> Version:
    """Announce a major, or change its release and its end of support; the rest of its life stays as it is."""
    old = Version.objects.select_for_update().filter(product=product, major=major).first()
    life = old.facts() if old else VersionFacts(major)
    return set_life(
        product, replace(life, released_on=released_on, support_ends_on=support_ends_on), name=name, by=by, at=at
    )  # fmt: skip


@transaction.atomic
def set_life(product: Product, life: VersionFacts, *, name: str = "", by: Actor, at: datetime) -> Version:
    """Announce a major or change its life. Orders already paid keep what they gave (EOL-7); the audit keeps the old dates."""
    old = Version.objects.select_for_update().filter(product=product, major=life.major).first()
    rules.check_life(life)
    if old and old.released_on and life.released_on is None and old.released_on <= vendor_date(at, settings.VENDOR_ZONE):
        # What is out is out: licences cover it, and an emptied form takes nothing back.
        raise InvalidInput({"released_on": ["required"]})
    before = _life(old) if old else None
    version = old or Version(product=product, major=life.major)
    for field in _DATES:
        setattr(version, field, getattr(life, field))
    version.name = name or version.name or f"{product.name} {life.major}"
    after = _life(version)
    if before != after:
        version.save()
        search.index(VERSION_KIND, in_each_language([version.pk]), at=at)
        audit.record("version.changed", f"version:{product.code}-{life.major}", by=by, at=at, before=before, after=after)
    return version


def _life(version: Version) -> dict[str, Any]:
    values = {name: getattr(version, name) for name in _DATES}
    return {"name": version.name, **{name: on.isoformat() if isinstance(on, date) else on for name, on in values.items()}}


@transaction.atomic
def set_coverage(product: Product, mode: CoverageMode, *, by: Actor, at: datetime) -> Coverage:
    """What licences that are bought from today on cover. What was bought before keeps the mode of its day (T7, EOL-7)."""
    Product.objects.select_for_update().get(pk=product.pk)
    newest = Coverage.objects.filter(product=product).order_by("-since").first()
    if newest and newest.mode == mode:
        return newest
    since = vendor_date(at, settings.VENDOR_ZONE) if newest else FIRST_DAY
    row, _ = Coverage.objects.update_or_create(product=product, since=since, defaults={"mode": mode})
    before = {"mode": newest.mode} if newest else None
    audit.record(
        "coverage.changed", f"product:{product.code}", by=by, at=at, before=before, after={"mode": mode.value, "since": since}
    )
    return row
