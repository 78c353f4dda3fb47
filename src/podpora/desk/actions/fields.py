"""The vendor's own fields: made, changed, filled in."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction

from podpora.audit.actions import record
from podpora.base.actors import Actor
from podpora.base.errors import Problems
from podpora.desk import queries, rules
from podpora.desk.actions.happening import happened
from podpora.desk.actions.writing import locked, note_event
from podpora.desk.models import Field, FieldValue, Queue, Ticket
from podpora.desk.values import Event, FieldKind, Happening, HappeningKind

_CODE = re.compile(r"[a-z][a-z0-9_-]{0,39}")
MOST_CHOICES = 100


@dataclass(frozen=True, slots=True)
class FieldPlan:
    """A field as it is to be. `choices`: (value, Czech, English); `queues`: none means all."""

    code: str
    kind: FieldKind
    name_cs: str
    name_en: str
    help_cs: str = ""
    help_en: str = ""
    choices: Sequence[tuple[str, str, str]] = ()
    is_public: bool = False
    is_required: bool = False
    is_active: bool = True
    shown_when: str = ""
    shown_when_values: Sequence[str] = ()
    queues: Sequence[Queue] = field(default_factory=tuple)


@transaction.atomic
def save_field(plan: FieldPlan, *, by: Actor, at: datetime) -> Field:
    """A new field, or another shape of one. Its kind stays once tickets have values of it."""
    row = Field.objects.select_for_update().filter(code=plan.code).first() or Field(code=plan.code, position=Field.objects.count())
    other = Field.objects.filter(code=plan.shown_when).first() if plan.shown_when else None
    _check(plan, row, other)
    row.kind, row.name_cs, row.name_en = plan.kind, " ".join(plan.name_cs.split()), " ".join(plan.name_en.split())
    row.help_cs, row.help_en = plan.help_cs.strip()[:200], plan.help_en.strip()[:200]
    row.choices = [{"value": value, "cs": cs, "en": en} for value, cs, en in plan.choices]
    row.is_public, row.is_required, row.is_active = plan.is_public, plan.is_required, plan.is_active
    row.shown_when, row.shown_when_values = other, list(plan.shown_when_values)
    row.save()
    row.queues.set(plan.queues)
    facts = {"kind": plan.kind.value, "public": plan.is_public, "required": plan.is_required, "active": plan.is_active}
    record("desk.field", f"field:{plan.code}", by=by, at=at, after=facts)
    return row


def _check(plan: FieldPlan, row: Field, other: Field | None) -> None:
    problems = Problems()
    if not _CODE.fullmatch(plan.code):
        problems.add("code", "not_valid", example="error_code")
    for name in ("name_cs", "name_en"):
        if not getattr(plan, name).strip():
            problems.add(name, "required")
        elif len(getattr(plan, name)) > 80:
            problems.add(name, "too_long", most=80)
    values = [value for value, _cs, _en in plan.choices]
    chosen = plan.kind in (FieldKind.CHOICE, FieldKind.MULTI)
    wrong = any(not value.strip() or "\n" in value or len(value) > 80 for value in values)
    if chosen and (not values or len(set(values)) != len(values) or len(values) > MOST_CHOICES or wrong):
        problems.add("choices", "field.no_choices")
    if plan.shown_when and other is None:
        problems.add("shown_when", "unknown")
    shown_by = dict(Field.objects.exclude(shown_when=None).values_list("code", "shown_when__code"))
    if rules.circle_of(plan.code, plan.shown_when, shown_by):
        problems.add("shown_when", "field.circle")
    if row.pk and row.kind != plan.kind and FieldValue.objects.filter(field=row).exists():
        problems.add("kind", "field.in_use")
    problems.or_refuse()


def read_values(fields: Sequence[Field], given: Mapping[str, Any], *, had: Mapping[str, str], complete: bool) -> dict[str, str]:
    """What is given for these fields, beside what they had, as it will stand. `complete`: required ones have to be there.

    Raises InvalidInput with `fields.<code>` for each that is wrong, unknown or missing.
    """
    problems = Problems()
    known = {row.code: queries.facts_of(row) for row in fields}
    values = {code: value for code, value in had.items() if code in known}
    for code, value in given.items():
        if code not in known:
            problems.add(f"fields.{code[:40]}", "unknown", choices=sorted(known))
            continue
        try:
            values[code] = rules.plain_value(known[code], value)
        except rules.NotAValue as wrong:
            facts = {"choices": list(known[code].choices)} if wrong.code == "unknown" else {}
            problems.add(f"fields.{code}", wrong.code, **facts)
    problems.or_refuse()
    standing, missing = rules.settled(list(known.values()), values)
    for code in missing if complete else ():
        problems.add(f"fields.{code}", "required")
    problems.or_refuse()
    return standing


@transaction.atomic
def set_fields(ticket: Ticket, given: Mapping[str, Any], *, by: Actor, at: datetime) -> Ticket:
    """Fill fields in, or empty them (None). What is not named stays; what is not shown any more is forgotten."""
    ticket = locked(ticket)
    fields = queries.fields_of(ticket.queue_id)
    before = queries.values_of(ticket)
    after = read_values(fields, given, had=before, complete=False)
    rows = {row.code: row for row in fields}
    others = {code: value for code, value in before.items() if code not in rows}  # of another queue: they stay
    changed = {code for code in rows if before.get(code, "") != after.get(code, "")}
    if not changed:
        return ticket
    for code in sorted(changed):
        if code in after:
            FieldValue.objects.update_or_create(ticket=ticket, field=rows[code], defaults={"value": after[code]})
        else:
            FieldValue.objects.filter(ticket=ticket, field=rows[code]).delete()
    note_event(ticket, Event.FIELD, by=by, at=at, to=", ".join(sorted(changed)))
    was = {code: before.get(code, "") for code in sorted(changed)}
    now = {code: after.get(code, "") for code in sorted(changed)}
    record("ticket.fields", ticket, by=by, at=at, before=was, after=now)
    happened(ticket, Happening(HappeningKind.FIELD, before=before, after={**others, **after}), by=by, at=at)
    return ticket
