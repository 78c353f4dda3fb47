"""Questions, comparisons and deeds of rules as people read them: in the editor, and as a sentence in lists."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import get_language, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from podpora.desk import queries
from podpora.desk.models import Field
from podpora.desk.rules import QUESTIONS
from podpora.desk.values import (
    HAPPENING_NAMES,
    KIND_NAMES,
    PLAN_NAMES,
    PRIORITY_NAMES,
    STATE_NAMES,
    FieldKind,
    HappeningKind,
    Side,
    SlaPlan,
    Via,
)
from podpora.web.conversation import queue_name

QUESTION_NAMES: dict[str, Promise] = {
    "state": pgettext_lazy("of a ticket", "State"), "priority": _("Priority"), "queue": _("Queue"), "kind": pgettext_lazy("of a ticket", "Kind"),
    "via": _("Came"), "side": _("Written by"), "tier": _("Level of support"), "language": _("Language"), "is_vip": _("VIP"),
    "assignee": _("Technician"), "customer": _("Customer (code)"), "requester": _("Asker (name or e-mail)"), "subject": _("Subject"),
    "text": _("Text of the message"), "version": _("Version"), "tag": pgettext_lazy("on a ticket", "Tag"),
    "spent_minutes": _("Minutes of work"), "reopened": _("Times reopened"), "messages": _("Number of messages"),
}  # fmt: skip
COMPARISON_NAMES: dict[str, Promise] = {
    "is": pgettext_lazy("comparison", "is"), "is_not": pgettext_lazy("comparison", "is not"),
    "one_of": pgettext_lazy("comparison", "is one of"), "contains": pgettext_lazy("comparison", "contains"),
    "contains_not": pgettext_lazy("comparison", "does not contain"), "is_empty": pgettext_lazy("comparison", "is empty"),
    "is_set": pgettext_lazy("comparison", "is filled in"), "has": pgettext_lazy("comparison", "is on it"),
    "has_not": pgettext_lazy("comparison", "is not on it"), "greater": pgettext_lazy("comparison", "is more than"),
    "less": pgettext_lazy("comparison", "is less than"),
}  # fmt: skip
DEED_LABELS: dict[str, Promise] = {
    "state": _("Set the state"), "priority": _("Set the priority"), "queue": _("Move it to the queue"), "kind": _("Set the kind"),
    "assign": _("Give it to"), "tags": _("Change tags"), "field": _("Fill in a field"), "reply": _("Answer the customer"),
    "note": _("Write an internal note"), "snooze": _("Put it off"), "follow": _("Let somebody follow it"),
}  # fmt: skip
VIA_WORDS: dict[str, Promise] = {
    Via.WEB.value: _("through the web"), Via.MAIL.value: _("by e-mail"), Via.PROGRAM.value: _("from the program"),
    Via.API.value: _("through the API"),
}  # fmt: skip
SIDE_WORDS: dict[str, Promise] = {
    Side.CUSTOMER.value: pgettext_lazy("side of a conversation", "the customer"),
    Side.STAFF.value: pgettext_lazy("side of a conversation", "a technician"),
    Side.SYSTEM.value: pgettext_lazy("side of a conversation", "the desk itself"),
}
YES_NO: dict[str, Promise] = {"yes": pgettext_lazy("answer", "yes"), "no": pgettext_lazy("answer", "no")}
LANGUAGES = {"cs": _("Czech"), "en": _("English")}
Choices = list[tuple[str, Any]]


def field_name(field: Field) -> str:
    return field.name_cs if (get_language() or "").startswith("cs") else field.name_en


class Offers:
    """What can be chosen in this installation: queues, technicians, tags, own fields; each asked for once, when it is needed."""

    def __init__(self) -> None:
        self._known: dict[str, Any] = {}

    def _once(self, name: str, ask: Callable[[], Any]) -> Any:
        if name not in self._known:
            self._known[name] = ask()
        return self._known[name]

    @property
    def fields(self) -> dict[str, Field]:
        found: dict[str, Field] = self._once("fields", lambda: {field.code: field for field in queries.set_up("fields")})
        return found

    @property
    def technicians(self) -> Choices:
        found: Choices = self._once("technicians", lambda: [(one.email, str(one)) for one in queries.technicians()])
        return found

    @property
    def queues(self) -> Choices:
        found: Choices = self._once("queues", lambda: [(one.code, queue_name(one)) for one in queries.queues()])
        return found

    @property
    def tags(self) -> list[str]:
        found: list[str] = self._once("tags", lambda: [tag.name for tag in queries.set_up("tags") if tag.is_active])
        return found

    def questions(self) -> Choices:
        own = [(f"field:{code}", field_name(field)) for code, field in self.fields.items()]
        return [(ask, QUESTION_NAMES[ask]) for ask in QUESTIONS] + own

    def values(self, ask: str) -> Choices | None:
        """What a question or a deed may be answered with; None: free text."""
        lists: dict[str, Mapping[Any, Any]] = {
            "state": STATE_NAMES, "kind": KIND_NAMES, "via": VIA_WORDS, "side": SIDE_WORDS, "is_vip": YES_NO, "language": LANGUAGES,
            "tier": {plan: name for plan, name in PLAN_NAMES.items() if plan not in (SlaPlan.VIP, SlaPlan.NONE)},
        }  # fmt: skip
        if ask in lists:
            return [(str(value), name) for value, name in lists[ask].items()]
        if ask == "priority":
            return [(value.name.lower(), name) for value, name in PRIORITY_NAMES.items()]
        if ask in ("queue", "assignee"):
            return self.queues if ask == "queue" else self.technicians
        return self._field_values(ask.removeprefix("field:")) if ask.startswith("field:") else None

    def _field_values(self, code: str) -> Choices | None:
        field = self.fields.get(code)
        if field is None or field.kind not in (FieldKind.CHOICE, FieldKind.MULTI, FieldKind.CHECKBOX):
            return None
        if field.kind == FieldKind.CHECKBOX:
            return list(YES_NO.items())
        language = "cs" if (get_language() or "").startswith("cs") else "en"
        return [(choice["value"], choice[language]) for choice in field.choices]

    def named(self, ask: str, value: Any) -> str:
        """A value as people read it; one that is gone shows itself."""
        known = dict(self.values(ask) or ())
        values = value if isinstance(value, list) else [value]
        return ", ".join(str(known.get(one, one)) for one in values)


def condition_said(condition: Mapping[str, Any], offers: Offers) -> str:
    """`Queue is VIP`."""
    ask, how = str(condition["ask"]), str(condition["how"])
    field = offers.fields.get(ask.removeprefix("field:")) if ask.startswith("field:") else None
    name = field_name(field) if field else QUESTION_NAMES.get(ask, ask)
    if how in ("has", "has_not"):
        return f"{name} {condition['value']} {COMPARISON_NAMES[how]}"
    value = offers.named(ask, condition["value"]) if condition.get("value") else ""
    return f"{name} {COMPARISON_NAMES[how]} {value}".strip()


def deed_said(deed: Mapping[str, Any], offers: Offers) -> str:
    """`Set the priority: high`."""
    do = str(deed["do"])
    name = DEED_LABELS[do]
    match do:
        case "reply" | "note":
            text = str(
                deed.get("text") or deed.get("cs" if get_language() == "cs" else "en") or deed.get("cs") or deed.get("en") or ""
            )
            line = " ".join(text.split())
            return f"{name}: “{line[:60]}{'…' if len(line) > 60 else ''}”"
        case "tags":
            return (
                f"{name}: {', '.join([f'+{one}' for one in deed.get('add', [])] + [f'−{one}' for one in deed.get('remove', [])])}"
            )
        case "snooze":
            hours = deed["hours"]
            return f"{name}: {ngettext('%(n)d hour', '%(n)d hours', hours) % {'n': hours}}"
        case "field":
            field = offers.fields.get(deed["field"])
            return f"{field_name(field) if field else deed['field']}: {offers.named('field:' + deed['field'], deed['value'])}"
        case "assign" | "follow":
            return f"{name}: {who_said(str(deed.get('value') or deed.get('who') or ''), offers)}"
    return f"{name}: {offers.named(do, deed['value'])}"


def who_said(email: str, offers: Offers) -> str:
    if email in ("", "me"):
        return str(_("whoever uses it") if email else pgettext_lazy("no technician", "nobody"))
    return str(dict(offers.technicians).get(email, email))


def when_said(happenings: Sequence[str]) -> str:
    """`A ticket is opened, the state changes`."""
    return ", ".join(str(HAPPENING_NAMES[HappeningKind(one)]) for one in happenings if one in set(HappeningKind)) or str(
        _("Whatever happens")
    )
