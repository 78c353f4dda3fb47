"""How the desk works by itself, and the words it works with: tags, fields, canned replies, macros, triggers, time rules, the log."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from podpora.base.errors import InvalidInput, NotYours
from podpora.desk import actions, queries
from podpora.desk.rules import DEEDS, QUESTIONS, VARIABLES
from podpora.desk.values import (
    FIELD_KIND_NAMES,
    HAPPENING_NAMES,
    STATE_NAMES,
    FieldKind,
    Happening,
    HappeningKind,
    State,
    TagColour,
)
from podpora.web.access import manager
from podpora.web.components.forms import show_problem
from podpora.web.office.automation_text import conditions_of, deeds_of, lines_of_conditions, lines_of_deeds
from podpora.web.request import Request

KINDS: dict[str, tuple[Any, Any]] = {
    "triggers": (gettext_lazy("Triggers"), gettext_lazy("When something happens and a ticket is so, do that.")),
    "time-rules": (gettext_lazy("Time rules"), gettext_lazy("When a ticket is in a state for so long, do that once.")),
    "macros": (gettext_lazy("Macros"), gettext_lazy("Several deeds by one click.")),
    "canned": (gettext_lazy("Canned replies"), gettext_lazy("Texts that are often needed, with variables.")),
    "fields": (gettext_lazy("Fields"), gettext_lazy("Questions of our own about tickets.")),
    "own-states": (gettext_lazy("Own states"), gettext_lazy("Our own names for parts of a state.")),
    "tags": (gettext_lazy("Tags"), gettext_lazy("Words on tickets; customers never see them.")),
}  # fmt: skip
QUEUE = gettext_lazy("For one queue only (its code)")
LINES = forms.Textarea(attrs={"rows": 5, "spellcheck": "false"})


class CannedForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Name (customers never see it)"), max_length=80)
    text_cs = forms.CharField(
        label=gettext_lazy("Text in Czech"), required=False, widget=forms.Textarea(attrs={"rows": 5}), strip=False
    )
    text_en = forms.CharField(
        label=gettext_lazy("Text in English"), required=False, widget=forms.Textarea(attrs={"rows": 5}), strip=False,
        help_text=", ".join("{{%s}}" % name for name in VARIABLES),  # noqa: UP031
    )  # fmt: skip
    queue = forms.SlugField(label=QUEUE, required=False)
    is_active = forms.BooleanField(label=gettext_lazy("Switched on"), required=False, initial=True)


class MacroForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Name (customers never see it)"), max_length=80)
    deeds = forms.CharField(
        label=gettext_lazy("Deeds, one a line"), widget=LINES, required=False,
        help_text=gettext_lazy("state solved · priority high · queue vip · assign me · tags +one -two · kind problem · snooze 24 · field code value"),
    )  # fmt: skip
    reply_cs = forms.CharField(
        label=gettext_lazy("Answer in Czech"), required=False, widget=forms.Textarea(attrs={"rows": 3}), strip=False
    )
    reply_en = forms.CharField(
        label=gettext_lazy("Answer in English"), required=False, widget=forms.Textarea(attrs={"rows": 3}), strip=False
    )
    note = forms.CharField(
        label=gettext_lazy("Internal note"), required=False, widget=forms.Textarea(attrs={"rows": 2}), strip=False
    )
    queue = forms.SlugField(label=QUEUE, required=False)
    position = forms.IntegerField(label=gettext_lazy("Place in the order"), required=False, min_value=0, max_value=9999)
    is_active = forms.BooleanField(label=gettext_lazy("Switched on"), required=False, initial=True)


class TriggerForm(MacroForm):
    happenings = forms.MultipleChoiceField(
        label=gettext_lazy("When"), required=False, widget=forms.CheckboxSelectMultiple,
        choices=[(kind.value, name) for kind, name in HAPPENING_NAMES.items() if kind is not HappeningKind.CALENDAR],
        help_text=gettext_lazy("Nothing chosen: whatever happens."),
    )  # fmt: skip
    conditions = forms.CharField(
        label=gettext_lazy("Conditions, one a line; all have to hold"), widget=LINES, required=False,
        help_text=gettext_lazy("queue is vip · subject contains invoice · tag has urgent · assignee is_empty · priority greater normal"),
    )  # fmt: skip
    is_always = forms.BooleanField(label=gettext_lazy("Also when nothing changed that a condition asks about"), required=False)
    queue = None  # type: ignore[assignment]
    field_order = (
        "name",
        "happenings",
        "conditions",
        "is_always",
        "deeds",
        "reply_cs",
        "reply_en",
        "note",
        "position",
        "is_active",
    )


class TimeRuleForm(MacroForm):
    state = forms.ChoiceField(
        label=gettext_lazy("In the state"), choices=[(s.value, n) for s, n in STATE_NAMES.items() if s is not State.MERGED]
    )
    after_minutes = forms.IntegerField(label=gettext_lazy("For so many minutes"), min_value=1)
    conditions = forms.CharField(label=gettext_lazy("Conditions, one a line; all have to hold"), widget=LINES, required=False)
    queue = None  # type: ignore[assignment]
    field_order = ("name", "state", "after_minutes", "conditions", "deeds", "reply_cs", "reply_en", "note", "position", "is_active")


class FieldForm(forms.Form):
    code = forms.SlugField(
        label=gettext_lazy("Code"), max_length=40, help_text=gettext_lazy("Small letters; it can't be changed later.")
    )
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=[(kind.value, name) for kind, name in FIELD_KIND_NAMES.items()])
    name_cs = forms.CharField(label=gettext_lazy("Name in Czech"), max_length=80)
    name_en = forms.CharField(label=gettext_lazy("Name in English"), max_length=80)
    help_cs = forms.CharField(label=gettext_lazy("Help in Czech"), max_length=200, required=False)
    help_en = forms.CharField(label=gettext_lazy("Help in English"), max_length=200, required=False)
    choices = forms.CharField(
        label=gettext_lazy("Choices, one a line"),
        required=False,
        widget=LINES,
        help_text=gettext_lazy("value | in Czech | in English"),
    )
    queues = forms.CharField(label=gettext_lazy("Queues (codes, separated by commas; none: all)"), required=False)
    shown_when = forms.SlugField(label=gettext_lazy("Shown only when this field"), required=False)
    shown_when_values = forms.CharField(label=gettext_lazy("has one of these values (separated by commas)"), required=False)
    is_public = forms.BooleanField(label=gettext_lazy("Customers fill it in and see it"), required=False)
    is_required = forms.BooleanField(label=gettext_lazy("It has to be filled in"), required=False)
    is_active = forms.BooleanField(label=gettext_lazy("Switched on"), required=False, initial=True)


class OwnStateForm(forms.Form):
    code = forms.SlugField(label=gettext_lazy("Code"), max_length=40)
    state = forms.ChoiceField(
        label=gettext_lazy("It stands for"),
        choices=[(s.value, n) for s, n in STATE_NAMES.items() if s not in (State.NEW, State.MERGED)],
    )
    name_cs = forms.CharField(label=gettext_lazy("Name in Czech"), max_length=80)
    name_en = forms.CharField(label=gettext_lazy("Name in English"), max_length=80)
    is_active = forms.BooleanField(label=gettext_lazy("Switched on"), required=False, initial=True)


class TagForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Name"), max_length=40)
    colour = forms.ChoiceField(label=gettext_lazy("Colour"), choices=[(colour.value, colour.value) for colour in TagColour])
    merge_into = forms.CharField(label=gettext_lazy("Merge it into the tag"), max_length=40, required=False)
    is_active = forms.BooleanField(label=gettext_lazy("Switched on"), required=False, initial=True)


FORMS: dict[str, type[forms.Form]] = {
    "triggers": TriggerForm, "time-rules": TimeRuleForm, "macros": MacroForm, "canned": CannedForm, "fields": FieldForm,
    "own-states": OwnStateForm, "tags": TagForm,
}  # fmt: skip


@manager
@require_GET
def work(request: Request) -> HttpResponse:
    """All kinds on one page, in their order, and what they did lately. `?ticket=` tries the triggers on a ticket."""
    parts = [(slug, name, lead, [_row(slug, row) for row in queries.set_up(slug)]) for slug, (name, lead) in KINDS.items()]
    context = {"parts": parts, "runs": queries.newest_runs(size=50), "tried": None, "ticket": request.GET.get("ticket", "")[:20]}
    if context["ticket"]:
        try:
            found = queries.ticket_for_staff(request.user, str(context["ticket"]).strip().upper().replace("\x00", ""))
            context["tried"] = actions.would_run(found, Happening(HappeningKind.REPLIED))
        except NotYours:
            context["not_found"] = True
    return TemplateResponse(request, "office/automation/list.html", context)


def _row(slug: str, row: Any) -> tuple[str, str, str, bool]:
    code = row.name if slug == "tags" else row.code
    name = row.name if hasattr(row, "name") else row.name_en
    return reverse("office:work_one", args=[slug, code]), name, "" if slug == "tags" else row.code, row.is_active


@manager
@require_http_methods(["GET", "POST"])
def one(request: Request, kind: str, code: str) -> HttpResponse:
    """One of them, or a new one (`new`)."""
    if kind not in KINDS:
        raise NotYours
    name, _lead = KINDS[kind]
    row = None if code == "new" else queries.set_up_one(kind, code)
    if row is None and code != "new":
        raise NotYours
    form = FORMS[kind](request.POST if request.method == "POST" else None, initial=_initial(kind, row) if row else None)
    if form.is_valid():
        try:
            _save(request, kind, row, form.cleaned_data)
        except InvalidInput as problem:
            show_problem(form, problem)
        else:
            messages.success(request, _("Saved."))
            return redirect("office:work")
    heading = str(name) if row is None else getattr(row, "name", "") or row.name_en
    crumbs = [(_("Work by itself"), reverse("office:work")), (heading, "")]
    context = {"form": form, "heading": heading, "crumbs": crumbs, "asks": ", ".join(QUESTIONS), "dos": ", ".join(DEEDS)}
    return TemplateResponse(request, "office/automation/form.html", context, status=422 if form.errors else 200)


def _initial(kind: str, row: Any) -> dict[str, Any]:
    shown = {name: getattr(row, name) for name in FORMS[kind].base_fields if hasattr(row, name) and name not in ("queues", "queue")}
    if getattr(row, "queue", None):
        shown["queue"] = row.queue.code
    if hasattr(row, "deeds"):
        shown |= lines_of_deeds(row.deeds)
    if hasattr(row, "conditions"):
        shown["conditions"] = lines_of_conditions(row.conditions)
    if kind == "fields":
        shown["choices"] = "\n".join(f"{c['value']} | {c['cs']} | {c['en']}" for c in row.choices)
        shown["queues"] = ", ".join(queue.code for queue in row.queues.all())
        shown["shown_when"] = row.shown_when.code if row.shown_when else ""
        shown["shown_when_values"] = ", ".join(row.shown_when_values)
    return shown


def _save(request: Request, kind: str, row: Any, clean: dict[str, Any]) -> None:
    how: dict[str, Any] = {"by": request.actor, "at": request.now}
    match kind:
        case "canned":
            texts = (clean["name"], clean["text_cs"], clean["text_en"])
            code = row.code if row else ""
            actions.save_canned(actions.CannedPlan(*texts, code, _queue(clean["queue"]), clean["is_active"]), **how)
        case "tags":
            _save_tag(row, clean, how)
        case "own-states":
            names = {name: clean[name] for name in ("name_cs", "name_en", "is_active")}
            actions.save_own_state(row.code if row else clean["code"], State(clean["state"]), **names, **how)
        case "fields":
            actions.save_field(_field_plan(row, clean), **how)
        case _:
            save = {"macros": actions.save_macro, "triggers": actions.save_trigger, "time-rules": actions.save_time_rule}[kind]
            save(_rule_plan(row, clean), **how)


def _save_tag(row: Any, clean: dict[str, Any], how: dict[str, Any]) -> None:
    if row is not None and clean["merge_into"]:
        target = queries.set_up_one("tags", actions.tag_name(clean["merge_into"]))
        if target is None:
            raise InvalidInput({"merge_into": ["unknown"]})
        actions.merge_tags(row, target, **how)
        return
    name = row.name if row else clean["name"]
    actions.save_tag(name, colour=TagColour(clean["colour"]), is_active=clean["is_active"], new_name=clean["name"], **how)


def _queue(code: str) -> Any:
    if not code:
        return None
    try:
        return queries.queue(code)
    except NotYours:
        raise InvalidInput({"queue": ["unknown"]}) from None


def _rule_plan(row: Any, clean: dict[str, Any]) -> actions.RulePlan:
    return actions.RulePlan(
        clean["name"],
        deeds_of(clean["deeds"], clean["reply_cs"], clean["reply_en"], clean["note"]),
        row.code if row else "",
        conditions_of(clean.get("conditions", "")),
        happenings=clean.get("happenings", []),
        is_always=clean.get("is_always", False),
        state=clean.get("state", ""),
        after_minutes=clean.get("after_minutes") or 0,
        queue=_queue(clean.get("queue", "")),
        is_active=clean["is_active"],
        position=clean["position"],
    )


def _field_plan(row: Any, clean: dict[str, Any]) -> actions.FieldPlan:
    choices = []
    for line in clean["choices"].splitlines():
        if line.strip():
            parts = [part.strip() for part in line.split("|")]
            choices.append((parts[0], parts[1] if len(parts) > 1 else parts[0], parts[2] if len(parts) > 2 else parts[0]))
    codes = [code.strip() for code in clean["queues"].split(",") if code.strip()]
    return actions.FieldPlan(
        row.code if row else clean["code"], FieldKind(clean["kind"]), clean["name_cs"], clean["name_en"], clean["help_cs"], clean["help_en"],
        choices, clean["is_public"], clean["is_required"], clean["is_active"], clean["shown_when"],
        [value.strip() for value in clean["shown_when_values"].split(",") if value.strip()], [_queue(code) for code in codes],
    )  # fmt: skip
