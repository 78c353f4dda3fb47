"""A member, as moderators see him: trust, silence, what was decided about him."""

from datetime import datetime, timedelta

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from podpora.base.errors import InvalidInput
from podpora.forum import actions, queries
from podpora.forum.models import Member
from podpora.forum.values import PENALTY_NAMES, TRUST_NAMES, Penalty, Trust
from podpora.web.access import technician
from podpora.web.components.forms import show_problem
from podpora.web.request import Request

TERMS = (("1", gettext_lazy("a day")), ("3", gettext_lazy("three days")), ("7", gettext_lazy("a week")), ("30", gettext_lazy("a month")),
         ("0", gettext_lazy("for good")))  # fmt: skip


SHOWN = 50


class PenaltyForm(forms.Form):
    kind = forms.ChoiceField(
        label=gettext_lazy("What"),
        choices=[(Penalty.SILENCED, gettext_lazy("silence: reads, but writes nothing")),
                 (Penalty.SUSPENDED, gettext_lazy("suspend: takes part in nothing"))],
        widget=forms.RadioSelect, initial=Penalty.SILENCED,
    )  # fmt: skip
    days = forms.ChoiceField(label=gettext_lazy("For how long"), choices=TERMS, initial="3")
    why = forms.CharField(label=gettext_lazy("Why (told to the member)"), max_length=300)


@technician("moderate")
@require_safe
def members(request: Request) -> HttpResponse:
    """Who is silent or suspended now, and a search for everybody else."""
    text = request.GET.get("q", "").strip()[:80].replace("\x00", "")
    given = request.GET.get("trust", "")
    trust = int(given) if given in {str(int(each)) for each in Trust} else None
    found = list(queries.members_found(text, trust=trust)[: SHOWN + 1]) if text or trust is not None else []
    facts = {
        "q": text, "penalties": [(row, PENALTY_NAMES[Penalty(row.kind)]) for row in queries.standing_penalties(at=request.now)[:200]],
        "found": [(row, TRUST_NAMES[Trust(row.trust)]) for row in found[:SHOWN]], "more": len(found) > SHOWN,
        "asked": bool(text) or trust is not None, "trusts": [(int(each), TRUST_NAMES[each], int(each) == trust) for each in Trust],
    }  # fmt: skip
    return TemplateResponse(request, "forum/staff/members.html", facts)


@technician("moderate")
@require_http_methods(["GET", "POST"])
def member(request: Request, handle: str) -> HttpResponse:
    found = queries.member_with_handle(handle)
    deed = request.POST.get("deed", "") if request.method == "POST" else ""
    form = PenaltyForm(request.POST if deed == "penalise" else None)
    if deed and _do(request, found, deed, form):
        return HttpResponseRedirect(reverse("forum_staff:member", args=[handle]))
    facts = {
        "member": found, "form": form, "trusts": [(int(each), TRUST_NAMES[each], int(each) == found.trust) for each in Trust],
        "past": [(row, PENALTY_NAMES[Penalty(row.kind)]) for row in queries.penalties_of(found)[:20]],
        "penalty": queries.penalty_of(found.person_id, at=request.now), "is_staff": found.facts().is_staff,
    }  # fmt: skip
    return TemplateResponse(request, "forum/staff/member.html", facts, status=422 if form.errors else 200)


def _do(request: Request, found: Member, deed: str, form: PenaltyForm) -> bool:
    if deed == "lift":
        actions.lift(found, by=request.actor, at=request.now)
    elif deed == "trust":
        given = request.POST.get("trust", "")
        if given in {str(int(each)) for each in Trust}:
            actions.set_trust(found, Trust(int(given)), by=request.actor, at=request.now)
    elif deed == "penalise":
        if not form.is_valid():
            return False
        data = form.cleaned_data
        until: datetime | None = request.now + timedelta(days=int(data["days"])) if data["days"] != "0" else None
        try:
            actions.penalise(found, Penalty(data["kind"]), until_at=until, why=data["why"], by=request.actor, at=request.now)
        except InvalidInput as problem:
            show_problem(form, problem)
            return False
    messages.success(request, _("Saved."))
    return True
