"""Releases and those who may have them: publishing, signed manifests, "may this device update?", "the newest version that you own".

The catalogue knows what is out, the ledger what a licence covers, licensing signs. This story asks each and decides nothing itself.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import transaction

from podpora.base.actors import Actor
from podpora.base.clock import vendor_date
from podpora.base.decisions import Decision, Refused
from podpora.base.errors import NotYours
from podpora.catalog import actions as catalog_actions
from podpora.catalog import queries as catalog
from podpora.catalog.actions import ReleaseMore, ReleaseNotes
from podpora.catalog.models import Product, Release, Version
from podpora.catalog.values import ReleaseChannel, ReleaseFacts
from podpora.entitlements import rules
from podpora.entitlements.values import Rights, RunRight
from podpora.journeys import fixes, upgrade
from podpora.journeys import rights as rights_journey
from podpora.licensing import actions as licensing
from podpora.licensing.models import Licence
from podpora.orders.values import Quote

RELEASE_TYPE = "podpora-release+jwt"


def may_run_version(run: RunRight, product: int, version: str, major: int, facts: rights_journey.Facts, *, on: date) -> Decision:
    """May a program of this version run? By its major, and where the licence covers by date by the release that it is (one query)."""
    if run.updates_until is None or run.covers_all:
        return rules.may_run_version(run, major, facts.versions, on=on)
    known = catalog.release_facts(product) if facts.releases is None else facts.releases
    release = rules.release_meant(version, known, on=on)
    if release is None:
        return rules.may_run_version(run, major, facts.versions, on=on)
    return rules.may_run_release(run, release, facts.versions, on=on)


@transaction.atomic
def publish(
    version: Version, number: str, *, released_on: date, notes: ReleaseNotes, more: ReleaseMore, by: Actor, at: datetime
) -> Release:
    """A build is out (or what is said about it changes), and whoever listens hears of it; problems that it fixes are fixed (journeys.fixes)."""
    release = catalog_actions.publish_release(version, number, released_on=released_on, notes=notes, more=more, by=by, at=at)
    fixes.mark_fixed(release, by=by, at=at)
    return release


@dataclass(frozen=True, slots=True)
class Updates:
    """What a device is told about updates. `newest`: the newest one that it may install now; `latest`: the newest there is."""

    newest: Release | None
    latest: Release | None
    latest_is_covered: bool
    upgrade: Quote | None


def updates_for(licence: Licence, rights: Rights, version: str, *, channel: ReleaseChannel, currency: str, at: datetime) -> Updates:
    """The releases for a device that runs `version`, and what it would cost to have the rest (EOL-8)."""
    on = vendor_date(at, settings.VENDOR_ZONE)
    known = catalog.release_facts(licence.product_id)
    latest = rules.newest_of(known, on=on, channel=channel)
    covered = latest is not None and rules.covers_release(rights.run, latest)
    newest = rules.next_update(rights.run, known, version, on=on, channel=channel)
    rows = _rows(licence.product_id, [newest, latest])
    price = upgrade_price(licence, currency=currency, at=at) if latest is not None and not covered else None
    return Updates(_row(rows, newest), _row(rows, latest), covered, price)


def upgrade_price(licence: Licence, *, currency: str, at: datetime) -> Quote | None:
    """The way to the newest version, with its price; None where there is none to be bought."""
    if licence.customer is None:
        return None  # a trial that belongs to nobody yet: it runs everything or nothing
    try:
        quote = upgrade.offer(licence, currency=currency, at=at)
    except (Refused, NotYours):
        return None
    return quote if quote.decision.allowed else None


def newest_owned(licence: Licence, rights: Rights, *, at: datetime) -> Release | None:
    """The newest version that this licence covers, for ever, with its files; also after support, updates or a version have ended."""
    on = vendor_date(at, settings.VENDOR_ZONE)
    if rights.base is None:
        return None
    found = rules.newest_owned(rights.run, catalog.release_facts(licence.product_id), on=on)
    return _row(_rows(licence.product_id, [found]), found)


def _rows(product: int, wanted: Iterable[ReleaseFacts | None]) -> dict[str, Release]:
    numbers = {facts.number for facts in wanted if facts is not None}
    return {row.number: row for row in catalog.releases(product).filter(number__in=numbers)} if numbers else {}


def _row(rows: dict[str, Release], facts: ReleaseFacts | None) -> Release | None:
    return rows.get(facts.number) if facts is not None else None


def manifest(release: Release, *, at: datetime) -> str:
    """The signed manifest of a release (S37): what it is, where its files lie and what they hash to."""
    product = release.version.product
    facts = {row.number: row for row in catalog.release_facts(product)}.get(release.number)
    if facts is None:
        raise NotYours  # withdrawn
    return licensing.sign(claims_of(release, facts, catalog.feed_state(product)), typ=RELEASE_TYPE, at=at)


def manifests(product: Product, *, at: datetime) -> list[str]:
    """The manifests of the newest release of each channel: what an air-gapped administrator carries to his devices."""
    on = vendor_date(at, settings.VENDOR_ZONE)
    known = catalog.release_facts(product)
    newest = [rules.newest_of([r for r in known if r.channel is channel], on=on, channel=channel) for channel in ReleaseChannel]
    rows = _rows(product.pk, newest)
    found: Sequence[Release] = [row for facts in newest if (row := _row(rows, facts)) is not None]
    return [manifest(row, at=at) for row in found]


# The serial: the debate.
#
# A client keeps the greatest serial that it saw and refuses a manifest with a smaller one (S37), so that nobody can hold a device on an
# old version, which has a known hole, by showing it yesterday's manifest. Were the serial that of the release itself, a fix of an old line (10.1.5,
# published after 10.2.1) would make the newer version unreachable: its manifest would look older. So the serial is that of the whole
# list of releases, as it was when the manifest was asked for: it grows with everything that is published or withdrawn.
def claims_of(release: Release, facts: ReleaseFacts, feed: tuple[int, datetime | None]) -> dict[str, Any]:
    """All claims of a manifest (docs/reference/releases.md)."""
    serial, changed_at = feed
    made = changed_at or release.published_at
    return {
        "iss": settings.SITE_URL,
        "iat": int(made.timestamp()) if made else 0,
        "serial": serial,
        "product": release.version.product.code,
        "version": release.number,
        "major": facts.major,
        "channel": release.channel,
        "released_on": release.released_on.isoformat(),
        "covers_on": (facts.covers_on or release.released_on).isoformat(),
        "security": release.is_security,
        "min_from": release.min_from or None,
        "notes_url": release.notes_url or f"{settings.SITE_URL}/versions/#v{facts.major}",
        "files": [{"platform": f.platform, "url": f.url, "sha256": f.sha256, "size": f.size} for f in release.files.all()],
    }
