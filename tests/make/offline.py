"""A program on a device without a network, as the tests play it: its key pair, its request files, its proofs, and spoilt ones."""

import base64
import json
from datetime import datetime
from hashlib import sha256
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from podpora.licensing.rules import device_hash
from podpora.licensing.values import DeviceFacts
from tests.make import licensing as make


def encoded(value: Any) -> str:
    """Base64url without padding; anything but bytes and text as JSON."""
    raw = value if isinstance(value, bytes) else (value if isinstance(value, str) else json.dumps(value)).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def decoded(part: str) -> Any:
    return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))


def claims_in(jws: str) -> dict[str, Any]:
    found: dict[str, Any] = decoded(jws.split(".")[1])
    return found


class Program:
    """One installation."""

    def __init__(self, facts: DeviceFacts | None = None) -> None:
        self.private = Ed25519PrivateKey.generate()
        self.facts = facts or make.device()
        raw = self.private.public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
        self.public = encoded(raw)

    def header(self, typ: str, **changes: Any) -> dict[str, Any]:
        return {"alg": "EdDSA", "typ": typ, "jwk": {"kty": "OKP", "crv": "Ed25519", "x": self.public}, **changes}

    def jws(self, header: Any, claims: Any) -> str:
        """Signed as it stands, whatever it is."""
        unsigned = f"{encoded(header)}.{encoded(claims)}"
        return f"{unsigned}.{encoded(self.private.sign(unsigned.encode()))}"

    def request_claims(self, **changes: Any) -> dict[str, Any]:
        device = {"fingerprint": dict(self.facts.fingerprint), "name": self.facts.name, "platform": self.facts.platform}
        claims = {"v": 1, "product": "postak", "device": device, "app_version": "10.1.0", "nonce": "n-1", "iat": 1_773_000_000}
        return {name: value for name, value in (claims | changes).items() if value is not None}

    def request(self, **changes: Any) -> str:
        return self.jws(self.header("podpora-request+jwt"), self.request_claims(**changes))

    def possession_claims(self, token: str, body: bytes, at: datetime, **changes: Any) -> dict[str, Any]:
        told, sent = (encoded(sha256(raw).digest()) for raw in (token.encode(), body))
        return {"v": 1, "call": "activations/me/refresh", "token": told, "body": sent, "iat": int(at.timestamp()), **changes}

    def possession(self, token: str, body: bytes, at: datetime, **changes: Any) -> str:
        """What it signs a refresh with (S34)."""
        return self.jws(self.header("podpora-possession+jwt"), self.possession_claims(token, body, at, **changes))

    def proof_claims(self, certificate: str, **changes: Any) -> dict[str, Any]:
        told = claims_in(certificate)
        return {
            "v": 1, "activation": told["activation"], "licence": told["sub"], "device": device_hash(self.facts.fingerprint),
            "serial": told["serial"], "jti": "proof-1", "iat": 1_773_100_000, **changes,
        }  # fmt: skip

    def proof(self, certificate: str, **changes: Any) -> str:
        return self.jws(self.header("podpora-deactivation+jwt"), self.proof_claims(certificate, **changes))


def spoilt_headers(program: Program, typ: str) -> dict[str, Any]:
    """Headers that no file may have (S12), by what is wrong with them."""
    good = program.header(typ)
    other = {"kty": "OKP", "crv": "Ed25519", "x": encoded(b"\x01" * 32)}
    return {
        "alg none": good | {"alg": "none"}, "alg None": good | {"alg": None}, "HS256": good | {"alg": "HS256"}, "alg list": good | {"alg": ["EdDSA"]},
        "ES256": good | {"alg": "ES256"}, "eddsa": good | {"alg": "eddsa"}, "no typ": {k: v for k, v in good.items() if k != "typ"},
        "typ JWT": good | {"typ": "JWT"}, "kid": good | {"kid": "../../"}, "jku": good | {"jku": "https://evil.example/keys"},
        "x5u": good | {"x5u": "file:///etc/passwd"}, "crit": good | {"crit": ["exp"]}, "b64": good | {"b64": False}, "zip": good | {"zip": "DEF"},
        "no jwk": {k: v for k, v in good.items() if k != "jwk"}, "jwk list": good | {"jwk": [good["jwk"]]},
        "private half": good | {"jwk": good["jwk"] | {"d": encoded(b"\x02" * 32)}}, "X25519": good | {"jwk": good["jwk"] | {"crv": "X25519"}},
        "EC": good | {"jwk": good["jwk"] | {"kty": "EC"}}, "oct": good | {"jwk": {"kty": "oct", "k": program.public}},
        "short key": good | {"jwk": good["jwk"] | {"x": encoded(b"\x01" * 31)}},
        "long key": good | {"jwk": good["jwk"] | {"x": encoded(b"\x01" * 33)}},
        "padded key": good | {"jwk": good["jwk"] | {"x": program.public + "="}}, "key number": good | {"jwk": good["jwk"] | {"x": 7}},
        "swapped key": good | {"jwk": other}, "not an object": [good], "text": "EdDSA", "null": None,
    }  # fmt: skip


TWICE = '{"alg":"EdDSA","alg":"EdDSA","typ":"podpora-request+jwt","jwk":{"kty":"OKP","crv":"Ed25519","x":"%s"}}'
