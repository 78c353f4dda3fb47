"""Versions, their life and their releases. What the rules, the shop, the desk and the updater know about them is set here."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from podpora.audit import queries as audit
from podpora.base.clock import vendor_date
from podpora.base.decisions import Refused
from podpora.base.errors import InvalidInput
from podpora.base.reasons import message
from podpora.catalog import actions, queries, rules
from podpora.catalog.models import Product, Version
from podpora.catalog.values import CHANNEL_LABELS, COVERAGE_NAMES, COVERAGE_NOTES, CoverageMode, ReleaseChannel, VersionFacts
from podpora.journeys import releases as journey
from podpora.web.access import technician
from podpora.web.components import lifelines
from podpora.web.components.forms import SeenForm, show_problem
from podpora.web.office.version_forms import CoverageForm, LifeForm, ReleaseForm, RowForm, VersionForm, initial_of
from podpora.web.public.versions import versions_of
from podpora.web.request import Request

HISTORY = 20  # changes of a version's life that its page shows


def _crumbs(here: str) -> list[tuple[str, str]]:
    return [(_("Versions"), reverse("office:versions")), (here, "")]


@technician("catalog")
def versions(request: Request) -> HttpResponse:
    """The table of lives, edited in place: every row that was changed is saved, or none."""
    product = queries.product()
    today = vendor_date(request.now, settings.VENDOR_ZONE)
    shown = versions_of(product, today)
    forms = [RowForm(each.version, request.POST if request.method == "POST" else None) for each in shown]
    if request.method == "POST" and all(form.is_valid() for form in forms) and _save_table(request, product, forms):
        return redirect("office:versions")
    newest = queries.coverages(product)
    mode = newest[0].mode if newest else CoverageMode.BY_MAJOR
    return TemplateResponse(request, "office/versions/list.html", {
        "product": product, "versions": list(zip(shown, forms, strict=True)), "lives": lifelines.draw([e.facts for e in shown], today),
        "coverage": CoverageForm(initial={"mode": mode}), "coverage_note": COVERAGE_NOTES[mode],
        "coverages": [(COVERAGE_NAMES[row.mode], row.since if row.since.year > 1970 else None) for row in newest],
    })  # fmt: skip


def _save_table(request: Request, product: Product, forms: list[RowForm]) -> bool:
    changed = [form for form in forms if form.has_changed()]
    wrong = False
    for form in changed:
        try:
            rules.check_life(form.life(form.version.major))
        except InvalidInput as problem:
            show_problem(form, problem)
            wrong = True
    if wrong:
        return False
    for form in changed:
        try:
            actions.set_life(product, form.life(form.version.major), by=request.actor, at=request.now)
        except InvalidInput as problem:
            show_problem(form, problem)
            return False
    messages.success(request, _("Saved. Orders already paid keep what they gave."))
    return True


@technician("catalog")
@require_POST
def coverage(request: Request) -> HttpResponse:
    """What licences that are bought from today on cover."""
    form = CoverageForm(request.POST)
    if form.is_valid():
        actions.set_coverage(queries.product(), CoverageMode(form.cleaned_data["mode"]), by=request.actor, at=request.now)
        messages.success(request, _("Saved. What was sold before covers what it covered."))
    return redirect("office:versions")


@technician("catalog")
def new_version(request: Request) -> HttpResponse:
    form = VersionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        major = form.cleaned_data["major"]
        if queries.versions(queries.product()).filter(major=major).exists():
            form.add_error("major", _("This version is there already."))
        elif saved := _save(request, form, form.life(major), form.cleaned_data["name"]):
            return saved
    return TemplateResponse(request, "office/versions/new.html", {"form": form, "crumbs": _crumbs(_("A new version"))})


class _CardForm(SeenForm, LifeForm):
    """The life of one major with its name."""

    name = VersionForm.base_fields["name"]
    field_order = ("name",)


@technician("catalog")
def version(request: Request, major: int) -> HttpResponse:
    found = _found(major)
    form = _CardForm(request.POST if request.method == "POST" else None, initial={"name": found.name, **initial_of(found)})
    if (
        request.method == "POST"
        and form.is_valid()
        and (saved := _save(request, form, form.life(major), form.cleaned_data["name"]))
    ):
        return saved
    return _page(request, found, form, ReleaseForm())


def _save(request: Request, form: LifeForm, life: VersionFacts, name: str) -> HttpResponse | None:
    try:
        actions.set_life(queries.product(), life, name=name, by=request.actor, at=request.now)
    except InvalidInput as problem:
        show_problem(form, problem)
        return None
    messages.success(request, _("Saved."))
    return redirect("office:version", life.major)


@technician("catalog")
@require_POST
def release(request: Request, major: int) -> HttpResponse:
    found = _found(major)
    form = ReleaseForm(request.POST)
    if form.is_valid():
        try:
            journey.publish(
                found, form.cleaned_data["number"].strip(), released_on=form.cleaned_data["out_on"], notes=form.notes(), more=form.more(),
                by=request.actor, at=request.now,
            )  # fmt: skip
        except InvalidInput as problem:
            form.show(problem)
        except Refused as refusal:
            form.add_error("number", message(refusal.decision))
        else:
            messages.success(request, _("The release is published."))
            return redirect("office:version", major)
    return _page(request, found, _CardForm(initial={"name": found.name, **initial_of(found)}), form)


@technician("catalog")
@require_POST
def withdraw(request: Request, major: int, version: str) -> HttpResponse:
    """Pull a bad build."""
    row = _found(major).releases.filter(number=version).first()
    if row is None:
        raise Http404
    actions.withdraw_release(row, by=request.actor, at=request.now)
    messages.success(request, _("Release %(number)s is withdrawn: nobody is offered it any more.") % {"number": version})
    return redirect("office:version", major)


def _page(request: Request, found: Version, form: LifeForm, release_form: ReleaseForm) -> HttpResponse:
    subject = f"version:{found.product.code}-{found.major}"
    history = audit.entries_about([subject])[:HISTORY]
    facts: dict[str, Any] = {
        "version": found, "form": form, "release_form": release_form, "releases": found.releases.prefetch_related("files"),
        "manifests": "/api/v1/releases/", "channels": CHANNEL_LABELS, "stable": ReleaseChannel.STABLE, "crumbs": _crumbs(str(found)),
        "history": [(entry, audit.sentence(entry), audit.changes(entry)) for entry in history],
    }  # fmt: skip
    return TemplateResponse(request, "office/versions/version.html", facts)


def _found(major: int) -> Version:
    found = queries.versions(queries.product()).filter(major=major).first()
    if found is None:
        raise Http404
    return found
