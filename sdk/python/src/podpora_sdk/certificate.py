"""The signed certificate of a device, checked: what it says can be relied on, also offline (A-9, A-11, S12, S32)."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from podpora_sdk import jws
from podpora_sdk.errors import Refusal
from podpora_sdk.keyring import KeyRing

PRODUCT_MISMATCH = "licence.product_mismatch"
WRONG_DEVICE = "licence.wrong_device"
MATCH = 2
DAY = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True)
class Covers:
    """Which versions a licence covers. `text` is for people."""

    everything: bool
    through_major: int | None
    released_until: date | None = None  # coverage by date: versions released on this day or before
    until: date | None = None  # the last day of the right to run; None: for ever

    def covers(self, major: int, released_on: date | None = None) -> bool:
        """Is a version of this major covered? `released_on` counts where the licence covers by date, and is compiled in."""
        if self.everything:
            return True
        if self.through_major is not None and major <= self.through_major:
            return True
        return self.released_until is not None and released_on is not None and released_on <= self.released_until

    def __str__(self) -> str:
        if self.everything:
            return "all versions"
        if self.released_until is not None:
            return f"versions released until {self.released_until.isoformat()}"
        return f"versions up to {self.through_major}.*" if self.through_major is not None else "no version"


@dataclass(frozen=True)
class Certificate:
    """The checked claims. `text` is the JWS itself, `kid` the key that signed it."""

    text: str
    kid: str
    issuer: str
    licence: str
    number: str
    issued_at: int
    lease_ends_at: int
    serial: int
    activation: str
    product: str
    edition: str
    kind: str
    device: str
    parts: Mapping[str, str]
    match: int
    covers: Covers
    support_through: date | None
    seats: int
    holder: str
    features: Mapping[str, Any]
    refresh_after: int
    server_time: int
    notices: tuple[str, ...]
    nonce: str = ""
    device_key: str = ""  # `cnf`: the public key of the installation that it is for; empty: for whoever has this fingerprint
    claims: Mapping[str, Any] = field(default_factory=dict, repr=False)

    @property
    def is_perpetual(self) -> bool:
        """No last day of the right to run: it never depends on a clock."""
        return self.covers.until is None


def read(text: str, ring: KeyRing, *, now: int | None = None) -> Certificate:
    """A certificate whose form and signature hold. `now`: it comes in new, so the time of its key is looked at too. Else Refusal."""
    claims, kid = jws.verified(text, jws.LICENCE_TYPE, ring.key)
    made = _from_claims(text, kid, claims)
    ring.look_at_time(kid, made.issued_at, now=now)
    return made


def belongs(
    certificate: Certificate, *, product: str, issuer: str | None, fingerprint: Mapping[str, str], device_key: str = ""
) -> None:
    """Refusal unless it is for this program, this device and, where it names a key (S34), this installation."""
    if certificate.product != product:
        raise Refusal(PRODUCT_MISMATCH, "another product", product=certificate.product)
    if issuer is not None and certificate.issuer != issuer:
        raise Refusal(PRODUCT_MISMATCH, "another issuer", product=certificate.product)
    if not same_device(fingerprint, certificate.parts, certificate.match):
        raise Refusal(WRONG_DEVICE, "the fingerprint is another device's")
    if certificate.device_key and certificate.device_key != device_key:
        raise Refusal(WRONG_DEVICE, "it is for another installation's key")


def same_device(given: Mapping[str, str], known: Mapping[str, str], match: int = MATCH) -> bool:
    """Is it the same device? At least `match` equal parts, and at least half of the parts that both name (A-2, A-3)."""
    equal = sum(1 for name, value in given.items() if known.get(name) == value)
    shared = len(given.keys() & known.keys())
    return equal >= max(1, min(match, max(len(given), len(known))), -(-shared // 2))


def device_hash(fingerprint: Mapping[str, str]) -> str:
    """The name of a set of parts: SHA-256 over its canonical JSON (members sorted, no spaces, ASCII), base64url without padding."""
    text = json.dumps(dict(fingerprint), sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()


def _from_claims(text: str, kid: str, claims: dict[str, Any]) -> Certificate:
    reader = Reader(claims)
    run = Reader(reader.map("run"))
    mark = Reader(reader.map("fingerprint"))
    parts = mark.map("parts")
    if not parts or not all(isinstance(value, str) for value in parts.values()):
        jws.malformed("fingerprint.parts are not texts")
    covers = Covers(
        run.flag("all"),
        run.number_or_none("through_major"),
        run.day_or_none("updates_until", optional=True),
        run.day_or_none("until"),
    )
    made = Certificate(
        text=text, kid=kid, issuer=reader.text("iss"), licence=reader.text("sub"), number=reader.text("jti"),
        issued_at=reader.number("iat"), lease_ends_at=reader.number("exp"), serial=reader.number("serial"),
        activation=reader.text("activation"), product=reader.text("product"), edition=reader.text("edition"),
        kind=reader.text("kind"), device=reader.text("device"), parts=parts, match=mark.number("match"), covers=covers,
        support_through=reader.day_or_none("support_through"), seats=reader.number("seats"), holder=reader.text("holder", empty=True),
        features=reader.map("features"), refresh_after=reader.number("refresh_after"), server_time=reader.number("server_time"),
        notices=reader.texts("notices"), nonce=reader.text("nonce", optional=True, empty=True),
        device_key=_confirmed(claims), claims=claims,
    )  # fmt: skip
    if made.lease_ends_at <= made.issued_at or made.match < 1:
        jws.malformed("the lease ends before it begins, or match is 0")
    if made.device != device_hash(parts):
        jws.malformed("device is not the hash of the parts")
    return made


def _confirmed(claims: Mapping[str, Any]) -> str:
    """The key in `cnf` (RFC 7800). A certificate without `cnf` is bound by its fingerprint alone; one that can't be read is none."""
    if "cnf" not in claims:
        return ""
    found = Reader(Reader(Reader(claims).map("cnf")).map("jwk"))
    x = found.text("x")
    if found.text("kty") != "OKP" or found.text("crv") != "Ed25519" or len(jws.decoded(x)) != 32:
        jws.malformed("cnf.jwk is not an Ed25519 key")
    return x


class Reader:
    """Claims by name and type; Refusal `licence.certificate_malformed` for what is missing or of another type."""

    def __init__(self, claims: Mapping[str, Any]) -> None:
        self._claims = claims

    def text(self, name: str, *, optional: bool = False, empty: bool = False) -> str:
        value = self._claims.get(name, "" if optional else None)
        if not isinstance(value, str) or not (value or empty):
            jws.malformed(f"{name} is not a text")
        return value

    def number(self, name: str) -> int:
        value = self._claims.get(name)
        if type(value) is not int or value < 0:
            jws.malformed(f"{name} is not a whole number")
        return value

    def number_or_none(self, name: str) -> int | None:
        self._there(name)
        return None if self._claims[name] is None else self.number(name)

    def flag(self, name: str) -> bool:
        value = self._claims.get(name)
        if type(value) is not bool:
            jws.malformed(f"{name} is not true or false")
        return value

    def day_or_none(self, name: str, *, optional: bool = False) -> date | None:
        if optional and name not in self._claims:
            return None
        self._there(name)
        value = self._claims[name]
        if value is None:
            return None
        try:
            if not isinstance(value, str) or not DAY.fullmatch(value):
                raise ValueError
            return date.fromisoformat(value)
        except ValueError:
            jws.malformed(f"{name} is not a date")

    def map(self, name: str) -> dict[str, Any]:
        value = self._claims.get(name)
        if not isinstance(value, dict):
            jws.malformed(f"{name} is not an object")
        return value

    def texts(self, name: str) -> tuple[str, ...]:
        value = self._claims.get(name)
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            jws.malformed(f"{name} is not a list of texts")
        return tuple(value)

    def _there(self, name: str) -> None:
        if name not in self._claims:
            jws.malformed(f"{name} is missing")


def newest(certificates: Iterable[Certificate]) -> Certificate | None:
    """Of several for one device: the one that was issued last, then the one with the highest serial."""
    return max(certificates, key=lambda one: (one.issued_at, one.serial), default=None)
