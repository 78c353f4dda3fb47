"""What macros, triggers and time rules may do, as data: checked when it is saved."""

from typing import Any

from podpora.desk.rules.templates import Mistake, mistake_in
from podpora.desk.values import Priority, State, TicketKind

MOST_DEEDS = 20
TEXT_LONGEST = 10_000
# The parts of each deed; those with ? may be missing.
DEEDS: dict[str, tuple[str, ...]] = {
    "state": ("value",), "priority": ("value",), "queue": ("value",), "kind": ("value",), "assign": ("value",),
    "tags": ("add?", "remove?"), "field": ("field", "value"), "reply": ("cs?", "en?"), "note": ("text",),
    "snooze": ("hours",), "follow": ("who?",),
}  # fmt: skip
STATES = frozenset(State) - {State.NEW, State.MERGED}


class WrongDeed(Exception):
    """A deed that can't be saved: which, and what is wrong; `mistake` where it is in a text."""

    def __init__(self, number: int, what: str, mistake: Mistake | None = None) -> None:
        super().__init__(f"{number}: {what}")
        self.number = number
        self.what = what[:80]
        self.mistake = mistake


def check_deeds(
    deeds: Any, *, queues: frozenset[str], fields: frozenset[str], technicians: frozenset[str], people_too: bool
) -> None:
    """Are these deeds that can be done? `people_too`: "me" may be the technician (a macro). Raises WrongDeed."""
    if not isinstance(deeds, list) or not 1 <= len(deeds) <= MOST_DEEDS:
        raise WrongDeed(0, "1-20")
    for number, deed in enumerate(deeds, 1):
        if not isinstance(deed, dict) or deed.get("do") not in DEEDS:
            raise WrongDeed(number, str(deed)[:60])
        _check_parts(number, deed)
        do, value = str(deed["do"]), deed.get("value")
        known: dict[str, frozenset[str]] = {
            "state": frozenset(str(state) for state in STATES), "priority": frozenset(p.name.lower() for p in Priority), "queue": queues,
            "kind": frozenset(str(kind) for kind in TicketKind),
            "assign": technicians | {""} | ({"me"} if people_too else frozenset()),
        }  # fmt: skip
        if do == "follow" and deed.get("who", "me") not in technicians | ({"me"} if people_too else frozenset()):
            raise WrongDeed(number, f"follow = {deed.get('who', 'me')}")
        if do in known and value not in known[do]:
            raise WrongDeed(number, f"{do} = {value}")
        if do == "field" and deed["field"] not in fields:
            raise WrongDeed(number, f"field = {deed['field']}")
        _check_content(number, do, deed)


def _check_parts(number: int, deed: dict[str, Any]) -> None:
    parts = DEEDS[str(deed["do"])]
    allowed = {"do", *(part.rstrip("?") for part in parts)}
    needed = {part for part in parts if not part.endswith("?")}
    if not set(deed) <= allowed or not needed <= set(deed):
        raise WrongDeed(number, f"{deed['do']}: {', '.join(sorted(set(deed) ^ (needed | {'do'})))}")


def _check_content(number: int, do: str, deed: dict[str, Any]) -> None:
    match do:
        case "tags":
            names = [*deed.get("add", []), *deed.get("remove", [])]
            if not names or not all(isinstance(name, str) and 0 < len(name) <= 40 for name in names):
                raise WrongDeed(number, "tags")
        case "snooze":
            hours = deed["hours"]
            if isinstance(hours, bool) or not isinstance(hours, int) or not 1 <= hours <= 24 * 90:
                raise WrongDeed(number, f"hours = {hours}")
        case "reply" | "note":
            texts = [deed.get(part, "") for part in ("cs", "en", "text")]
            if not all(isinstance(text, str) and len(text) <= TEXT_LONGEST and "\x00" not in text for text in texts):
                raise WrongDeed(number, do)
            if not any(text.strip() for text in texts):
                raise WrongDeed(number, do)
            for text in texts:
                if wrong := mistake_in(text):
                    raise WrongDeed(number, wrong.what, wrong)
