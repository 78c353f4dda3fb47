"""What looks odd about a device or a key: clones, old certificates, a wrong clock, a key in foreign hands (X-9). Nothing here locks."""

from collections.abc import Mapping
from datetime import datetime
from ipaddress import ip_address, ip_network

from podpora.licensing.rules.devices import device_hash
from podpora.licensing.values import CLOCK_TOLERANCE, LEAK_DEVICES, LEAK_PLACES, Leak

CLONE_PARTS = 2


# Two computers on one activation: the debate.
#
# Two strangers who start from one disk image share some parts of the fingerprint, enough to be taken for one device. Locking them would
# hit the honest one too, who knows nothing of the other; so they are flagged, and a person decides. What tells them apart? A computer
# changes: a new disk, another network card. It does not change back. So a fingerprint that returns to what it was before is a sign of two,
# if at least two parts went back and forth: a notebook that is put into its dock and taken out changes one, every day.
def returns(given: Mapping[str, str], known: Mapping[str, str], former_hash: str) -> bool:
    """Has the fingerprint gone back to what it was before the last change, in two parts or more?"""
    changed = sum(1 for name, value in given.items() if name in known and known[name] != value)
    return changed >= CLONE_PARTS and device_hash(given) == former_hash


def is_stale(told: int, given: int | None) -> bool:
    """Does the program hold an older certificate than the newest that is known to have been given to it?"""
    return given is not None and told < given


def jumps(told: int, told_before: int | None, given: int | None) -> bool:
    """The serial of a store that was copied: neither the newest that was given, nor the one that was told before (an answer was lost)."""
    return is_stale(told, given) and told != told_before


def skew_of(clock: datetime, at: datetime) -> int | None:
    """Seconds by which the device's clock is off; None within the tolerance of 48 hours."""
    off = int((clock - at).total_seconds())
    return off if abs(off) > CLOCK_TOLERANCE else None


def place_of(address: str) -> str:
    """The network that an address is in, as far as it tells two places apart: the /16 of IPv4, the /32 of IPv6."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return "?"
    return str(ip_network(f"{parsed}/{16 if parsed.version == 4 else 32}", strict=False))


# Is it a leak, or a company that rolls the program out? The debate.
#
# Both show one key on many computers in one day. Who rolls out has paid for as many; and in an office all of them come from one place.
# People who work at home come from as many places as they are, though. So there are two steps. Many computers from many places are told
# to the owner and to staff, who know whether it is a roll-out. New devices are stopped only when there are also more computers than
# were paid for: a roll-out never needs that. Attempts that were refused count too, for a leaked key is refused most of the time.
def leak_of(devices: int, places: int, seats: int) -> Leak:
    """What so many computers in so many places within a day mean for a licence of so many seats."""
    if devices < LEAK_DEVICES or places < LEAK_PLACES:
        return Leak.NONE
    return Leak.FREEZE if devices > seats else Leak.ALERT
