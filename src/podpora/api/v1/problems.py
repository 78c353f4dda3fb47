"""Known problems: read by everybody, written by the vendor, tied to tickets, topics and people."""

from typing import Annotated, Any, Literal

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic import Field, StringConstraints

from podpora.api.access import anybody, caller_of, token, vendor
from podpora.api.envelope import TOKEN_ROLE, ApiError, answer
from podpora.api.v1.schemas import Strict
from podpora.base.clock import format_instant
from podpora.base.errors import InvalidInput, NotYours
from podpora.desk import queries as desk
from podpora.journeys import fixes
from podpora.people.permissions import staff_may
from podpora.problems import actions, queries
from podpora.problems.models import Problem, Tie
from podpora.problems.values import Facts, OnFix, State, Tied, TieKind

router = Router(tags=["problems"])
writers = vendor("problems", "knowledge")
Title = Annotated[str, StringConstraints(max_length=200, strip_whitespace=True)]
Long = Annotated[str, StringConstraints(max_length=10_000)]
Version = Annotated[str, StringConstraints(max_length=30, strip_whitespace=True), Field(examples=["10.2"])]


class BothTitles(Strict):
    cs: Title = ""
    en: Title = ""


class BothTexts(Strict):
    cs: Long = ""
    en: Long = ""


class ProblemIn(Strict):
    """What is known. `from_version`, `to_version`: the first and last that have it. `on_fix`: what becomes of tied tickets."""

    product: Annotated[str, StringConstraints(max_length=40)]
    title: BothTitles
    symptom: BothTexts = BothTexts()
    workaround: BothTexts = BothTexts()
    from_version: Version = ""
    to_version: Version = ""
    platforms: Annotated[list[Literal["windows", "macos", "linux"]], Field(max_length=3)] = []
    public: bool = True
    on_fix: Literal["ask", "close", "leave"] = "ask"
    external_id: Annotated[str, StringConstraints(max_length=100)] = ""

    def facts(self) -> Facts:
        return Facts(
            self.product, self.title.cs, self.title.en, self.symptom.cs, self.symptom.en, self.workaround.cs, self.workaround.en,
            self.from_version, self.to_version, tuple(self.platforms), self.public, OnFix(self.on_fix),
        )  # fmt: skip


class StateIn(Strict):
    state: Literal["reported", "confirmed", "being_fixed", "fixed", "wont_fix"]
    fixed_in: Annotated[str, StringConstraints(max_length=50, strip_whitespace=True)] = ""
    why: Annotated[str, StringConstraints(max_length=2000)] = ""


class TieIn(Strict):
    """`ticket`: its code; `topic`: its code; neither: the person of the token has it too, with `version` and `platform`."""

    ticket: Annotated[str, StringConstraints(max_length=40)] = ""
    topic: Annotated[str, StringConstraints(max_length=40)] = ""
    version: Version = ""
    platform: Annotated[str, StringConstraints(max_length=20)] = ""


def problem_json(row: Problem) -> dict[str, Any]:
    """A problem as everybody may read it, in the reader's language."""
    return {
        "code": row.code, "product": row.product.code, "title": row.title, "symptom": row.said("symptom"),
        "workaround": row.said("workaround") or None,
        "state": row.state, "fixed_in": row.fixed_in or None, "why": row.why or None, "from_version": row.from_version or None,
        "to_version": row.to_version or None, "platforms": row.platforms, "people": row.people, "public": row.is_public,
        "reported_at": format_instant(row.reported_at), "changed_at": format_instant(row.changed_at),
        "url": f"{settings.SITE_URL}/problems/{row.code}/",
    }  # fmt: skip


def written_json(row: Problem) -> dict[str, Any]:
    """The same as its writers see it, in both languages."""
    both = {
        name: {language: getattr(row, f"{name}_{language}") for language in ("cs", "en")}
        for name in ("title", "symptom", "workaround")
    }
    return problem_json(row) | both | {"on_fix": row.on_fix, "external_id": row.external_id or None}


def _tie_json(row: Tie) -> dict[str, Any]:
    return {
        "kind": row.kind, "code": row.code, "version": row.version or None, "platform": row.platform or None, "tied_at": format_instant(row.tied_at),
        "told_at": format_instant(row.told_at) if row.told_at else None,
    }  # fmt: skip


@router.get("problems", auth=anybody)
def problems(request: HttpRequest, state: str = "", product: str = "", version: str = "") -> HttpResponse:
    """Every public problem, the most common first. `?state=open` (or one of the states), `?product=`, `?version=10.2` narrow it."""
    if state and state != "open" and state not in list(State):
        raise InvalidInput({"state": ["unknown"]}, {"state": {"choices": ["open", *State]}})
    return answer(
        {
            "items": [problem_json(row) for row in queries.listed(state=state, product=product[:40], version=version[:30])],
            "next": None,
        }
    )


@router.get("problems/{code}", auth=anybody)
def problem(request: HttpRequest, code: str) -> HttpResponse:
    """One problem."""
    return answer(problem_json(queries.problem(code)))


@router.post("problems", auth=writers, response={201: Any})
def create(request: HttpRequest, body: ProblemIn) -> HttpResponse:
    """A new problem, reported: 201."""
    made = actions.create_problem(body.facts(), external_id=body.external_id, by=caller_of(request).actor, at=request.now)  # type: ignore[attr-defined]
    return answer(written_json(queries.problem(made.code, internal=True)), 201)


@router.put("problems/{code}", auth=writers)
def change(request: HttpRequest, code: str, body: ProblemIn) -> HttpResponse:
    """Change what is known of it."""
    found = queries.problem(code, internal=True)
    actions.change_problem(found, body.facts(), by=caller_of(request).actor, at=request.now)  # type: ignore[attr-defined]
    return answer(written_json(queries.problem(code, internal=True)))


@router.put("problems/{code}/state", auth=writers)
def set_state(request: HttpRequest, code: str, body: StateIn) -> HttpResponse:
    """How far it is. `fixed` needs `fixed_in`; when that version is out, everybody tied is told. `wont_fix` needs `why`."""
    found = queries.problem(code, internal=True)
    by, at = caller_of(request).actor, request.now  # type: ignore[attr-defined]
    actions.set_state(found, State(body.state), fixed_in=body.fixed_in, why=body.why, by=by, at=at)
    return answer(written_json(queries.problem(code, internal=True)))


@router.get("problems/{code}/ties", auth=writers)
def ties(request: HttpRequest, code: str) -> HttpResponse:
    """Who and what is tied to it (1,000 at most)."""
    return answer({"items": [_tie_json(row) for row in queries.ties(queries.problem(code, internal=True))[:1000]], "next": None})


@router.post("problems/{code}/ties", auth=token("problems"), response={201: Any})
def tie(request: HttpRequest, code: str, body: TieIn) -> HttpResponse:
    """Tie a ticket or topic (staff and the vendor's systems), or say that the token's person has it too."""
    caller, at = caller_of(request), request.now  # type: ignore[attr-defined]
    is_vendor = caller.sees_all or staff_may(caller.person, "knowledge")
    found = queries.problem(code, internal=is_vendor)
    if body.ticket or body.topic:
        if not is_vendor:
            raise ApiError(403, TOKEN_ROLE, person=str(caller.person))
        if body.ticket:
            row = fixes.tie_ticket(found, _ticket(caller, body.ticket), by=caller.actor, at=at)
        else:
            row = fixes.tie_topic(found, body.topic, None, by=caller.actor, at=at)
    elif caller.sees_all:
        raise InvalidInput({"ticket": ["required"]})
    else:
        row = fixes.me_too(found, caller.person, version=body.version, platform=body.platform, by=caller.actor, at=at)
    return answer(_tie_json(row), 201)


@router.api_operation(["DELETE"], "problems/{code}/ties/{kind}/{tied}", auth=writers, response={204: None})
def untie(request: HttpRequest, code: str, kind: str, tied: str) -> HttpResponse:
    """It was something else."""
    if kind not in list(TieKind):
        raise NotYours
    found = queries.problem(code, internal=True)
    if not actions.untie(found, Tied(TieKind(kind), tied[:40]), by=caller_of(request).actor, at=request.now):  # type: ignore[attr-defined]
        raise NotYours
    return answer(None, 204)


def _ticket(caller: Any, code: str) -> Any:
    try:
        return desk.any_ticket(code) if caller.sees_all else desk.ticket_for_staff(caller.person, code)
    except NotYours:
        raise InvalidInput({"ticket": ["unknown"]}) from None
