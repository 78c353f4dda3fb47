"""Settings, values and changes as the templates show them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils import formats
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _

from podpora.fleet import queries
from podpora.fleet.models import Profile
from podpora.fleet.queries import layers_of
from podpora.fleet.rules import entry_from
from podpora.fleet.values import MODE_NAMES, Change, Entries, Entry, Layer, Level, Mode, Page, Schema, Setting, SettingType

PLATFORMS = ("windows", "macos", "linux", "android", "ios")
YES_NO = ((True, pgettext_lazy("value of a setting", "Yes")), (False, pgettext_lazy("value of a setting", "No")))
LONG_TEXT = 300


def text_of(texts: Mapping[str, str], otherwise: str = "") -> str:
    """In the reader's language."""
    return texts.get((get_language() or "en")[:2]) or texts.get("en") or otherwise


def shown(value: Any, setting: Setting | None = None) -> str:
    """A value as people read it; a choice by the name that the schema gives it."""
    if isinstance(value, bool):
        return str(dict(YES_NO)[value])
    named = setting.choice_titles if setting else {}
    if isinstance(value, list):
        return ", ".join(text_of(named.get(str(item), {}), str(item)) for item in value) or _("(empty list)")
    if str(value) in named:
        return text_of(named[str(value)], str(value))
    if isinstance(value, int | float):
        return str(formats.localize(value, use_l10n=True))
    return str(value) if value != "" else _("(empty)")


def mode_name(mode: Mode) -> str:
    return str(MODE_NAMES[mode])


def title_of(schema: Schema, key: str) -> str:
    setting = schema.settings.get(key)
    return text_of(setting.title, key) if setting else key


def page_title(schema: Schema, code: str) -> str:
    found = next((page for page in schema.pages if page.code == code), None)
    return text_of(found.title, code) if found else _("Other")


def layer_name(layer: Layer, devices: Mapping[str, str] | None = None) -> str:
    if layer.level is Level.COMPANY:
        return _("Company")
    if layer.level is Level.GROUP:
        return _("Group {name}").format(name=layer.name or layer.code)
    return _("Device {name}").format(name=(devices or {}).get(layer.code, layer.code))


@dataclass(frozen=True, slots=True)
class Row:
    """One setting of the editor: what the draft says, what is published, what the company sets above."""

    setting: Setting
    title: str
    help: str
    page: str
    mode: str
    value: Any
    entry: Entry | None
    published: Entry | None
    above: str = ""
    error: str = ""
    warning: str = ""

    @property
    def key(self) -> str:
        return self.setting.key

    @property
    def is_changed(self) -> bool:
        return self.entry != self.published or repr(self.entry) != repr(self.published)

    @property
    def kind(self) -> str:
        """Which control: choice, many, number, lines, long, text."""
        kind = self.setting.type
        if kind is SettingType.BOOLEAN or (self.setting.choices and kind is not SettingType.ARRAY):
            return "choice"
        if kind is SettingType.ARRAY:
            return "lines"
        if kind in (SettingType.INTEGER, SettingType.NUMBER):
            return "number"
        return "long" if (self.setting.max_length or 0) > LONG_TEXT else "text"

    @property
    def choices(self) -> list[tuple[str, str, bool]]:
        if self.setting.type is SettingType.BOOLEAN:
            return [("true" if value else "false", str(name), value is self.value) for value, name in YES_NO]
        return [(str(value), shown(value, self.setting), value == self.value) for value in self.setting.choices]

    @property
    def modes(self) -> list[tuple[str, str, bool]]:
        return [(mode.value, mode_name(mode), mode.value == self.mode) for mode in self.setting.modes]

    @property
    def text(self) -> str:
        """What stands in the control."""
        if self.value is None:
            return ""
        return "\n".join(str(item) for item in self.value) if isinstance(self.value, list) else str(self.value)

    @property
    def default(self) -> str:
        return shown(self.setting.default, self.setting) if self.setting.default is not None else ""

    @property
    def condition(self) -> Any:
        return self.entry.condition if self.entry else None

    @property
    def limits(self) -> str:
        """`1 – 65 535`, where there are any."""
        least, most = self.setting.minimum, self.setting.maximum
        if least is None and most is None:
            return ""
        return " – ".join("" if end is None else shown(end) for end in (least, most))


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """One setting that differs."""

    layer: str
    layer_key: str
    key: str
    title: str
    before: Entry | None
    after: Entry | None
    setting: Setting | None = None

    @property
    def was(self) -> str:
        return shown(self.before.value, self.setting) if self.before else ""

    @property
    def becomes(self) -> str:
        return shown(self.after.value, self.setting) if self.after else ""

    @property
    def was_mode(self) -> str:
        return mode_name(self.before.mode) if self.before else ""

    @property
    def becomes_mode(self) -> str:
        return mode_name(self.after.mode) if self.after else ""


NOT_SET = gettext_lazy("not set")


def change_rows(schema: Schema, profile: Profile, changes: Iterable[Change]) -> list[ChangeRow]:
    found = list(changes)
    names = queries.names_of_devices(profile, (change.layer.code for change in found if change.layer.level is Level.DEVICE))
    return [
        ChangeRow(
            layer_name(c.layer, names), c.layer.key, c.key, title_of(schema, c.key), c.before, c.after, schema.settings.get(c.key)
        )
        for c in found
    ]


def told_changes(schema: Schema, profile: Profile, told: Iterable[Mapping[str, Any]]) -> list[ChangeRow]:
    """The same from a refusal's facts, where changes stand as JSON."""
    items = list(told)
    layers = layers_of(profile, {item["layer"] for item in items})
    return change_rows(schema, profile, (
        Change(layers[item["layer"]], item["key"], *(entry_from(item[end]) if item[end] else None for end in ("before", "after")))
        for item in items if item["layer"] in layers
    ))  # fmt: skip


def sections(schema: Schema) -> tuple[Page, ...]:
    """The pages that have settings."""
    used = {setting.page for setting in schema.settings.values()}
    return tuple(page for page in schema.pages if page.code in used) + ((Page("", {}),) if "" in used else ())


def counts(schema: Schema, entries: Entries) -> dict[str, int]:
    """Section -> how many of its settings are set."""
    found: dict[str, int] = {}
    for key in entries:
        setting = schema.settings.get(key)
        if setting is not None:
            found[setting.page] = found.get(setting.page, 0) + 1
    return found
