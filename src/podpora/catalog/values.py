"""The words of this room: tiers, channels, levels, kinds of offer, the vendor's policy, versions as facts."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

from podpora.base.money import Money
from podpora.base.reasons import Way, declare

RELEASE_KIND, VERSION_KIND = "release", "version"  # in the search


class Tier(StrEnum):
    TRIAL = "trial"
    FREE = "free"
    PRO = "pro"


class Channel(StrEnum):
    EMAIL = "email"
    FORUM = "forum"
    CENTRE = "centre"  # the online support centre (VIP)


class Level(StrEnum):
    """What a tier gets on a channel."""

    NO = "no"
    LIMITED = "limited"  # yes, but slower or for some questions only
    YES = "yes"
    WITH_SUPPORT = "with_support"  # yes, while the support term runs


class OfferKind(StrEnum):
    LICENCE = "licence"  # a PRO one-time licence, with its year of support
    SUBSCRIPTION = "subscription"
    UPGRADE = "upgrade"
    LIFETIME = "lifetime"
    RENEWAL = "renewal"
    EXTRA_DEVICE = "extra_device"

    @property
    def needs_licence(self) -> bool:
        """Is this bought for a licence that the customer already has?"""
        return self in (OfferKind.UPGRADE, OfferKind.LIFETIME, OfferKind.RENEWAL, OfferKind.EXTRA_DEVICE)


class UpgradeRule(StrEnum):
    """VIP-6: what an upgrade bought while support is active does to its end."""

    STACK = "stack"
    RESET_MAX = "reset_max"


class Grace(StrEnum):
    """Z-5: until when the ticket gate stays open on the last day."""

    EARTH = "earth"  # until the date has ended everywhere on Earth
    NONE = "none"


class Scope(StrEnum):
    """ORG-2: does any active line open the support centre, or only the line the ticket names?"""

    ACCOUNT = "account"
    LICENCE = "licence"


class CoverageMode(StrEnum):
    """What a licence that is bought covers (LICENSING.md, "What covers a version"). What was sold keeps the mode of its day."""

    BY_MAJOR = "by_major"  # through a major, older ones included, later updates of it included
    BY_DATE = "by_date"  # what was released on or before the end of updates, and all fixes of it
    ALL = "all"


class ReleaseChannel(StrEnum):
    """Who a release is for: everybody, or those who want it earlier. In the order of how finished it is."""

    STABLE = "stable"
    RC = "rc"
    BETA = "beta"
    ALPHA = "alpha"
    DEV = "dev"

    @property
    def offers(self) -> tuple["ReleaseChannel", ...]:
        """What a device on this channel is offered: it, and everything more finished."""
        channels = list(ReleaseChannel)
        return tuple(channels[: channels.index(self) + 1])


@dataclass(frozen=True, slots=True)
class VersionFacts:
    """One major version and its life. Every end is the last day, inclusive; None: none published.

    `support_ends_on` is the end that rules ask about (EOL-2..6). Fixes of security holes may go on after it, and the end of life is the
    day after which nothing at all happens; both default to the end of support. Nothing here ever stops a program.
    """

    major: int
    released_on: date | None = None  # None: announced or beta
    support_ends_on: date | None = None
    security_ends_on: date | None = None
    end_of_life_on: date | None = None
    replaced_by: int | None = None

    @property
    def fixes_end_on(self) -> date | None:
        """Until when holes are closed."""
        return self.security_ends_on or self.support_ends_on

    @property
    def ends_on(self) -> date | None:
        """The end of life: as it was set, else the later of both ends."""
        ends = [on for on in (self.support_ends_on, self.security_ends_on) if on]
        return self.end_of_life_on or max(ends, default=None)


@dataclass(frozen=True, slots=True)
class CoverageFacts:
    """From this vendor date on purchases are covered so."""

    mode: CoverageMode
    since: date


@dataclass(frozen=True, slots=True)
class ReleaseFacts:
    """One build as rules read it. `covers_on`: the date that decides whether a licence by date covers it (rules.coverage_date)."""

    number: str
    major: int
    channel: ReleaseChannel
    released_on: date
    is_security: bool = False
    covers_on: date | None = None
    min_from: str = ""

    @property
    def is_stable(self) -> bool:
        return self.channel is ReleaseChannel.STABLE


class ManagerFor(StrEnum):
    """Who gets the whole License Manager (ORG-7)."""

    COMPANIES = "companies"
    EVERYONE = "everyone"


class LifetimeTransfer(StrEnum):
    """What becomes of lifetime updates when a licence goes to another customer (A-17)."""

    MOVES = "moves"
    ENDS = "ends"


@dataclass(frozen=True, slots=True)
class Policy:
    """The vendor's choices that rules read. Each default is the first value that RULES.md names."""

    zone: ZoneInfo
    upgrade_rule: UpgradeRule = UpgradeRule.STACK
    max_ahead_years: int = 3  # VIP-7
    pending_days: int = 14  # VIP-12
    grace: Grace = Grace.EARTH  # Z-5
    scope: Scope = Scope.ACCOUNT  # ORG-2
    free_upgrade_days: int = 30  # EOL-10
    end_of_life_notice_months: int = 12  # EOL-6
    suspension_run_days: int = 14
    suspension_forgiven_days: int = 3
    seat_notice_days: int = 14  # ORG-5, X-3
    trial_days: int = 30
    device_kept_days: int = 730  # devices that gave their seat back
    lease_days: int = 30  # at least 14
    license_manager_for: ManagerFor = ManagerFor.COMPANIES  # ORG-7
    transfer_of_lifetime: LifetimeTransfer = LifetimeTransfer.MOVES


@dataclass(frozen=True, slots=True)
class ProductFacts:
    """Everything that the vendor has set about a product: codes and features of its editions by primary key, versions and releases
    newest first, and what each tier gets in the support centre, from when until when, oldest first."""

    code: str
    editions: Mapping[int, tuple[str, Mapping[str, Any]]]
    versions: tuple[VersionFacts, ...]
    policy: Policy
    plans: tuple[tuple[datetime, datetime | None, Tier, Level], ...]
    releases: tuple[ReleaseFacts, ...]

    def levels(self, at: datetime) -> dict[Tier, Level]:
        """What every tier gets in the support centre at that instant."""
        levels = dict.fromkeys(Tier, Level.NO)
        levels.update((tier, level) for since, until, tier, level in self.plans if since <= at and (until is None or until > at))
        return levels


@dataclass(frozen=True, slots=True)
class PlanFacts:
    """One cell of the plan matrix, as it stands on a date."""

    tier: Tier
    channel: Channel
    level: Level
    first_answer_hours: int | None = None


@dataclass(frozen=True, slots=True)
class PlanCell:
    """A cell of the matrix as a page shows it: what is given, and the promise in the reader's language."""

    tier: Tier
    channel: Channel
    level: Level
    promise: str = ""
    first_answer_hours: int | None = None

    @property
    def is_given(self) -> bool:
        return self.level is not Level.NO


@dataclass(frozen=True, slots=True)
class PlanRow:
    """One channel of the matrix: a cell for each tier, in the order of the columns."""

    channel: Channel
    name: str
    about: str
    cells: tuple[PlanCell, ...]


@dataclass(frozen=True, slots=True)
class PlanColumn:
    tier: Tier
    name: str
    about: str


@dataclass(frozen=True, slots=True)
class PlanMatrix:
    """The levels of support as a table: a column for each tier, a row for each channel."""

    columns: tuple[PlanColumn, ...]
    rows: tuple[PlanRow, ...]


@dataclass(frozen=True, slots=True)
class PriceTable:
    """A price list as rules read it: the price of one unit by (offer, basis); basis "" is the price for everybody."""

    currency: str
    valid_from: date
    includes_vat: bool
    prices: Mapping[tuple[str, str], Money]

    def __post_init__(self) -> None:
        object.__setattr__(self, "prices", MappingProxyType(dict(self.prices)))


class VersionState(StrEnum):
    """Where in its life a major version is on a day."""

    ANNOUNCED = "announced"  # or beta
    CURRENT = "current"
    SUPPORTED = "supported"
    SECURITY = "security"  # its support has ended, holes are still closed
    ENDED = "ended"


TIER_NAMES = {Tier.TRIAL: _("Trial"), Tier.FREE: _("FREE"), Tier.PRO: _("PRO")}
TIER_NOTES = {
    Tier.TRIAL: _("30 days, everything on"),
    Tier.FREE: _("for home, one device"),
    Tier.PRO: _("one-time, subscription or lifetime"),
}
CHANNEL_NAMES = {
    Channel.EMAIL: _("Questions by e-mail"),
    Channel.FORUM: _("Community forum"),
    Channel.CENTRE: _("Support centre (VIP)"),
}
CHANNEL_NOTES = {
    Channel.EMAIL: _("General and licence questions are answered for everybody."),
    Channel.FORUM: _("We read it regularly, but can't promise an answer."),
    Channel.CENTRE: _("A technician is assigned and sees you through to a solution."),
}
LEVEL_NAMES = {
    Level.NO: _("No"),
    Level.LIMITED: _("Limited"),
    Level.YES: _("Yes"),
    Level.WITH_SUPPORT: _("Yes, while VIP support runs"),
}
VERSION_STATE_NAMES = {
    VersionState.ANNOUNCED: _("Announced"),
    VersionState.CURRENT: _("Current"),
    VersionState.SUPPORTED: _("Supported"),
    VersionState.SECURITY: _("Security fixes only"),
    VersionState.ENDED: _("Support ended"),
}

CHANNEL_LABELS = {
    ReleaseChannel.STABLE: _("Stable"),
    ReleaseChannel.RC: _("Release candidate"),
    ReleaseChannel.BETA: _("Beta"),
    ReleaseChannel.ALPHA: _("Alpha"),
    ReleaseChannel.DEV: _("Development"),
}
COVERAGE_NAMES = {
    CoverageMode.BY_MAJOR: _("Up to a major version"),
    CoverageMode.BY_DATE: _("What is released until a date"),
    CoverageMode.ALL: _("All versions"),
}
COVERAGE_NOTES = {
    CoverageMode.BY_MAJOR: _("The major version that is current at the purchase, its updates and everything older, for ever."),
    CoverageMode.BY_DATE: _("Everything that is released while updates are paid, with all its later fixes, for ever."),
    CoverageMode.ALL: _("Everything, also what is yet to come."),
}

UPGRADE = Way("buy", _("Upgrade to the current version"), "shop:upgrade", ("licence",), "shop:home")
# Support is not renewed for a version past its end of life (EOL-3): then the upgrade, which includes a year of support, is the way.
RENEW = Way("buy", _("Renew VIP support for a year"), "shop:renew", ("licence",), "shop:home", unless="ended_major")
UPGRADE_INSTEAD = Way(
    "buy", _("Upgrade: a year of VIP support is included"), "shop:upgrade", ("licence",), "shop:home", when="ended_major"
)
BUY_PRO = Way("buy", _("Buy PRO with a year of VIP support"), "shop:home")
FORUM = Way("forum", _("Ask the community"), "forum:home")
WRITE = Way("ask", _("Write to us: licence and general questions are always answered"), "public:contact")
OWNED = Way("read", _("The newest version that you own"), "portal:licence", ("licence",), "public:versions")
LEVELS = Way("read", _("What each level of support includes"), "public:levels")

declare(
    "version.end_of_life",
    _("Support for version {major} ended on {support_ends_on}, so it can't be renewed for it."),
    ways=(UPGRADE, FORUM),
)
declare("version.end_of_life_today", _("Support for version {major} ends today, {support_ends_on}."), ways=(UPGRADE,))
declare("version.end_of_life_soon", _("Support for version {major} ends on {support_ends_on}."), ways=(UPGRADE,))
declare("version.update_first", _("Version {major} is no longer supported. Update to {newest} first: it is free for you."))
declare(
    "version.not_covered",
    _("This licence covers versions up to {through_major}, not {major}."),
    ways=(UPGRADE, OWNED),
    instead={"updates_until": _("This licence covers what was released until {updates_until}; {version} came out on {covers_on}.")},
)

declare("offer.no_price", _("This is not sold for this licence in {currency}."), ways=(BUY_PRO, WRITE))
declare("offer.not_sold", _("{offer} is not sold at present."), ways=(WRITE,))

# Input errors of the office: the sentences that stand beside a field.
declare("version.ends_before_release", _("The end of support can't be before the release."))
declare("version.end_without_release", _("Give the release date first."))
declare("version.security_before_release", _("Security fixes can't end before the release."))
declare("version.end_of_life_before_support", _("The end of life can't be before the end of support or of security fixes."))
declare("version.replaced_by_older", _("A version is replaced by a newer one."))
declare("version.major_positive", _("A major version is a whole number, 1 or more."))
declare("release.not_of_this_version", _("The number has to begin with the major version, for example 10.2.1."))
declare("release.withdrawn", _("Release {version} was withdrawn. Publish a new number instead."))
declare("release.not_a_number", _("Write a number such as 10.2.1, or 11.0.0-beta.1 for what is not stable."))
declare("release.channel_unlike_number", _("A stable release has a plain number; all others end in -beta.1 or the like."))
declare("release.version_unknown", _("Announce version {major} first."))
declare("release.back_dated_forward", _("A fix can only be dated back, to a day before its release."))
declare("release.file_twice", _("There is a file for this platform already."))
declare("release.not_https", _("Give an address that begins with https://."))
declare("release.not_a_sha256", _("A SHA-256 has 64 hexadecimal digits."))
declare("release.before_version", _("A release can't be older than its version."))
declare("price_list.in_the_past", _("A price list can start tomorrow at the earliest: prices that were valid stay as they were."))
declare("price_list.already_valid", _("These prices are or were valid, so they can't be changed. Make a new price list."))
declare("price_list.needs_price", _("Give at least one price."))
declare("price.too_fine", _("This is finer than the smallest coin."))
declare("price.too_high", _("This price is too high."))
declare("price.negative", _("A price can't be negative."))
declare("plan.hours_positive", _("Give whole hours, 1 or more, or leave it empty."))
declare("policy.out_of_range", _("This is out of the allowed range."))
