"""Files of devices without a network: read, and their signatures checked (A-9, S12, S32, S34). See docs/reference/offline.md.

A file comes from anywhere, so it is read as strictly as it is written: one form, one alphabet, one key type, no member twice and none
that this page does not name. Nothing in the header is ever looked up: `kid`, `jku` and the like make the file unreadable.
"""

import base64
import binascii
import json
import re
from collections.abc import Callable, Collection, Mapping
from typing import Any, NoReturn

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from podpora.licensing.rules.certificate import LICENCE_TYPE
from podpora.licensing.values import (
    NOT_READABLE,
    OTHER_FILE,
    SIGNATURE_INVALID,
    TOO_LARGE,
    DeviceFacts,
    DeviceProof,
    OfflineRequest,
    Unreadable,
)

REQUEST_TYPE = "podpora-request+jwt"
PROOF_TYPE = "podpora-deactivation+jwt"
OUR_TYPES = (
    REQUEST_TYPE,
    PROOF_TYPE,
    LICENCE_TYPE,
    "podpora-possession+jwt",
    "podpora-settings+jwt",
    "podpora-release+jwt",
    "podpora-key+jwt",
)
REQUEST_BYTES = 65_536
PROOF_BYTES = 8_192
PARTS = 32
_LARGEST = 2**53  # what every JSON reader keeps exactly
_DIGEST = re.compile(r"[A-Za-z0-9_-]{43}")
_TOKEN = re.compile(r"[\x20-\x7e]{1,64}")
_VERSION = re.compile(r"[vV]?(\d{1,4})(\.\d{1,9}){0,4}([-+ A-Za-z(][0-9A-Za-z.+() _-]{0,30})?")

Check = Callable[[Any], bool]


def read_request(text: str) -> OfflineRequest:
    """The text of a request file -> what it asks for. Unreadable with one of the codes `offline.…`."""
    claims, public_key = opened(text, REQUEST_TYPE, REQUEST_BYTES, _REQUEST, optional=("key", "nonce"))
    device = claims["device"]
    _members(device, _DEVICE, optional=("name", "platform"), where="device")
    facts = DeviceFacts(device["fingerprint"], device.get("name", "").strip(), device.get("platform", "").strip(), public_key)
    version = claims["app_version"].strip()
    return OfflineRequest(
        claims["product"], facts, version, int(_VERSION.fullmatch(version)[1]),  # type: ignore[index]
        key=claims.get("key", ""), nonce=claims.get("nonce", ""), made_at=claims["iat"],
    )  # fmt: skip


def read_proof(text: str) -> DeviceProof:
    """The text of a proof of deactivation -> what it says, and whose key signed it. Unreadable as above."""
    claims, public_key = opened(text, PROOF_TYPE, PROOF_BYTES, _PROOF)
    return DeviceProof(claims["activation"], claims["licence"], claims["device"], claims["serial"], claims["jti"], public_key)


def opened(
    text: str, typ: str, most: int, wanted: Mapping[str, Check], optional: Collection[str] = ()
) -> tuple[dict[str, Any], str]:
    """The claims of a compact JWS whose signature fits the key in its own header, and that key. Exactly the `wanted` claims."""
    if len(text) > most + 100 or len(text := text.strip(" \t\r\n")) > most:
        raise Unreadable(TOO_LARGE, most=most)
    parts = text.split(".") if text.isascii() else []
    if len(parts) != 3:
        _unreadable("form")
    header = _object(_decoded(parts[0], "header"), "header")
    if header.get("typ") != typ and header.get("typ") in OUR_TYPES:
        raise Unreadable(OTHER_FILE, found=header["typ"], expected=typ)
    _members(header, {"alg": _is("EdDSA"), "typ": _is(typ), "jwk": _is_object}, where="header")
    _members(header["jwk"], {"kty": _is("OKP"), "crv": _is("Ed25519"), "x": lambda x: isinstance(x, str)}, where="jwk")
    public, signature = _decoded(header["jwk"]["x"], "jwk.x"), _decoded(parts[2], "signature")
    if len(public) != 32:
        _unreadable("jwk.x")
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, f"{parts[0]}.{parts[1]}".encode())
    except (InvalidSignature, ValueError):
        raise Unreadable(SIGNATURE_INVALID) from None
    claims = _object(_decoded(parts[1], "payload"), "payload")
    _members(claims, wanted, optional=optional, where="claims")
    return claims, header["jwk"]["x"]


def _unreadable(problem: str) -> NoReturn:
    raise Unreadable(NOT_READABLE, problem=problem)


def _decoded(text: str, where: str) -> bytes:
    """Base64url without padding, in its only form: what encodes to the same text again."""
    try:
        raw = base64.b64decode(text.encode("ascii") + b"=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        _unreadable(where)
    if base64.urlsafe_b64encode(raw).rstrip(b"=").decode() != text:
        _unreadable(where)
    return raw


def _object(raw: bytes, where: str) -> dict[str, Any]:
    """Bytes -> a JSON object without a member twice, without NaN, with keepable texts."""
    try:
        value = json.loads(raw.decode("utf-8"), object_pairs_hook=_once, parse_constant=lambda name: _unreadable("number"))
    except (ValueError, RecursionError):
        _unreadable(where)
    if not isinstance(value, dict):
        _unreadable(where)
    return value


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        _unreadable("duplicate_member")
    return found


def _members(value: Mapping[str, Any], wanted: Mapping[str, Check], *, optional: Collection[str] = (), where: str) -> None:
    """Exactly these members, each as it has to be."""
    if not value.keys() <= wanted.keys() or not wanted.keys() - set(optional) <= value.keys():
        _unreadable(f"{where}: members")
    for name, found in value.items():
        if not wanted[name](found):
            _unreadable(f"{where}: {name}")


def _is(expected: str) -> Check:
    return lambda found: isinstance(found, str) and found == expected


def _is_object(found: Any) -> bool:
    return isinstance(found, dict)


def is_number(found: Any) -> bool:
    return type(found) is int and 0 <= found < _LARGEST


def is_one(found: Any) -> bool:
    return type(found) is int and found == 1


def is_digest(found: Any) -> bool:
    """base64url of 32 bytes."""
    return isinstance(found, str) and _DIGEST.fullmatch(found) is not None


def _is_token(found: Any) -> bool:
    return isinstance(found, str) and _TOKEN.fullmatch(found) is not None


def _text(least: int, most: int) -> Check:
    """Printable text, also without lone surrogates and NUL, which no database keeps."""
    return lambda found: isinstance(found, str) and least <= len(found) <= most and found.isprintable()


def _is_fingerprint(found: Any) -> bool:
    name, value = _text(1, 64), _text(1, 256)
    return isinstance(found, dict) and 1 <= len(found) <= PARTS and all(name(n) and value(v) for n, v in found.items())


def _is_version(found: Any) -> bool:
    return isinstance(found, str) and len(found) <= 50 and found.isascii() and _VERSION.fullmatch(found.strip()) is not None


_REQUEST: Mapping[str, Check] = {
    "v": is_one, "product": _text(1, 40), "key": _text(1, 200), "device": _is_object,
    "app_version": _is_version, "nonce": _is_token, "iat": is_number,
}  # fmt: skip
_DEVICE: Mapping[str, Check] = {"fingerprint": _is_fingerprint, "name": _text(0, 100), "platform": _text(0, 50)}
_PROOF: Mapping[str, Check] = {
    "v": _REQUEST["v"], "activation": _text(1, 20), "licence": _text(1, 20), "device": _text(1, 64), "serial": is_number,
    "jti": _is_token, "iat": is_number,
}  # fmt: skip
