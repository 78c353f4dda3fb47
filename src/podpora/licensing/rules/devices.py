"""Is this a device that we know? (A-2, A-3)"""

import base64
import hashlib
import json
from collections.abc import Iterable, Mapping

from podpora.licensing.values import MATCH, KnownDevice


def parts_needed(given: Mapping[str, str], known: Mapping[str, str], match: int = MATCH) -> int:
    """At least `match` equal parts; fewer only when neither side has that many."""
    return max(1, min(match, max(len(given), len(known))))


def parts_equal(given: Mapping[str, str], known: Mapping[str, str]) -> int:
    return sum(1 for name, value in given.items() if known.get(name) == value)


def is_same(given: Mapping[str, str], known: Mapping[str, str], match: int = MATCH) -> bool:
    return parts_equal(given, known) >= parts_needed(given, known, match)


def same_device(given: Mapping[str, str], known: Iterable[KnownDevice], match: int = MATCH) -> KnownDevice | None:
    """The known device that this one is: the most equal parts, then one that holds a seat, then the oldest."""
    alike = [device for device in known if is_same(given, device.fingerprint, match)]
    return min(alike, key=lambda d: (-parts_equal(given, d.fingerprint), not d.is_active, d.pk), default=None)


def device_hash(fingerprint: Mapping[str, str]) -> str:
    """The name of this set of parts in the certificate: SHA-256 over its canonical JSON, base64url without padding."""
    text = json.dumps(dict(fingerprint), sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()
