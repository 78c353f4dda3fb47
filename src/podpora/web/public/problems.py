"""Known problems for everybody: the list, one problem with its workaround, "me too", and the notes of a release made from them."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from podpora.base.clock import vendor_date
from podpora.base.decisions import Refused
from podpora.base.errors import NotYours
from podpora.base.markdown import render
from podpora.base.reasons import message
from podpora.catalog import queries as catalog
from podpora.catalog.models import Release
from podpora.journeys import fixes
from podpora.problems import queries
from podpora.problems.models import Problem
from podpora.problems.permissions import may_read_internal, may_write
from podpora.problems.values import PLATFORM_NAMES, STATE_NAMES, State
from podpora.web.access import public, signed_in
from podpora.web.caching import shared
from podpora.web.meta import of_words
from podpora.web.request import Request
from podpora.web.structure import breadcrumb_data, written


class MeTooForm(forms.Form):
    version = forms.CharField(label=gettext_lazy("Your version"), max_length=30, required=False)
    platform = forms.ChoiceField(label=gettext_lazy("System"), required=False, choices=[("", "–"), *PLATFORM_NAMES.items()])


@shared
@public
@require_safe
def problems(request: Request) -> HttpResponse:
    """All that is known, the most common first; by state, by version, by words."""
    state, version, words = (request.GET.get(name, "").replace("\x00", "").strip()[:60] for name in ("state", "version", "q"))
    inside = may_read_internal(request.user)
    rows = queries.listed(state=state, version=version, words=words, internal=inside)
    tabs = [
        (name, f"?state={value}" if value else "?", None, state == value)
        for value, name in (("", _("All")), ("open", _("Not fixed yet")), (State.FIXED.value, STATE_NAMES[State.FIXED]))
    ]
    facts = {
        "problems": rows,
        "tabs": tabs,
        "state": state,
        "version": version,
        "words": words,
        "may_write": may_write(request.user),
        "meta": of_words(request, _("Known problems"), _("What we know of, how to work around it, and which version fixes it.")),
    }
    return TemplateResponse(request, "public/problems/list.html", facts)


@shared
@public
@require_safe
def problem(request: Request, code: str) -> HttpResponse:
    """One problem: symptom, who has it, what helps meanwhile, how far it is."""
    found = queries.problem(code, internal=may_read_internal(request.user))
    person = request.user if request.user.is_authenticated else None
    path = reverse("public:problem", args=[found.code])
    facts: dict[str, Any] = {
        "problem": found, "symptom": _html(found.said("symptom")), "workaround": _html(found.said("workaround")), "form": MeTooForm(),
        "versions": queries.versions_named(found), "platforms": [PLATFORM_NAMES.get(one, one) for one in found.platforms],
        "has_it": person is not None and queries.has(found, person), "is_over": State(found.state).is_over, "may_write": may_write(request.user),
        "crumbs": (crumbs := [(_("Known problems"), reverse("public:problems")), (found.code, "")]), "crumb_data": breadcrumb_data(crumbs),
        "meta": of_words(request, found.title, kind="article"),
        "release": _release(found, request), "login": f"{reverse('account_login')}?next={path}",
    }  # fmt: skip
    return TemplateResponse(request, "public/problems/problem.html", facts)


def _html(text: str) -> str:
    return render(text, headings=3, site=settings.SITE_URL).html if text else ""


def _release(found: Problem, request: Request) -> Any:
    """The release with the fix, once it is published."""
    if not found.fixed_in:
        return None
    try:
        row = catalog.release(found.product, found.fixed_in)
    except NotYours:
        return None
    return row if _is_out(row, request) else None


def _is_out(release: Release, request: Request) -> bool:
    """Not withdrawn, and its day has come."""
    return release.withdrawn_at is None and release.released_on <= vendor_date(request.now, settings.VENDOR_ZONE)


@signed_in
@require_POST
def me_too(request: Request, code: str) -> HttpResponse:
    """He has it too, with his version; or not any more."""
    found = queries.problem(code, internal=may_read_internal(request.user))
    if request.POST.get("do") == "not":
        fixes.not_me(found, request.user, by=request.actor, at=request.now)
        messages.success(request, _("Noted: you do not have it any more."))
        return redirect("public:problem", found.code)
    form = MeTooForm(request.POST)
    said = form.cleaned_data if form.is_valid() else {"version": "", "platform": ""}
    try:
        fixes.me_too(found, request.user, version=said["version"], platform=said["platform"], by=request.actor, at=request.now)
    except Refused as refusal:
        messages.error(request, message(refusal.decision))
    else:
        messages.success(request, _("Thank you. We will tell you when it is fixed."))
    return redirect("public:problem", found.code)


@shared
@public
@require_safe
def release(request: Request, version: str) -> HttpResponse:
    """The notes of a release: what its maker wrote, and the known problems that it fixes."""
    found = catalog.release(catalog.product(request.GET.get("product", "")[:40] or None), version[:50])
    if not _is_out(found, request):
        raise NotYours
    own, other = (found.notes_cs, found.notes_en) if (get_language() or "").startswith("cs") else (found.notes_en, found.notes_cs)
    title = f"{found.version.product} {found.number}"
    facts = {
        "release": found, "title": title, "notes": _html(own or other), "fixes": queries.fixed_by(found.version.product_id, found.number),
        "crumbs": [(_("Supported versions"), reverse("public:versions")), (found.number, "")],
        "meta": of_words(request, title, kind="article"),
        "data": written({
            "@type": "SoftwareApplication", "name": str(found.version.product), "softwareVersion": found.number,
            "releaseNotes": f"{settings.SITE_URL}{request.path}", "datePublished": found.released_on.isoformat(),
        }),
    }  # fmt: skip
    return TemplateResponse(request, "public/problems/release.html", facts)
