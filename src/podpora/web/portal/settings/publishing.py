"""The draft of one administrator: what would change, for how many devices, publishing it, and what to do when another one was faster."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from podpora.base.decisions import Decision, Refused
from podpora.base.errors import InvalidInput
from podpora.fleet import actions, queries
from podpora.fleet.models import Revision
from podpora.fleet.rules import changes_between, flags_of, read_plan
from podpora.fleet.values import Plan, Publishing
from podpora.web.access import signed_in
from podpora.web.portal.settings import drawing, frame
from podpora.web.request import Request

WAVES = 4  # rows of the form; the API takes more
PRESET = ((10, 24), (50, 24), (100, 24))


@signed_in
@require_GET
def review(request: Request, company: str, product: str) -> HttpResponse:
    return _page(request, frame.looker(request, company, product, "settings"))


@require_POST
@signed_in
def publish(request: Request, company: str, product: str) -> HttpResponse:
    look = frame.looker(request, company, product, "settings")
    seen = request.POST.get("based_on", "")
    based_on = int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 10 else 0
    try:
        plan = _plan(request, look) if request.POST.get("how") == "waves" else None
        wish = Publishing(based_on, request.POST.get("comment", "")[:500], plan, request.POST.get("instead_of", "")[:20])
        made = actions.publish(look.profile, wish, person=request.user, by=request.actor, at=request.now)
    except InvalidInput as problem:
        return _page(request, look, problems=frame.told(problem))
    except Refused as refusal:
        return _page(request, look, decision=refusal.decision)
    if isinstance(made, Revision):
        messages.success(request, _("Published as revision {number}.").format(number=made.number))
        rollout = queries.open_rollout(look.profile)
        return redirect(look.url("rollout", rollout.code) if rollout else look.url("overview"))
    messages.success(request, _("A second person was asked to look at it. It is published when he or she approves."))
    return redirect(look.url("proposal", made.code))


@require_POST
@signed_in
def rebase(request: Request, company: str, product: str) -> HttpResponse:
    """After a conflict: the draft upon the newest revision, with the chosen word for each setting that both changed."""
    look = frame.looker(request, company, product, "settings")
    theirs = []
    for name, value in request.POST.items():
        if name.startswith("word:") and value == "theirs":
            layer, _bar, key = name.removeprefix("word:").partition("|")
            theirs.append((layer, key))
    actions.rebase_drafts(look.profile, person=request.user, theirs=theirs, at=request.now)
    messages.success(request, _("Your draft lies upon the newest revision now. Look at it once more and publish it."))
    return redirect(look.url("draft"))


@require_POST
@signed_in
def discard(request: Request, company: str, product: str) -> HttpResponse:
    """Away with the draft, of one layer or whole."""
    look = frame.looker(request, company, product, "settings")
    layer = request.POST.get("layer", "")[:40]
    actions.discard_drafts(look.profile, request.user, queries.place_of(look.profile, layer) if layer else None)
    messages.success(request, _("The draft is gone. What is published stays."))
    return redirect(look.url("draft") if layer else look.url("overview"))


def _plan(request: Request, look: frame.Looker) -> Plan:
    """The waves that the form says; InvalidInput as the API's."""
    form, waves = request.POST, []
    for number in range(WAVES):
        percent, group = form.get(f"percent-{number}", "").strip().replace(",", "."), form.get(f"group-{number}", "")
        if not percent and not group:
            continue
        hours = form.get(f"hours-{number}", "").strip()
        wave: dict[str, Any] = {"hours": int(hours) if hours.isascii() and hours.isdigit() else None}
        if percent:
            wave["percent"] = float(percent) if percent.replace(".", "", 1).isdigit() and percent.isascii() else -1
        if group:
            wave["groups"] = [group[:20]]
        waves.append(wave)
    exclusions = [
        [form.get(f"first-{n}", ""), form.get(f"last-{n}", "") or form.get(f"first-{n}", "")]
        for n in range(3)
        if form.get(f"first-{n}")
    ]
    limit = form.get("error_limit", "2").strip().replace(",", ".")
    given = {
        "waves": waves, "exclusions": exclusions, "zone": form.get("zone", ""),
        "error_limit": float(limit) if limit.replace(".", "", 1).isdigit() and limit.isascii() else -1,
    }  # fmt: skip
    codes = frozenset(queries.groups_of(look.profile).values_list("code", flat=True))
    return read_plan(given, groups=codes, zone=settings.VENDOR_ZONE.key)


def _page(
    request: Request, look: frame.Looker, *, problems: dict[str, str] | None = None, decision: Decision | None = None
) -> HttpResponse:
    profile = look.profile
    drafts = queries.drafts_of(profile, request.user)
    published, after = queries.entries_of(profile, profile.revision), queries.draft_content(profile, drafts, profile.revision)
    before = queries.content_of(profile, published)
    changes = changes_between(before, queries.content_of(profile, after))
    based_on = min((draft.based_on for draft in drafts.values()), default=profile.revision)
    conflict = decision if decision and decision.code == "settings.conflict" else None
    facts = conflict.reasons[0].facts if conflict else {}
    preview = queries.preview(profile, published, after) if changes else queries.Preview()
    guarded = queries.guarded_keys(profile, changes) if changes and queries.other_approvers(profile, request.user) else []
    context = {
        "changes": drawing.change_rows(look.schema, look.profile, changes), "preview": preview, "based_on": based_on, "problems": problems or {},
        "titles": {key: drawing.title_of(look.schema, key) for key in problems or {}},
        "waiting": [drawing.title_of(look.schema, key) for key in preview.waiting],
        "guarded": [drawing.title_of(look.schema, key) for key in guarded],
        "warnings": {drawing.title_of(look.schema, k): v for e in after.values() for k, v in flags_of(look.schema, e).items()},
        "decision": decision if decision and not conflict else None, "conflict": conflict,
        "diff": drawing.told_changes(look.schema, profile, facts.get("diff", ())),
        "conflicts": drawing.told_changes(look.schema, profile, facts.get("conflicts", ())),
        "rollout": queries.open_rollout(profile), "groups": list(queries.groups_of(profile)),
        "waves": _waves(request), "zone": request.POST.get("zone") or settings.VENDOR_ZONE.key, "given": request.POST,
        "periods": [(n, request.POST.get(f"first-{n}", ""), request.POST.get(f"last-{n}", "")) for n in range(3)],
        "layers": sorted(drafts), "is_overtaken": based_on < profile.revision,
    }  # fmt: skip
    status = 422 if problems else 409 if decision else 200
    return frame.page(request, "draft.html", look, "draft", context, status=status)


def _waves(request: Request) -> list[dict[str, Any]]:
    found = []
    for number in range(WAVES):
        percent, hours = PRESET[number] if number < len(PRESET) else ("", "")
        form = request.POST if f"percent-{number}" in request.POST else {}
        found.append({
            "number": number, "percent": form.get(f"percent-{number}", percent), "hours": form.get(f"hours-{number}", hours),
            "group": form.get(f"group-{number}", ""),
        })  # fmt: skip
    return found
