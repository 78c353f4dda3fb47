"""Conditions and deeds as rows of selects and typed values: drawn, read from what was sent, added, moved, taken away.

The whole form is sent for every step and drawn again, so the editor works without scripts; htmx only saves the reload.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from podpora.desk.rules import DEEDS, FIELD_COMPARISONS, QUESTIONS, STATES, WITHOUT_VALUE
from podpora.web.office.automating.words import COMPARISON_NAMES, DEED_LABELS, Choices, Offers, field_name

NUMBERS = ("spent_minutes", "reopened", "messages")
_ROW = re.compile(r"([cdo])-(\d{1,3})-(?:ask|do|value)")


@dataclass(frozen=True, slots=True)
class Control:
    """One input of a row. `kind`: select, checks, text, number, area, tags. `redraws`: another choice asks for other inputs."""

    name: str
    label: str
    kind: str
    value: Any = ""
    options: Sequence[tuple[str, Any, bool]] = ()
    redraws: bool = False
    is_labelled: bool = False  # for eyes too; else the row says it


@dataclass(slots=True)
class Row:
    """A condition or a deed as it is drawn; its number counts from 0 in names, from 1 for people."""

    number: int
    was: str  # what its inputs were drawn for
    controls: list[Control]
    error: str = ""
    is_new: bool = False  # where the eye should be
    shown: int = field(init=False)

    def __post_init__(self) -> None:
        self.shown = self.number + 1


def _select(name: str, label: str, choices: Choices, value: Any, *, redraws: bool = False) -> Control:
    known = [(key, text, key == value) for key, text in choices]
    if value and not any(on for _key, _text, on in known):
        known.append((value, value, True))  # whoever or whatever is gone is still named
    return Control(name, label, "select", value, known, redraws)


def comparisons_of(ask: str) -> tuple[str, ...]:
    return FIELD_COMPARISONS if ask.startswith("field:") else QUESTIONS.get(ask, ())


def condition_row(number: int, condition: dict[str, Any], offers: Offers) -> Row:
    ask, how, value = str(condition.get("ask", "")), str(condition.get("how", "")), condition.get("value", "")
    name = f"c-{number}"
    hows: Choices = [(one, COMPARISON_NAMES[one]) for one in comparisons_of(ask)]
    controls = [
        _select(f"{name}-ask", _("What is asked"), offers.questions(), ask, redraws=True),
        _select(f"{name}-how", _("How it is compared"), hows, how, redraws=True),
    ]
    if how not in WITHOUT_VALUE:
        controls.append(_value_control(f"{name}-value", ask, how, value, offers))
    return Row(number, ask, controls)


def _value_control(name: str, ask: str, how: str, value: Any, offers: Offers) -> Control:
    label, choices = _("Value"), offers.values(ask)
    if choices is not None and how == "one_of":
        chosen = value if isinstance(value, list) else [value]
        gone = [one for one in chosen if one and one not in dict(choices)]
        return Control(
            name, label, "checks", chosen, [(key, text, key in chosen) for key, text in choices] + [(k, k, True) for k in gone]
        )
    if choices is not None and how in ("is", "is_not", "greater", "less"):
        return _select(name, label, choices, value)
    text = ", ".join(value) if isinstance(value, list) else value
    return Control(name, label, "number" if ask in NUMBERS else "tags" if ask == "tag" else "text", text)


def deed_row(number: int, deed: dict[str, Any], offers: Offers, *, is_macro: bool) -> Row:
    do, name = str(deed.get("do", "")), f"d-{number}"
    first = _select(f"{name}-do", _("What is done"), [(one, DEED_LABELS[one]) for one in DEEDS], do, redraws=True)
    return Row(number, f"{do}/{deed.get('field', '')}", [first, *_parts(name, do, deed, offers, is_macro=is_macro)])


def _parts(name: str, do: str, deed: dict[str, Any], offers: Offers, *, is_macro: bool) -> list[Control]:
    value = deed.get("value", "")
    match do:
        case "tags":
            added, removed = (", ".join(deed.get(part, [])) for part in ("add", "remove"))
            first = _labelled(f"{name}-add", _("Put on (commas between)"), "tags", added)
            return [first, _labelled(f"{name}-remove", _("Take off"), "tags", removed)]
        case "field":
            return _field_parts(name, deed, offers)
        case "reply":
            languages = (("cs", _("In Czech")), ("en", _("In English")))
            return [_labelled(f"{name}-{part}", label, "area", deed.get(part, "")) for part, label in languages]
        case "note":
            return [_labelled(f"{name}-text", _("Text"), "area", deed.get("text", ""))]
        case "snooze":
            return [_labelled(f"{name}-hours", _("Hours"), "number", deed.get("hours", 24))]
        case "follow":
            return [_select(f"{name}-who", _("Who"), _people(offers, is_macro=is_macro), deed.get("who", ""))]
        case "assign":
            return [_select(f"{name}-value", _("Who"), [("", _("nobody")), *_people(offers, is_macro=is_macro)], value)]
    return [_select(f"{name}-value", _("Value"), _deed_values(do, offers), value)]


def _labelled(name: str, label: str, kind: str, value: Any) -> Control:
    return Control(name, label, kind, value, is_labelled=True)


def _people(offers: Offers, *, is_macro: bool) -> Choices:
    return [*([("me", _("whoever uses it"))] if is_macro else []), *offers.technicians]


def _deed_values(do: str, offers: Offers) -> Choices:
    return [(key, text) for key, text in offers.values(do) or [] if do != "state" or key in {str(state) for state in STATES}]


def _field_parts(name: str, deed: dict[str, Any], offers: Offers) -> list[Control]:
    codes: Choices = [(code, field_name(row)) for code, row in offers.fields.items()]
    code, value = str(deed.get("field", "")), deed.get("value", "")
    choices = offers.values(f"field:{code}")
    named = _select(f"{name}-field", _("Field"), codes, code, redraws=True)
    return [
        named,
        Control(f"{name}-value", _("Value"), "text", value)
        if choices is None
        else _select(f"{name}-value", _("Value"), choices, value),
    ]


def numbers(post: QueryDict, letter: str) -> list[int]:
    found = {int(match[2]) for key in post if (match := _ROW.fullmatch(key)) and match[1] == letter}
    return sorted(found)[:100]


def conditions_given(post: QueryDict, offers: Offers) -> tuple[list[dict[str, Any]], bool]:
    """The conditions that were sent, and whether one asks something else than its inputs were drawn for: then its value is none."""
    found, moved = [], False
    for number in numbers(post, "c"):
        name = f"c-{number}"
        ask, how, values = post.get(f"{name}-ask", ""), post.get(f"{name}-how", ""), post.getlist(f"{name}-value")
        if ask != post.get(f"{name}-was", ask):
            moved, values = True, []
        hows = comparisons_of(ask)
        if hows and how not in hows:
            moved, how = True, hows[0]
        found.append(_condition(ask, how, values, offers))
    return found, moved


def _condition(ask: str, how: str, values: list[str], offers: Offers) -> dict[str, Any]:
    if how in WITHOUT_VALUE:
        return {"ask": ask, "how": how}
    choices = offers.values(ask)
    if how == "one_of":
        parts = values if choices is not None else [part.strip() for value in values for part in value.split(",")]
        return {"ask": ask, "how": how, "value": [part for part in parts if part]}
    first = str(choices[0][0]) if choices and how in ("is", "is_not", "greater", "less") else ""
    return {"ask": ask, "how": how, "value": values[0].strip() if values else first}


def deeds_given(post: QueryDict, offers: Offers, *, is_macro: bool) -> tuple[list[dict[str, Any]], bool]:
    """The deeds that were sent, and whether one is another than its inputs were drawn for."""
    found, moved = [], False
    for number in numbers(post, "d"):
        name = f"d-{number}"
        sent = {key.removeprefix(f"{name}-"): str(post[key]) for key in post if key.startswith(f"{name}-")}
        do, drawn = sent.get("do", ""), sent.get("was", f"{sent.get('do', '')}/{sent.get('field', '')}")
        if do != drawn.partition("/")[0]:
            moved = True
            found.append(new_deed(do, offers, is_macro=is_macro))
            continue
        deed = _deed(do, sent)
        if do == "field" and deed["field"] != drawn.partition("/")[2]:
            moved = True
            choices = offers.values(f"field:{deed['field']}")
            deed["value"] = str(choices[0][0]) if choices else ""
        found.append(deed)
    return found, moved


def _deed(do: str, sent: dict[str, str]) -> dict[str, Any]:
    deed: dict[str, Any] = {"do": do}
    for part in (part.rstrip("?") for part in DEEDS.get(do, ())):
        given = sent.get(part, "")
        if part in ("add", "remove"):
            names = [name.strip() for name in given.split(",") if name.strip()]
            deed |= {part: names} if names else {}
        elif part == "hours":
            deed[part] = int(given) if given.isascii() and given.isdigit() and len(given) < 6 else given
        elif do not in ("reply", "follow") or given.strip():
            deed[part] = given
    return deed


def new_condition(offers: Offers) -> dict[str, Any]:
    return _condition("queue", "is", [], offers)


def new_deed(do: str, offers: Offers, *, is_macro: bool) -> dict[str, Any]:
    """A deed of this kind as it begins: the first of each choice."""
    match do:
        case "state":
            return {"do": do, "value": "solved"}
        case "assign":
            return {"do": do, "value": "me" if is_macro else ""}
        case "snooze":
            return {"do": do, "hours": 24}
        case "field":
            code = next(iter(offers.fields), "")
            choices = offers.values(f"field:{code}")
            return {"do": do, "field": code, "value": str(choices[0][0]) if choices else ""}
        case "follow":
            people = _people(offers, is_macro=is_macro)
            return {"do": do, "who": str(people[0][0])} if people else {"do": do}
        case "priority" | "queue" | "kind":
            choices = _deed_values(do, offers)
            return {"do": do, "value": str(choices[0][0]) if choices else ""}
    return {"do": do}


@dataclass(frozen=True, slots=True)
class Rows:
    """A list of the editor, what a new row of it is, and how many there may be."""

    rows: list[dict[str, Any]]
    new: Callable[[], dict[str, Any]]
    most: int


def stepped(step: str, lists: Mapping[str, Rows]) -> str:
    """Do what a button of the editor says: `add-c`, `drop-d-2`, `up-d-1`, `down-d-0`. Gives the row that is new (`c-3`), or nothing."""
    what, _dash, rest = step.partition("-")
    letter, _dash, place = rest.partition("-")
    if letter not in lists:
        return ""
    rows, at = lists[letter].rows, int(place) if place.isascii() and place.isdigit() and len(place) < 4 else -1
    if what == "add" and len(rows) < lists[letter].most:
        rows.append(lists[letter].new())
        return f"{letter}-{len(rows) - 1}"
    if what == "drop" and 0 <= at < len(rows):
        rows.pop(at)
    to = at + {"up": -1, "down": 1}.get(what, 0)
    if what in ("up", "down") and 0 <= at < len(rows) and 0 <= to < len(rows):
        rows[at], rows[to] = rows[to], rows[at]
    return ""
