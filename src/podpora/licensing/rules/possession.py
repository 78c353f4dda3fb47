"""An installation shows that it still holds the key it was activated with (S34). See docs/reference/licensing.md.

A token is a text: who copies it out of a backup or a log has it. Where the installation registered a key of its own, a refresh is
answered only to who signs this very call with that key: its token, its body and its time. So a token and a certificate are of no use
on another computer without the key, and a recorded call is of no use five minutes later.
"""

import base64
import hashlib
from collections.abc import Mapping
from datetime import datetime

from podpora.licensing.rules.offline import Check, is_digest, is_number, is_one, opened
from podpora.licensing.values import KEY_NEEDED, KEY_PROOF_OLD, POSSESSION_SECONDS, Possession, Unreadable

POSSESSION_TYPE = "podpora-possession+jwt"
REFRESH = "activations/me/refresh"
LONGEST = 4_096


def problem_of(possession: Possession, *, key: str, call: str, at: datetime) -> str:
    """Why this does not show that the caller holds `key`: the code of the refusal; empty when it does."""
    try:
        claims, signer = opened(possession.proof, POSSESSION_TYPE, LONGEST, _CLAIMS)
    except Unreadable:
        return KEY_NEEDED
    if signer != key or claims["call"] != call or claims["token"] != digest(possession.token.encode()):
        return KEY_NEEDED
    if claims["body"] != digest(possession.body):
        return KEY_NEEDED
    return KEY_PROOF_OLD if abs(at.timestamp() - claims["iat"]) > POSSESSION_SECONDS else ""


def digest(raw: bytes) -> str:
    """base64url(SHA-256), without padding."""
    return base64.urlsafe_b64encode(hashlib.sha256(raw).digest()).rstrip(b"=").decode()


_CLAIMS: Mapping[str, Check] = {
    "v": is_one, "call": lambda found: isinstance(found, str), "token": is_digest, "body": is_digest, "iat": is_number,
}  # fmt: skip
