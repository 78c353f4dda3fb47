"""Conditions and deeds as lines of text, for forms that work without scripts: `queue is vip`, `tags +one -two`."""

from collections.abc import Sequence
from typing import Any


def conditions_of(text: str) -> list[dict[str, Any]]:
    """A line each: what is asked, how, and the value; several values of `one_of` are separated by commas."""
    found: list[dict[str, Any]] = []
    for line in text.splitlines():
        if line.strip():
            ask, how, value = ([*line.split(None, 2), "", "", ""])[:3]
            condition: dict[str, Any] = {"ask": ask, "how": how}
            if value:
                condition["value"] = [part.strip() for part in value.split(",")] if how == "one_of" else value.strip()
            found.append(condition)
    return found


def lines_of_conditions(conditions: Sequence[dict[str, Any]]) -> str:
    def line(condition: dict[str, Any]) -> str:
        value = condition.get("value", "")
        return f"{condition['ask']} {condition['how']} {', '.join(value) if isinstance(value, list) else value}".strip()

    return "\n".join(map(line, conditions))


def deeds_of(text: str, reply_cs: str = "", reply_en: str = "", note: str = "") -> list[dict[str, Any]]:
    """A line each; the texts come last. What makes no sense is kept, so that saving it says what is wrong."""
    found = [_deed(line.strip()) for line in text.splitlines() if line.strip()]
    if note.strip():
        found.append({"do": "note", "text": note})
    if reply_cs.strip() or reply_en.strip():
        found.append({"do": "reply", "cs": reply_cs, "en": reply_en})
    return found


def _deed(line: str) -> dict[str, Any]:
    do, value = ([*line.split(None, 1), "", ""])[:2]
    match do:
        case "tags":
            words = value.split(",") if "," in value else value.split()
            parts = [word.strip() for word in words if word.strip()]
            return {
                "do": do,
                "add": [p.lstrip("+") for p in parts if not p.startswith("-")],
                "remove": [p[1:] for p in parts if p.startswith("-")],
            }
        case "snooze":
            return {"do": do, "hours": int(value) if value.isascii() and value.isdigit() and len(value) < 6 else value}
        case "field":
            code, content = ([*value.split(None, 1), "", ""])[:2]
            return {"do": do, "field": code, "value": content}
        case "follow":
            return {"do": do, "who": value or "me"}
    return {"do": do, "value": "" if value == "nobody" else value}


def lines_of_deeds(deeds: Sequence[dict[str, Any]]) -> dict[str, str]:
    """The form's fields again."""
    shown = {"deeds": "", "reply_cs": "", "reply_en": "", "note": ""}
    lines = []
    for deed in deeds:
        match deed["do"]:
            case "reply":
                shown |= {"reply_cs": deed.get("cs", ""), "reply_en": deed.get("en", "")}
            case "note":
                shown["note"] = deed["text"]
            case "tags":
                lines.append(
                    "tags "
                    + ", ".join([f"+{name}" for name in deed.get("add", [])] + [f"-{name}" for name in deed.get("remove", [])])
                )
            case "field":
                lines.append(f"field {deed['field']} {deed['value']}")
            case "snooze":
                lines.append(f"snooze {deed['hours']}")
            case "follow":
                lines.append(f"follow {deed.get('who', 'me')}")
            case _:
                lines.append(f"{deed['do']} {deed['value'] or 'nobody'}")
    return shown | {"deeds": "\n".join(lines)}
