"""Members of the forum for moderators' programs: trust, silence, suspension."""

from datetime import datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic import StringConstraints

from podpora.api.access import caller_of, vendor
from podpora.api.envelope import answer
from podpora.api.lists import listing
from podpora.api.v1.schemas import Strict
from podpora.base.clock import format_instant
from podpora.base.errors import InvalidInput
from podpora.forum import actions, queries
from podpora.forum.models import Member, Penalised
from podpora.forum.values import Penalty, Trust

router = Router(tags=["forum"])
moderator_token = vendor("forum", "moderate")


class TrustIn(Strict):
    """0 newcomer, 1 member, 2 regular. It stays as it is set."""

    trust: Literal[0, 1, 2]


class PenaltyIn(Strict):
    """`until`: null is for good. `why` is told to the member."""

    kind: Literal["silenced", "suspended"]
    why: Annotated[str, StringConstraints(min_length=1, max_length=300)]
    until: datetime | None = None


def _more(request: HttpRequest) -> dict[str, Any]:
    return {"by": caller_of(request).actor, "at": request.now}  # type: ignore[attr-defined]


def penalty_json(row: Penalised) -> dict[str, Any]:
    return {
        "kind": row.kind, "why": row.why, "by": row.by_name, "since": format_instant(row.since_at),
        "until": format_instant(row.until_at) if row.until_at else None,
        "lifted_at": format_instant(row.lifted_at) if row.lifted_at else None,
    }  # fmt: skip


def member_json(member: Member) -> dict[str, Any]:
    """Never an address or an account (S57)."""
    return {
        "handle": member.handle, "name": member.name, "trust": member.trust, "trust_by_hand": member.trust_by_hand,
        "joined_at": format_instant(member.joined_at), "topics": member.topics_count, "answers": member.posts_count,
        "solutions": member.solutions_count, "bad_posts": member.flagged,
    }  # fmt: skip


def _whole(member: Member) -> dict[str, Any]:
    return member_json(member) | {"penalties": [penalty_json(row) for row in queries.penalties_of(member)[:50]]}


@router.get("forum/members", auth=moderator_token)
def members(request: HttpRequest, q: str = "", trust: str = "", penalised: bool = False) -> HttpResponse:
    """Newest first. `q=` the beginning of a handle or a part of the name; `trust=0|1|2`; `penalised=true`: who does not write now."""
    if trust not in ("", "0", "1", "2"):
        raise InvalidInput({"trust": ["unknown"]}, {"trust": {"choices": ["0", "1", "2"]}})
    found = queries.members_found(q[:80].replace("\x00", ""), trust=int(trust) if trust else None)
    if penalised:
        found = found.filter(person__in=queries.standing_penalties(at=request.now).values("person"))  # type: ignore[attr-defined]
    return listing(request, found, member_json)


@router.get("forum/members/{handle}", auth=moderator_token)
def member(request: HttpRequest, handle: str) -> HttpResponse:
    """With everything that was decided about the member."""
    return answer(_whole(queries.member_with_handle(handle[:30])))


@router.patch("forum/members/{handle}", auth=moderator_token)
def set_trust(request: HttpRequest, handle: str, body: TrustIn) -> HttpResponse:
    found = queries.member_with_handle(handle[:30])
    return answer(_whole(actions.set_trust(found, Trust(body.trust), **_more(request))))


@router.post("forum/members/{handle}/penalties", auth=moderator_token)
def penalise(request: HttpRequest, handle: str, body: PenaltyIn) -> HttpResponse:
    """Silence or suspend: 201. The one of the same kind that holds is replaced."""
    if body.until is not None and body.until.tzinfo is None:
        raise InvalidInput({"until": ["not_an_instant"]})
    found = queries.member_with_handle(handle[:30])
    row = actions.penalise(found, Penalty(body.kind), until_at=body.until, why=body.why, **_more(request))
    return answer(penalty_json(row), status=201)


@router.api_operation(["DELETE"], "forum/members/{handle}/penalties", auth=moderator_token)
def lift(request: HttpRequest, handle: str) -> HttpResponse:
    """Every silence and suspension of the member ends: 204."""
    actions.lift(queries.member_with_handle(handle[:30]), **_more(request))
    return HttpResponse(status=204)
