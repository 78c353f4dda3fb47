"""The signed certificate: a compact JWS (EdDSA, Ed25519). See docs/reference/licensing.md for its claims.

`typ` separates domains: a certificate can't pass as settings or as the announcement of a key, nor the other way round.
"""

import base64
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from hashlib import sha256
from typing import Any

from podpora.licensing.rules.devices import device_hash, own_parts_needed
from podpora.licensing.values import SEEN_EVERY_SECONDS, SHORTEST_LEASE_DAYS, SUSPENSIONS, Granted

LICENCE_TYPE = "podpora-licence+jwt"
KEY_TYPE = "podpora-key+jwt"
_BEGINNING, _MICROSECOND = datetime(1970, 1, 1, tzinfo=UTC), timedelta(microseconds=1)
REFRESH_AFTER = timedelta(hours=24)  # EOL-9
_REFRESH_SECONDS = int(REFRESH_AFTER.total_seconds())


def written(value: Any) -> str:
    """As JSON, in the form that certificates have."""
    return _ENCODER.encode(value)


_ENCODER = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False)


def _encoded(value: Mapping[str, Any]) -> str:
    return _base64url(written(value).encode())


def _base64url(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def unsigned_part(claims: Mapping[str, Any], *, kid: str, typ: str) -> str:
    """Header and claims: what is signed."""
    return f"{_header(kid, typ)}.{_encoded(claims)}"


@lru_cache(maxsize=16)
def _header(kid: str, typ: str) -> str:
    return _encoded({"alg": "EdDSA", "typ": typ, "kid": kid})


def compact(unsigned: str, signature: bytes) -> str:
    return f"{unsigned}.{_base64url(signature)}"


def lease_end(granted: Granted, at: datetime) -> datetime:
    """A-10: never less than 14 days, unless a shorter time was asked for (A-9). A suspended licence gets the shortest lease (X-4)."""
    shortest = timedelta(days=SHORTEST_LEASE_DAYS)
    lease = granted.ttl or max(timedelta(days=granted.lease_days), shortest)
    return at + (lease if SUSPENSIONS.isdisjoint(granted.decision.codes) else min(lease, shortest))


# The serial: the debate.
#
# An older file must never replace a newer one, so every certificate of an activation has a greater serial than those before it. A
# counter needs a write for each certificate, and a hundred thousand devices that ask once a day would be a hundred thousand writes
# that say nothing. So the serial is the time, in microseconds: it grows by itself. A clock can be set back, though, and an activation
# that was given a serial of next year would refuse everything until then. Therefore two things that are written anyway are the floor:
# the serial of the newest activation, and when the device was last seen (at most an hour old while it is asked for). Where the clock
# stands below either, the serial is one more than the floor, and is written.
def next_serial(newest: int, seen_at: datetime, at: datetime) -> tuple[int, bool]:
    """The serial of a certificate that is signed now, and whether it has to be written down (the clock was set back)."""
    floor = newest
    if at < seen_at:
        floor = max(newest, microseconds(seen_at) + SEEN_EVERY_SECONDS * 1_000_000)
    now = microseconds(at)
    return (now, False) if now > floor else (floor + 1, True)


def microseconds(at: datetime) -> int:
    """Since 1970: what a serial is made of."""
    return (at - _BEGINNING) // _MICROSECOND


def claims_of(
    facts: Mapping[str, Any], granted: Granted, fingerprint: Mapping[str, str], *, issuer: str, at: datetime
) -> dict[str, Any]:
    """All claims. `facts`: sub, jti, activation, serial, product, edition, kind, seats, holder, features, nonce and key (left out when empty).

    `key`: of the installation that the certificate is for; it stands in `cnf` (RFC 7800), and whoever has it can show so (S34).
    """
    claims = {
        "iss": issuer,
        "sub": facts["sub"],
        "jti": facts["jti"],
        "iat": int(at.timestamp()),
        "exp": int(lease_end(granted, at).timestamp()),
        "serial": facts["serial"],
        "activation": facts["activation"],
        "product": facts["product"],
        "edition": facts["edition"],
        "kind": facts["kind"],
        "device": device_hash(fingerprint),
        "fingerprint": {"match": own_parts_needed(len(fingerprint)), "parts": dict(fingerprint)},
        "run": {
            "all": granted.covers_all,
            "through_major": granted.through_major,
            "until": granted.until.isoformat() if granted.until else None,
        }
        | ({"updates_until": granted.updates_until.isoformat()} if granted.updates_until else {}),
        "support_through": granted.support_through.isoformat() if granted.support_through else None,
        "seats": facts["seats"],
        "holder": facts["holder"],
        "features": facts["features"],
        "refresh_after": int((at + REFRESH_AFTER).timestamp()),
        "server_time": int(at.timestamp()),
        "notices": list(granted.notices),
    }
    claims |= {"cnf": {"jwk": {"kty": "OKP", "crv": "Ed25519", "x": facts["key"]}}} if facts.get("key") else {}
    return claims | ({"nonce": facts["nonce"]} if facts.get("nonce") else {})


# A certificate is filled in: of a hundred thousand that are alike, the dates of the rights and the notices are the same text, and only
# names and numbers differ. The form is made from `claims_of` itself, with a mark in each place that differs.
_DIFFERS = ("sub", "jti", "activation", "serial", "product", "edition", "kind", "seats", "holder", "features", "nonce", "key")
_MARK = re.compile(r'"\\u0000(\w+)"')


@dataclass(frozen=True, slots=True)
class Form:
    """The claims as text with gaps; what goes into a gap is JSON already (`written`). `lease`: seconds."""

    text: str
    lease: int

    def filled(self, values: Mapping[str, str | int], fingerprint: str, *, kid: str, typ: str, at: datetime) -> str:
        """Header and claims, as `unsigned_part` gives them. `fingerprint`: canonical JSON."""
        second = int(at.timestamp())
        count = fingerprint.count('":"')  # within a text of JSON no quotation mark stands bare
        canonical = (
            fingerprint if fingerprint.isascii() else json.dumps(json.loads(fingerprint), sort_keys=True, separators=(",", ":"))
        )
        claims = self.text % {
            **values, "now": second, "exp": second + self.lease, "refresh_after": second + _REFRESH_SECONDS,
            "device": f'"{_base64url(sha256(canonical.encode()).digest())}"', "match": own_parts_needed(count), "parts": fingerprint,
        }  # fmt: skip
        return f"{_header(kid, typ)}.{_base64url(claims.encode())}"


def form_of(granted: Granted, *, issuer: str, has_nonce: bool, has_key: bool) -> Form:
    """The certificate's form for everybody to whom the same is granted."""
    facts = {name: f"\0{name}" for name in _DIFFERS}
    facts |= {} if has_nonce else {"nonce": ""}
    facts |= {} if has_key else {"key": ""}
    claims = claims_of(facts, granted, {}, issuer=issuer, at=_BEGINNING)
    lease = claims["exp"]
    claims |= {"iat": "\0now", "server_time": "\0now", "exp": "\0exp", "refresh_after": "\0refresh_after", "device": "\0device"}
    claims["fingerprint"] |= {"match": "\0match", "parts": "\0parts"}
    return Form(_MARK.sub(r"%(\1)s", written(claims).replace("%", "%%")), lease)
