"""The words of this room: kinds and states of a licence, devices as facts, what a journey hands in, reason codes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from podpora.base.codes import public_code
from podpora.base.decisions import Decision
from podpora.base.reasons import declare
from podpora.catalog.values import BUY_PRO, WRITE
from podpora.licensing.values.files import (
    ARCHIVE_NOT_READABLE,
    LICENCE_NEEDED,
    NOT_READABLE,
    OTHER_FILE,
    PRODUCT_MISMATCH,
    PROOF_UNKNOWN,
    SIGNATURE_INVALID,
    STALE_SERIAL,
    TOO_LARGE,
    TOO_MANY_FILES,
)
from podpora.licensing.values.handing_over import (
    RESALE_CLAIMED,
    RESOLD,
    TRANSFER_CANCELLED_NOTICE,
    TRANSFER_FREE,
    TRANSFER_LIFE,
    TRANSFER_OFFERED,
    TRANSFER_OFFERED_NOTICE,
    TRANSFER_ORDER,
    TRANSFER_OVER,
    TRANSFER_REVOKED,
    TRANSFER_SAME,
    TRANSFER_SUSPENDED,
    TRANSFERRED_NOTICE,
)
from podpora.licensing.values.sharing import (
    DEVICE_NO_SEAT,
    NOT_A_MEMBER,
    SEATS_SHARED,
    SHARE_TOO_BIG,
    SHARE_TOO_SMALL,
    TEAM_LIMIT,
    WORK_NO_UNDO,
    WORK_RUNS,
    WORK_UNDONE,
)
from podpora.licensing.values.ways import ADD_DEVICE, AGAIN, FREE_ONE, MY_LICENCES, NEW_KEY, OPEN_LICENCE, REFRESH, WAIT
from podpora.notifications.values import declare_kind

__all__ = [  # of other files; what stands here is open anyway
    "ARCHIVE_NOT_READABLE", "DEVICE_NO_SEAT", "LICENCE_NEEDED", "NOT_A_MEMBER", "NOT_READABLE", "OTHER_FILE", "PRODUCT_MISMATCH",
    "PROOF_UNKNOWN", "RESALE_CLAIMED", "RESOLD", "SEATS_SHARED", "SHARE_TOO_BIG", "SHARE_TOO_SMALL", "SIGNATURE_INVALID", "STALE_SERIAL",
    "TEAM_LIMIT", "TOO_LARGE", "TOO_MANY_FILES", "TRANSFERRED_NOTICE", "TRANSFER_CANCELLED_NOTICE", "TRANSFER_FREE", "TRANSFER_LIFE",
    "TRANSFER_OFFERED", "TRANSFER_OFFERED_NOTICE", "TRANSFER_ORDER", "TRANSFER_OVER", "TRANSFER_REVOKED", "TRANSFER_SAME",
    "TRANSFER_SUSPENDED", "WORK_NO_UNDO", "WORK_RUNS", "WORK_UNDONE",
]  # fmt: skip


class LicenceKind(StrEnum):
    """What was bought. Lifetime updates are not a kind: they are a fact of the ledger."""

    ONE_TIME = "one-time"
    SUBSCRIPTION = "subscription"
    FREE = "free"
    TRIAL = "trial"


class LicenceState(StrEnum):
    ACTIVE = "active"
    SUSPENDED = "suspended"  # its payment is disputed: what runs goes on, nothing new begins
    REVOKED = "revoked"  # returned or taken back


KIND_NAMES = {
    LicenceKind.ONE_TIME: _("one-time, for ever"),
    LicenceKind.SUBSCRIPTION: _("subscription"),
    LicenceKind.FREE: _("FREE"),
    LicenceKind.TRIAL: _("trial"),
}
STATE_NAMES = {
    LicenceState.ACTIVE: pgettext_lazy("licence", "active"),
    LicenceState.SUSPENDED: pgettext_lazy("licence", "suspended"),
    LicenceState.REVOKED: pgettext_lazy("licence", "revoked"),
}


class ActivationState(StrEnum):
    ACTIVE = "active"
    DEACTIVATED = "deactivated"


class WorkKind(StrEnum):
    """What may be done to many devices at once."""

    FREE = "free"
    RENAME = "rename"
    ASSIGN = "assign"
    TEAM = "team"
    BLOCK = "block"
    UNBLOCK = "unblock"


class Leak(StrEnum):
    """What many computers with one key mean (X-9)."""

    NONE = "none"
    ALERT = "alert"  # owner and staff are told
    FREEZE = "freeze"  # and no new device comes


# How a list of devices may be narrowed by state, in the order of its tabs.
DEVICE_STATES = ("active", "silent", "blocked", "clone", "deactivated", "all")
SILENT_DAYS = 30  # so long without contact: probably nobody misses the seat
WORK_AT_ONCE = 500  # so many devices are done while the page waits; more become a job with a progress bar
WORK_CHUNK = 200
WORK_MOST = 20_000
WORK_SHOWN = timedelta(days=30)  # so long a finished one stands above the list of devices
WORKS_SHOWN = 5
UNDOABLE = frozenset({WorkKind.RENAME, WorkKind.ASSIGN, WorkKind.TEAM, WorkKind.BLOCK, WorkKind.UNBLOCK})


class KeyState(StrEnum):
    """What a signing key is for."""

    ACTIVE = "active"  # signs
    RETIRING = "retiring"  # signs no more; its certificates are still accepted until `expires_at`


MATCH = 2  # of the parts of a fingerprint, so many must be the same for the same device
TOKENS_KEPT = 5  # of one activation: two users of one computer each keep their own
MOVES_A_DAY = 10  # so many new devices a day beyond the number of seats, then it slows down
MOVES_A_MONTH = 60  # S29: the same for thirty days, beyond twice the number of seats
LEAK_DEVICES, LEAK_PLACES = 15, 8  # so many computers in so many networks on one day
FREE_MAILS_A_DAY = 3  # with the FREE key, to one address
CLOCK_TOLERANCE = 48 * 3600  # seconds: time zones, a second system on the computer, an empty battery
SEEN_EVERY_SECONDS = 3600  # `last_seen_at` is written at most so often
CLAIM_SECONDS = 3600  # so long a trial can be claimed with the link of its program
POSSESSION_SECONDS = 300  # S34: so far the time of a signed call may be off
PROOF_SECONDS = 900  # an owner's proof lives so long
SHORTEST_LEASE_DAYS = 14
# What lets an installed program run on (a warning there) and takes no new device (a refusal there). The codes are the ledger's.
SUSPENSIONS = frozenset({"licence.suspended_payment", "licence.suspended_by_vendor"})


def licence_code() -> str:
    return public_code("L")


def device_code() -> str:
    return public_code("D")


def activation_code() -> str:
    return public_code("V", 12)


def transfer_code() -> str:
    return public_code("X", 10)


def work_code() -> str:
    return public_code("W", 10)


@dataclass(frozen=True, slots=True)
class DeviceFacts:
    """A device as its program describes it: parts of the fingerprint (already hashed there), a name, a platform.

    `public_key`: of the pair that the installation made for itself (Ed25519, base64url of 32 bytes), where it has one (S34).
    """

    fingerprint: Mapping[str, str]
    name: str = ""
    platform: str = ""
    public_key: str = ""


@dataclass(frozen=True, slots=True)
class Possession:
    """A call as it came: the proof that came with it (a JWS; empty for none), the token, the bytes of the body (S34)."""

    proof: str
    token: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Contact:
    """What a program tells with a call, besides which device it is.

    `nonce` comes back in the certificate (S31). `serial` and `clock`: the newest certificate that it has and the time of its clock, if
    it tells them. `fingerprint`: how the device looks now (refresh). `possession`: by what it shows that it holds the installation's key.
    """

    app_version: str
    major: int | None = None
    nonce: str = ""
    serial: int | None = None
    clock: datetime | None = None
    fingerprint: Mapping[str, str] | None = None
    possession: Possession | None = None


@dataclass(frozen=True, slots=True)
class OfflineRequest:
    """What a request file of a device without a network asks for (A-9). `made_at`: by the device's own clock, which may be wrong."""

    product: str
    device: DeviceFacts
    app_version: str
    major: int
    key: str = ""
    nonce: str = ""
    made_at: int = 0


@dataclass(frozen=True, slots=True)
class DeviceProof:
    """A device says that it gave its activation up. `public_key` signed it; whether that is the activation's key is asked later."""

    activation: str
    licence: str
    device: str
    serial: int
    jti: str
    public_key: str


@dataclass(frozen=True, slots=True)
class NamedText:
    """A file as it came: its name, to be shown, and its text."""

    name: str
    text: str


class Unreadable(Exception):
    """A file that can't be used as it is: a code and its facts. Nothing in it was believed."""

    def __init__(self, code: str, **facts: Any) -> None:
        super().__init__(code)
        self.code, self.facts = code, facts


@dataclass(frozen=True, slots=True)
class Granted:
    """What the ledger gives this licence at one instant, as a journey read it. Goes into the certificate.

    `decision`: may this version run under it; its codes become the certificate's notices.
    `ttl`: when the certificate is to end, if that was asked for (A-9: nothing will be heard of the device until then).
    """

    decision: Decision
    covers_all: bool = False
    through_major: int | None = None
    until: date | None = None
    updates_until: date | None = None
    support_through: date | None = None
    lease_days: int = 30
    ttl: timedelta | None = None
    notices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Occupancy:
    """The licence as the rule of activation sees it, read under its lock."""

    state: LicenceState
    state_since: date
    seats: int
    used: int
    new_today: int
    new_this_month: int = 0
    frozen_on: date | None = None
    team: str = ""  # whose key was shown: `seats` and `used` are then those of its share
    shared: int = 0  # seats of the licence that belong to teams, when no team's key was shown
    elsewhere: int = 0  # seats of the licence that are not among `seats`; `new_today` counts on all of them


@dataclass(frozen=True, slots=True)
class KnownDevice:
    """A device of the licence with the parts of its fingerprint, for matching."""

    pk: int
    fingerprint: Mapping[str, str]
    is_active: bool


@dataclass(frozen=True, slots=True)
class Activated:
    """The answer to an activation or refresh. `token` is empty when the device keeps the one it has."""

    activation: Any  # models.Activation
    certificate: str
    token: str = ""
    is_new: bool = False
    decision: Decision = field(default_factory=Decision)
    at: datetime | None = None


NOT_FOUND = declare("licence.not_found", _("There is no licence with this key."), ways=(MY_LICENCES, WRITE))
KEY_MISTYPED = declare(
    "licence.key_mistyped",
    _("The key is not typed right: a character is wrong, missing or swapped. Keys never contain 0, O, 1, I or L."),
    ways=(MY_LICENCES,),
)
KEY_NEEDED = declare(
    "licence.device_key_needed",
    _("This installation does not show that it is the one that was activated. Activate the device again with the licence key."),
    ways=(AGAIN,),
)
KEY_PROOF_OLD = declare(
    "licence.device_proof_old",
    _("The signed call is too old, or the clock of the device is wrong; the server's time is {server_time}. Sign it again."),
)
SUSPECTED_CLONE = declare(
    "licence.suspected_clone",
    _(
        "Two computers seem to use the activation of the device {device} since {since}. Nothing is locked; somebody should look into it."
    ),
    ways=(OPEN_LICENCE,),
)
SEATS_NOTICE = declare_kind("licence.too_many_devices", label=_("More devices are active than a licence has"), can_mute=False)
SEATS_RELEASED = declare_kind("licence.devices_released", label=_("Devices were taken off a licence"), can_mute=False)
MOVES = declare_kind("licence.moves", label=_("A licence of yours moves unusually often"))
LEAKED = declare_kind("licence.leaked", label=_("The key of a licence of yours seems to be in foreign hands"), can_mute=False)
LEAK_SEEN = declare_kind("licence.leak_seen", label=_("The key of a licence seems to be in foreign hands"), staff=True)
CLONED = declare_kind("licence.suspected_clone", label=_("Two computers seem to share one of your devices"))
FREE_KEY = declare_kind("licence.free_key", label=_("Your FREE key"), can_mute=False)
KEY_REPLACED_NOTICE = declare_kind("licence.key_replaced", label=_("A licence of yours has a new key"), can_mute=False)

KEY_SENT = declare_kind("licence.key_sent", label=_("A licence key that you asked for"), can_mute=False)
KEY_REPLACED = declare("licence.key_replaced", _("The licence has another key by now: {hint}. Load the page again."))
TEAM_KEY_REPLACED = declare("licence.team_key_replaced", _("The team has another key by now: {hint}. Load the page again."))
ACTIVATION_LIMIT = declare(
    "licence.activation_limit",
    _("All seats of the licence are taken (it has {seats}). Free one of them, or add a device."),
    ways=(FREE_ONE, ADD_DEVICE, WRITE),
)
DEACTIVATED = declare(
    "licence.deactivated",
    _("This device was removed from the licence on {on}. The licence itself is fine: the device may be activated again."),
    ways=(AGAIN, WRITE),
)
TOO_MANY_MOVES = declare(
    "licence.too_many_moves",
    _("The licence moved to {moves} new devices lately (days counted: {days}). That is unusual, so the next one has to wait."),
    ways=(WAIT, WRITE),
)
FINGERPRINT_MISMATCH = declare(
    "licence.fingerprint_mismatch",
    _("This is not the device that was activated. Activate it with the licence key."),
    ways=(AGAIN, WRITE),
)
FROZEN = declare(
    "licence.frozen",
    _("Since {since} the licence takes no new device: its key seems to be in foreign hands. Devices that use it keep working."),
    ways=(NEW_KEY, WRITE),
)
NOT_FROZEN = declare(
    "licence.not_frozen", _("Nothing points to this key being in foreign hands; write to us if you know better."), ways=(WRITE,)
)
DEVICE_BLOCKED = declare(
    "licence.device_blocked",
    _("This device was shut out on {since} by the owner of the licence. The licence itself is fine."),
    ways=(AGAIN, WRITE),
)
NOT_ACTIVATED = declare(
    "licence.not_activated", _("The program is not activated on this device."), ways=(MY_LICENCES, BUY_PRO, WRITE)
)
FEATURE_MISSING = declare("licence.feature_missing", _("This edition does not include {feature}."), ways=(BUY_PRO, WRITE))
CLOCK_TAMPERED = declare(
    "licence.clock_tampered",
    _("The clock of this device is wrong by about {hours} hours. Set it right and refresh the licence; nothing is locked."),
    ways=(REFRESH, WRITE),
)

TRIAL_CLAIMED = declare("licence.trial_claimed", _("This trial belongs to somebody already."), ways=(WRITE,))
TRIAL_ONLY = declare("licence.trial_only", _("Only a trial can be claimed; this licence has its owner."), ways=(MY_LICENCES, WRITE))
