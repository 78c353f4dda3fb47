"""Entries and contents as JSON: how they are stored and how they stand on the wire. What comes from outside is checked entry by entry."""

from collections.abc import Mapping
from hashlib import sha256
from json import dumps
from typing import Any

from podpora.base.errors import Problems
from podpora.base.reasons import sentence
from podpora.catalog.rules import number_key
from podpora.fleet.rules.checking import problems_of
from podpora.fleet.values import EVERYWHERE, Condition, Entry, GroupRule, Mode, Schema

MOST_PLATFORMS = 10


def digest_of(value: Any) -> str:
    """SHA-256 of the canonical JSON: the same for the same content in whatever order."""
    return sha256(dumps(value, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def entry_json(entry: Entry) -> dict[str, Any]:
    """`{value, mode}`, and `when` where the entry is not meant for every device."""
    found: dict[str, Any] = {"value": entry.value, "mode": entry.mode.value}
    condition = entry.condition
    if condition != EVERYWHERE:
        when = {"platforms": sorted(condition.platforms), "since": condition.since, "below": condition.below}
        found["when"] = {name: value for name, value in when.items() if value}
    return found


def entry_from(stored: Mapping[str, Any]) -> Entry:
    """An entry that was stored by `entry_json`."""
    when = stored.get("when") or {}
    condition = (
        Condition(frozenset(when.get("platforms", ())), when.get("since", ""), when.get("below", "")) if when else EVERYWHERE
    )
    return Entry(stored["value"], Mode(stored["mode"]), condition)


def read_entries(schema: Schema, given: Mapping[str, Any], *, modes_matter: bool = True) -> dict[str, Entry]:
    """What an administrator sent for a layer. InvalidInput names each wrong key with the schema's reasons (CS-13, CS-21)."""
    problems, entries = Problems(), {}
    for key, value in given.items():
        entry = _entry(key[:100], value, problems)
        if entry is None:
            continue
        decision = problems_of(schema, key, entry.value, entry.mode if modes_matter else None)
        for reason in decision.reasons:
            if reason.blocks:
                problems.add(key[:100], reason.code, **reason.facts)
        entries[key] = entry
    problems.or_refuse()
    return entries


def flags_of(schema: Schema, entries: Mapping[str, Entry]) -> dict[str, str]:
    """What only warns (CS-21): key -> sentence."""
    found = {key: problems_of(schema, key, entry.value).warnings for key, entry in entries.items()}
    return {key: str(sentence(warnings[0])) for key, warnings in found.items() if warnings}


def _entry(key: str, given: Any, problems: Problems) -> Entry | None:
    if not isinstance(given, Mapping) or "value" not in given:
        problems.add(key, "required", choices="value, mode")
        return None
    if given.get("mode") not in list(Mode):
        problems.add(key, "unknown", choices=", ".join(Mode))
        return None
    more = sorted(set(given) - {"value", "mode", "when"})
    if more:
        problems.add(key, "unknown", fields="value, mode, when")
        return None
    when = given.get("when") or {}
    condition = _condition(when) if isinstance(when, Mapping) else None
    if condition is None:
        problems.add(key, "not_valid")
        return None
    return Entry(given["value"], Mode(given["mode"]), condition)


def _condition(when: Mapping[str, Any]) -> Condition | None:
    platforms, since, below = when.get("platforms", []), when.get("since", ""), when.get("below", "")
    if set(when) - {"platforms", "since", "below"} or not isinstance(platforms, list) or len(platforms) > MOST_PLATFORMS:
        return None
    if not all(isinstance(name, str) and 0 < len(name) <= 50 for name in platforms):
        return None
    if not all(isinstance(number, str) and (not number or number_key(number)) for number in (since, below)):
        return None
    return Condition(frozenset(name.strip().lower() for name in platforms), since, below)


def read_rule(given: Mapping[str, Any]) -> GroupRule:
    """A group's rule from outside: `{platforms?, since?, below?, name?, team?, person?}`. InvalidInput names the part."""
    problems = Problems()
    known = ("platforms", "since", "below", "name", "team", "person")
    for name in given:
        if name not in known:
            problems.add(f"rule.{name[:40]}", "unknown", fields=", ".join(known))
    condition = _condition({name: given[name] for name in ("platforms", "since", "below") if name in given})
    if condition is None:
        problems.add("rule", "not_valid")
    for name in ("name", "team", "person"):
        if not isinstance(given.get(name, ""), str) or len(given.get(name, "")) > 100 or "\x00" in given.get(name, ""):
            problems.add(f"rule.{name}", "too_long", most=100)
    problems.or_refuse()
    assert condition is not None
    return GroupRule(
        condition.platforms, condition.since, condition.below, given.get("name", ""), given.get("team", ""), given.get("person", "")
    )


def rule_json(rule: GroupRule) -> dict[str, Any]:
    found = {name: getattr(rule, name) for name in ("since", "below", "name", "team", "person")}
    return {name: value for name, value in (found | {"platforms": sorted(rule.platforms)}).items() if value}


def rule_from(stored: Mapping[str, Any]) -> GroupRule:
    texts = {name: str(stored.get(name, "")) for name in ("since", "below", "name", "team", "person")}
    return GroupRule(platforms=frozenset(stored.get("platforms", ())), **texts)
