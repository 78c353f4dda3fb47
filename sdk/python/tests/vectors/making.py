"""Fixed keys, instants and claims, and signing exactly the bytes that are given."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

NOW = 1_790_000_000  # 2026-09-21T14:13:20Z
DAY = 86_400
PRODUCT, ISSUER = "postak", "https://licences.vendor.example"
LICENCE, ACTIVATION = "L-7KQ2MPXA", "V-9DRT4WZKH3QN"


def key(number: int) -> Ed25519PrivateKey:
    """A key whose private half everybody knows: never pin it anywhere but in tests."""
    return Ed25519PrivateKey.from_private_bytes(bytes([number]) * 32)


PINNED, SECOND, STRANGER, DEVICE, OTHER_DEVICE = (key(number) for number in range(1, 6))


def b64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def x_of(private: Ed25519PrivateKey) -> str:
    return b64(private.public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw))


def kid_of(private: Ed25519PrivateKey) -> str:
    return b64(hashlib.sha256(f'{{"crv":"Ed25519","kty":"OKP","x":"{x_of(private)}"}}'.encode()).digest())[:16]


def jwk(private: Ed25519PrivateKey, **more: Any) -> dict[str, Any]:
    return {"kty": "OKP", "crv": "Ed25519", "x": x_of(private), "kid": kid_of(private), "use": "sig", "alg": "EdDSA", **more}


def compact(value: Any) -> bytes:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()


def signed(header: bytes | Mapping[str, Any], payload: bytes | Mapping[str, Any], private: Ed25519PrivateKey = PINNED) -> str:
    """A compact JWS over exactly these bytes."""
    parts = [part if isinstance(part, bytes) else compact(part) for part in (header, payload)]
    unsigned = ".".join(b64(part) for part in parts)
    return f"{unsigned}.{b64(private.sign(unsigned.encode()))}"


def header(typ: str = "podpora-licence+jwt", private: Ed25519PrivateKey = PINNED, **more: Any) -> dict[str, Any]:
    return {"alg": "EdDSA", "typ": typ, "kid": kid_of(private), **more}


def hashed(raw: str, product: str = PRODUCT) -> str:
    import hmac

    return b64(hmac.new(raw.encode(), product.encode(), hashlib.sha256).digest())


RAW = {"machine": "0a1b2c3d4e5f60718293a4b5c6d7e8f9", "board": "PF-2XK91", "disk": "S4EVNX0R512345", "network": "3c:97:0e:12:34:56"}
OTHER_RAW = {
    "machine": "ffeeddccbbaa99887766554433221100",
    "board": "PF-9ZZ00",
    "disk": "WD-WX41A1234567",
    "network": "3c:97:0e:65:43:21",
}
PARTS = {name: hashed(value) for name, value in RAW.items()}
OTHER_PARTS = {name: hashed(value) for name, value in OTHER_RAW.items()}


def device_hash(parts: Mapping[str, str]) -> str:
    return b64(hashlib.sha256(json.dumps(dict(parts), sort_keys=True, separators=(",", ":")).encode()).digest())


def claims(parts: Mapping[str, str] = PARTS, **changed: Any) -> dict[str, Any]:
    """The claims of a perpetual licence through version 10, 30 days of lease; a change of None takes the claim away."""
    made: dict[str, Any] = {
        "iss": ISSUER, "sub": LICENCE, "jti": "8Y2K5N7Q3M9X4W6Z2T8R", "iat": NOW - DAY, "exp": NOW + 29 * DAY, "serial": 7,
        "activation": ACTIVATION, "product": PRODUCT, "edition": "pro", "kind": "one-time", "device": device_hash(parts),
        "fingerprint": {"match": 2, "parts": dict(parts)}, "run": {"all": False, "through_major": 10, "until": None},
        "support_through": "2027-03-10", "seats": 3, "holder": "Jana Nováková", "features": {"commercial": True},
        "refresh_after": NOW, "server_time": NOW - DAY, "notices": [],
    }  # fmt: skip
    made.update(changed)
    return {name: value for name, value in made.items() if value is not MISSING}


MISSING = object()


def certificate(private: Ed25519PrivateKey = PINNED, **changed: Any) -> str:
    return signed(header(private=private), claims(**changed), private)


def announcement(
    new: Ed25519PrivateKey = SECOND,
    by: Ed25519PrivateKey = PINNED,
    *,
    until: int = NOW + 60 * DAY,
    iat: int = NOW - 30 * DAY,
    **changed: Any,
) -> str:
    """`by` says that `new` is to be trusted, and until when it signs itself."""
    told = {
        "iss": ISSUER, "iat": iat, "sub": kid_of(new), "jwk": jwk(new, status="active"), "replaces": kid_of(by), "old_key_until": until,
    } | changed  # fmt: skip
    return signed(header("podpora-key+jwt", by), told, by)
