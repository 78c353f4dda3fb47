"""Is this a device that we know? (A-2, A-3)"""

import base64
import hashlib
import json
from collections.abc import Iterable, Mapping

from podpora.licensing.values import MATCH, KnownDevice


# How many parts have to be equal: the debate.
#
# Two mistakes are possible. Too few: two computers made from one disk image, which share a machine id, become one device, and a second
# user gets a seat for nothing. Too many: a new disk or network card makes a stranger of the customer's own computer, and the seat that
# he paid for is lost to a ghost (the commonest reason for mails to a vendor's desk). A customer who is wrongly refused is the dearer
# mistake, so the rule leans to him, but within two limits:
#
# 1. At least `match` parts (2), as with the usual four; who sends fewer parts than that has to send all of them right: 1 of 1, 2 of 2.
#    Counted on the side that knows more, so that one guessed part never stands for a device of which four are known.
# 2. At least half of the parts that both sides name: 2 of 3, 2 of 4, 3 of 5, 3 of 6 and 16 of 32. A program that sends thirty parts
#    (its language, its operating system, its processor's model) would otherwise be taken for its neighbour because of any two of them.
#    Counted over the shared names only: a part that one side does not know (a new version of the program sends more) says nothing.
def parts_needed(given: Mapping[str, str], known: Mapping[str, str], match: int = MATCH) -> int:
    """So many parts have to be equal for the same device."""
    return _needed(max(len(given), len(known)), len(given.keys() & known.keys()), match)


def own_parts_needed(count: int) -> int:
    """The same for a device with so many parts, compared with itself: what the certificate says."""
    return _needed(count, count, MATCH)


def _needed(more: int, shared: int, match: int) -> int:
    return max(1, min(match, more), -(-shared // 2))


def parts_equal(given: Mapping[str, str], known: Mapping[str, str]) -> int:
    return sum(1 for name, value in given.items() if known.get(name) == value)


def is_same(given: Mapping[str, str], known: Mapping[str, str], match: int = MATCH) -> bool:
    return parts_equal(given, known) >= parts_needed(given, known, match)


def same_device(given: Mapping[str, str], known: Iterable[KnownDevice], match: int = MATCH) -> KnownDevice | None:
    """The known device that this one is: the most equal parts, then one that holds a seat, then the oldest."""
    alike = [device for device in known if is_same(given, device.fingerprint, match)]
    return min(alike, key=lambda d: (-parts_equal(given, d.fingerprint), not d.is_active, d.pk), default=None)


def canonical(fingerprint: Mapping[str, str]) -> str:
    """The parts as JSON in one form: sorted, nothing between. What a device keeps and what its certificates say."""
    return json.dumps(dict(fingerprint), sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def device_hash(fingerprint: Mapping[str, str]) -> str:
    """The name of this set of parts in the certificate: SHA-256 over its canonical JSON, base64url without padding."""
    text = json.dumps(dict(fingerprint), sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()
