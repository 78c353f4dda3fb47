"""The words of this room: how far a problem is, what is known of it, who is tied to it, and what is said when it is fixed."""

from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from podpora.base.reasons import Way, declare
from podpora.notifications.values import declare_kind

KIND = "problem"  # in the search
PLATFORMS = ("windows", "macos", "linux")
LONGEST = 10_000


class State(StrEnum):
    REPORTED = "reported"
    CONFIRMED = "confirmed"
    BEING_FIXED = "being_fixed"
    FIXED = "fixed"
    WONT_FIX = "wont_fix"

    @property
    def is_over(self) -> bool:
        return self in (State.FIXED, State.WONT_FIX)


class OnFix(StrEnum):
    """What becomes of tied tickets when the fix is out."""

    ASK = "ask"
    CLOSE = "close"
    LEAVE = "leave"


class TieKind(StrEnum):
    PERSON = "person"
    TICKET = "ticket"
    TOPIC = "topic"


STATE_NAMES = {
    State.REPORTED: _("Reported"),
    State.CONFIRMED: _("Confirmed"),
    State.BEING_FIXED: _("Being fixed"),
    State.FIXED: _("Fixed"),
    State.WONT_FIX: _("Will not be fixed"),
}
STATE_BADGES = {State.CONFIRMED: "warn", State.BEING_FIXED: "accent", State.FIXED: "good"}
ON_FIX_NAMES = {
    OnFix.ASK: _("Tell the customer and ask whether it helped"),
    OnFix.CLOSE: _("Tell the customer and mark the ticket as solved"),
    OnFix.LEAVE: _("Leave tickets as they are"),
}
PLATFORM_NAMES = {"windows": "Windows", "macos": "macOS", "linux": "Linux"}


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a problem. Versions: the first and the last that have it; empty: not known, or all up to now."""

    product: str
    title_cs: str = ""
    title_en: str = ""
    symptom_cs: str = ""
    symptom_en: str = ""
    workaround_cs: str = ""
    workaround_en: str = ""
    from_version: str = ""
    to_version: str = ""
    platforms: tuple[str, ...] = ()
    is_public: bool = True
    on_fix: OnFix = OnFix.ASK


@dataclass(frozen=True, slots=True)
class Tied:
    """Whom or what a problem concerns: a person, or a ticket or topic by its public code, with whose it is."""

    kind: TieKind
    code: str
    person_id: int | None = None
    version: str = ""
    platform: str = ""


FIXED = declare_kind("problem.fixed", label=_("A problem that you have is fixed"))

ASK = Way("ask", _("Write to us: licence and general questions are always answered"), "public:contact")
FORUM = Way("forum", _("Ask the community"), "public:forum")
VERSIONS = Way("read", _("Which versions are supported"), "public:versions")
UPGRADE = Way("buy", _("See the upgrade"), "shop:upgrade", args=("licence",), fallback="shop:home")
BUY = Way("buy", _("See what PRO costs"), "shop:home")
COVERED = declare(
    "problem.fix_covered", _("Your licence {licence} covers version {version}: update the program, it costs nothing.")
)
NOT_COVERED = declare(
    "problem.fix_not_covered",
    _("Your licence {licence} does not cover version {version}. The program goes on working; the fix comes with the upgrade."),
    ways=(UPGRADE, FORUM, ASK),
)
NO_LICENCE = declare(
    "problem.fix_no_licence",
    _(
        "The fix is in version {version}. We know of no licence of yours: FREE gets it by updating the program, PRO with a licence for it."
    ),
    ways=(BUY, FORUM, ASK),
)
declare("problem.title", _("Write a title in Czech or English."))
declare("problem.not_a_version", _("Write a version such as 10.2 or 10.2.1."))
declare("problem.versions_backwards", _("The last version can't lie before the first."))
declare("problem.platform", _("There are: {choices}."))
declare("problem.fixed_in", _("Say in which version it is fixed."))
declare("problem.why", _("Say why it will not be fixed: people read it."))
OVER = declare("problem.over", _("{problem} is not open any more: there is nothing to be tied to."))
