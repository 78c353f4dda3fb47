"""A technician's own page: how much he has, what he can do, when he is away and who stands in."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from podpora.base.clock import vendor_date
from podpora.base.decisions import Refused
from podpora.base.errors import InvalidInput, NotYours
from podpora.desk import actions, queries
from podpora.desk.models import Absence
from podpora.desk.values import AbsenceWish
from podpora.people.models import Person
from podpora.web.access import technician
from podpora.web.components.forms import show_problem
from podpora.web.request import Request


class AbsenceForm(forms.Form):
    starts_on = forms.DateField(label=gettext_lazy("First day"), widget=forms.DateInput(attrs={"type": "date"}))
    ends_on = forms.DateField(label=gettext_lazy("Last day"), widget=forms.DateInput(attrs={"type": "date"}))
    stand_in = forms.ChoiceField(
        label=gettext_lazy("Who stands in"), required=False,
        help_text=gettext_lazy("He is told of everything and has the tickets in a view of his own. Nobody: they go to the others."),
    )  # fmt: skip
    note = forms.CharField(label=gettext_lazy("Note"), required=False, max_length=200)

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = queries.technicians().exclude(pk=person.pk)
        self.fields["stand_in"].choices = [("", _("nobody")), *((each.code, str(each)) for each in others)]  # type: ignore[attr-defined]


def wish_of(form: AbsenceForm) -> AbsenceWish:
    clean = form.cleaned_data
    return AbsenceWish(clean["starts_on"], clean["ends_on"], clean["stand_in"], clean["note"])


def absence_lines(person: Person, *, at: Any) -> list[Absence]:
    return list(queries.absences(person, since=vendor_date(at, settings.VENDOR_ZONE)))


@technician("tickets")
@require_http_methods(["GET", "POST"])
def mine(request: Request) -> HttpResponse:
    me: Person = request.user
    form = AbsenceForm(request.POST or None, person=me)
    if form.is_valid():
        try:
            actions.add_absence(me, wish_of(form), by=request.actor, at=request.now)
        except InvalidInput as problem:
            show_problem(form, problem)
        else:
            messages.success(request, _("Saved."))
            return redirect("desk:absence")
    context = {
        "form": form, "absences": absence_lines(me, at=request.now), "profile": queries.profile_of(me), "load": queries.loads([me.pk]).get(me.pk, 0),
        "standing_in": queries.people_stood_in_for(me, at=request.now),
    }  # fmt: skip
    return TemplateResponse(request, "desk/absence.html", context, status=422 if form.errors else 200)


@technician("tickets")
@require_POST
def end(request: Request, absence: str) -> HttpResponse:
    row = queries.absence(absence)
    if row.person_id != request.user.pk:
        raise NotYours
    try:
        actions.end_absence(row, by=request.actor, at=request.now)
        messages.success(request, _("Saved."))
    except Refused:
        messages.warning(request, _("This absence is over already."))
    return redirect("desk:absence")
