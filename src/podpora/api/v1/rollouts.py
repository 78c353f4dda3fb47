"""Central settings: roll-outs, approvals by a second person, the preview of drafts, drafts after a conflict."""

from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema
from pydantic import Field

from podpora.api.access import caller_of
from podpora.api.envelope import answer
from podpora.api.lists import listing
from podpora.api.v1.central import Key, Number, PublishIn, member
from podpora.api.v1.central import publish as publish_drafts
from podpora.api.v1.central_facts import WhoseIn, profile_of, proposal_json, revision_json, rollout_json
from podpora.api.v1.schemas import Made, Strict
from podpora.base.codes import normalised
from podpora.fleet import actions, queries
from podpora.fleet.models import Proposal, RollOut
from podpora.fleet.values import RollOutState

router = Router(tags=["settings"])


class RollOutIn(PublishIn):
    rollout: dict[str, Any]


class NextIn(Strict):
    wave: Number | None = None


class SeenIn(Strict):
    based_on: Number | None = None


class PlaceIn(Schema):
    layer: Annotated[str, Field(max_length=40)]
    key: Key


class RebaseIn(Strict):
    theirs: Annotated[list[PlaceIn], Field(max_length=2000)] = []


class GuardedIn(Strict):
    keys: Annotated[list[Key], Field(max_length=2000)]


class WishIn(WhoseIn):
    state: Literal["", "running", "paused", "halted", "done", "replaced", "taken_back"] = ""


@router.get("settings/rollouts", auth=member)
def rollouts(request: HttpRequest, wish: Query[WishIn]) -> HttpResponse:
    """The company's roll-outs, newest first; `?state=` those that stand so."""
    rows = queries.rollouts_of(profile_of(request, wish, "see"))
    return listing(request, rows.filter(state=RollOutState(wish.state)) if wish.state else rows, rollout_json)


@router.post("settings/rollouts", auth=member, response={201: Made, 202: Made})
def roll_out(request: HttpRequest, body: RollOutIn, whose: Query[WhoseIn]) -> HttpResponse:
    """The caller's drafts become the next revision and go out wave after wave: as POST settings/revisions, where `rollout` is needed."""
    return publish_drafts(request, body, whose)


@router.get("settings/rollouts/{code}", auth=member)
def rollout(request: HttpRequest, code: str, whose: Query[WhoseIn]) -> HttpResponse:
    """One roll-out with its progress."""
    return answer(rollout_json(_rollout(request, whose, code, "see")))


@router.post("settings/rollouts/{code}/pause", auth=member, response={200: Made})
def pause(request: HttpRequest, code: str, whose: Query[WhoseIn]) -> HttpResponse:
    """No further wave begins; those that have begun go on."""
    found, by, at = _rollout(request, whose, code), caller_of(request).actor, request.now  # type: ignore[attr-defined]
    return answer(rollout_json(actions.pause_rollout(found, by=by, at=at)))


@router.post("settings/rollouts/{code}/resume", auth=member, response={200: Made})
def resume(request: HttpRequest, code: str, whose: Query[WhoseIn]) -> HttpResponse:
    """Go on after a pause or a halt."""
    found, by, at = _rollout(request, whose, code), caller_of(request).actor, request.now  # type: ignore[attr-defined]
    return answer(rollout_json(actions.resume_rollout(found, by=by, at=at)))


@router.post("settings/rollouts/{code}/halt", auth=member, response={200: Made})
def halt(request: HttpRequest, code: str, whose: Query[WhoseIn]) -> HttpResponse:
    """No further device gets it; those that have it keep it."""
    found, by, at = _rollout(request, whose, code), caller_of(request).actor, request.now  # type: ignore[attr-defined]
    return answer(rollout_json(actions.halt_rollout(found, by=by, at=at)))


@router.post("settings/rollouts/{code}/next", auth=member, response={200: Made})
def next_wave(request: HttpRequest, code: str, body: NextIn, whose: Query[WhoseIn]) -> HttpResponse:
    """Begin the next wave now. `wave`: how many had begun when it was wished; asked twice, one begins."""
    found, by, at = _rollout(request, whose, code), caller_of(request).actor, request.now  # type: ignore[attr-defined]
    seen = found.wave if body.wave is None else body.wave
    return answer(rollout_json(actions.next_wave(found, seen, by=by, at=at)))


@router.get("settings/preview", auth=member)
def preview(request: HttpRequest, whose: Query[WhoseIn]) -> HttpResponse:
    """What publishing the caller's drafts would mean: how many devices change, how many programs are too old for a setting."""
    profile = profile_of(request, whose, "see")
    drafts = queries.drafts_of(profile, caller_of(request).person)
    after = queries.draft_content(profile, drafts, profile.revision)
    found = queries.preview(profile, queries.entries_of(profile, profile.revision), after)
    return answer({"devices": found.devices, "changed": found.changed, "too_old": found.too_old, "waiting": list(found.waiting)})


@router.post("settings/drafts/rebase", auth=member, response={200: Made})
def rebase(request: HttpRequest, body: RebaseIn, whose: Query[WhoseIn]) -> HttpResponse:
    """The caller's drafts upon the newest revision (CS-25); `theirs` are conflicts in which the other one's word counts."""
    profile, person = profile_of(request, whose, "settings"), caller_of(request).person
    theirs = {(place.layer, place.key) for place in body.theirs}
    left = actions.rebase_drafts(profile, person=person, theirs=theirs, at=request.now)  # type: ignore[attr-defined]
    return answer({"layers": left, "based_on": queries.profile_or_empty(profile.customer, profile.product).revision})


@router.get("settings/guarded", auth=member)
def guarded(request: HttpRequest, whose: Query[WhoseIn]) -> HttpResponse:
    """The settings that a second person approves, besides those that the schema marks."""
    return answer({"keys": profile_of(request, whose, "see").guarded})


@router.put("settings/guarded", auth=member, response={200: Made})
def guard(request: HttpRequest, body: GuardedIn, whose: Query[WhoseIn]) -> HttpResponse:
    """Exactly these settings need a second person."""
    profile, by, at = profile_of(request, whose, "settings"), caller_of(request).actor, request.now  # type: ignore[attr-defined]
    return answer({"keys": actions.guard(profile, body.keys, by=by, at=at).guarded})


@router.get("settings/proposals", auth=member)
def proposals(request: HttpRequest, whose: Query[WhoseIn]) -> HttpResponse:
    """What waited or waits for a second person, newest first."""
    return listing(request, queries.proposals_of(profile_of(request, whose, "see")), proposal_json)


@router.get("settings/proposals/{code}", auth=member)
def proposal(request: HttpRequest, code: str, whose: Query[WhoseIn]) -> HttpResponse:
    """One proposal."""
    return answer(proposal_json(_proposal(request, whose, code, "see")))


@router.post("settings/proposals/{code}/approve", auth=member, response={201: Made})
def approve(request: HttpRequest, code: str, whose: Query[WhoseIn], body: SeenIn | None = None) -> HttpResponse:
    """A second person says yes: it is published. Whoever asked can't.

    409 `settings.conflict` where another one has published something else for the same settings meanwhile; `based_on` says that the
    caller has seen that revision.
    """
    found, caller, at = _proposal(request, whose, code), caller_of(request), request.now  # type: ignore[attr-defined]
    made = actions.approve(found, seen=body.based_on if body else None, person=caller.person, by=caller.actor, at=at)
    return answer(revision_json(made), 201)


@router.post("settings/proposals/{code}/decline", auth=member, response={200: Made})
def decline(request: HttpRequest, code: str, whose: Query[WhoseIn]) -> HttpResponse:
    """No; or, by whoever asked, taken back. The drafts are his again."""
    found, caller = _proposal(request, whose, code), caller_of(request)
    return answer(proposal_json(actions.decline(found, person=caller.person, by=caller.actor, at=request.now)))  # type: ignore[attr-defined]


def _rollout(request: HttpRequest, whose: WhoseIn, code: str, permission: str = "settings") -> RollOut:
    return queries.rollout_in(profile_of(request, whose, permission), normalised(code)[:20])


def _proposal(request: HttpRequest, whose: WhoseIn, code: str, permission: str = "settings") -> Proposal:
    return queries.proposal_in(profile_of(request, whose, permission), normalised(code)[:20])
