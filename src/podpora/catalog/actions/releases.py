"""Releases: builds that are published, and pulled."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Max

from podpora.audit import actions as audit
from podpora.base.actors import Actor
from podpora.base.decisions import refuse
from podpora.catalog import rules
from podpora.catalog.models import Product, Release, ReleaseFile, Version
from podpora.catalog.rules.releases import ReleaseInput
from podpora.catalog.values import RELEASE_KIND, ReleaseChannel
from podpora.search import actions as search
from podpora.search.values import in_each_language


@dataclass(frozen=True, slots=True)
class ReleaseNotes:
    cs: str = ""
    en: str = ""


@dataclass(frozen=True, slots=True)
class FileFacts:
    """A file that belongs to a release."""

    platform: str
    url: str
    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class ReleaseMore:
    """What a release says besides its number, day and notes. `channel` None: the one that its number speaks of."""

    channel: ReleaseChannel | None = None
    is_security: bool = False
    back_dated_to: date | None = None
    min_from: str = ""
    notes_url: str = ""
    fixes: Sequence[str] = ()
    files: Sequence[FileFacts] = ()


@transaction.atomic
def publish_release(
    version: Version,
    number: str,
    *,
    released_on: date,
    notes: ReleaseNotes = ReleaseNotes(),
    more: ReleaseMore = ReleaseMore(),
    by: Actor,
    at: datetime,
) -> Release:
    """A build is out. Publishing the same number again changes what is said about it; then its manifest gets a newer serial (S37)."""
    Product.objects.select_for_update().get(pk=version.product_id)  # serials are given out one after the other
    channel = more.channel or rules.deduced_channel(number)
    files = [asdict(file) | {"sha256": file.sha256.lower()} for file in more.files]
    rules.check_release(
        version.facts(), ReleaseInput(number, channel, released_on, more.back_dated_to, more.min_from, files)
    )  # fmt: skip
    said = {
        "released_on": released_on, "channel": channel.value, "is_security": more.is_security, "back_dated_to": more.back_dated_to,
        "min_from": more.min_from, "notes_cs": notes.cs, "notes_en": notes.en, "notes_url": more.notes_url, "fixes": list(more.fixes),
    }  # fmt: skip
    old = Release.objects.filter(version=version, number=number).first()
    if old and old.withdrawn_at:
        refuse("release.withdrawn", version=number).or_refuse()
    before = _said(old) if old else None
    if old and before == said | {"files": sorted(files, key=lambda file: str(file["platform"]))}:
        return old
    release = old or Release(version=version, number=number)
    for name, value in said.items():
        setattr(release, name, value)
    release.serial, release.changed_at = _next_serial(version), at
    release.published_at = release.published_at or at
    release.save()
    release.files.all().delete()
    ReleaseFile.objects.bulk_create(ReleaseFile(release=release, **file) for file in files)
    search.index(RELEASE_KIND, in_each_language([release.pk]), at=at)
    facts = {"number": number, "channel": channel.value, "released_on": released_on, "serial": release.serial}
    audit.record("release.published", _subject(version), by=by, at=at, before=_kept(before), after=facts)
    return release


@transaction.atomic
def withdraw_release(release: Release, *, by: Actor, at: datetime) -> Release:
    """Pull a build that turned out bad: nobody is offered it any more. Who runs it goes on; what it covers does not change."""
    Product.objects.select_for_update().get(pk=release.version.product_id)
    row = Release.objects.select_for_update(of=("self",)).select_related("version__product").get(pk=release.pk)
    if row.withdrawn_at is None:
        row.withdrawn_at = row.changed_at = at
        row.serial = _next_serial(row.version)
        row.save(update_fields=["withdrawn_at", "changed_at", "serial"])
        search.index(RELEASE_KIND, in_each_language([row.pk]), at=at)
        audit.record("release.withdrawn", _subject(row.version), by=by, at=at, facts={"number": row.number})
    return row


def _subject(version: Version) -> str:
    return f"version:{version.product.code}-{version.major}"


def _next_serial(version: Version) -> int:
    newest = Release.objects.filter(version__product=version.product_id).aggregate(newest=Max("serial"))["newest"]
    return int(newest or 0) + 1


def _said(release: Release) -> dict[str, Any]:
    names = (
        "released_on", "channel", "is_security", "back_dated_to", "min_from", "notes_cs", "notes_en", "notes_url", "fixes",
    )  # fmt: skip
    files = list(release.files.order_by("platform").values("platform", "url", "sha256", "size"))
    return {name: getattr(release, name) for name in names} | {"files": files}


def _kept(before: dict[str, Any] | None) -> dict[str, Any] | None:
    """What the audit keeps of the old state: notes are long and lie in the release itself."""
    return {name: before[name] for name in ("released_on", "channel", "back_dated_to")} if before else None
