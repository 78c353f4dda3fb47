"""Technicians: what they can do, how much they take, when they are away; and the skills that tickets need."""

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
from podpora.base.errors import InvalidInput, NotYours
from podpora.catalog import queries as catalog
from podpora.desk import actions, queries
from podpora.desk.models import Skill
from podpora.desk.values import ProfileWish
from podpora.web.access import manager
from podpora.web.components.forms import SeenForm, show_problem
from podpora.web.conversation import queue_name
from podpora.web.desk.absence import AbsenceForm, absence_lines, wish_of
from podpora.web.office.calendars import calendar_name
from podpora.web.request import Request


class ProfileForm(SeenForm):
    skills = forms.MultipleChoiceField(
        label=gettext_lazy("Skills"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Tickets that need a skill go only to those who have it."),
    )  # fmt: skip
    languages = forms.CharField(
        label=gettext_lazy("Languages"), required=False, max_length=60, help_text=gettext_lazy("Two letters each, such as: cs, en.")
    )
    cap = forms.IntegerField(
        label=gettext_lazy("Tickets at most"), required=False, min_value=1, max_value=1000,
        help_text=gettext_lazy("With so many running tickets no new ones come by themselves. Those that wait for a customer do not count."),
    )  # fmt: skip
    calendar = forms.ChoiceField(
        label=gettext_lazy("Working hours"),
        required=False,
        help_text=gettext_lazy("Outside of them no new tickets come by themselves."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        calendars = queries.calendars_in_full().prefetch_related(None)
        self.fields["skills"].choices = [(row.code, skill_name(row)) for row in queries.skills()]  # type: ignore[attr-defined]
        self.fields["calendar"].choices = [("", _("at any time")), *((row.code, calendar_name(row)) for row in calendars)]  # type: ignore[attr-defined]


class SkillForm(SeenForm):
    name_cs = forms.CharField(label=gettext_lazy("Name in Czech"), max_length=80)
    name_en = forms.CharField(label=gettext_lazy("Name in English"), max_length=80)
    queues = forms.MultipleChoiceField(
        label=gettext_lazy("Tickets in these queues need it"), required=False, widget=forms.CheckboxSelectMultiple
    )
    products = forms.MultipleChoiceField(
        label=gettext_lazy("Tickets about these products"), required=False, widget=forms.CheckboxSelectMultiple
    )
    platforms = forms.CharField(
        label=gettext_lazy("Tickets about these platforms"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("Words, such as: mac, linux."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["queues"].choices = [(queue.code, queue_name(queue)) for queue in queries.queues()]  # type: ignore[attr-defined]
        self.fields["products"].choices = [(product.code, product.name) for product in catalog.products()]  # type: ignore[attr-defined]


class NewSkillForm(SkillForm):
    code = forms.SlugField(
        label=gettext_lazy("Code"), max_length=40,
        help_text=gettext_lazy("For addresses and the API: small letters, digits and hyphens. It can't be changed later."),
    )  # fmt: skip
    field_order = ("name_cs", "name_en", "code")


def skill_name(row: Skill) -> str:
    return row.name_cs if (get_language() or "").startswith("cs") else row.name_en


@manager
@require_GET
def technicians(request: Request) -> HttpResponse:
    rows = [
        (
            row.person,
            row.load,
            row.profile,
            [skill_name(each) for each in row.profile.skills.all()] if row.profile else [],
            row.absences,
        )
        for row in queries.technician_rows(at=request.now)
    ]
    context = {"rows": rows, "skills": [(row, skill_name(row)) for row in queries.skills()]}
    return TemplateResponse(request, "office/technicians/list.html", context)


@manager
@require_http_methods(["GET", "POST"])
def technician(request: Request, code: str) -> HttpResponse:
    """The profile and the absences. What is sent says what is meant: save, or an absence."""
    person = queries.technician(code)
    what = request.POST.get("what", "save") if request.method == "POST" else ""
    form = ProfileForm(request.POST if what == "save" else None, initial=_initial(person))
    away = AbsenceForm(request.POST if what == "absence" else None, person=person)
    try:
        if what == "save" and form.is_valid():
            clean = form.cleaned_data
            wish = ProfileWish(clean["skills"], clean["languages"].split(","), clean["cap"], clean["calendar"])
            actions.set_profile(person, wish, by=request.actor, at=request.now)
        elif what == "absence" and away.is_valid():
            actions.add_absence(person, wish_of(away), by=request.actor, at=request.now)
    except InvalidInput as problem:
        show_problem(form if what == "save" else away, problem)
    if what and not form.errors and not away.errors:
        messages.success(request, _("Saved."))
        return redirect("office:technician", person.code)
    context = {
        "person": person, "form": form, "absence_form": away, "absences": absence_lines(person, at=request.now),
        "crumbs": [(_("Technicians"), reverse("office:technicians")), (str(person), "")],
    }  # fmt: skip
    return TemplateResponse(
        request, "office/technicians/technician.html", context, status=422 if form.errors or away.errors else 200
    )


def _initial(person: Any) -> dict[str, Any]:
    profile = queries.profile_of(person)
    skills = sorted(skill.code for skill in profile.skills.all()) if profile.pk else []
    calendar = profile.calendar.code if profile.calendar else ""
    return {"skills": skills, "languages": ", ".join(profile.languages), "cap": profile.cap, "calendar": calendar}


@manager
@require_POST
def end_absence(request: Request, code: str, absence: str) -> HttpResponse:
    person, row = queries.technician(code), queries.absence(absence)
    if row.person_id != person.pk:
        raise NotYours
    try:
        actions.end_absence(row, by=request.actor, at=request.now)
        messages.success(request, _("Saved."))
    except Refused:
        messages.warning(request, _("This absence is over already."))
    return redirect("office:technician", person.code)


@manager
@require_http_methods(["GET", "POST"])
def new_skill(request: Request) -> HttpResponse:
    form = NewSkillForm(request.POST or None)
    if form.is_valid() and _saved(request, form, form.cleaned_data["code"]):
        return redirect("office:technicians")
    return _skill_page(request, form, _("A new skill"))


@manager
@require_http_methods(["GET", "POST"])
def skill(request: Request, code: str) -> HttpResponse:
    found, problem = queries.skill(code), None
    initial = {
        "name_cs": found.name_cs, "name_en": found.name_en, "platforms": ", ".join(found.platforms),
        "queues": sorted(queue.code for queue in found.queues.all()), "products": sorted(product.code for product in found.products.all()),
    }  # fmt: skip
    if request.POST.get("what") == "delete":
        try:
            actions.delete_skill(found, by=request.actor, at=request.now)
            return redirect("office:technicians")
        except Refused as refusal:
            problem = refusal.decision
    form = SkillForm(request.POST if request.method == "POST" and problem is None else None, initial=initial)
    if form.is_valid() and _saved(request, form, found.code):
        return redirect("office:technicians")
    return _skill_page(request, form, skill_name(found), found, problem)


def _saved(request: Request, form: SkillForm, code: str) -> bool:
    clean = form.cleaned_data
    try:
        actions.save_skill(
            code, (clean["name_cs"], clean["name_en"]), queues=clean["queues"], products=clean["products"],
            platforms=clean["platforms"].split(","), by=request.actor, at=request.now,
        )  # fmt: skip
    except InvalidInput as problem:
        show_problem(form, problem)
        return False
    messages.success(request, _("Saved."))
    return True


def _skill_page(
    request: Request, form: SkillForm, heading: str, found: Skill | None = None, problem: Decision | None = None
) -> HttpResponse:
    crumbs = [(_("Technicians"), reverse("office:technicians")), (heading, "")]
    context = {"form": form, "crumbs": crumbs, "heading": heading, "skill": found, "problem": problem}
    return TemplateResponse(request, "office/technicians/skill.html", context, status=422 if form.errors or problem else 200)
