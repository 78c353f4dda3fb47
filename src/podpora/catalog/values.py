"""The words of this room: tiers, channels, levels, kinds of offer, the vendor's policy, versions as facts."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

from podpora.base.reasons import Way, declare


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


@dataclass(frozen=True, slots=True)
class VersionFacts:
    """One major version: when it was officially released and the last day (inclusive) of its support."""

    major: int
    released_on: date | None = None  # None: announced or beta
    support_ends_on: date | None = None  # None: no end published


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
    lease_days: int = 30  # at least 14


@dataclass(frozen=True, slots=True)
class PlanFacts:
    """One cell of the plan matrix, as it stands on a date."""

    tier: Tier
    channel: Channel
    level: Level
    first_answer_hours: int | None = None


UPGRADE = Way("buy", _("Upgrade to the current version"), "shop:upgrade", ("licence",), "shop:home")
RENEW = Way("buy", _("Renew VIP support for a year"), "shop:renew", ("licence",), "shop:home")
BUY_PRO = Way("buy", _("Buy PRO with a year of VIP support"), "shop:home")
FORUM = Way("forum", _("Ask the community"), "public:forum")
WRITE = Way("ask", _("Write to us: licence and general questions are always answered"), "public:contact")
LEVELS = Way("read", _("What each level of support includes"), "public:levels")

declare(
    "version.end_of_life",
    _("Support for version {major} ended on {support_ends_on}, so it can't be renewed for it."),
    ways=(UPGRADE, FORUM),
)
declare("version.end_of_life_today", _("Support for version {major} ends today, {support_ends_on}."), ways=(UPGRADE,))
declare("version.end_of_life_soon", _("Support for version {major} ends on {support_ends_on}."), ways=(UPGRADE,))
declare("version.update_first", _("Version {major} is no longer supported. Update first: it is free for you."))
declare("version.not_covered", _("This licence covers versions up to {through_major}, not {major}."), ways=(UPGRADE,))
