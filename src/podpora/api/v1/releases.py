"""Releases: the public list with signed manifests, publishing by the vendor's build system, and what a device may update to."""

from datetime import date
from typing import Annotated, Any, Literal

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from ninja import Router
from pydantic import Field, StringConstraints

from podpora.api.access import activation_of, anybody, caller_of, device, vendor
from podpora.api.envelope import answer, explained
from podpora.api.lists import listing
from podpora.api.v1.schemas import Strict, major_of
from podpora.base.clock import format_instant, vendor_date
from podpora.base.errors import InvalidInput, NotYours
from podpora.catalog import actions, queries
from podpora.catalog.actions import FileFacts, ReleaseMore, ReleaseNotes
from podpora.catalog.models import Release
from podpora.catalog.values import ReleaseChannel
from podpora.journeys import activation as activation_journey
from podpora.journeys import releases as journey
from podpora.orders.values import Quote

router = Router(tags=["releases"])
vendors = vendor("catalog", "catalog")
ChannelName = Literal["stable", "rc", "beta", "alpha", "dev"]
Number = Annotated[str, StringConstraints(min_length=1, max_length=50, strip_whitespace=True), Field(examples=["10.2.1"])]
Day = Annotated[date, Field(strict=False, examples=["2026-11-22"])]
ShortText = Annotated[str, StringConstraints(max_length=50, strip_whitespace=True)]
Notes = Annotated[str, StringConstraints(max_length=10_000)]


class NotesIn(Strict):
    cs: Notes = ""
    en: Notes = ""


class FileIn(Strict):
    """A download. `platform`: lower case, for example windows-x64, macos-arm64, linux-x64."""

    platform: Annotated[str, StringConstraints(min_length=1, max_length=30)]
    url: Annotated[str, StringConstraints(min_length=1, max_length=500)]
    sha256: Annotated[str, StringConstraints(min_length=64, max_length=64)]
    size: Annotated[int, Field(ge=1, le=2**40)]


class ReleaseIn(Strict):
    """`channel` follows from the number unless it is given. `fixes`: codes of known problems."""

    product: Annotated[str, StringConstraints(max_length=40)]
    version: Number
    released_on: Day
    notes: Notes | NotesIn = ""
    fixes: Annotated[list[ShortText], Field(max_length=200)] = []
    channel: ChannelName | None = None
    security: bool = False
    back_dated_to: Day | None = None
    min_from: Annotated[str, StringConstraints(max_length=50)] = ""
    notes_url: Annotated[str, StringConstraints(max_length=500)] = ""
    files: Annotated[list[FileIn], Field(max_length=30)] = []

    def notes_given(self) -> ReleaseNotes:
        return (
            ReleaseNotes(self.notes.cs, self.notes.en) if isinstance(self.notes, NotesIn) else ReleaseNotes(self.notes, self.notes)
        )

    def more(self) -> ReleaseMore:
        if self.notes_url and not self.notes_url.startswith("https://"):
            raise InvalidInput({"notes_url": ["release.not_https"]})
        return ReleaseMore(
            ReleaseChannel(self.channel) if self.channel else None, self.security, self.back_dated_to, self.min_from, self.notes_url,
            tuple(self.fixes), tuple(FileFacts(f.platform, f.url, f.sha256.lower(), f.size) for f in self.files),
        )  # fmt: skip


def release_json(release: Release) -> dict[str, Any]:
    """A release as everybody may see it, its notes in the reader's language."""
    own, other = release.notes_en, release.notes_cs
    if (get_language() or "").startswith("cs"):
        own, other = other, own
    product = release.version.product.code
    return {
        "product": product, "version": release.number, "major": release.version.major, "channel": release.channel,
        "released_on": release.released_on, "security": release.is_security, "back_dated_to": release.back_dated_to,
        "min_from": release.min_from or None, "notes": own or other, "notes_url": release.notes_url or None, "fixes": release.fixes,
        "files": [{"platform": f.platform, "url": f.url, "sha256": f.sha256, "size": f.size} for f in release.files.all()],
        "published_at": format_instant(release.published_at) if release.published_at else None,
        "manifest_url": f"{settings.SITE_URL}/api/v1/releases/{release.number}/manifest?product={product}",
    }  # fmt: skip


@router.get("releases", auth=anybody)
def releases(
    request: HttpRequest, product: str = "", channel: str = "", major: str = "", limit: str = "", cursor: str = ""
) -> HttpResponse:
    """Every release that was not withdrawn, the last published first. `?channel=stable`, `?major=10`, `?product=` narrow it."""
    rows = queries.releases(queries.product(product[:40])).filter(withdrawn_at__isnull=True)
    if channel:
        if channel not in list(ReleaseChannel):
            raise InvalidInput({"channel": ["unknown"]})
        rows = rows.filter(channel=channel)
    if major:
        if not major.isascii() or not major.isdigit() or len(major) > 5:
            raise InvalidInput({"major": ["not_valid"]})
        rows = rows.filter(version__major=int(major))
    return listing(request, rows, release_json)


@router.post("releases", auth=vendors, response={201: Any, 200: Any})
def publish(request: HttpRequest, body: ReleaseIn) -> HttpResponse:
    """Publish a build: 201; the same number again changes what is said about it: 200. Its major has to be announced already.

    `notes` is a text for every language, or `{cs, en}`. 409 `release.withdrawn`: a number that was pulled is not used again.
    """
    by, at = caller_of(request).actor, request.now  # type: ignore[attr-defined]
    product = _product(body.product)
    major = major_of(body.version)
    version = queries.versions(product).filter(major=major).first() if major is not None else None
    if version is None:
        code = "release.not_a_number" if major is None else "release.version_unknown"
        raise InvalidInput({"version": [code]}, {"version": {"major": major}})
    was_there = version.releases.filter(number=body.version).exists()
    try:
        made = journey.publish(
            version, body.version, released_on=body.released_on, notes=body.notes_given(), more=body.more(), by=by, at=at
        )
    except InvalidInput as problem:
        raise InvalidInput({"version" if name == "number" else name: codes for name, codes in problem.fields.items()}) from None
    return answer(release_json(queries.release(product, made.number)), 200 if was_there else 201)


def _product(code: str) -> Any:
    try:
        return queries.product(code)
    except NotYours:
        raise InvalidInput({"product": ["unknown"]}) from None


@router.get("releases/{version}", auth=anybody)
def release(request: HttpRequest, version: str, product: str = "") -> HttpResponse:
    """One release."""
    return answer(release_json(_found(version, product)))


@router.get("releases/{version}/manifest", auth=anybody)
def manifest(request: HttpRequest, version: str, product: str = "") -> HttpResponse:
    """`{version, manifest}`: the signed manifest of a release, a compact JWS (`typ` podpora-release+jwt) for the updater to check."""
    found = _found(version, product)
    signed = journey.manifest(found, at=request.now)  # type: ignore[attr-defined]
    return answer({"version": found.number, "manifest": signed}, headers={"Cache-Control": "public, max-age=300"})


@router.api_operation(["DELETE"], "releases/{version}", auth=vendors, response={204: None})
def withdraw(request: HttpRequest, version: str, product: str = "") -> HttpResponse:
    """Pull a bad build: nobody is offered it any more. Who runs it goes on. Its number is not used again."""
    found = queries.release(queries.product(product[:40]), version[:50])
    actions.withdraw_release(found, by=caller_of(request).actor, at=request.now)  # type: ignore[attr-defined]
    return answer(None, 204)


def _found(version: str, product: str) -> Release:
    found = queries.release(queries.product(product[:40]), version[:50])
    if found.withdrawn_at:
        raise NotYours
    return found


@router.get("activations/me/updates", auth=device, tags=["device"])
def updates(request: HttpRequest, version: str = "", channel: str = "stable", currency: str = "") -> HttpResponse:
    """May this device run `version` (without it: the one that it runs)? And what may it update to? Ask before anything is downloaded.

    `allowed`, `code`, `message` and `next` answer for the version (EOL-8). `covered_through`: the newest covered major, null for all
    versions. `update`: the newest release that this device may install now, with its signed manifest; null when it has it. `latest`:
    the newest there is, and whether it is `covered`. `upgrade`: what the way there costs, where it is not covered.
    """
    at = request.now  # type: ignore[attr-defined]
    activation = activation_of(request)
    if channel not in list(ReleaseChannel):
        raise InvalidInput({"channel": ["unknown"]})
    running = activation.device.app_version or "0"
    asked = version.strip() or running
    major = major_of(asked[:50])
    if major is None or len(asked) > 50:
        raise InvalidInput({"version": ["not_a_version"]})
    standing = activation_journey.device_standing(activation, major, version=asked, at=at)
    run = standing.rights.run
    found = journey.updates_for(
        activation.licence, standing.rights, running, channel=ReleaseChannel(channel), currency=_currency(currency, at), at=at
    )
    told = explained(standing.run)
    stopped = any(reason.blocks and reason.code != "version.not_covered" for reason in standing.run.reasons)
    return answer({
        "allowed": told["allowed"], "code": told["code"], "message": told["message"], "next": told["next"], "version": asked,
        "covered_through": None if run.covers_all else run.newest_major,
        **({"updates_until": run.updates_until} if run.updates_until else {}),
        "update": None if stopped else _offered(found.newest, at),
        "latest": ({**_named(found.latest), "covered": found.latest_is_covered} if found.latest else None),
        "upgrade": _price(found.upgrade), "server_time": format_instant(at),
    })  # fmt: skip


def _named(release: Release) -> dict[str, Any]:
    return {
        "version": release.number, "channel": release.channel, "released_on": release.released_on, "security": release.is_security,
    }  # fmt: skip


def _offered(release: Release | None, at: Any) -> dict[str, Any] | None:
    if release is None:
        return None
    told = release_json(release)
    names = ("version", "channel", "released_on", "security", "notes", "notes_url", "min_from", "files")
    return {name: told[name] for name in names} | {"manifest": journey.manifest(release, at=at)}


def _price(quote: Quote | None) -> dict[str, Any] | None:
    """What the upgrade costs, and what comes of it, where it is bought."""
    if quote is None:
        return None
    line = quote.lines[0]
    after = line.after
    return {
        "offer": line.offer.code, "price": quote.totals.gross.wire(), "currency": quote.currency,
        "covered_through": None if after.run.covers_all else after.run.newest_major, "support_through": after.support_through,
        "url": f"{settings.SITE_URL}/shop/upgrade/{line.licence}/",
    }  # fmt: skip


def _currency(wished: str, at: Any) -> str:
    """The wished currency, else the one of the reader's language, if something is sold in it."""
    sold = queries.currencies(vendor_date(at, settings.VENDOR_ZONE))
    by_language = "CZK" if (get_language() or "").startswith("cs") else "EUR"
    return next((code for code in (wished.upper()[:3], by_language) if code in sold), sold[0] if sold else "CZK")
