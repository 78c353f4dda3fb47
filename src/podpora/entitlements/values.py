"""The words of this room: ledger entries, the rights that their replay gives, and what its reason codes say."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from podpora.base.decisions import Reason
from podpora.base.reasons import Way, declare
from podpora.catalog.values import BUY_PRO, FORUM, LEVELS, RENEW, UPGRADE, UPGRADE_INSTEAD, WRITE, Level, Policy
from podpora.notifications.values import declare_kind


class EntryKind(StrEnum):
    """What happened. The first group gives a licence its base, the second adds to it, the third takes away or restores."""

    PURCHASE = "purchase"
    SUBSCRIPTION = "subscription"
    TRIAL = "trial"
    FREE = "free"

    UPGRADE = "upgrade"
    LIFETIME = "lifetime"
    RENEWAL = "renewal"
    EXTRA_DEVICE = "extra_device"
    GOODWILL = "goodwill"
    ALIGNMENT = "alignment"  # ORG-3: pro rata to a common date

    REFUND = "refund"
    CHARGEBACK_OPENED = "chargeback_opened"
    CHARGEBACK_WON = "chargeback_won"
    CHARGEBACK_LOST = "chargeback_lost"
    PAID_AGAIN = "paid_again"  # after a lost chargeback
    SUSPENSION = "suspension"  # by the vendor's staff, with a reason
    REINSTATEMENT = "reinstatement"

    @property
    def is_base(self) -> bool:
        return self in BASES

    @property
    def strikes(self) -> bool:
        return self in STRIKES


BASES = frozenset({EntryKind.PURCHASE, EntryKind.SUBSCRIPTION, EntryKind.TRIAL, EntryKind.FREE})
STRIKES = frozenset({
    EntryKind.REFUND, EntryKind.CHARGEBACK_OPENED, EntryKind.CHARGEBACK_WON, EntryKind.CHARGEBACK_LOST, EntryKind.PAID_AGAIN,
    EntryKind.SUSPENSION, EntryKind.REINSTATEMENT,
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a licence's ledger (T2). Facts only: what it leads to is the replay's business.

    `source` names the cause (`order:A-1042/1`, `goodwill:7`) and is unique among the grants of a licence; an entry that
    strikes has a source of its own and names the struck grant in `strikes`. `at` is the instant of capture (None: not
    paid yet), `on` its vendor date as it was when recorded (Z-9: never recomputed). `ordered_at`/`ordered_on` likewise
    for the order (VIP-12). A grant has `units`; a partial refund strikes some of them.
    """

    source: str
    kind: EntryKind
    at: datetime | None
    on: date | None
    ordered_at: datetime | None = None
    ordered_on: date | None = None
    cancelled_at: datetime | None = None  # an order that was never paid and is no longer waited for
    units: int = 1
    years: int = 0  # years of support, as long as one unit stands
    years_each: int = 0  # years of support for each standing unit (renewal: the quantity is the number of years)
    days: int = 0  # goodwill and alignment
    seats_each: int = 0
    through_major: int | None = None
    covers_all: bool = False
    update_years: int = 0  # coverage by date: years of updates, as long as one unit stands
    update_years_each: int = 0  # the same for each standing unit
    run_days: int = 0  # trial
    stacks: bool = True  # VIP-6 as it was set when this was bought: False is RESET_MAX
    seats_less: int = 0  # ORG-5: a renewal for fewer devices takes these away, from `less_from` on
    less_from: date | None = None
    strikes: str = ""
    struck_units: int | None = None  # None: all of them

    @property
    def all_years(self) -> int:
        """The years of support that it gives as long as all its units stand."""
        return self.years + self.years_each * self.units


@dataclass(frozen=True, slots=True)
class Period:
    """A stretch of support, half-open [starts_on, ends_on) in vendor dates (T1)."""

    starts_on: date
    ends_on: date

    @property
    def through(self) -> date:
        """The last day, inclusive: what people see."""
        return self.ends_on - timedelta(days=1)


@dataclass(frozen=True, slots=True)
class RunRight:
    """Which versions may run (T3). `until`: the last day, inclusive; None is for ever.

    Three ways to cover a version, any of which is enough: all; majors up to one; and what was released on or before `updates_until`
    (the last day of updates, inclusive) with all its fixes. `reached_major`: the newest major that came out by then.
    """

    covers_all: bool = False
    through_major: int | None = None
    until: date | None = None
    updates_until: date | None = None
    reached_major: int | None = None

    @property
    def is_empty(self) -> bool:
        return not self.covers_all and self.through_major is None and self.updates_until is None

    @property
    def newest_major(self) -> int | None:
        """The newest major that is covered; None if none is, or all are."""
        majors = [major for major in (self.through_major, self.reached_major) if major is not None]
        return None if self.covers_all else max(majors, default=None)

    def covers(self, major: int) -> bool:
        """Is at least the first release of this major covered? Which of its releases are: rules.covers_release."""
        newest = self.newest_major
        return self.covers_all or (newest is not None and major <= newest)


@dataclass(frozen=True, slots=True)
class Step:
    """One entry in the replay's trail: does it stand, and what it did. `years` of support that stand; if none stands, that were bought."""

    entry: Entry
    standing: bool
    why: tuple[Reason, ...]
    years: int = 0


@dataclass(frozen=True, slots=True)
class Rights:
    """What the ledger gives at one instant. The answer of `rules.replay`."""

    at: datetime
    base: EntryKind | None = None  # the kind of the standing base; None: no licence (yet, or any more)
    was_issued: bool = False  # a base was ever paid, even if it was struck since
    run: RunRight = field(default_factory=RunRight)
    undisputed_run: RunRight = field(default_factory=RunRight)  # what stays if every open chargeback is lost
    periods: tuple[Period, ...] = ()
    pending_until: date | None = None  # VIP-12: a renewal ordered in time still waits for its money; last day, inclusive
    run_pending_until: date | None = None  # the same for the subscription itself: the program goes on meanwhile (T6)
    suspended_at: datetime | None = None  # the oldest open chargeback
    held_at: datetime | None = None  # the vendor's staff suspended the whole licence
    seats: int = 0
    trail: tuple[Step, ...] = ()  # empty unless the replay was asked to explain

    @property
    def is_suspended(self) -> bool:
        """Nothing new begins: no device, no ticket. For either cause."""
        return self.suspended_at is not None or self.held_at is not None

    @property
    def support(self) -> Period | None:
        """The last period of support, which is the current one if any is."""
        return self.periods[-1] if self.periods else None

    @property
    def support_through(self) -> date | None:
        return self.periods[-1].through if self.periods else None


@dataclass(frozen=True, slots=True)
class Line:
    """One licence of an account as the ticket gate sees it (T4).

    `level`: what the plan matrix gives its tier in the support centre. `ended_major`: the version for whose end of life its support
    can't be renewed (EOL-3), so that a refusal offers the upgrade and not the renewal.
    """

    licence: str
    rights: Rights
    level: Level = Level.WITH_SUPPORT
    ended_major: int | None = None
    policy: Policy | None = None  # of its own product, where an account has licences of several


class Ending(StrEnum):
    """What comes to an end."""

    SUPPORT = "support"
    SUBSCRIPTION = "subscription"
    TRIAL = "trial"


@dataclass(frozen=True, slots=True)
class Due:
    """A step that is to be sent today. `through`: the last day; `step`: the days that it was meant to be sent before it."""

    ending: Ending
    through: date
    step: int
    days_left: int


@dataclass(frozen=True, slots=True)
class ReminderLine:
    """One licence in a reminder. `never_ends`: it has lifetime updates; `ended_major`: only the upgrade is sold for it (EOL-3)."""

    licence: str
    name: str
    due: Due
    never_ends: bool = False
    ended_major: int | None = None


REMINDER = declare_kind("reminder.soon", label=_("Support, a subscription or a trial ends soon, or ended a week ago"))
LAST_DAY = declare_kind("reminder.today", label=_("Support, a subscription or a trial ends today"), can_mute=False)

SUSPENDED = declare_kind("licence.suspended", label=_("A licence of yours was suspended"), can_mute=False)
REINSTATED = declare_kind("licence.reinstated", label=_("A licence of yours is no longer suspended"))
GIVEN = declare_kind("licence.goodwill", label=_("We gave you support without charge"))
GO_ON_FREE = Way("read", _("Go on with FREE, for nothing"), "public:free", when="trial")

COMPANY_LICENCE_NEEDED = declare(
    "manager.company_licence_needed",
    _(
        "Members, teams, bulk work and Server settings come with a PRO licence for companies. Your own licences are all under My licences."
    ),
    ways=(BUY_PRO, WRITE),
)
declare("licence.valid", _("The licence is valid."))
declare("licence.expired", _("The right to run the program ended on {until}."), ways=(BUY_PRO, GO_ON_FREE, FORUM))
declare(
    "licence.expired_in_grace",
    _("The subscription ended on {until}; its renewal waits for the payment until {pending_until}."),
    ways=(WRITE,),
)
declare("licence.not_yet_valid", _("The licence is not valid yet."), ways=(WRITE,))
declare("licence.revoked", _("The licence was returned or taken back."), ways=(BUY_PRO, WRITE))
declare(
    "licence.suspended_payment",
    _("The payment is disputed since {since}. Programs that are installed keep running; new devices and tickets have to wait."),
    ways=(WRITE,),
)
declare("licence.suspended", _("The licence is suspended since {since}."), ways=(WRITE,))
declare(
    "licence.suspended_by_vendor",
    _("We suspended this licence on {since}. Programs that are installed keep running; new devices and tickets have to wait."),
    ways=(WRITE,),
)
declare("licence.suspended_already", _("The licence is suspended already, since {since}."))
declare("licence.not_suspended", _("The licence is not suspended by us, so there is nothing to reinstate."))
declare("support.ends_soon", _("VIP support ends soon. The program keeps working."), ways=(RENEW, UPGRADE_INSTEAD))
declare("support.ended_recently", _("VIP support ended a few days ago. The program keeps working."), ways=(RENEW, UPGRADE_INSTEAD))
declare("licence.trial_ends_soon", _("The trial ends soon."), ways=(BUY_PRO,))
declare("licence.ends_soon", _("The subscription ends soon; the program runs until then."), ways=(RENEW,))
declare("support.active", _("VIP support is active until {through}."))
declare("support.included", _("The support centre is open to you."))
declare("goodwill.out_of_range", _("Give at most 3,660 days or 10 years."))
declare(
    "support.grace",
    _("VIP support ends today, {through}, which is not over everywhere on Earth yet."),
    ways=(RENEW, UPGRADE_INSTEAD),
)
declare(
    "support.pending_payment",
    _("VIP support ended on {through}; the renewal that you ordered waits for its payment until {pending_until}."),
)
declare(
    "support.expired",
    _("Your VIP support ended on {through}. The licence is not affected: the program keeps working."),
    ways=(RENEW, UPGRADE_INSTEAD, FORUM, WRITE),
    article="why-vip-ends",
)
declare("support.not_started", _("VIP support starts on {starts_on}."), ways=(WRITE,))
declare(  # VIP-10: one code; `trial` and `free` are facts, and each has its own sentence
    "support.not_included",
    _("VIP support comes with PRO licences. You may ask the community, and we answer general and licence questions by e-mail."),
    ways=(BUY_PRO, FORUM, WRITE),
    article="levels-of-support",
    instead={
        "trial": _("VIP support comes with PRO licences. During the trial we advise you with anything by e-mail."),
        "free": _(
            "VIP support comes with PRO licences. We answer general and licence questions by e-mail; technical ones may take longer."
        ),
    },
)
declare(
    "support.use_other_licence",
    _("This licence has no active VIP support, but {other} has: ask about that one, or renew."),
    ways=(RENEW, UPGRADE_INSTEAD, WRITE),
)
declare(
    "support.too_far_ahead", _("Support can be paid until {limit} at the most; this order would reach {through}."), ways=(LEVELS,)
)
declare(
    "version.ticket_about_ended",
    _("Support for version {major} ended on {support_ends_on}: we advise, but can't promise a fix."),
    ways=(UPGRADE,),
)
declare("version.upgrade_not_needed", _("This licence already covers version {major}, the current one."), ways=(WRITE,))
declare(
    "alignment.not_running",
    _("Support of this licence has ended, so there is no end to align. Renew it: the year runs from today."),
    ways=(RENEW, WRITE),
)
declare("alignment.not_later", _("Support of this licence runs until {through} already; {to} is not later."), ways=(RENEW, WRITE))
declare("seats.not_fewer", _("Seats of this licence: {seats}; a renewal for fewer is a renewal for 1 to {most}."), ways=(WRITE,))
declare("licence.lifetime_already", _("This licence already has lifetime updates."), ways=(WRITE,))
declare("licence.cannot_be_extended", _("Only PRO licences can be extended."), ways=(BUY_PRO, WRITE))

declare("ledger.started", _("Starts support on {starts_on}, until {through}."))
declare("ledger.extended", _("Extends support from {before} to {through}."))
declare("ledger.kept", _("Does not change the end of support, {through}."))
declare("ledger.counted_as_ordered", _("Ordered in time on {ordered_on}, so the payment on {on} counts as on time."))
declare("ledger.covers_major", _("Covers version {major} and all older ones, for ever."))
declare("ledger.free_upgrade", _("Version {major} came out soon after the purchase and is covered too."))
declare("ledger.gives_updates", _("Years of updates: {years}. What is released meanwhile is covered for ever, with all its fixes."))
declare("ledger.covers_while_subscribed", _("Covers all versions while the subscription runs."))
declare("ledger.covers_all", _("Covers all versions."))
declare("ledger.runs_until", _("Runs until {until}."))
declare("ledger.fewer_seats", _("{seats} fewer devices from {on}."))
declare("ledger.seats", _("Devices: {seats}."))
declare("ledger.waiting", _("Waits for payment until {pending_until}."))
declare("ledger.not_paid", _("Not paid."))
declare("ledger.struck", _("Struck on {on}."))
declare("ledger.struck_partly", _("{units} of {of} struck on {on}."))
declare("ledger.strikes", _("Strikes {source}."))
declare("ledger.suspends", _("Suspends {source}."))
declare("ledger.suspends_all", _("Suspends the whole licence."))
declare("ledger.restores_all", _("Reinstates the whole licence."))
declare("ledger.restores", _("Restores {source}."))
declare("ledger.suspended_days", _("{days} suspended days are added: {before} becomes {through}."))
declare("ledger.no_base", _("Has no licence to stand on."))
