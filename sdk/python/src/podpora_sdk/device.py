"""This device: parts of a fingerprint, each hashed here, and the installation's own key (A-2, A-3, A-16, S34).

A raw identifier never leaves the device: what is sent is HMAC-SHA256 with the identifier as the key and the product's code as the
message (as systemd's application-specific machine ids), so that two products can't compare what they know.
"""

from __future__ import annotations

import hashlib
import hmac
import platform
import socket
from collections.abc import Callable, Mapping

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from podpora_sdk import jws
from podpora_sdk.errors import Refusal

PARTS = ("machine", "board", "disk", "network")
RawParts = Callable[[], Mapping[str, str]]
# What boards and machines say when their maker forgot to fill it in: the same on thousands of computers.
MEANINGLESS = frozenset({
    "", "0", "none", "unknown", "default string", "to be filled by o.e.m.", "system serial number", "not specified", "n/a", "invalid",
    "not applicable", "base board serial number", "uninitialized", "chassis serial number", "type2 - board serial number",
    "03000200-0400-0500-0006-000700080009", "ffffffff-ffff-ffff-ffff-ffffffffffff", "00000000-0000-0000-0000-000000000000",
    "00:00:00:00:00:00", "ff:ff:ff:ff:ff:ff", "123456789", "0123456789",
})  # fmt: skip


def raw_parts() -> Mapping[str, str]:
    """The identifiers of this computer that can be read; one that can't is left out. Never raises."""
    try:
        if platform.system() == "Windows":
            from podpora_sdk.machines import windows as machine
        elif platform.system() == "Darwin":
            from podpora_sdk.machines import macos as machine  # type: ignore[no-redef]
        else:
            from podpora_sdk.machines import linux as machine  # type: ignore[no-redef]
        return machine.parts()
    except Exception:  # whatever a machine does, a program starts
        return {}


def hashed(raw: Mapping[str, str], product: str) -> dict[str, str]:
    """Raw identifiers -> the parts that are sent, base64url of 32 bytes each; what says nothing is left out."""
    found = {}
    for name, value in raw.items():
        plain = " ".join(value.split()).strip("\0 ")
        if plain.lower() not in MEANINGLESS and len(set(plain)) > 1:
            found[name] = jws.encoded(hmac.new(plain.encode("utf-8", "replace"), product.encode(), hashlib.sha256).digest())
    return found


def fingerprint(product: str, installation: Callable[[], str], raw: RawParts = raw_parts) -> dict[str, str]:
    """The parts of this device. Where nothing can be read (a sealed container), the installation's own random number stands in."""
    try:
        found = hashed(raw(), product)
    except Exception:  # a reader of the program's own must not stop it either
        found = {}
    return found or hashed({"installation": installation()}, product)


def device_name() -> str:
    """What its owner will recognise it by. At most 100 printable characters."""
    try:
        name = socket.gethostname()
    except OSError:
        name = ""
    return "".join(character for character in name if character.isprintable())[:100]


def platform_name() -> str:
    """`windows`, `macos`, `linux` … with its release; at most 50 printable characters."""
    system = {"Windows": "windows", "Darwin": "macos", "Linux": "linux"}.get(platform.system(), platform.system().lower())
    release = platform.mac_ver()[0] if system == "macos" else platform.release()
    return "".join(character for character in f"{system} {release}".strip() if character.isprintable())[:50]


def new_key() -> str:
    """A new private key for an installation, as it is kept in the store."""
    raw = Ed25519PrivateKey.generate().private_bytes(
        serialization.Encoding.Raw, serialization.PrivateFormat.Raw, serialization.NoEncryption()
    )
    return jws.encoded(raw)


def private_key(kept: str) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(jws.decoded(kept))


def public_of(kept: object) -> str:
    """The public half of a key as it is kept in the store; empty where there is none that can be used."""
    try:
        return public_x(private_key(kept)) if isinstance(kept, str) and kept else ""
    except (Refusal, ValueError):
        return ""


def public_x(key: Ed25519PrivateKey) -> str:
    """The public half as it is sent: base64url of 32 bytes."""
    return jws.encoded(key.public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw))
