"""Signing what is not a certificate: release manifests, and whatever else a program has to believe without a connection."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from podpora.licensing.actions.keys import ensure_signing_key
from podpora.licensing.queries.keys import private_key
from podpora.licensing.rules import compact, unsigned_part


def sign(claims: Mapping[str, Any], *, typ: str, at: datetime) -> str:
    """The claims as a compact JWS by the vendor's key. `typ` keeps kinds apart: one can't pass as another (S12)."""
    key = ensure_signing_key(at=at)
    unsigned = unsigned_part(claims, kid=key.kid, typ=typ)
    return compact(unsigned, private_key(key).sign(unsigned.encode()))
