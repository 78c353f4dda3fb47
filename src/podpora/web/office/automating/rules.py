"""The editor of triggers, time rules and macros: the frame as a form, conditions and deeds as rows, a dry run, the log."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from podpora.base.errors import InvalidInput, NotYours
from podpora.base.fields import field_sentence
from podpora.desk import actions, queries
from podpora.desk.rules import MOST_CONDITIONS, MOST_DEEDS
from podpora.web.components.forms import show_problem
from podpora.web.office.automating import rows
from podpora.web.office.automating.forms import MacroForm, TimeRuleForm, TriggerForm, amount_and_unit, variables
from podpora.web.office.automating.words import Offers
from podpora.web.request import Request

FORMS: dict[str, type[forms.Form]] = {"triggers": TriggerForm, "time-rules": TimeRuleForm, "macros": MacroForm}
MODELS = {"triggers": "trigger", "time-rules": "time_rule", "macros": "macro", "canned": "canned", "fields": "field"}
SHOWN = 20


@dataclass(slots=True)
class Draft:
    """A rule as it stands on the page: saved, or half written."""

    kind: str
    row: Any  # None: a new one
    form: forms.Form
    offers: Offers
    conditions: list[dict[str, Any]] = field(default_factory=list)
    deeds: list[dict[str, Any]] = field(default_factory=list)
    errors: dict[str, str] = field(default_factory=dict)  # by the row: `c-0`, or by the list: `c`
    begins: str = ""  # the row where the eye should be
    trial: Any = None

    @property
    def is_macro(self) -> bool:
        return self.kind == "macros"


def rule_page(request: Request, kind: str, row: Any, names: tuple[str, str]) -> HttpResponse:
    """`names`: of the kind, and of a new one. Draws it; does a step of the editor; tries it; saves it."""
    draft = _saved_one(kind, row) if request.method != "POST" else _given(request.POST, kind, row)
    step = request.POST.get("step", "")
    if step == "delete" and row is not None:
        actions.remove_rule(MODELS[kind], row.code, by=request.actor, at=request.now)
        messages.success(request, _("Deleted."))
        return redirect(f"{reverse('office:work')}?kind={kind}")
    if request.method == "POST" and not step and _save(request, draft):
        messages.success(request, _("Saved."))
        return redirect(f"{reverse('office:work')}?kind={kind}")
    if step == "try":
        _try(request, draft)
    elif step:
        draft.begins = rows.stepped(step, _lists(draft))
    return _drawn(request, draft, names)


def _lists(draft: Draft) -> dict[str, rows.Rows]:
    offers, is_macro = draft.offers, draft.is_macro
    deeds = rows.Rows(draft.deeds, lambda: rows.new_deed("state", offers, is_macro=is_macro), MOST_DEEDS)
    return {"d": deeds, "c": rows.Rows(draft.conditions, lambda: rows.new_condition(offers), MOST_CONDITIONS)}


def _saved_one(kind: str, row: Any) -> Draft:
    offers = Offers()
    if row is None:
        draft = Draft(kind, None, FORMS[kind](), offers)
        draft.deeds.append(rows.new_deed("state" if kind != "triggers" else "tags", offers, is_macro=draft.is_macro))
        return draft
    shown = {name: getattr(row, name) for name in ("name", "is_active", "happenings", "is_always", "state") if hasattr(row, name)}
    shown["queue"] = row.queue.code if getattr(row, "queue", None) else ""
    if kind == "time-rules":
        shown |= amount_and_unit(row.after_minutes)
    return Draft(kind, row, FORMS[kind](initial=shown), offers, list(getattr(row, "conditions", ())), list(row.deeds))


def _given(post: QueryDict, kind: str, row: Any) -> Draft:
    offers, is_macro = Offers(), kind == "macros"
    conditions, asks_else = rows.conditions_given(post, offers)
    deeds, does_else = rows.deeds_given(post, offers, is_macro=is_macro)
    if post.get("step"):  # half written: nothing is wrong yet
        known = FORMS[kind]().fields
        form = FORMS[kind](initial={name: known[name].widget.value_from_datadict(post, {}, name) for name in known})
    else:
        form = FORMS[kind](post)
    draft = Draft(kind, row, form, offers, conditions, deeds)
    if (asks_else or does_else) and not post.get("step"):
        draft.errors["c" if asks_else else "d"] = _(
            "Something else is chosen than its fields were for: look at the new fields, then save."
        )
    return draft


def _plan(draft: Draft) -> actions.RulePlan:
    clean = draft.form.cleaned_data
    return actions.RulePlan(
        clean["name"], draft.deeds, draft.row.code if draft.row else "", draft.conditions, clean.get("happenings", ()),
        clean.get("is_always", False), clean.get("state", ""),
        draft.form.after_minutes() if isinstance(draft.form, TimeRuleForm) else 0,
        _queue(clean.get("queue", "")), clean["is_active"],
    )  # fmt: skip


def _queue(code: str) -> Any:
    try:
        return queries.queue(code) if code else None
    except NotYours:
        raise InvalidInput({"queue": ["unknown"]}) from None


def _save(request: Request, draft: Draft) -> bool:
    if draft.errors or not draft.form.is_valid():
        return False
    save: Any = {"macros": actions.save_macro, "triggers": actions.save_trigger, "time-rules": actions.save_time_rule}[draft.kind]
    try:
        save(_plan(draft), by=request.actor, at=request.now)
    except InvalidInput as problem:
        _show(draft, problem)
        return False
    return True


def _show(draft: Draft, problem: InvalidInput) -> None:
    """What is wrong with a row stands at the row; the rest at the form's fields."""
    rest = {}
    for name, codes in problem.fields.items():
        letter = {"conditions": "c", "deeds": "d"}.get(name)
        facts = problem.facts.get(name, {})
        if letter is None:
            rest[name] = codes
            continue
        number = facts.get("number", 0)
        draft.errors[f"{letter}-{number - 1}" if number else letter] = field_sentence(codes[0], facts)
    if rest and draft.form.is_bound:
        show_problem(draft.form, InvalidInput(rest, problem.facts))


def _try(request: Request, draft: Draft) -> None:
    """Which tickets it would touch now, as it stands here, saved or not."""
    state, after = "", None
    if draft.kind == "time-rules":
        form = TimeRuleForm(request.POST)
        form.full_clean()
        if "amount" not in form.cleaned_data or "unit" not in form.cleaned_data or "state" not in form.cleaned_data:
            draft.form = form
            return
        state, after = form.cleaned_data["state"], timedelta(minutes=form.after_minutes())
    try:
        draft.trial = actions.try_conditions(request.user, draft.conditions, state=state, after=after, at=request.now)
    except InvalidInput as problem:
        _show(draft, problem)


def _drawn(request: Request, draft: Draft, names: tuple[str, str]) -> HttpResponse:
    heading = draft.row.name if draft.row else names[1]
    parts: list[tuple[str, list[rows.Row]]] = [
        ("c", [rows.condition_row(n, condition, draft.offers) for n, condition in enumerate(draft.conditions)]),
        ("d", [rows.deed_row(n, deed, draft.offers, is_macro=draft.is_macro) for n, deed in enumerate(draft.deeds)]),
    ]
    for letter, drawn in parts:
        for row in drawn:
            row.error, row.is_new = draft.errors.get(f"{letter}-{row.number}", ""), draft.begins == f"{letter}-{row.number}"
    known = dict(parts)
    context = {
        "draft": draft, "heading": heading, "conditions": known["c"], "deeds": known["d"], "tags": draft.offers.tags,
        "wrong_conditions": draft.errors.get("c", ""), "wrong_deeds": draft.errors.get("d", ""),
        "crumbs": [(_("Work by itself"), reverse("office:work")), (names[0], f"{reverse('office:work')}?kind={draft.kind}"), (heading, "")],
        "variables": variables(), "fitting": draft.trial.fitting[:SHOWN] if draft.trial else (),
        "runs": queries.newest_runs(draft.row.code, size=SHOWN) if draft.row else (),
    }  # fmt: skip
    failed = bool(draft.errors or draft.form.errors) and not request.POST.get("step")
    return TemplateResponse(request, "office/automation/rule.html", context, status=422 if failed else 200)
