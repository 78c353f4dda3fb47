"""The vendor's document: JSON Schema (draft 2020-12) of one object whose properties are the settings, with our annotations.

A small part of JSON Schema is used on purpose: references, conditions and combinations can hide a cycle or need a solver, and no form can
be made of them. Every keyword that is not known is refused, so that nothing is written down and then silently not done.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from podpora.base.decisions import Decision
from podpora.base.errors import Problems
from podpora.base.reasons import sentence
from podpora.catalog.rules import number_key
from podpora.fleet.rules.checking import SECRET_NAME, problems_of
from podpora.fleet.values import Mode, Page, Schema, SchemaChange, Setting, SettingType

MOST_SETTINGS, LONGEST_KEY, LONGEST_PATTERN, LONGEST_HELP = 2_000, 100, 200, 2_000
LANGUAGES = ("cs", "en")
_KEY = re.compile(r"[a-z][a-z0-9_]*(?:\.[a-z0-9_]+)*")
_CODE = re.compile(r"[a-z][a-z0-9_-]{0,39}")
_NESTED = re.compile(r"[+*}]\)[+*{]|\\\d|\(\?")  # what can take for ever, or refers to itself

_TOP = {"$schema", "$id", "title", "description", "type", "properties", "additionalProperties", "x-version", "x-pages"}
_PROPERTY = {
    "type", "title", "description", "default", "enum", "minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems", "items",
    "pattern", "deprecated", "x-enum-titles", "x-page", "x-modes", "x-atomic-group", "x-since", "x-deprecated", "x-until", "x-restart", "x-sensitive",
}  # fmt: skip
_ITEMS = {"type", "enum", "pattern"}


def read_schema(document: Any) -> Schema:
    """The document as a Schema. InvalidInput names each wrong place by its path (`properties.proxy.mode.x-since`)."""
    problems = Problems()
    if not isinstance(document, dict):
        problems.add("schema", "settings.schema_not_an_object")
        problems.or_refuse()
    _only(document, _TOP, "", problems)
    version = document.get("x-version")
    if not isinstance(version, int) or isinstance(version, bool) or not 1 <= version < 2**31:
        problems.add("x-version", "required")
    pages = _pages(document.get("x-pages", []), problems)
    properties = document.get("properties")
    if not isinstance(properties, dict) or not properties:
        problems.add("properties", "required")
        properties = {}
    elif len(properties) > MOST_SETTINGS:
        problems.add("properties", "settings.schema_too_many")
        properties = {}
    codes = {page.code for page in pages}
    settings = {key: _setting(key, value, codes, problems) for key, value in properties.items()}
    problems.or_refuse()
    return Schema(version, settings, pages)


def _setting(key: str, given: Any, pages: set[str], problems: Problems) -> Setting:
    path = f"properties.{key[:LONGEST_KEY]}"
    if not _KEY.fullmatch(key) or len(key) > LONGEST_KEY:
        problems.add(path, "settings.schema_key")
    if SECRET_NAME.search(key):
        problems.add(path, "settings.schema_secret")
    if not isinstance(given, dict):
        problems.add(path, "wrong_type", expected="object")
        return Setting(key, SettingType.STRING)
    _only(given, _PROPERTY, f"{path}.", problems)
    inner = given.get("items", {}) if isinstance(given.get("items", {}), dict) else {}
    _only(inner, _ITEMS, f"{path}.items.", problems)
    read = _Reader(given | {name: inner[name] for name in ("enum", "pattern") if name in inner}, path, problems)
    kind = read.one_of("type", SettingType) or SettingType.STRING
    if "type" not in given or (kind is SettingType.ARRAY and inner.get("type", "string") != "string"):
        problems.add(f"{path}.type", "settings.schema_type")
    setting = Setting(
        key=key, type=kind, default=given.get("default"), choices=tuple(read.list("enum")),
        minimum=read.number("minimum"), maximum=read.number("maximum"),
        min_length=read.count("minItems" if kind is SettingType.ARRAY else "minLength"),
        max_length=read.count("maxItems" if kind is SettingType.ARRAY else "maxLength"),
        choice_titles=read.choice_titles(), pattern=read.pattern(),
        modes=tuple(Mode(mode) for mode in read.list("x-modes") if mode in list(Mode)) or tuple(Mode),
        title=read.texts("title", needed=True), help=read.texts("description"), page=read.code("x-page"),
        atomic_group=read.code("x-atomic-group"), since=read.version("x-since"), deprecated=read.version("x-deprecated"),
        until=read.version("x-until"), needs_restart=read.flag("x-restart"), is_sensitive=read.flag("x-sensitive"),
    )  # fmt: skip
    if setting.page and setting.page not in pages:
        problems.add(f"{path}.x-page", "settings.schema_page")
    _check_whole(setting, given, path, problems)
    return setting


def _check_whole(setting: Setting, given: Mapping[str, Any], path: str, problems: Problems) -> None:
    """What only shows when all parts are known: limits the wrong way round, modes that are none, a default that does not fit."""
    low, high = setting.minimum, setting.maximum
    short, long = setting.min_length, setting.max_length
    if (low is not None and high is not None and low > high) or (short is not None and long is not None and short > long):
        problems.add(path, "settings.schema_range")
    modes = given.get("x-modes", [])
    if not isinstance(modes, list) or any(mode not in list(Mode) for mode in modes):
        problems.add(f"{path}.x-modes", "unknown", choices=", ".join(Mode))
    if path in problems.fields or any(name.startswith(f"{path}.") for name in problems.fields):
        return
    alone, is_many = replace(setting, choices=()), setting.type is SettingType.ARRAY
    for choice in setting.choices:
        if not (found := _fits(alone, [choice] if is_many else choice)).allowed:
            blocking = next(reason for reason in found.reasons if reason.blocks)
            problems.add(f"{path}.enum", "settings.schema_choice", problem=str(sentence(blocking)))
            return
    if setting.default is not None and not (found := _fits(setting, setting.default)).allowed:
        blocking = next(reason for reason in found.reasons if reason.blocks)
        problems.add(f"{path}.default", "settings.schema_default", problem=str(sentence(blocking)))


def _fits(setting: Setting, value: Any) -> Decision:
    return problems_of(Schema(1, {setting.key: setting}), setting.key, value)


def _pages(given: Any, problems: Problems) -> tuple[Page, ...]:
    if not isinstance(given, list) or len(given) > 100:
        problems.add("x-pages", "wrong_type", expected="array")
        return ()
    pages = []
    for number, page in enumerate(given):
        path = f"x-pages.{number}"
        if not isinstance(page, dict):
            problems.add(path, "wrong_type", expected="object")
            continue
        _only(page, {"id", "title"}, f"{path}.", problems)
        read = _Reader(page, path, problems)
        pages.append(Page(read.code("id") or f"page-{number}", read.texts("title", needed=True)))
    if len({page.code for page in pages}) < len(pages):
        problems.add("x-pages", "twice")
    return tuple(pages)


def _only(given: Mapping[str, Any], known: set[str], path: str, problems: Problems) -> None:
    for keyword in given:
        if keyword not in known:
            problems.add(f"{path}{keyword[:40]}", "settings.schema_keyword", keyword=keyword[:40])


class _Reader:
    """Reads the parts of one object and notes what is wrong with each."""

    def __init__(self, given: Mapping[str, Any], path: str, problems: Problems) -> None:
        self._given, self._path, self._problems = given, path, problems

    def _wrong(self, name: str, code: str = "wrong_type", **facts: Any) -> None:
        self._problems.add(f"{self._path}.{name}", code, **facts)

    def _of(self, name: str, fits: Callable[[Any], bool], expected: str, otherwise: Any) -> Any:
        value = self._given.get(name)
        if value is None:
            return otherwise
        if not fits(value):
            self._wrong(name, expected=expected)
            return otherwise
        return value

    def list(self, name: str) -> list[Any]:
        found: list[Any] = self._of(name, lambda value: isinstance(value, list) and 0 < len(value) <= 500, "array", [])
        return found

    def number(self, name: str) -> float | None:
        found: float | None = self._of(
            name, lambda value: isinstance(value, int | float) and not isinstance(value, bool) and value == value, "number", None
        )
        return found

    def count(self, name: str) -> int | None:
        found: int | None = self._of(
            name, lambda value: isinstance(value, int) and not isinstance(value, bool) and value >= 0, "integer", None
        )
        return found

    def flag(self, name: str) -> bool:
        return bool(self._of(name, lambda value: isinstance(value, bool), "boolean", False))

    def code(self, name: str) -> str:
        return str(self._of(name, lambda value: isinstance(value, str) and bool(_CODE.fullmatch(value)), "a-z, 0-9, -, _", ""))

    def version(self, name: str) -> str:
        value = str(self._of(name, lambda value: isinstance(value, str), "string", ""))
        if value and number_key(value) is None:
            self._wrong(name, "not_a_version")
        return value

    def one_of(self, name: str, kinds: type[SettingType]) -> SettingType | None:
        value = self._given.get(name)
        if value in list(kinds):
            return kinds(value)
        self._wrong(name, "settings.schema_type")
        return None

    def pattern(self) -> str:
        value = str(self._of("pattern", lambda value: isinstance(value, str), "string", ""))
        try:
            re.compile(value)
        except (re.error, RecursionError, OverflowError):
            self._wrong("pattern", "settings.schema_pattern")
            return ""
        if len(value) > LONGEST_PATTERN or _NESTED.search(value):
            self._wrong("pattern", "settings.schema_pattern")
            return ""
        return value

    def choice_titles(self) -> dict[str, dict[str, str]]:
        """`{choice: {"cs": …, "en": …}}`, of choices that there are."""
        given: dict[str, Any] = self._of("x-enum-titles", lambda value: isinstance(value, dict), "object", {})
        names = {str(choice) for choice in self.list("enum")}
        if unknown := [name for name in given if name not in names]:
            self._wrong("x-enum-titles", "unknown", choices=", ".join(sorted(names)) or unknown[0][:40])
        inner = _Reader(given, f"{self._path}.x-enum-titles", self._problems)
        return {name: inner.texts(name, needed=True) for name in given if name in names}

    def texts(self, name: str, *, needed: bool = False) -> dict[str, str]:
        """`{"cs": …, "en": …}`, both or none."""
        value = self._given.get(name)
        if value is None and not needed:
            return {}
        if not isinstance(value, dict) or any(
            not isinstance(value.get(each), str) or not value[each].strip() for each in LANGUAGES
        ):
            self._wrong(name, "settings.schema_text")
            return {}
        if any(len(text) > LONGEST_HELP for text in value.values() if isinstance(text, str)):
            self._wrong(name, "too_long", most=LONGEST_HELP)
        return {each: " ".join(value[each].split()) for each in LANGUAGES}


# A change of these can make a value wrong that was right.
_NARROWING = ("type", "choices", "minimum", "maximum", "min_length", "max_length", "pattern", "modes", "atomic_group", "until")
_COMPARED = (
    *_NARROWING,
    "default",
    "since",
    "deprecated",
    "needs_restart",
    "is_sensitive",
    "page",
    "title",
    "help",
    "choice_titles",
)


def compare(old: Schema, new: Schema) -> list[SchemaChange]:
    """What differs, in the order of the new document; what was removed at the end."""
    changes = []
    for key, setting in new.settings.items():
        before = old.settings.get(key)
        if before is None:
            changes.append(SchemaChange(key, "added"))
            continue
        for part in _COMPARED:
            if getattr(before, part) != getattr(setting, part):
                breaks = part in _NARROWING and not _only_widens(before, setting, part)
                changes.append(SchemaChange(key, "changed", part, breaks))
    changes += [SchemaChange(key, "removed", breaks=True) for key in old.settings if key not in new.settings]
    return changes


def _only_widens(before: Setting, after: Setting, part: str) -> bool:
    """Does every value that was right stay right?"""
    one, two = getattr(before, part), getattr(after, part)
    if part in ("choices", "modes"):
        return not two or (bool(one) and set(map(repr, one)) <= set(map(repr, two)))
    if part in ("minimum", "min_length"):
        return two is None or (one is not None and two <= one)
    if part in ("maximum", "max_length"):
        return two is None or (one is not None and two >= one)
    if part == "type":
        return replace(before, type=SettingType.NUMBER).type is after.type and before.type is SettingType.INTEGER
    return part == "pattern" and not two
