"""Versions and their life: announced, current, supported, ended. What the rules, the shop and the desk know about them is set here."""

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from podpora.base.clock import vendor_date
from podpora.base.errors import InvalidInput
from podpora.catalog import actions, queries, rules
from podpora.catalog.actions import ReleaseNotes
from podpora.catalog.models import Version
from podpora.catalog.values import VERSION_STATE_NAMES
from podpora.web.access import technician
from podpora.web.components.forms import show_problem
from podpora.web.components.numbers import DayField
from podpora.web.request import Request


class VersionForm(forms.Form):
    major = forms.IntegerField(label=gettext_lazy("Major version"), min_value=1, max_value=10_000)
    name = forms.CharField(label=gettext_lazy("Name"), max_length=50, required=False)
    released_on = DayField(
        label=gettext_lazy("Released on"), help_text=gettext_lazy("Empty: announced or beta. It does not count as released.")
    )
    support_ends_on = DayField(
        label=gettext_lazy("Support until"),
        help_text=gettext_lazy("The last day of support. Orders already paid keep what they gave when this date is changed."),
    )


class ReleaseForm(forms.Form):
    number = forms.CharField(label=gettext_lazy("Number"), max_length=30)
    out_on = DayField(label=gettext_lazy("Released on"), required=True)
    notes_cs = forms.CharField(
        label=gettext_lazy("Notes in Czech"), max_length=10_000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    notes_en = forms.CharField(
        label=gettext_lazy("Notes in English"), max_length=10_000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )


def _crumbs(here: str) -> list[tuple[str, str]]:
    return [(_("Versions"), reverse("office:versions")), (here, "")]


@technician("catalog")
def versions(request: Request) -> HttpResponse:
    product = queries.product()
    rows = list(queries.versions(product))
    facts, today = [row.facts() for row in rows], vendor_date(request.now, settings.VENDOR_ZONE)
    states = [rules.version_state(fact, facts, today) for fact in facts]
    shown = [(row, state, VERSION_STATE_NAMES[state]) for row, state in zip(rows, states, strict=True)]
    return TemplateResponse(request, "office/versions/list.html", {"product": product, "versions": shown})


@technician("catalog")
def new_version(request: Request) -> HttpResponse:
    form = VersionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if queries.versions(queries.product()).filter(major=form.cleaned_data["major"]).exists():
            form.add_error("major", _("This version is there already."))
        elif saved := _save(request, form, form.cleaned_data["major"]):
            return saved
    return TemplateResponse(request, "office/versions/new.html", {"form": form, "crumbs": _crumbs(_("A new version"))})


@technician("catalog")
def version(request: Request, major: int) -> HttpResponse:
    found = _found(major)
    initial = {"major": found.major, "name": found.name, "released_on": found.released_on, "support_ends_on": found.support_ends_on}
    form = VersionForm({**request.POST.dict(), "major": found.major} if request.method == "POST" else None, initial=initial)
    form.fields["major"].widget = forms.HiddenInput()
    if request.method == "POST" and form.is_valid() and (saved := _save(request, form, found.major)):
        return saved
    return _page(request, found, form, ReleaseForm())


def _save(request: Request, form: VersionForm, major: int) -> HttpResponse | None:
    facts = form.cleaned_data
    try:
        actions.set_version(
            queries.product(), major, released_on=facts["released_on"], support_ends_on=facts["support_ends_on"],
            name=facts["name"], by=request.actor, at=request.now,
        )  # fmt: skip
    except InvalidInput as problem:
        show_problem(form, problem)
        return None
    messages.success(request, _("Saved."))
    return redirect("office:version", major)


@technician("catalog")
@require_POST
def release(request: Request, major: int) -> HttpResponse:
    found = _found(major)
    form = ReleaseForm(request.POST)
    if form.is_valid():
        facts = form.cleaned_data
        notes = ReleaseNotes(facts["notes_cs"], facts["notes_en"])
        try:
            actions.publish_release(
                found, facts["number"].strip(), released_on=facts["out_on"], notes=notes, by=request.actor, at=request.now
            )
        except InvalidInput as problem:
            renamed = {"out_on" if name == "released_on" else name: codes for name, codes in problem.fields.items()}
            show_problem(form, InvalidInput(renamed))
        else:
            messages.success(request, _("The release is published."))
            return redirect("office:version", major)
    initial = {"major": found.major, "name": found.name, "released_on": found.released_on, "support_ends_on": found.support_ends_on}
    life = VersionForm(initial=initial)
    life.fields["major"].widget = forms.HiddenInput()
    return _page(request, found, life, form)


def _page(request: Request, found: Version, form: VersionForm, release_form: ReleaseForm) -> HttpResponse:
    facts = {"version": found, "form": form, "release_form": release_form, "releases": found.releases.all()}
    return TemplateResponse(request, "office/versions/version.html", facts | {"crumbs": _crumbs(str(found))})


def _found(major: int) -> Version:
    found = queries.versions(queries.product()).filter(major=major).first()
    if found is None:
        raise Http404
    return found
