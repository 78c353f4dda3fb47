"""The words of this room: modes, layers, settings and their schema, entries, what counts on a device and why."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from podpora.base.codes import public_code
from podpora.base.reasons import declare
from podpora.fleet.values.rollouts import (
    APPROVAL_ASKED,
    APPROVAL_GIVEN,
    BUNDLE_REFUSED,
    OPEN_STATES,
    PROPOSAL_NAMES,
    ROLLOUT_DONE,
    ROLLOUT_HALTED,
    ROLLOUT_NAMES,
    Plan,
    Point,
    Progress,
    ProposalState,
    Publishing,
    RollOutState,
    Wave,
    points_from,
    proposal_code,
    rollout_code,
)

__all__ = [  # of other files; what stands here is open anyway
    "APPROVAL_ASKED", "APPROVAL_GIVEN", "BUNDLE_REFUSED", "OPEN_STATES", "PROPOSAL_NAMES", "ROLLOUT_DONE", "ROLLOUT_HALTED", "ROLLOUT_NAMES", "Plan",
    "Point", "Progress", "ProposalState", "Publishing", "RollOutState", "Wave", "points_from", "proposal_code", "rollout_code",
]  # fmt: skip


class Mode(StrEnum):
    FORCED = "forced"  # counts, and the user can't change it
    DEFAULT = "default"  # counts until the user chooses
    INITIAL = "initial"  # is written once, as if the user had chosen it


MODE_NAMES: dict[Mode, Promise] = {
    Mode.FORCED: pgettext_lazy("mode of a setting", "Forced"),
    Mode.DEFAULT: pgettext_lazy("mode of a setting", "Default"),
    Mode.INITIAL: pgettext_lazy("mode of a setting", "Initial"),
}


class SettingType(StrEnum):
    """The types of JSON Schema that a setting may have. There is no type for secrets (CS-21)."""

    STRING = "string"
    INTEGER = "integer"
    NUMBER = "number"
    BOOLEAN = "boolean"
    ARRAY = "array"  # of strings


class Level(StrEnum):
    """Where a layer lies; the nearer to the device, the stronger."""

    COMPANY = "company"
    GROUP = "group"
    DEVICE = "device"


class Why(StrEnum):
    """Why an entry does not count on a device."""

    FORCED = "forced"  # another layer forces the setting (CS-2)
    NEARER = "nearer"  # a layer nearer to the device has it (CS-3)
    PRIORITY = "priority"  # a group that stands higher has it (CS-4)
    ATOMIC = "atomic"  # its block comes from another layer as a whole (CS-5)
    CONDITION = "condition"  # it is meant for other platforms or versions
    NEEDS_VERSION = "needs_version"  # the program on the device does not know it yet (CS-12)
    REMOVED = "removed"  # the program on the device does not have it any more
    UNKNOWN = "unknown"  # the schema has no such setting


WHY_SENTENCES: dict[Why, Promise] = {
    Why.FORCED: _("Another layer forces this setting; forced beats default and initial on every layer."),
    Why.NEARER: _("A layer nearer to the device sets it."),
    Why.PRIORITY: _("A group that stands higher sets it."),
    Why.ATOMIC: _("These settings belong together and come whole from another layer."),
    Why.CONDITION: _("It is meant for other platforms or versions."),
    Why.NEEDS_VERSION: _("The program on this device does not know it yet."),
    Why.REMOVED: _("The program on this device does not have it any more."),
    Why.UNKNOWN: _("The program has no such setting."),
}


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting as the vendor's developer describes it. Texts by language; versions as they are written (`10.2`)."""

    key: str
    type: SettingType
    default: Any = None
    choices: tuple[Any, ...] = ()
    minimum: float | None = None
    maximum: float | None = None
    min_length: int | None = None  # of a text; of an array: how many
    max_length: int | None = None
    pattern: str = ""
    modes: tuple[Mode, ...] = tuple(Mode)
    title: Mapping[str, str] = field(default_factory=dict)
    help: Mapping[str, str] = field(default_factory=dict)
    choice_titles: Mapping[str, Mapping[str, str]] = field(default_factory=dict)  # choice -> what people call it
    page: str = ""
    atomic_group: str = ""
    since: str = ""  # the first version that knows it (CS-12)
    deprecated: str = ""  # the first version in which another one should be used
    until: str = ""  # the first version that has it no more
    needs_restart: bool = False
    is_sensitive: bool = False  # a second person approves what is published


@dataclass(frozen=True, slots=True)
class Page:
    """A section of the generated form."""

    code: str
    title: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Schema:
    """All settings of a program, in the order of its document."""

    version: int
    settings: Mapping[str, Setting]
    pages: tuple[Page, ...] = ()

    def block_of(self, key: str) -> str:
        """The atomic group of a setting; "" where it stands alone or is not known."""
        setting = self.settings.get(key)
        return setting.atomic_group if setting else ""


@dataclass(frozen=True, slots=True)
class SchemaChange:
    """What differs between two versions of a schema. `breaks`: values that were right may be wrong now."""

    key: str
    kind: str  # added, removed, changed
    what: str = ""  # the part that changed: type, choices, minimum …
    breaks: bool = False


@dataclass(frozen=True, slots=True)
class Condition:
    """For which devices an entry is meant. Empty: for all. `below` is the first version that it is not meant for."""

    platforms: frozenset[str] = frozenset()
    since: str = ""
    below: str = ""


EVERYWHERE = Condition()


@dataclass(frozen=True, slots=True)
class Entry:
    """One setting in one layer."""

    value: Any
    mode: Mode
    condition: Condition = EVERYWHERE


@dataclass(frozen=True, slots=True)
class Layer:
    """`company`, `group:G-…` or `device:D-…`. `priority` orders groups: 0 wins (CS-4)."""

    level: Level
    code: str = ""
    priority: int = 0
    name: str = ""

    @property
    def key(self) -> str:
        """As it stands on the wire."""
        return self.level.value if self.level is Level.COMPANY else f"{self.level.value}:{self.code}"


Entries = Mapping[str, Entry]
Content = Mapping[Layer, Entries]


@dataclass(frozen=True, slots=True)
class Target:
    """The device that is asked about. An unknown platform or version is "": conditions on it do not hold."""

    platform: str = ""
    version: str = ""


@dataclass(frozen=True, slots=True)
class Loser:
    """An entry that does not count, and why."""

    layer: Layer
    entry: Entry
    why: Why


@dataclass(frozen=True, slots=True)
class Effective:
    """What counts for one setting on one device, with everything that did not (CS-3)."""

    key: str
    layer: Layer
    entry: Entry
    losers: tuple[Loser, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """All that counts on a device, and the settings of which nothing does."""

    values: Mapping[str, Effective] = field(default_factory=dict)
    skipped: Mapping[str, tuple[Loser, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Change:
    """One entry that differs between two revisions. None: not set there."""

    layer: Layer
    key: str
    before: Entry | None
    after: Entry | None


declare("settings.schema_not_an_object", _("The schema has to be a JSON object."))
declare(
    "settings.schema_keyword", _("This keyword is not used here; references and conditions are left out on purpose: {keyword}.")
)
declare("settings.schema_key", _("A setting is named like this: proxy.mode (small letters, digits, _ and dots, at most 100)."))
declare("settings.schema_type", _("A setting is a string, integer, number, boolean or array of strings."))
declare("settings.schema_secret", _("Passwords and keys can't be settings: everybody who sees the settings would read them."))
declare("settings.schema_text", _("This text is needed in Czech and in English."))
declare("settings.schema_page", _("There is no page with this name in x-pages."))
declare("settings.schema_default", _("The default does not fit its own setting: {problem}"))
declare("settings.schema_choice", _("A choice does not fit its own setting: {problem}"))
declare("settings.schema_pattern", _("This is not a usable regular expression, or it is too long."))
declare("settings.schema_range", _("The lower limit lies above the upper one."))
declare("settings.schema_too_many", _("A schema may have 2,000 settings at most."))

declare("settings.unknown_key", _("The program has no setting named {key}."))
declare("settings.wrong_type", _("{key} has to be {expected}."))
declare("settings.not_a_choice", _("{key} has to be one of: {choices}."))
declare("settings.out_of_range", _("{key} has to lie between {minimum} and {maximum}."))
declare("settings.wrong_length", _("{key} has to have between {minimum} and {maximum} characters or items."))
declare("settings.wrong_form", _("{key} does not have the form that the program expects."))
declare("settings.mode_not_allowed", _("{key} can't be set as “{mode}”; it can be: {modes}."))
declare(
    "settings.looks_secret", _("{key} looks like a password or a key. Settings are read by everybody who sees them: leave it out.")
)
declare(
    "settings.might_be_secret", _("{key} might be a password or a key. If it is, leave it out: settings are read by everybody.")
)


class ReportState(StrEnum):
    OFFERED = "offered"  # given, nothing was heard yet
    APPLIED = "applied"
    PARTIAL = "partial"  # some settings were not taken (CS-14)
    REFUSED = "refused"  # the bundle as a whole was not taken (CS-8 to CS-10)


REPORT_NAMES: dict[ReportState, Promise] = {
    ReportState.OFFERED: pgettext_lazy("settings on a device", "Offered"),
    ReportState.APPLIED: pgettext_lazy("settings on a device", "Applied"),
    ReportState.PARTIAL: pgettext_lazy("settings on a device", "Partly applied"),
    ReportState.REFUSED: pgettext_lazy("settings on a device", "Refused"),
}


OVERRIDDEN = "overridden"  # what a program says of a setting in whose place the computer's own policy counts (CS-23)
HARMLESS = ("skipped", OVERRIDDEN)  # what is no error of a setting


def group_code() -> str:
    return public_code("G")


@dataclass(frozen=True, slots=True)
class GroupRule:
    """Which devices belong to a group by themselves: all that is said has to be so. `name`: with * for anything. Empty: none."""

    platforms: frozenset[str] = frozenset()
    since: str = ""
    below: str = ""
    name: str = ""
    team: str = ""
    person: str = ""

    @property
    def is_empty(self) -> bool:
        return self == GroupRule()


@dataclass(frozen=True, slots=True)
class DeviceTraits:
    """What group rules look at."""

    platform: str = ""
    version: str = ""
    name: str = ""
    team: str = ""
    person: str = ""


@dataclass(frozen=True, slots=True)
class Delivery:
    """A device's signed bundle and its tag. `is_new`: it was signed now."""

    bundle: str
    etag: str
    is_new: bool = False


SETTINGS_TYPE = "podpora-settings+jwt"
BUNDLE_LASTS = timedelta(days=30)  # CS-20: after it locks are released, values stay
BUNDLE_RENEWED = timedelta(days=7)  # given anew, so that a device that is in touch never comes near the end
MOST_KEYS_REPORTED, LONGEST_REASON, MOST_REFUSED = 2_000, 300, 20
MOST_GROUPS = 500

declare("settings.schema_version", _("A newer schema is there already: {newest}. Count x-version up."))
declare("settings.none", _("{product} has no central settings yet: its maker has to describe them first."))
declare(
    "settings.conflict",
    _("Revision {newest} was published meanwhile; you started from {based_on}. Look at the differences, then publish again."),
)
declare("settings.nothing_to_publish", _("There is no change to publish."))
declare("settings.no_revision", _("There is no revision {number}."))
declare("settings.not_here", _("A layer is `company`, `group:CODE` or `device:CODE` of something that is there."))
declare("settings.stale_revision", _("An older revision came in and was not taken."))
declare("settings.wrong_device", _("Settings of another device or company came in and were not taken."))
declare("settings.group_name_needed", _("Write the name of the group exactly as it is: then it will be deleted."))
declare("settings.too_many_groups", _("A company may have 500 groups at most."))
