"""What was published: revisions, what differs between any two, and the way back to an older content."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from podpora.base.decisions import Decision, Refused
from podpora.base.errors import NotYours
from podpora.fleet import actions, queries
from podpora.fleet.rules import changes_between
from podpora.fleet.values import PROPOSAL_NAMES, ProposalState
from podpora.web.access import signed_in
from podpora.web.portal.settings import drawing, frame
from podpora.web.request import Request

PAGE = 30


@signed_in
@require_GET
def history(request: Request, company: str, product: str) -> HttpResponse:
    look = frame.looker(request, company, product)
    page = Paginator(queries.revisions_of(look.profile), PAGE).get_page(request.GET.get("page", "1"))
    context = {
        "page": page,
        "proposals": [(row, PROPOSAL_NAMES[ProposalState(row.state)]) for row in queries.proposals_of(look.profile)[:PAGE]],
        "numbers": _numbers(look),
    }
    return frame.page(request, "history.html", look, "history", context)


def _numbers(look: frame.Looker) -> range:
    return range(look.profile.revision, -1, -1)


@signed_in
@require_GET
def compare(request: Request, company: str, product: str) -> HttpResponse:
    """A form without JavaScript asks `?from=3&to=7`; the address of a difference is its own."""
    look = frame.looker(request, company, product)
    ends = [request.GET.get(name, "") for name in ("from", "to")]
    if not all(end.isascii() and end.isdigit() and len(end) < 10 for end in ends):
        raise NotYours
    return redirect(look.url("revision", ends[1]) + f"?from={ends[0]}")


@signed_in
@require_GET
def revision(request: Request, company: str, product: str, number: int) -> HttpResponse:
    return _page(request, frame.looker(request, company, product), number)


@require_POST
@signed_in
def roll_back(request: Request, company: str, product: str, number: int) -> HttpResponse:
    look = frame.looker(request, company, product, "settings")
    try:
        made = actions.roll_back(
            look.profile,
            _known(number),
            person=request.user,
            comment=request.POST.get("comment", "")[:500],
            by=request.actor,
            at=request.now,
        )
    except Refused as refusal:
        return _page(request, look, number, decision=refusal.decision)
    messages.success(
        request, _("Revision {number} has the content of revision {old}.").format(number=made.number, old=made.content_of)
    )
    return redirect(look.url("overview"))


def _known(number: int) -> int:
    if not 0 <= number < 2**31:
        raise NotYours
    return number


def _page(request: Request, look: frame.Looker, number: int, *, decision: Decision | None = None) -> HttpResponse:
    profile = look.profile
    found = queries.revision(profile, _known(number))
    said = request.GET.get("from", "")
    start = int(said) if said.isascii() and said.isdigit() and len(said) < 10 else number - 1
    start = queries.revision(profile, _known(start)).number if start else 0
    ends = [queries.content_of(profile, queries.entries_of(profile, end)) for end in (start, number)]
    context = {
        "revision": found, "start": start, "changes": drawing.change_rows(look.schema, look.profile, changes_between(*ends)), "decision": decision,
        "numbers": _numbers(look), "rollout": queries.rollouts_of(profile).filter(revision=number).first(),
        "crumbs": [(_("History"), look.url("history")), (_("Revision {number}").format(number=number), "")],
    }  # fmt: skip
    return frame.page(request, "revision.html", look, "history", context, status=409 if decision else 200)
