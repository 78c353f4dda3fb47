"""What technicians do with tickets besides answering: merge, split, link, put off, drafts, time, and the rest. The vendor's side only,
but the customer's rating and history; what the caller does not see is 404 (VI-3)."""

from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic import Field, StringConstraints

from podpora.api.access import Caller, caller_of, token
from podpora.api.envelope import answer
from podpora.api.v1.schemas import Made, Strict
from podpora.api.v1.ticket_facts import person_json, rating_json, scheduled_json
from podpora.api.v1.tickets import Code, Text, instant_of, is_staff, message_json, ticket_and_side, whole
from podpora.audit import queries as audit
from podpora.base.clock import format_instant
from podpora.base.codes import normalised
from podpora.base.errors import InvalidInput, NotYours
from podpora.desk import actions, queries
from podpora.desk.models import Macro, SavedDraft, Ticket
from podpora.desk.values import LinkKind, MessageKind, Score, Side, State
from podpora.people.models import Person

router = Router(tags=["tickets"])
tickets_token = token("tickets")
Email = Annotated[str, StringConstraints(min_length=3, max_length=254, strip_whitespace=True)]
Instant = Annotated[str, StringConstraints(min_length=10, max_length=40), Field(examples=["2027-03-10T09:00:00Z"])]


class MergeIn(Strict):
    """`into`: the ticket that this one goes on in; or `tickets`: others that go on in this one. `across`: also of different customers."""

    into: Code | None = None
    tickets: Annotated[list[Code], Field(max_length=50)] = []
    across: bool = False


class SplitIn(Strict):
    """`messages`: codes; the first is a customer's. `subject`: else that of the old ticket."""

    messages: Annotated[list[Code], Field(min_length=1, max_length=100)]
    subject: Annotated[str, StringConstraints(max_length=200, strip_whitespace=True)] = ""


class LinkIn(Strict):
    ticket: Code
    kind: Literal["relates", "duplicates", "blocks"] = "relates"


class SnoozeIn(Strict):
    """`until_reply`: come back earlier when the customer writes."""

    until: Instant
    until_reply: bool = True


class DraftIn(Strict):
    """`version`: of the draft that this text grew from; 0 for a new one. 409 `ticket.draft_changed` when another window saved meanwhile."""

    text: Text
    kind: Literal["reply", "note"] = "reply"
    then: Literal["", "open", "waiting_customer", "waiting_vendor", "solved", "closed"] = ""
    seen: Annotated[int, Field(ge=0)] = 0
    version: Annotated[int, Field(ge=0)] = 0


class PersonIn(Strict):
    email: Email


class MacroIn(Strict):
    macro: Code


class TimeIn(Strict):
    minutes: int
    note: Annotated[str, StringConstraints(max_length=200)] = ""


class RatingIn(Strict):
    score: Literal["good", "bad"]
    comment: Annotated[str, StringConstraints(max_length=2000)] = ""


class ForwardIn(Strict):
    """To somebody outside. `files`: codes of public attachments."""

    to: Email
    text: Text
    history: bool = False
    files: Annotated[list[Code], Field(max_length=10)] = []


class ChildrenIn(Strict):
    state: Literal["solved", "closed"]


def how(request: HttpRequest) -> dict[str, Any]:
    return {"by": caller_of(request).actor, "at": request.now}  # type: ignore[attr-defined]


def reader_of(caller: Caller) -> Person | None:
    """Whose eyes look; None: one of the vendor's systems."""
    return None if caller.sees_all else caller.person


def staffs(request: HttpRequest, code: str) -> Ticket:
    """The ticket, for the vendor's side: a customer's own ticket is not there for these."""
    found, side = ticket_and_side(request, code)
    if side is not Side.STAFF:
        raise NotYours
    return found


def _whole_answer(request: HttpRequest, ticket: Ticket, status: int = 200) -> HttpResponse:
    return answer(whole(queries.any_ticket(ticket.code), Side.STAFF, caller_of(request)), status)


def _other(request: HttpRequest, code: str, field: str) -> Ticket:
    """Another ticket that the caller sees too (C4); one answer for what is not there and what is not his."""
    try:
        return staffs(request, code)
    except NotYours:
        raise InvalidInput({field: ["unknown"]}) from None


def me(request: HttpRequest) -> Person:
    """The person behind the token; the vendor's systems write no drafts and use no macros."""
    caller = caller_of(request)
    if caller.sees_all:
        raise InvalidInput({"person": ["required"]})
    found: Person = caller.person
    return found


@router.post("tickets/{code}/merge", auth=tickets_token, response=Made)
def merge(request: HttpRequest, code: str, body: MergeIn) -> HttpResponse:
    """The ticket in which it goes on. 409 `ticket.merge_other_customer` for tickets of different customers without `across`."""
    found = staffs(request, code)
    if (body.into is None) is (not body.tickets):
        raise InvalidInput({"into": ["required"]})
    if body.into is not None:
        target = actions.merge(found, _other(request, body.into, "into"), across=body.across, **how(request))
    else:
        others = [_other(request, other, f"tickets.{place}") for place, other in enumerate(body.tickets)]
        target = actions.merge_many(others, found, across=body.across, **how(request))
    return _whole_answer(request, target)


@router.post("tickets/{code}/unmerge", auth=tickets_token, response=Made)
def unmerge(request: HttpRequest, code: str) -> HttpResponse:
    """Undo a merge within half an hour; `code` is the ticket that was merged. 409 `ticket.unmerge_too_late`."""
    return _whole_answer(request, actions.unmerge(staffs(request, code), **how(request)))


@router.post("tickets/{code}/split", auth=tickets_token, response={201: Made})
def split(request: HttpRequest, code: str, body: SplitIn) -> HttpResponse:
    """Messages become a ticket of their own: 201 with the new one."""
    found = staffs(request, code)
    messages = []
    for place, message in enumerate(body.messages):
        try:
            messages.append(queries.message_of(found, normalised(message)))
        except NotYours:
            raise InvalidInput({f"messages.{place}": ["unknown"]}) from None
    return _whole_answer(request, actions.split(found, messages, body.subject, **how(request)), 201)


@router.post("tickets/{code}/links", auth=tickets_token, response={201: Made})
def link(request: HttpRequest, code: str, body: LinkIn) -> HttpResponse:
    """Say how two tickets hang together."""
    found = staffs(request, code)
    actions.link(found, _other(request, body.ticket, "ticket"), LinkKind(body.kind), **how(request))
    return _whole_answer(request, found, 201)


@router.api_operation(["DELETE"], "tickets/{code}/links/{other}", auth=tickets_token, response={204: None})
def unlink(request: HttpRequest, code: str, other: str) -> HttpResponse:
    """Remove all links with the other ticket."""
    found = staffs(request, code)
    linked = [row for row in queries.links_of(found, reader_of(caller_of(request))) if row.other.code == normalised(other)]
    if not linked:
        raise NotYours
    for row in linked:
        actions.unlink(row.link, **how(request))
    return answer(None, 204)


@router.post("tickets/{code}/children/close", auth=tickets_token, response=Made)
def close_children(request: HttpRequest, code: str, body: ChildrenIn) -> HttpResponse:
    """Solve or close all its unfinished parts, as far as the caller sees them."""
    found = staffs(request, code)
    actions.close_children(found, State(body.state), reader=reader_of(caller_of(request)), **how(request))
    return _whole_answer(request, found)


@router.post("tickets/{code}/snooze", auth=tickets_token, response=Made)
def snooze(request: HttpRequest, code: str, body: SnoozeIn) -> HttpResponse:
    """Put it off."""
    until = instant_of(body.until, "until")
    return _whole_answer(request, actions.snooze(staffs(request, code), until, until_reply=body.until_reply, **how(request)))


@router.api_operation(["DELETE"], "tickets/{code}/snooze", auth=tickets_token, response={204: None})
def wake(request: HttpRequest, code: str) -> HttpResponse:
    """Bring it back now."""
    actions.wake(staffs(request, code), **how(request))
    return answer(None, 204)


def draft_json(draft: SavedDraft) -> dict[str, Any]:
    return {
        "person": person_json(draft.person), "kind": draft.kind, "text": draft.text, "then": draft.then or None, "seen": draft.seen,
        "version": draft.version, "given_by": draft.given_by or None, "saved_at": format_instant(draft.saved_at),
    }  # fmt: skip


@router.get("tickets/{code}/drafts", auth=tickets_token)
def drafts(request: HttpRequest, code: str) -> HttpResponse:
    """What technicians are writing here."""
    rows = staffs(request, code).drafts.select_related("person").order_by("pk")
    return answer({"items": [draft_json(draft) for draft in rows], "next": None})


@router.put("tickets/{code}/draft", auth=tickets_token)
def save_draft(request: HttpRequest, code: str, body: DraftIn) -> HttpResponse:
    """Keep the caller's own draft. Changes nothing else and tells nobody."""
    writing = actions.Writing(body.text, body.kind, body.then, body.seen, body.version)
    draft = actions.save_draft(staffs(request, code), me(request), writing, at=request.now)  # type: ignore[attr-defined]
    return answer(draft_json(draft))


@router.api_operation(["DELETE"], "tickets/{code}/draft", auth=tickets_token, response={204: None})
def drop_draft(request: HttpRequest, code: str) -> HttpResponse:
    """Throw the caller's own draft away."""
    actions.drop_draft(staffs(request, code), me(request))
    return answer(None, 204)


@router.post("tickets/{code}/draft/take", auth=tickets_token)
def take_draft(request: HttpRequest, code: str, body: PersonIn) -> HttpResponse:
    """Go on with a colleague's draft."""
    found = staffs(request, code)
    draft = found.drafts.select_related("person", "ticket").filter(person__email=body.email.lower()).first()
    if draft is None:
        raise InvalidInput({"email": ["unknown"]})
    return answer(draft_json(actions.take_draft(draft, me(request), **how(request))))


@router.get("tickets/{code}/scheduled", auth=tickets_token)
def scheduled(request: HttpRequest, code: str) -> HttpResponse:
    """Answers that wait for their moment, and those that are held because somebody wrote meanwhile."""
    return answer({"items": [scheduled_json(row) for row in queries.waiting_answers(staffs(request, code))], "next": None})


@router.api_operation(["DELETE"], "tickets/{code}/scheduled/{answer_code}", auth=tickets_token, response={204: None})
def withdraw(request: HttpRequest, code: str, answer_code: str) -> HttpResponse:
    """Take it back; its text becomes the writer's draft. 409 `ticket.sent_already`."""
    actions.withdraw(queries.scheduled_of(staffs(request, code), normalised(answer_code)), **how(request))
    return answer(None, 204)


@router.post("tickets/{code}/scheduled/{answer_code}/send", auth=tickets_token)
def send_now(request: HttpRequest, code: str, answer_code: str) -> HttpResponse:
    """Send it now, also when it was held."""
    row = queries.scheduled_of(staffs(request, code), normalised(answer_code))
    return answer(scheduled_json(actions.send_now(row, **how(request))))


@router.get("tickets/{code}/followers", auth=tickets_token)
def followers(request: HttpRequest, code: str) -> HttpResponse:
    """Who is told without being its technician."""
    return answer({"items": [person_json(person) for person in queries.followers_of(staffs(request, code))], "next": None})


@router.post("tickets/{code}/followers", auth=tickets_token, response={201: Made})
def follow(request: HttpRequest, code: str, body: PersonIn) -> HttpResponse:
    """Let a technician follow it. 409 `ticket.not_technicians` for one who may not read it."""
    found = staffs(request, code)
    person = queries.technicians().filter(email=body.email.lower()).first()
    if person is None:
        raise InvalidInput({"email": ["unknown"]})
    actions.follow(found, person, **how(request))
    return answer(person_json(person), 201)


@router.api_operation(["DELETE"], "tickets/{code}/followers/{person}", auth=tickets_token, response={204: None})
def unfollow(request: HttpRequest, code: str, person: str) -> HttpResponse:
    """He follows it no more."""
    found = staffs(request, code)
    row = next((one for one in queries.followers_of(found) if one.code == normalised(person)), None)
    if row is None:
        raise NotYours
    actions.unfollow(found, row, **how(request))
    return answer(None, 204)


@router.post("tickets/{code}/participants", auth=tickets_token, response={201: Made})
def add_participant(request: HttpRequest, code: str, body: PersonIn) -> HttpResponse:
    """Somebody else gets the public messages from now on; a customer adds members of his company only."""
    found, side = ticket_and_side(request, code)
    made = actions.add_participant(found, body.email, side=side, **how(request))
    return answer({"email": made.email, "name": made.name}, 201)


@router.post("tickets/{code}/macros", auth=tickets_token)
def apply_macro(request: HttpRequest, code: str, body: MacroIn) -> HttpResponse:
    """Use a macro; `done` says what each of its deeds came to."""
    found, person = staffs(request, code), me(request)
    macro = Macro.objects.filter(code=body.macro.lower()).first()
    if macro is None:
        raise InvalidInput({"macro": ["unknown"]})
    return answer({"done": actions.apply_macro(found, macro, person, **how(request))})


@router.get("tickets/{code}/time", auth=tickets_token)
def time(request: HttpRequest, code: str) -> HttpResponse:
    """Time entries, newest first."""
    rows = queries.time_of(staffs(request, code))
    return answer({"items": [time_json(entry) for entry in rows], "next": None})


def time_json(entry: Any) -> dict[str, Any]:
    return {
        "code": entry.code, "minutes": entry.minutes, "note": entry.note, "person": str(entry.person) if entry.person else None,
        "worked_at": format_instant(entry.worked_at),
    }  # fmt: skip


@router.post("tickets/{code}/time", auth=tickets_token, response={201: Made})
def add_time(request: HttpRequest, code: str, body: TimeIn) -> HttpResponse:
    """Write down minutes."""
    return answer(time_json(actions.add_time(staffs(request, code), body.minutes, body.note, **how(request))), 201)


@router.api_operation(["DELETE"], "tickets/{code}/time/{entry}", auth=tickets_token, response={204: None})
def remove_time(request: HttpRequest, code: str, entry: str) -> HttpResponse:
    """It was a mistake."""
    actions.remove_time(queries.time_entry(staffs(request, code), normalised(entry)), **how(request))
    return answer(None, 204)


@router.post("tickets/{code}/forward", auth=tickets_token, response={201: Made})
def forward(request: HttpRequest, code: str, body: ForwardIn) -> HttpResponse:
    """Mail it to somebody outside; the answer comes back as a note. Never notes, only public words and files."""
    found = staffs(request, code)
    wish = actions.Forward(body.to, body.text, body.history, [normalised(file) for file in body.files])
    try:
        note = actions.forward(found, wish, **how(request))
    except NotYours:
        raise InvalidInput({"files": ["unknown"]}) from None
    queries.with_attachments([note])
    return answer(message_json(note, f"/api/v1/tickets/{found.code}"), 201)


@router.put("tickets/{code}/rating", auth=tickets_token)
def rate(request: HttpRequest, code: str, body: RatingIn) -> HttpResponse:
    """The customer says whether he is satisfied; within thirty days the later answer counts. Not for the vendor's side."""
    found, side = ticket_and_side(request, code)
    if side is Side.STAFF or not found.is_done:
        raise InvalidInput({"score": ["not_wanted"]})
    return answer(rating_json(actions.rate(found, Score[body.score.upper()], body.comment, **how(request))))


@router.get("tickets/{code}/history", auth=tickets_token)
def history(request: HttpRequest, code: str) -> HttpResponse:
    """Who changed what and when, newest first: for the vendor's side with the values before and after; a customer sees what the
    conversation shows him."""
    found, side = ticket_and_side(request, code)
    if side is Side.STAFF:
        entries = audit.entries_about([f"ticket:{found.code}"])[:500]
        return answer({"items": [_entry_json(entry) for entry in entries], "next": None})
    caller = caller_of(request)
    assert not is_staff(caller) or caller.person  # a technician in his own ticket
    events = queries.messages_for_customer(found, caller.person).filter(kind=MessageKind.EVENT).order_by("-pk")[:500]
    items = [
        {"at": format_instant(e.written_at), "who": e.author_name, "verb": e.event, "to": e.event_facts.get("to")} for e in events
    ]
    return answer({"items": items, "next": None})


def _entry_json(entry: Any) -> dict[str, Any]:
    return {
        "at": format_instant(entry.at), "who": entry.actor_name, "verb": entry.verb, "sentence": audit.sentence(entry),
        "before": entry.before, "after": entry.after, "facts": entry.facts,
    }  # fmt: skip
