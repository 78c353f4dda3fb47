"""Versions: what a licence covers, what there is to update to, and signed lists of releases (EOL-8, S37)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from podpora_sdk import jws
from podpora_sdk.answers import Result, State, Update
from podpora_sdk.certificate import Covers, Reader
from podpora_sdk.errors import Refusal
from podpora_sdk.holding import Holding
from podpora_sdk.keyring import KeyRing
from podpora_sdk.server import Server, next_of
from podpora_sdk.store import Doc
from podpora_sdk.texts import language_of, sentence, steps

VERSION = re.compile(r"[vV]?(\d{1,4})((?:\.\d{1,9}){0,4})([-+ A-Za-z(][0-9A-Za-z.+() _-]{0,30})?", re.ASCII)
NOT_COVERED, STALE = "version.not_covered", "release.stale"


@dataclass(frozen=True)
class File:
    """One download of a release."""

    platform: str
    url: str
    sha256: str
    size: int


@dataclass(frozen=True)
class Release:
    """A checked release manifest."""

    text: str
    product: str
    version: str
    channel: str
    released_on: date | None
    covers_on: date | None
    security: bool
    notes_url: str
    min_from: str
    serial: int
    files: tuple[File, ...]


def major_of(version: str) -> int | None:
    """`10.2.1-beta2` -> 10; None when it is not a version."""
    found = VERSION.fullmatch(version.strip()) if len(version) <= 60 else None
    return int(found[1]) if found else None


def numbers_of(version: str) -> tuple[int, ...] | None:
    """`10.2` -> (10, 2), for comparing; None when it is not a version."""
    found = VERSION.fullmatch(version.strip()) if len(version) <= 60 else None
    if not found:
        return None
    numbers = [int(found[1]), *(int(number) for number in found[2].split(".")[1:])]
    while len(numbers) > 1 and numbers[-1] == 0:
        numbers.pop()
    return tuple(numbers)


def covers_text(covers: Covers, language: str) -> str:
    """What a licence covers, for a sentence."""
    if language_of(language) != "cs":
        return str(covers)
    if covers.everything:
        return "všechny verze"
    if covers.released_until is not None:
        day = covers.released_until
        return f"verze vydané do {day.day}. {day.month}. {day.year}"
    return f"verze do {covers.through_major}.*" if covers.through_major is not None else "žádnou verzi"


def may_update(state: State, version: str, released_on: date | None, *, language: str, server: str) -> Update:
    """EOL-8: is this version covered by the certificate that we have?"""
    major = major_of(version)
    if major is None:
        return Update(False, "version.not_a_version", sentence("version.not_a_version", language), version)
    if state.covers is None:
        return Update(False, state.reason, state.message, version, next=state.next)
    covers = state.covers
    text = covers_text(covers, language)
    through = f"{covers.through_major}.*" if covers.through_major is not None and not covers.everything else ""
    if not covers.covers(major, released_on):
        message = sentence(NOT_COVERED, language, covers=text, version=version)
        return Update(False, NOT_COVERED, message, version, through, steps(NOT_COVERED, language, server))
    if not state.may_run and state.reason != NOT_COVERED:
        return Update(False, state.reason, state.message, version, through, state.next)
    return Update(True, "update.available", sentence("update.available", language, version=version), version, through)


def ask(holding: Holding, server: Server, own: str, *, version: str = "", channel: str = "stable") -> Result:
    """`GET activations/me/updates`: the server's own answer in `data`; signed manifests in it are checked and remembered."""
    token = holding.doc().get("token")
    if not isinstance(token, str) or not token:
        return server.result("licence.not_activated")
    version = version or own
    if major_of(version) is None:
        return server.result("version.not_a_version")
    query = f"version={_quoted(version)}" + (f"&channel={_quoted(channel)}" if channel != "stable" else "")
    answer = server.call("GET", f"activations/me/updates?{query}", token=token)
    if answer.status != 200:
        return server.refused(answer)
    learn(holding, manifests_in(answer.body))
    return _told(server, answer.body, own)


def _told(server: Server, body: Mapping[str, Any], own: str) -> Result:
    """What the server said: the newest release that may be installed, that there is none, or why not."""
    update = body.get("update")
    offered = str(update.get("version", "")) if isinstance(update, dict) else ""
    if (numbers_of(offered) or ()) <= (
        numbers_of(own) or ()
    ):  # the server knows what ran at the last contact; this was updated since
        offered = ""
    if body.get("allowed"):
        known = server.result("update.available" if offered else "update.none", ok=True, version=offered)
        return replace(known, data=body)
    code = str(body.get("code", "server.refused"))
    message = str(body.get("message") or sentence(code, server.language))
    return replace(server.result(code), message=message, next=next_of(body.get("next")), data=body)


def _quoted(text: str) -> str:
    from urllib.parse import quote

    return quote(text.strip(), safe="")


def manifests_in(value: Any, depth: int = 0) -> list[str]:
    """Every text under `manifest`, `manifests` or `releases` of an answer that looks like a JWS."""
    if isinstance(value, str):
        return [value] if value.count(".") == 2 and len(value) > 100 else []
    if isinstance(value, Mapping) and depth < 6:
        return [text for inner in value.values() for text in manifests_in(inner, depth + 1)]
    if isinstance(value, list) and depth < 6:
        return [text for inner in value for text in manifests_in(inner, depth + 1)]
    return []


def read(text: str, ring: KeyRing, *, product: str, now: int | None = None) -> Release:
    """A release manifest whose form, signature and product hold. Refusal otherwise (S37)."""
    claims, kid = jws.verified(text, jws.RELEASE_TYPE, ring.key, longest=jws.LONGEST_SETTINGS)
    reader = Reader(claims)
    if reader.text("product") != product:
        raise Refusal("licence.product_mismatch", "another product's release", product=reader.text("product"))
    if major_of(reader.text("version")) is None:
        jws.malformed("version is not a version")
    ring.look_at_time(kid, reader.number("iat"), now=now)
    files = claims.get("files", [])
    if not isinstance(files, list) or not all(isinstance(one, dict) for one in files):
        jws.malformed("files are not objects")
    return Release(
        text, product, reader.text("version"), reader.text("channel"),
        reader.day_or_none("released_on", optional=True), reader.day_or_none("covers_on", optional=True),
        claims.get("security") is True, str(claims.get("notes_url") or ""), str(claims.get("min_from") or ""), reader.number("serial"),
        tuple(_file(Reader(one)) for one in files),
    )  # fmt: skip


def _file(reader: Reader) -> File:
    file = File(reader.text("platform"), reader.text("url"), reader.text("sha256").lower(), reader.number("size"))
    if not re.fullmatch("[0-9a-f]{64}", file.sha256) or not file.url.startswith("https://"):
        jws.malformed("a file has no https address or no SHA-256")
    return file


def learn(holding: Holding, texts: Iterable[str]) -> list[Release]:
    """Keep the checked ones; per channel nothing older than what is known (S37). What does not hold is left out."""
    taken = []
    for text in texts:
        try:
            release = read(text, holding.ring, product=holding.identity.product, now=holding.judged().now)
            holding.change(lambda doc, release=release: _keep(doc, release))  # type: ignore[misc]
        except Refusal:
            continue
        taken.append(release)
    return taken


def _keep(doc: Doc, release: Release) -> None:
    known = doc.get("releases")
    known = known if isinstance(known, dict) else {}
    highest = doc.get("release_serial")  # of the whole list of releases, so one for all channels
    if release.serial < (highest if type(highest) is int else -1):
        raise Refusal(STALE, "a newer manifest is known")
    doc["releases"] = {**known, release.channel: release.text}
    doc["release_serial"] = release.serial


def coverage_date(holding: Holding, version: str) -> date | None:
    """The day that decides about this version where a licence covers by date, if a signed manifest has told it."""
    known = holding.doc().get("releases")
    channels = list(known) if isinstance(known, dict) else []
    found = [
        release
        for channel in channels
        if (release := newest(holding, channel)) and numbers_of(release.version) == numbers_of(version)
    ]
    return (found[0].covers_on or found[0].released_on) if found else None


def newest(holding: Holding, channel: str = "stable") -> Release | None:
    """The newest release that a signed manifest has told of."""
    known = holding.doc().get("releases")
    text = known.get(channel) if isinstance(known, dict) else None
    try:
        return read(text, holding.ring, product=holding.identity.product) if isinstance(text, str) else None
    except Refusal:
        return None
