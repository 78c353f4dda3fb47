"""Agreements in their order, the calendars beside them, and the table of what pauses a clock."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from podpora.base.decisions import Decision, Refused
from podpora.base.errors import InvalidInput
from podpora.base.fields import field_sentence
from podpora.desk import actions, queries, rules
from podpora.desk.models import Sla
from podpora.desk.values import (
    METRIC_NAMES,
    PLAN_NAMES,
    PRIORITY_NAMES,
    STATE_NAMES,
    ClockRules,
    Metric,
    Priority,
    SlaPlan,
    SlaWish,
    State,
    Targets,
)
from podpora.web.access import manager
from podpora.web.components.forms import SeenForm, show_problem
from podpora.web.conversation import queue_name
from podpora.web.office.calendars import calendar_name
from podpora.web.request import Request

ROWS: tuple[Priority | None, ...] = (None, *sorted(Priority, reverse=True))


class MinutesField(forms.CharField):
    """A time of service: `30 min`, `4 h`, `1 h 30 min`; nothing: not promised."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, max_length=20, **kwargs)

    def clean(self, value: Any) -> int | None:
        try:
            return rules.read_minutes(super().clean(value))
        except ValueError as problem:
            raise forms.ValidationError(field_sentence(str(problem))) from None


class SlaForm(SeenForm):
    name_cs = forms.CharField(label=gettext_lazy("Name in Czech"), max_length=80)
    name_en = forms.CharField(label=gettext_lazy("Name in English"), max_length=80)
    calendar = forms.ChoiceField(label=gettext_lazy("Calendar"))
    is_active = forms.BooleanField(label=gettext_lazy("In force"), required=False)
    plans = forms.MultipleChoiceField(
        label=gettext_lazy("For tickets opened with"), required=False, widget=forms.CheckboxSelectMultiple,
        choices=[(plan.value, name) for plan, name in PLAN_NAMES.items()],
        help_text=gettext_lazy("Nothing chosen in a group: it does not matter. Nothing at all: for every ticket that no agreement above took."),
    )  # fmt: skip
    queues = forms.MultipleChoiceField(label=gettext_lazy("In the queues"), required=False, widget=forms.CheckboxSelectMultiple)
    priorities = forms.TypedMultipleChoiceField(
        label=gettext_lazy("With the priority"), required=False, widget=forms.CheckboxSelectMultiple, coerce=int,
        choices=[(priority.value, name) for priority, name in PRIORITY_NAMES.items()],
    )  # fmt: skip
    languages = forms.CharField(
        label=gettext_lazy("In the languages"),
        required=False,
        max_length=60,
        help_text=gettext_lazy("Two letters each, such as: cs, en."),
    )
    follows_plan = forms.BooleanField(
        label=gettext_lazy("The first response is what the levels of support promise"), required=False,
        help_text=gettext_lazy("A ticket keeps what was promised when it was opened. Where nothing is promised, the table below holds."),
    )  # fmt: skip
    warn_minutes = MinutesField(label=gettext_lazy("Warn before a deadline"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = queries.calendars_in_full().prefetch_related(None)
        self.fields["calendar"].choices = [(row.code, calendar_name(row)) for row in rows]  # type: ignore[attr-defined]
        self.fields["queues"].choices = [(queue.code, queue_name(queue)) for queue in queries.queues()]  # type: ignore[attr-defined]
        for priority in ROWS:
            for metric in Metric:
                label = f"{METRIC_NAMES[metric]}, {_row_name(priority)}"
                self.fields[_cell(priority, metric)] = MinutesField(label=label)

    def table(self) -> list[tuple[str, list[Any]]]:
        """The targets as rows of fields, for the template."""
        return [(_row_name(priority), [self[_cell(priority, metric)] for metric in Metric]) for priority in ROWS]

    def plain(self) -> list[Any]:
        """The other visible fields."""
        return [bound for bound in self.visible_fields() if not bound.name.startswith("target_")]

    def wish(self) -> SlaWish:
        clean = self.cleaned_data
        targets = {
            priority: Targets(*(clean[_cell(priority, metric)] for metric in Metric))
            for priority in ROWS
            if priority is None or any(clean[_cell(priority, metric)] is not None for metric in Metric)
        }
        return SlaWish(
            clean["name_cs"], clean["name_en"], clean["calendar"], targets, clean["plans"], clean["queues"], clean["priorities"],
            [part.strip().lower() for part in clean["languages"].split(",") if part.strip()], clean["follows_plan"],
            clean["warn_minutes"] or 0, clean["is_active"],
        )  # fmt: skip


class NewSlaForm(SlaForm):
    code = forms.SlugField(
        label=gettext_lazy("Code"), max_length=40,
        help_text=gettext_lazy("For addresses and the API: small letters, digits and hyphens. It can't be changed later."),
    )  # fmt: skip
    field_order = ("name_cs", "name_en", "code")


def _cell(priority: Priority | None, metric: Metric) -> str:
    return f"target_{'rest' if priority is None else priority.value}_{metric.value}"


def _row_name(priority: Priority | None) -> str:
    return _("All priorities") if priority is None else str(PRIORITY_NAMES[priority])


def sla_name(row: Sla) -> str:
    return row.name_cs if (get_language() or "").startswith("cs") else row.name_en


@manager
@require_GET
def service(request: Request) -> HttpResponse:
    """Agreements in their order, calendars, the table of pauses, and how far a recalculation has come."""
    settings = queries.clock_settings()
    table = queries.pause_table(settings)
    agreements = [(row, sla_name(row), for_whom(row), calendar_name(row.calendar), _first_target(row)) for row in queries.slas()]
    context = {
        "agreements": agreements,
        "calendars": [(row, calendar_name(row)) for row in queries.calendars_in_full().prefetch_related(None)],
        "metrics": list(METRIC_NAMES.values()),
        "pauses": [
            (STATE_NAMES[state], [(METRIC_NAMES[metric], table.pauses(metric, state)) for metric in Metric])
            for state in State
            if state not in (State.NEW, State.OPEN)
        ],
        "settings": settings,
        "percent": _percent(settings.recount_done, settings.recount_of) if settings else 0,
    }
    return TemplateResponse(request, "office/service/list.html", context)


def _percent(done: int, of: int) -> int:
    return min(100, done * 100 // of) if of else 100


def for_whom(row: Sla) -> str:
    """The condition in words."""
    parts = [str(PLAN_NAMES[SlaPlan(plan)]) for plan in row.plans]
    names = {queue.code: queue_name(queue) for queue in queries.queues()} if row.queues else {}
    parts += [names.get(code, code) for code in row.queues]
    parts += [str(PRIORITY_NAMES[Priority(priority)]) for priority in row.priorities] + list(row.languages)
    return ", ".join(parts) or _("every other ticket")


def _first_target(row: Sla) -> str:
    if row.follows_plan:
        return _("as the levels of support promise")
    found = next((each for each in row.targets.all() if each.priority is None), None)
    minutes = found.first_response if found else None
    return rules.written_minutes(minutes) if minutes else "–"


@manager
@require_POST
def order(request: Request) -> HttpResponse:
    """One place up or down; or, by drag, the whole order."""
    codes = [row.code for row in queries.slas()]
    code, step = request.POST.get("code", ""), {"up": -1, "down": 1}.get(request.POST.get("step", ""), 0)
    wanted = request.POST.getlist("order") or _moved(codes, code, step)
    try:
        actions.order_slas(wanted, by=request.actor, at=request.now)
    except InvalidInput:
        messages.warning(request, _("Somebody else changed the agreements meanwhile. Look at them again."))
    return redirect("office:service")


def _moved(codes: list[str], code: str, step: int) -> list[str]:
    if code in codes and 0 <= (place := codes.index(code) + step) < len(codes):
        codes.remove(code)
        codes.insert(place, code)
    return codes


@manager
@require_http_methods(["GET", "POST"])
def new_sla(request: Request) -> HttpResponse:
    form = NewSlaForm(request.POST or None, initial={"is_active": True, "warn_minutes": "1 h"})
    if form.is_valid():
        try:
            actions.save_sla(form.cleaned_data["code"], form.wish(), is_new=True, by=request.actor, at=request.now)
        except InvalidInput as problem:
            _show(form, problem)
        else:
            messages.success(request, _("Saved."))
            return redirect("office:service")
    return _form(request, form, _("A new agreement"))


@manager
@require_http_methods(["GET", "POST"])
def sla(request: Request, code: str) -> HttpResponse:
    found = queries.sla(code)
    form = SlaForm(
        request.POST if request.POST.get("what", "save") == "save" and request.method == "POST" else None, initial=initial_of(found)
    )
    problem: Decision | None = None
    try:
        if request.POST.get("what") == "delete":
            actions.delete_sla(found, by=request.actor, at=request.now)
            return redirect("office:service")
        if form.is_valid():
            actions.save_sla(found.code, form.wish(), is_new=False, by=request.actor, at=request.now)
            messages.success(request, _("Saved."))
            return redirect("office:service")
    except InvalidInput as wrong:
        _show(form, wrong)
    except Refused as refusal:
        problem = refusal.decision
    return _form(request, form, sla_name(found), found, problem)


def _show(form: forms.Form, problem: InvalidInput) -> None:
    """What concerns the whole table of targets is said at its first cell."""
    first = _cell(None, Metric.FIRST_RESPONSE)
    show_problem(form, InvalidInput({first if name == "targets" else name: codes for name, codes in problem.fields.items()}))


def initial_of(found: Sla) -> dict[str, Any]:
    names = ("name_cs", "name_en", "is_active", "plans", "queues", "priorities", "follows_plan")
    initial: dict[str, Any] = {name: getattr(found, name) for name in names}
    initial |= {"calendar": found.calendar.code, "languages": ", ".join(found.languages)}
    initial["warn_minutes"] = rules.written_minutes(found.warn_minutes)
    for row in found.targets.all():
        for metric in Metric:
            minutes = getattr(row, metric.value)
            priority = None if row.priority is None else Priority(row.priority)
            initial[_cell(priority, metric)] = rules.written_minutes(minutes) if minutes else ""
    return initial


def _form(request: Request, form: SlaForm, heading: str, found: Sla | None = None, problem: Decision | None = None) -> HttpResponse:
    crumbs = [(_("Service times"), reverse("office:service")), (heading, "")]
    context = {
        "form": form,
        "crumbs": crumbs,
        "heading": heading,
        "sla": found,
        "metrics": list(METRIC_NAMES.values()),
        "problem": problem,
    }
    return TemplateResponse(request, "office/service/sla.html", context, status=422 if form.errors or problem else 200)


@manager
@require_http_methods(["GET", "POST"])
def clock_rules(request: Request) -> HttpResponse:
    """SLA-19: the table, and which priority a plan gives to a new ticket."""
    book = queries.promise_book()
    states = [state for state in State if state not in (State.NEW, State.OPEN)]
    if request.method == "POST":
        given = request.POST
        pauses = {
            metric.value: [state.value for state in states if given.get(f"{metric.value}:{state.value}")] for metric in Metric
        }
        known = {str(priority.value) for priority in Priority}
        priorities = {plan.value: int(given[plan.value]) for plan in SlaPlan if given.get(plan.value) in known}
        actions.set_clock_rules(ClockRules(pauses, priorities), by=request.actor, at=request.now)
        messages.success(request, _("Saved."))
        return redirect("office:service")
    context = {
        "metrics": list(METRIC_NAMES.values()),
        "rows": [
            (
                STATE_NAMES[state],
                [(f"{metric.value}:{state.value}", METRIC_NAMES[metric], book.pauses.pauses(metric, state)) for metric in Metric],
            )
            for state in states
        ],
        "plans": [(plan.value, PLAN_NAMES[plan], book.priorities[plan].value) for plan in SlaPlan],
        "priorities": [(priority.value, name) for priority, name in PRIORITY_NAMES.items()],
        "crumbs": [(_("Service times"), reverse("office:service")), (_("What pauses a clock"), "")],
    }
    return TemplateResponse(request, "office/service/rules.html", context)
