"""Compact JWS (RFC 7515) with Ed25519, read as strictly as it is written.

One form, one alphabet, one algorithm: three parts in base64url without padding, each in its canonical form; JSON in UTF-8 without a
member twice; nothing before or behind. The header is never followed anywhere: `kid` is looked up among keys that are trusted
already, and a header with any further member (`jwk`, `jku`, `x5c`, `crit` …) is refused. The payload is not even parsed before the
signature holds.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NoReturn

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from podpora_sdk.errors import Refusal

MALFORMED = "licence.certificate_malformed"
SIGNATURE_INVALID = "licence.signature_invalid"

LICENCE_TYPE = "podpora-licence+jwt"
SETTINGS_TYPE = "podpora-settings+jwt"
KEY_TYPE = "podpora-key+jwt"
RELEASE_TYPE = "podpora-release+jwt"
REQUEST_TYPE = "podpora-request+jwt"
PROOF_TYPE = "podpora-deactivation+jwt"
POSSESSION_TYPE = "podpora-possession+jwt"

LONGEST = 65_536
LONGEST_SETTINGS = 1_048_576
DEEPEST = 20
LARGEST = 2**53  # what every JSON reader keeps exactly


@dataclass(frozen=True)
class Parsed:
    """The three parts, decoded; nothing of it is trusted yet."""

    header: Mapping[str, Any]
    payload: bytes
    signed: bytes
    signature: bytes


def malformed(why: str) -> NoReturn:
    raise Refusal(MALFORMED, why)


def encoded(raw: bytes) -> str:
    """Base64url without padding."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")


def decoded(text: str, where: str = "base64url") -> bytes:
    """The bytes of a text in the canonical form; Refusal for padding, other alphabets and stray bits at the end."""
    try:
        raw = base64.b64decode(text.encode("ascii") + b"=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (UnicodeEncodeError, binascii.Error, ValueError):
        malformed(f"{where} is not base64url")
    if encoded(raw) != text:
        malformed(f"{where} is not in canonical base64url")
    return raw


def json_object(raw: bytes, where: str) -> dict[str, Any]:
    """Bytes -> a JSON object: UTF-8, no member twice, no NaN, no number or depth beyond what every reader keeps."""
    try:
        value = json.loads(raw.decode("utf-8"), object_pairs_hook=_once, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        malformed(f"{where} is not JSON")
    if not isinstance(value, dict):
        malformed(f"{where} is not an object")
    _look_through(value, where, 0)
    return value


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        malformed("a member stands there twice")
    return found


def _no_constant(name: str) -> NoReturn:
    malformed(f"{name} is not a number")


def _look_through(value: Any, where: str, depth: int) -> None:
    if depth > DEEPEST:
        malformed(f"{where} is nested too deeply")
    if isinstance(value, str):
        if any("\ud800" <= character <= "\udfff" for character in value):
            malformed(f"{where} has half a character")
    elif isinstance(value, (int, float)) and not isinstance(value, bool):
        if abs(value) > LARGEST:
            malformed(f"{where} has a number that is too big")
    elif isinstance(value, list):
        for item in value:
            _look_through(item, where, depth + 1)
    elif isinstance(value, dict):
        for name, item in value.items():
            _look_through(name, where, depth + 1)
            _look_through(item, where, depth + 1)


def parse(text: str, *, longest: int = LONGEST) -> Parsed:
    """Take a compact JWS apart. Refusal MALFORMED for everything that is not exactly one."""
    if len(text) > longest:
        malformed("it is too long")
    parts = text.split(".")
    if len(parts) != 3:
        malformed("it has not three parts")
    header = json_object(decoded(parts[0], "header"), "header")
    payload, signature = decoded(parts[1], "payload"), decoded(parts[2], "signature")
    return Parsed(header, payload, f"{parts[0]}.{parts[1]}".encode("ascii"), signature)


def verified(
    text: str, typ: str, key_for: Callable[[str], Ed25519PublicKey], *, longest: int = LONGEST
) -> tuple[dict[str, Any], str]:
    """The claims of a JWS of this type, and the kid that signed it. `key_for` raises Refusal for a kid that is not trusted.

    The order of the checks is part of the format (sdk/vectors/README.md): form, header members, `alg`, `typ`, `kid`, signature,
    claims.
    """
    parsed = parse(text, longest=longest)
    header = parsed.header
    if header.keys() != {"alg", "typ", "kid"} or not all(isinstance(value, str) for value in header.values()):
        malformed("the header has other members than alg, typ, kid")
    if header["alg"] != "EdDSA":
        raise Refusal(SIGNATURE_INVALID, "alg is not EdDSA")
    if header["typ"] != typ:
        malformed(f"typ is not {typ}")
    check(parsed, key_for(header["kid"]))
    return json_object(parsed.payload, "payload"), header["kid"]


def verified_by_own_key(text: str, typ: str, *, longest: int = LONGEST) -> tuple[dict[str, Any], str]:
    """The claims of a JWS that carries the key of its signer (a device's request or proof), and that key (`x`)."""
    parsed = parse(text, longest=longest)
    header = parsed.header
    if header.keys() != {"alg", "typ", "jwk"}:
        malformed("the header has other members than alg, typ, jwk")
    if header["alg"] != "EdDSA":
        raise Refusal(SIGNATURE_INVALID, "alg is not EdDSA")
    if header["typ"] != typ:
        malformed(f"typ is not {typ}")
    jwk = header["jwk"]
    if not isinstance(jwk, dict) or jwk.keys() != {"kty", "crv", "x"} or (jwk["kty"], jwk["crv"]) != ("OKP", "Ed25519"):
        malformed("jwk is not an Ed25519 key")
    check(parsed, public_key(jwk["x"]))
    return json_object(parsed.payload, "payload"), jwk["x"]


def check(parsed: Parsed, key: Ed25519PublicKey) -> None:
    """Refusal SIGNATURE_INVALID unless the key signed it."""
    try:
        key.verify(parsed.signature, parsed.signed)
    except (InvalidSignature, ValueError):
        raise Refusal(SIGNATURE_INVALID, "the signature does not hold") from None


def public_key(x: Any) -> Ed25519PublicKey:
    """The key of a JWK's `x`: base64url of 32 bytes."""
    if not isinstance(x, str):
        malformed("x is not a text")
    raw = decoded(x, "x")
    if len(raw) != 32:
        malformed("x has not 32 bytes")
    try:
        return Ed25519PublicKey.from_public_bytes(raw)
    except ValueError:
        malformed("x is not a key")


def signed(header: Mapping[str, Any], claims: Mapping[str, Any], key: Ed25519PrivateKey) -> str:
    """A compact JWS, for what the device itself signs."""
    parts = (json.dumps(part, separators=(",", ":"), ensure_ascii=False).encode() for part in (header, claims))
    unsigned = ".".join(encoded(part) for part in parts)
    return f"{unsigned}.{encoded(key.sign(unsigned.encode('ascii')))}"
