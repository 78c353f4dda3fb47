"""What looks odd about a device or a key: clones, old certificates, a wrong clock, a key in foreign hands (X-9). Nothing here locks."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network

from podpora.licensing.rules.devices import device_hash
from podpora.licensing.values import CLOCK_TOLERANCE, LEAK_DEVICES, LEAK_PLACES, Leak

CLONE_PARTS = 2
TURNS = 3  # so often two installations follow each other before they count as two computers
AT_ONCE = timedelta(hours=1)  # nobody carries a computer to another network and back within this time, twice


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


# A store that was copied: the debate.
#
# Copy and original hold the same token, so the server hears one program. But each tells the serial of its newest certificate, and neither
# knows what the other was given. An older serial alone proves nothing: an answer gets lost and the program asks again (it tells the same
# as before), a backup or a virtual machine's snapshot is restored, once or each morning (it tells something older, and what it had been
# given since is gone for ever). The proof is that what was left behind is still alive: after somebody told an older serial, somebody else
# tells one that was given before that moment and not before what had been given last. Only a second store can know it.
@dataclass(frozen=True, slots=True)
class Thread:
    """What is known of the serials of one token: the newest that was `given`, what was `told` last; and of the last time that an older one
    was told: what had been given until then (`left`), and what was given instead (`left_until`)."""

    given: int | None = None
    told: int | None = None
    left: int | None = None
    left_until: int | None = None

    def newer(self, given: int, told: int) -> "Thread":
        """The same, with what this process remembers of the last hour, if that is newer."""
        return replace(self, given=given, told=told) if self.given is None or given > self.given else self

    def is_copied(self, told: int) -> bool:
        """Is this told by a second store?"""
        if not is_stale(told, self.given) or told == self.told or self.left is None or self.left_until is None:
            return False
        return self.left <= told < self.left_until

    def after(self, told: int, given: int) -> "Thread":
        """What is known when this was told and that was given."""
        if is_stale(told, self.given) and told != self.told:
            return Thread(given, told, self.given, given)
        return replace(self, given=given, told=told)


# Two installations on one activation: the debate.
#
# Two people on one computer have one activation and two installations, each with a token of its own, and both are alive. So have
# two computers that were made from one disk image, if their parts are equal. Nothing that such an installation says about itself is
# certain, but one computer has one name and one system, and is in one network at a time. Installations that tell another name or system,
# or that call from two networks within the hour, and go on taking turns, are two computers; a reinstalled one never calls with its old
# token again. Two images with one name in one network stay unnoticed: they look exactly like two people on one computer.
@dataclass(frozen=True, slots=True)
class Traits:
    """An installation as it was seen at `at`: its name and system (hashed), its network (hashed). Empty: not known."""

    looks: str
    place: str
    at: datetime

    def looks_like(self, other: "Traits") -> bool:
        return self.looks == other.looks or not self.looks or not other.looks

    def is_elsewhere(self, other: "Traits") -> bool:
        return self.place != other.place and bool(self.place) and bool(other.place)

    def is_apart(self, other: "Traits") -> bool:
        """Can it not be the same computer?"""
        return not self.looks_like(other) or (self.is_elsewhere(other) and abs(self.at - other.at) <= AT_ONCE)

    def is_together(self, other: "Traits") -> bool:
        """Does nothing speak against one computer?"""
        return self.looks_like(other) and not self.is_elsewhere(other)


def looks_of(name: str, platform: str) -> str:
    """Name and kind of system as one short text; the system's release changes with each update and does not count."""
    told = f"{name.strip().casefold()}\n{(platform.split() or [''])[0].casefold()}"
    return hashlib.sha256(told.encode()).hexdigest()[:32] if told.strip() else ""


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
def says_more(*, devices: int, here: int, again: int, seats: int) -> bool:
    """Is it worth writing down that a computer showed the key? Today's sightings: `devices` in all, `here` from its network, `again` of it.

    Not what was seen today already, and no further computer from a place that is known when there are more computers than it takes.
    """
    enough = devices > max(LEAK_DEVICES, seats) and here > 0
    return not again and not enough


def leak_of(devices: int, places: int, seats: int) -> Leak:
    """What so many computers in so many places within a day mean for a licence of so many seats."""
    if devices < LEAK_DEVICES or places < LEAK_PLACES:
        return Leak.NONE
    return Leak.FREEZE if devices > seats else Leak.ALERT
