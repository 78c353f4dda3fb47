"""Roll-outs: which are under way, how far each is, and what can be done about it."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from podpora.base.codes import normalised
from podpora.base.decisions import Decision, Refused
from podpora.base.errors import NotYours
from podpora.fleet import actions, queries
from podpora.fleet.models import RollOut
from podpora.fleet.rules import plan_from
from podpora.fleet.values import ROLLOUT_NAMES, RollOutState, Wave
from podpora.web.access import signed_in
from podpora.web.components.progress import drawn
from podpora.web.portal.settings import drawing, frame
from podpora.web.request import Request

KINDS = {"running": "accent", "paused": "warn", "halted": "bad", "done": "good", "replaced": "", "taken_back": ""}


@signed_in
@require_GET
def rollouts(request: Request, company: str, product: str) -> HttpResponse:
    look = frame.looker(request, company, product)
    rows = [{"rollout": row, **_state(row), "progress": queries.progress_of(row)} for row in queries.rollouts_of(look.profile)[:50]]
    return frame.page(request, "rollouts.html", look, "rollouts", {"rows": rows})


def _state(rollout: RollOut) -> dict[str, Any]:
    return {"state": ROLLOUT_NAMES[RollOutState(rollout.state)], "kind": KINDS[rollout.state], "waves": len(rollout.plan["waves"])}


@signed_in
@require_GET
@never_cache
def rollout(request: Request, company: str, product: str, code: str) -> HttpResponse:
    """The page; for htmx only the part that moves."""
    look = frame.looker(request, company, product)
    return _page(request, look, queries.rollout_in(look.profile, normalised(code)[:20]))


@require_POST
@signed_in
def act(request: Request, company: str, product: str, code: str, what: str) -> HttpResponse:
    """Pause, resume, halt, begin the next wave."""
    look = frame.looker(request, company, product, "settings")
    found = queries.rollout_in(look.profile, normalised(code)[:20])
    if what not in DEEDS:
        raise NotYours
    try:
        DEEDS[what](request, found)
    except Refused as refusal:
        return _page(request, look, found, decision=refusal.decision)
    return redirect(look.url("rollout", found.code))


def _next(request: Request, found: RollOut) -> None:
    seen = request.POST.get("wave", "")
    wave = int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 4 else found.wave
    actions.next_wave(found, wave, by=request.actor, at=request.now)


DEEDS: dict[str, Callable[[Request, RollOut], object]] = {
    "pause": lambda request, found: actions.pause_rollout(found, by=request.actor, at=request.now),
    "resume": lambda request, found: actions.resume_rollout(found, by=request.actor, at=request.now),
    "halt": lambda request, found: actions.halt_rollout(found, by=request.actor, at=request.now),
    "next": _next,
}


def _page(request: Request, look: frame.Looker, found: RollOut, *, decision: Decision | None = None) -> HttpResponse:
    plan, progress = plan_from(found.plan), queries.progress_of(found)
    names = {group.code: group.name for group in queries.groups_of(look.profile)}
    waves = [
        {
            "number": number, "what": _wave_text(wave, names), "hours": wave.hours, "has_begun": number <= found.wave,
            "is_present": number == found.wave and found.is_open, "is_next": number == found.wave + 1 and found.is_open,
        }
        for number, wave in enumerate(plan.waves, 1)
    ]  # fmt: skip
    chart = drawn(queries.points_of(found, at=request.now), most=max(progress.total, progress.given))
    errors = queries.errors_of(look.profile, found.revision)[:20]
    context = {
        "rollout": found, "plan": plan, "progress": progress, "rows": waves, "chart": chart, "decision": decision, **_state(found),
        "percent": round(100 * progress.errors / (progress.errors + progress.applied), 1) if progress.errors else 0,
        "errors": [(drawing.title_of(look.schema, key) if key else "", why, count) for key, why, count in errors],
        "may_next": found.wave < len(plan.waves), "exclusions": plan.exclusions, "today": _held_until(plan.exclusions, found),
        "crumbs": [(_("Roll-outs"), look.url("rollouts")), (_("Revision {number}").format(number=found.revision), "")],
    }  # fmt: skip
    if request.htmx and not request.htmx.boosted:
        return TemplateResponse(request, "portal/settings/rollout.html#live", context | {"look": look})
    return frame.page(request, "rollout.html", look, "rollouts", context, status=409 if decision else 200)


def _wave_text(wave: Wave, names: dict[str, str]) -> str:
    parts = [_("group {name}").format(name=names.get(code, code)) for code in sorted(wave.groups)]
    if wave.percent:
        share = drawing.shown(int(wave.percent) if wave.percent.is_integer() else wave.percent)
        parts.append(_("{share} of the devices").format(share=f"{share} %"))
    return _(" and ").join(parts)


def _held_until(exclusions: tuple[tuple[date, date], ...], found: RollOut) -> bool:
    return bool(found.is_held and found.is_open and exclusions)
