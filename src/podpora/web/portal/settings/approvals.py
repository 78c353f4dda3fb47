"""The second person: what waits for approval, and which settings need it."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from podpora.base.codes import normalised
from podpora.base.decisions import Decision, Refused
from podpora.base.errors import InvalidInput, NotYours
from podpora.fleet import actions, queries
from podpora.fleet.models import Proposal
from podpora.fleet.rules import changes_between, plan_from
from podpora.fleet.values import PROPOSAL_NAMES, ProposalState
from podpora.web.access import signed_in
from podpora.web.portal.settings import drawing, frame
from podpora.web.request import Request


@signed_in
@require_GET
def proposal(request: Request, company: str, product: str, code: str) -> HttpResponse:
    look = frame.looker(request, company, product)
    return _page(request, look, queries.proposal_in(look.profile, normalised(code)[:20]))


@require_POST
@signed_in
def decide(request: Request, company: str, product: str, code: str, what: str) -> HttpResponse:
    """Yes, or no; whoever asked can only take it back."""
    look = frame.looker(request, company, product, "settings")
    found = queries.proposal_in(look.profile, normalised(code)[:20])
    if what not in ("approve", "decline"):
        raise NotYours
    try:
        if what == "approve":
            said = request.POST.get("seen", "")
            seen = int(said) if said.isascii() and said.isdigit() and len(said) < 10 else None
            made = actions.approve(found, seen=seen, person=request.user, by=request.actor, at=request.now)
            messages.success(request, _("Published as revision {number}.").format(number=made.number))
        else:
            actions.decline(found, person=request.user, by=request.actor, at=request.now)
            messages.success(request, _("Nothing was published."))
    except Refused as refusal:
        return _page(request, look, found, decision=refusal.decision)
    except InvalidInput as problem:
        return _page(request, look, found, problems=frame.told(problem))
    return redirect(look.url("proposal", found.code))


def _page(
    request: Request,
    look: frame.Looker,
    found: Proposal,
    *,
    decision: Decision | None = None,
    problems: dict[str, str] | None = None,
) -> HttpResponse:
    profile = look.profile
    upon = found.revision - 1 if found.revision else profile.revision
    after = queries.laid_upon(profile, {layer: (found.based_on, entries) for layer, entries in found.layers.items()}, upon)
    changes = changes_between(*(queries.content_of(profile, each) for each in (queries.entries_of(profile, upon), after)))
    is_mine = found.person_id == request.user.pk
    context = {
        "proposal": found, "state": PROPOSAL_NAMES[ProposalState(found.state)], "changes": drawing.change_rows(look.schema, look.profile, changes),
        "seen": profile.revision, "titles": {key: drawing.title_of(look.schema, key) for key in problems or {}},
        "diff": drawing.told_changes(look.schema, profile, decision.reasons[0].facts.get("diff", ()) if decision else ()),
        "keys": set(found.keys), "plan": plan_from(found.plan) if found.plan else None, "is_mine": is_mine, "decision": decision,
        "problems": problems or {}, "is_waiting": found.state == ProposalState.WAITING,
        "crumbs": [(_("History"), look.url("history")), (_("Approval {code}").format(code=found.code), "")],
    }  # fmt: skip
    return frame.page(request, "proposal.html", look, "history", context, status=409 if decision else 422 if problems else 200)


@signed_in
def guarded(request: Request, company: str, product: str) -> HttpResponse:
    """Which settings need a second person."""
    writes = request.method == "POST"
    look = frame.looker(request, company, product, "settings" if writes else "see")
    if writes:
        chosen = [key for key in request.POST.getlist("key")[:2000] if key in look.schema.settings]
        actions.guard(look.profile, chosen, by=request.actor, at=request.now)
        messages.success(request, _("Saved."))
        return redirect(look.url("guarded"))
    mine = set(look.profile.guarded)
    known = look.schema.settings.items()
    rows = [
        (drawing.page_title(look.schema, page.code), [
            (key, drawing.text_of(each.title, key), key in mine, each.is_sensitive) for key, each in known if each.page == page.code
        ])
        for page in drawing.sections(look.schema)
    ]  # fmt: skip
    context = {"rows": rows, "crumbs": [(_("History"), look.url("history")), (_("Second person"), "")]}
    return frame.page(request, "guarded.html", look, "history", context)
