"""Known problems in the office: what is known, how far it is, who is tied to it."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from podpora.base.errors import InvalidInput
from podpora.catalog import queries as catalog
from podpora.forum import actions as forum_actions
from podpora.forum import queries as forum
from podpora.journeys import fixes
from podpora.problems import actions, queries
from podpora.problems.models import Problem
from podpora.problems.values import LONGEST, ON_FIX_NAMES, PLATFORM_NAMES, STATE_NAMES, Facts, OnFix, State, Tied, TieKind
from podpora.web.access import technician
from podpora.web.components.forms import SeenForm, show_problem
from podpora.web.request import Request

TIES = 200


class ProblemForm(SeenForm):
    """What is known of a problem."""

    product = forms.ChoiceField(label=gettext_lazy("Product"))
    title_cs = forms.CharField(label=gettext_lazy("Title in Czech"), max_length=200, required=False)
    title_en = forms.CharField(label=gettext_lazy("Title in English"), max_length=200, required=False)
    symptom_cs = forms.CharField(
        label=gettext_lazy("How it shows, in Czech"), max_length=LONGEST, required=False, widget=forms.Textarea(attrs={"rows": 4})
    )
    symptom_en = forms.CharField(
        label=gettext_lazy("How it shows, in English"), max_length=LONGEST, required=False, widget=forms.Textarea(attrs={"rows": 4})
    )
    workaround_cs = forms.CharField(
        label=gettext_lazy("Workaround in Czech"), max_length=LONGEST, required=False, widget=forms.Textarea(attrs={"rows": 4})
    )
    workaround_en = forms.CharField(
        label=gettext_lazy("Workaround in English"), max_length=LONGEST, required=False, widget=forms.Textarea(attrs={"rows": 4})
    )
    from_version = forms.CharField(label=gettext_lazy("From version"), max_length=30, required=False)
    to_version = forms.CharField(label=gettext_lazy("To version"), max_length=30, required=False)
    platforms = forms.MultipleChoiceField(
        label=gettext_lazy("Systems"), choices=list(PLATFORM_NAMES.items()), required=False, widget=forms.CheckboxSelectMultiple
    )
    on_fix = forms.ChoiceField(
        label=gettext_lazy("Tickets, when the fix is out"), choices=[(how.value, name) for how, name in ON_FIX_NAMES.items()]
    )
    is_public = forms.BooleanField(label=gettext_lazy("Everybody may read it"), required=False, initial=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["product"].choices = [(row.code, row.name) for row in catalog.products()]  # type: ignore[attr-defined]

    def facts(self) -> Facts:
        said = self.cleaned_data
        texts = {name: said[name].replace("\r\n", "\n") for name in Facts.__dataclass_fields__ if isinstance(said.get(name), str)}
        return Facts(
            **texts | {"platforms": tuple(said["platforms"]), "is_public": said["is_public"], "on_fix": OnFix(said["on_fix"])}
        )


class StateForm(forms.Form):
    state = forms.ChoiceField(label=gettext_lazy("State"), choices=[(state.value, name) for state, name in STATE_NAMES.items()])
    fixed_in = forms.CharField(label=gettext_lazy("Fixed in version"), max_length=50, required=False)
    why = forms.CharField(
        label=gettext_lazy("Why it will not be fixed"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )


def _crumbs(here: str) -> list[tuple[str, str]]:
    return [(_("Known problems"), reverse("office:problems")), (here, "")]


@technician("knowledge")
def problems(request: Request) -> HttpResponse:
    """All of them, also those that are not public."""
    words = request.GET.get("q", "").replace("\x00", "").strip()[:60]
    state = request.GET.get("state", "")[:20]
    rows = queries.listed(words=words, state=state, internal=True)
    tabs = [
        (_("All"), "?", None, not state),
        *((name, f"?state={each}", None, state == each) for each, name in STATE_NAMES.items()),
    ]
    return TemplateResponse(request, "office/problems/list.html", {"problems": rows, "tabs": tabs, "words": words, "state": state})


@technician("knowledge")
@require_http_methods(["GET", "POST"])
def new_problem(request: Request) -> HttpResponse:
    """A problem begins with its title; a ticket that is named is tied to it."""
    initial = {"title_cs": request.GET.get("title", "")[:200], "is_public": True, "on_fix": OnFix.ASK.value}
    form = ProblemForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.create_problem(form.facts(), by=request.actor, at=request.now)
        except InvalidInput as problem:
            show_problem(form, problem)
        else:
            messages.success(request, _("Created. Now say how far it is."))
            return redirect("office:problem", made.code)
    return TemplateResponse(request, "office/problems/new.html", {"form": form, "crumbs": _crumbs(_("A new known problem"))})


@technician("knowledge")
@require_http_methods(["GET", "POST"])
def problem(request: Request, code: str) -> HttpResponse:
    found = queries.problem(code, internal=True)
    initial = {name: getattr(found, name) for name in Facts.__dataclass_fields__} | {"product": found.product.code}
    form = ProblemForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_problem(found, form.facts(), by=request.actor, at=request.now)
        except InvalidInput as problem:
            show_problem(form, problem)
        else:
            messages.success(request, _("Saved."))
            return redirect("office:problem", found.code)
    state = StateForm(initial={"state": found.state, "fixed_in": found.fixed_in, "why": found.why})
    return _page(request, found, form, state)


def _page(request: Request, found: Problem, form: ProblemForm, state: StateForm) -> HttpResponse:
    return TemplateResponse(request, "office/problems/problem.html", {
        "problem": found, "form": form, "state_form": state, "ties": list(queries.ties(found)[:TIES]), "crumbs": _crumbs(found.code),
        "heading": f"{found.code} {found.title}",
    })  # fmt: skip


@technician("knowledge")
@require_POST
def state(request: Request, code: str) -> HttpResponse:
    """How far it is."""
    found = queries.problem(code, internal=True)
    form = StateForm(request.POST)
    if form.is_valid():
        said = form.cleaned_data
        try:
            actions.set_state(
                found, State(said["state"]), fixed_in=said["fixed_in"], why=said["why"], by=request.actor, at=request.now
            )
        except InvalidInput as problem:
            show_problem(form, problem)
        else:
            messages.success(request, _("Saved. When that version is out, everybody tied is told."))
            return redirect("office:problem", found.code)
    initial = {name: getattr(found, name) for name in Facts.__dataclass_fields__} | {"product": found.product.code}
    return _page(request, found, ProblemForm(initial=initial), form)


@technician("knowledge")
@require_POST
def untie(request: Request, code: str) -> HttpResponse:
    """It was something else."""
    found = queries.problem(code, internal=True)
    kind, name = request.POST.get("kind", ""), request.POST.get("tied", "")[:40]
    if kind not in list(TieKind):
        raise Http404
    if actions.untie(found, Tied(TieKind(kind), name), by=request.actor, at=request.now):
        messages.success(request, _("Untied."))
    return redirect("office:problem", found.code)


@technician("knowledge")
@require_POST
def tie_topic(request: Request, number: int) -> HttpResponse:
    """This topic is about that problem: whoever asked in it is told when it is fixed."""
    topic = forum.topic_for(forum.reader_of(request.user), number)
    found = queries.problem(request.POST.get("problem", "").strip(), internal=True)
    fixes.tie_topic(found, str(topic.number), topic.author, by=request.actor, at=request.now)
    forum_actions.note_problem(topic, found.code, by=request.actor, at=request.now)
    messages.success(request, _("Tied to %(problem)s: whoever asked is told when it is fixed.") % {"problem": found.code})
    return redirect("forum:bare", topic.number)
