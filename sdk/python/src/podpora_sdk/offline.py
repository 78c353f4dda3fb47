"""Files for devices without a network: request, certificate file, proof of deactivation (docs/reference/offline.md; A-9)."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from podpora_sdk import jws
from podpora_sdk.certificate import Certificate
from podpora_sdk.device import public_x
from podpora_sdk.errors import Refusal

NOT_READABLE = "offline.not_readable"
LONGEST = 16_777_216  # a bundle for some thousand devices
REQUEST_SUFFIX, LICENCE_SUFFIX, PROOF_SUFFIX = ".podpora-request", ".podpora-licence", ".podpora-proof"
File = str | bytes | Path
_JWS = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+")


@dataclass(frozen=True)
class LicenceFile:
    """The lists of a certificate file. Nothing in them is trusted yet; keys that stand there alone never are."""

    certificates: tuple[str, ...] = ()
    settings: tuple[str, ...] = ()
    releases: tuple[str, ...] = ()
    announcements: tuple[str, ...] = ()


def request(claims: Mapping[str, Any], key: Ed25519PrivateKey) -> str:
    """A request file, signed by the device."""
    return jws.signed(_header(jws.REQUEST_TYPE, key), {"v": 1, **claims}, key)


def proof(certificate: Certificate, key: Ed25519PrivateKey, *, now: int) -> str:
    """The proof that the device has given up this certificate."""
    claims = {
        "v": 1, "activation": certificate.activation, "licence": certificate.licence, "device": certificate.device,
        "serial": certificate.serial, "jti": secrets.token_urlsafe(16), "iat": now,
    }  # fmt: skip
    return jws.signed(_header(jws.PROOF_TYPE, key), claims, key)


def possession(call: str, *, token: str, body: bytes, key: Ed25519PrivateKey, now: int) -> str:
    """What shows the server that this call comes from the installation that was activated, not from a copy of its token (S34)."""
    claims = {"v": 1, "call": call, "token": _digest(token.encode()), "body": _digest(body), "iat": now}
    return jws.signed(_header(jws.POSSESSION_TYPE, key), claims, key)


def _digest(raw: bytes) -> str:
    return jws.encoded(hashlib.sha256(raw).digest())


def _header(typ: str, key: Ed25519PrivateKey) -> dict[str, Any]:
    return {"alg": "EdDSA", "typ": typ, "jwk": {"kty": "OKP", "crv": "Ed25519", "x": public_x(key)}}


def read(file: File) -> LicenceFile:
    """A certificate file, given as its path, text or bytes; also a bare certificate. Refusal `offline.not_readable`."""
    text = _text(file)
    if _JWS.fullmatch(text):
        return LicenceFile(certificates=(text,))
    try:
        found = jws.json_object(text.encode(), "the file")
    except (Refusal, UnicodeEncodeError):
        raise Refusal(NOT_READABLE, "it is not JSON") from None
    if found.get("podpora") != "offline" or type(found.get("v")) is not int or found["v"] != 1:
        raise Refusal(NOT_READABLE, "it is not a certificate file of version 1")
    return LicenceFile(*(_texts(found, name) for name in ("certificates", "settings", "releases", "announcements")))


def _texts(found: Mapping[str, Any], name: str) -> tuple[str, ...]:
    value = found.get(name, [])
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise Refusal(NOT_READABLE, f"{name} is not a list of texts")
    return tuple(value)


def _text(file: File) -> str:
    try:
        if isinstance(file, Path):
            if file.stat().st_size > LONGEST:
                raise Refusal(NOT_READABLE, "it is too long")
            file = file.read_bytes()
        elif isinstance(file, str) and not file.lstrip("\ufeff \t\r\n").startswith("{") and not _JWS.fullmatch(file.strip()):
            return _text(Path(file))
        raw = file.encode() if isinstance(file, str) else file
        if len(raw) > LONGEST:
            raise Refusal(NOT_READABLE, "it is too long")
        return raw.decode("utf-8-sig").strip()
    except (OSError, ValueError):
        raise Refusal(NOT_READABLE, "there is no such file, or it is not text") from None
