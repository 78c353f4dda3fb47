"""Conditions of triggers and time rules, as data: read and checked when they are saved, asked when something happens."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from podpora.base.folding import folded
from podpora.desk.values import Happening, HappeningKind, Priority, Side, State, TicketKind, Via

_SAME = ("is", "is_not", "one_of")
_TEXT = ("contains", "contains_not", "is", "is_not", "is_empty", "is_set")
_SIZE = ("is", "is_not", "greater", "less")
# What can be asked, with which comparisons; and with which values, where there is a list of them.
QUESTIONS: dict[str, tuple[str, ...]] = {
    "state": _SAME, "priority": (*_SAME, "greater", "less"), "queue": _SAME, "kind": _SAME, "via": _SAME, "side": _SAME,
    "tier": _SAME, "language": _SAME, "is_vip": ("is",), "assignee": (*_SAME, "is_empty", "is_set"), "customer": _SAME,
    "requester": _TEXT, "subject": _TEXT, "text": _TEXT, "version": _TEXT, "tag": ("has", "has_not"), "spent_minutes": _SIZE,
    "reopened": _SIZE, "messages": _SIZE,
}  # fmt: skip
VALUES: dict[str, frozenset[str]] = {
    "state": frozenset(State), "priority": frozenset(p.name.lower() for p in Priority), "kind": frozenset(TicketKind),
    "via": frozenset(Via), "side": frozenset(Side), "is_vip": frozenset({"yes", "no"}),
}  # fmt: skip
FIELD_COMPARISONS = tuple(dict.fromkeys((*_TEXT, *_SAME)))
WITHOUT_VALUE = frozenset({"is_empty", "is_set"})
MOST_CONDITIONS = 20
# Which happening changes which answer: a trigger that is not `always` runs only when one of its questions is touched (RU-1).
TOUCHED = {
    HappeningKind.STATE: {"state"}, HappeningKind.PRIORITY: {"priority"}, HappeningKind.QUEUE: {"queue"},
    HappeningKind.KIND: {"kind"}, HappeningKind.ASSIGNED: {"assignee"}, HappeningKind.TAGS: {"tag"},
    HappeningKind.SUBJECT: {"subject"}, HappeningKind.TIME: {"spent_minutes"},
}  # fmt: skip
CLOCKS = frozenset({HappeningKind.SLA_WARNING, HappeningKind.SLA_BREACHED})
WORDS = frozenset({HappeningKind.OPENED, HappeningKind.REPLIED, HappeningKind.NOTED})


@dataclass(frozen=True, slots=True)
class World:
    """A ticket as conditions see it: plain answers by the name of the question; fields as `field:code`."""

    answers: Mapping[str, str] = field(default_factory=dict)
    tags: frozenset[str] = frozenset()


def problem_of(conditions: Any, *, fields: frozenset[str] = frozenset(), queues: frozenset[str] = frozenset()) -> str | None:
    """The first thing that is wrong with conditions as they are to be saved, in words for the log of a form: `2: tagg`."""
    if not isinstance(conditions, list) or len(conditions) > MOST_CONDITIONS:
        return "*"
    for number, condition in enumerate(conditions, 1):
        wrong = _wrong(condition, fields, queues)
        if wrong:
            return f"{number}: {wrong}"
    return None


def _wrong(condition: Any, fields: frozenset[str], queues: frozenset[str]) -> str | None:
    if not isinstance(condition, dict) or not set(condition) <= {"ask", "how", "value"}:
        return str(condition)[:60]
    ask, how, value = condition.get("ask"), condition.get("how"), condition.get("value", "")
    if isinstance(ask, str) and ask.startswith("field:"):
        if ask.removeprefix("field:") not in fields:
            return ask[:60]
        comparisons = FIELD_COMPARISONS
    else:
        comparisons = QUESTIONS.get(str(ask), ())
    if not comparisons:
        return str(ask)[:60]
    if how not in comparisons:
        return f"{ask} {how}"[:60]
    return _wrong_value(str(ask), str(how), value, queues)


def _wrong_value(ask: str, how: str, value: Any, queues: frozenset[str]) -> str | None:
    if how in WITHOUT_VALUE:
        return None
    values = value if how == "one_of" and isinstance(value, list) else [value]
    known = VALUES.get(ask) or (queues if ask == "queue" else None)
    for one in values:
        if not isinstance(one, str) or not one or len(one) > 200 or "\x00" in one or (known is not None and one not in known):
            return f"{ask} = {one}"[:60]
        if how in ("greater", "less") and ask not in VALUES and not (one.isascii() and one.isdigit() and len(one) < 10):
            return f"{ask} = {one}"[:60]
    return None


def all_hold(conditions: Sequence[Mapping[str, Any]], world: World) -> bool:
    return all(holds(condition, world) for condition in conditions)


def holds(condition: Mapping[str, Any], world: World) -> bool:
    """Is the ticket so? What can't be compared is not."""
    ask, how, value = str(condition["ask"]), str(condition["how"]), condition.get("value", "")
    if ask == "tag":
        return (str(value).lower() in world.tags) is (how == "has")
    had = world.answers.get(ask, "")
    match how:
        case "is":
            return folded(had) == folded(str(value))
        case "is_not":
            return folded(had) != folded(str(value))
        case "one_of":
            return had in (value if isinstance(value, list) else [value])
        case "is_empty":
            return not had
        case "is_set":
            return bool(had)
        case "contains":
            return folded(str(value)) in folded(had)
        case "contains_not":
            return folded(str(value)) not in folded(had)
    return _larger(ask, had, str(value), how)


def _larger(ask: str, had: str, value: str, how: str) -> bool:
    def size(text: str) -> int | None:
        if ask == "priority":
            return next((int(p) for p in Priority if p.name.lower() == text), None)
        return int(text) if text.isascii() and text.isdigit() else None

    one, other = size(had), size(value)
    if one is None or other is None:
        return False
    return one > other if how == "greater" else one < other


def hears(listens_to: Sequence[str], happening: Happening) -> bool:
    """Does a trigger that listens to these (none: all) hear of it? Of clocks only one that names them."""
    return happening.kind in listens_to if listens_to else happening.kind not in CLOCKS


def is_touched(conditions: Sequence[Mapping[str, Any]], happenings: Sequence[Happening]) -> bool:
    """Did a message come, or did something change that a condition asks about? A trigger without conditions hears everything."""
    if not conditions:
        return True
    asked = {str(condition["ask"]) for condition in conditions}
    for happening in happenings:
        if happening.kind in WORDS or happening.kind in CLOCKS:
            return True
        if happening.kind is HappeningKind.FIELD and any(ask.startswith("field:") for ask in asked):
            return True
        if TOUCHED.get(happening.kind, set()) & asked:
            return True
    return False
