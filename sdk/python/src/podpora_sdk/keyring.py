"""The vendor's public keys: those that the program pinned, and those that a trusted key announced (CS-10, CS-11).

A key that stands in an answer or a file is never trusted by itself. A new key is trusted when a key that is trusted already has
signed its announcement; the same announcement says until when the old one may go on signing.

How the end of the old key is judged: the debate. By the clock, a perpetual licence whose program never meets the server again would
die with the key that signed it, though nobody ever took it back: a right that depends on a clock. So what was signed at an instant
(`iat`) at which its key was still allowed to sign stays good for ever, and what is signed later is refused. A thief of a retired key
could write an old date into his forgery; against him stands the second rule: what comes in new (an answer, a file) is refused
when its key's time is over by the clock too.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from podpora_sdk import jws
from podpora_sdk.errors import ConfigurationError, Refusal

UNKNOWN_KEY = "licence.unknown_key"
MOST_ANNOUNCEMENTS = 64

Pinned = str | Mapping[str, Any]


@dataclass(frozen=True)
class TrustedKey:
    kid: str
    x: str
    key: Ed25519PublicKey
    pinned: bool


def kid_of(x: str) -> str:
    """The kid of a key: the first 16 characters of its JWK thumbprint (RFC 7638), so that a kid can't be given to another key."""
    return jws.encoded(hashlib.sha256(f'{{"crv":"Ed25519","kty":"OKP","x":"{x}"}}'.encode()).digest())[:16]


class KeyRing:
    """Thread-safe. Never forgets a key: what it signed in its time stays good."""

    def __init__(self, pinned: Iterable[Pinned]) -> None:
        """`pinned`: each the `x` of a key, or a JWK (`{"kid": …, "x": …}`). ConfigurationError when there is none or one is wrong."""
        self._lock = threading.Lock()
        self._keys: dict[str, TrustedKey] = {}
        self._until: dict[str, int] = {}
        self._announcements: dict[str, str] = {}  # by the kid that is announced
        if isinstance(pinned, (str, Mapping)):
            pinned = [pinned]
        for one in pinned:
            key = _pinned(one)
            self._keys[key.kid] = key
        if not self._keys:
            raise ConfigurationError("Give at least one of the vendor's public keys (podpora-sdk keys --server URL prints them).")

    def key(self, kid: str) -> Ed25519PublicKey:
        """The trusted key with this kid; Refusal `licence.unknown_key`."""
        found = self._keys.get(kid)
        if found is None:
            raise Refusal(UNKNOWN_KEY, "no pinned or announced key has this kid", kid=kid[:40])
        return found.key

    def look_at_time(self, kid: str, iat: int, *, now: int | None = None) -> None:
        """Refusal when the key was not allowed to sign any more at `iat`; with `now` (something new comes in) neither by the clock."""
        until = self._until.get(kid)
        if until is not None and (iat > until or (now is not None and now > until)):
            raise Refusal(UNKNOWN_KEY, "the key was replaced and its time is over", kid=kid)

    def learn(self, announcements: Iterable[Any]) -> int:
        """Trust what trusted keys announce, in whatever order it comes. Returns how many are new; what does not hold is ignored."""
        waiting = [text for text in list(announcements)[:MOST_ANNOUNCEMENTS] if isinstance(text, str)]
        learnt = 0
        with self._lock:
            progress = True
            while progress:
                progress = False
                for text in list(waiting):
                    try:
                        learnt += self._learn(text)
                    except Refusal as refusal:
                        if refusal.code == UNKNOWN_KEY:
                            continue  # perhaps a key that another announcement brings
                    else:
                        progress = True
                    waiting.remove(text)
        return learnt

    def _learn(self, text: str) -> int:
        claims, signer = jws.verified(text, jws.KEY_TYPE, self.key)
        jwk, iat, until = claims.get("jwk"), claims.get("iat"), claims.get("old_key_until")
        if not isinstance(jwk, dict) or (jwk.get("kty"), jwk.get("crv")) != ("OKP", "Ed25519"):
            jws.malformed("jwk is not an Ed25519 key")
        if type(iat) is not int or type(until) is not int or claims.get("replaces") != signer:
            jws.malformed("the announcement has no iat, old_key_until or replaces")
        self.look_at_time(signer, iat)
        x, key = str(jwk.get("x")), jws.public_key(jwk.get("x"))
        if claims.get("sub") != kid_of(x) or jwk.get("kid") != kid_of(x):
            jws.malformed("the kid is not the key's thumbprint")
        new = TrustedKey(kid_of(x), x, key, pinned=False)
        is_new = new.kid not in self._keys
        self._keys = {new.kid: new, **self._keys}  # a pinned key stays the pinned one
        self._until = {**self._until, signer: min(until, self._until.get(signer, until))}
        self._announcements = {**self._announcements, new.kid: text}
        return int(is_new)

    @property
    def announcements(self) -> list[str]:
        """What is to be kept in the store: checked again when it is read."""
        return list(self._announcements.values())

    @property
    def kids(self) -> list[str]:
        return sorted(self._keys)


def _pinned(one: Pinned) -> TrustedKey:
    x = one if isinstance(one, str) else one.get("x", "")
    try:
        key = jws.public_key(x)
    except Refusal as refusal:
        raise ConfigurationError(f"{x!r} is not a public key: {refusal.why}.") from None
    kid = kid_of(x) if isinstance(one, str) else str(one.get("kid") or kid_of(x))
    return TrustedKey(kid, x, key, pinned=True)
