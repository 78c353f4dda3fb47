"""Answers that are sent later, or in a moment so that they can be taken back. A kill neither loses nor doubles one: the row, the
message and the job's end are one transaction."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction

from podpora.audit.actions import record
from podpora.base.actors import Actor, ActorKind
from podpora.base.clock import format_instant
from podpora.base.decisions import Refused, refuse
from podpora.base.errors import InvalidInput
from podpora.base.reasons import message as sentence_of
from podpora.desk import notices, permissions, queries, rules
from podpora.desk.actions.drafts import Writing, save_draft
from podpora.desk.actions.messages import reply
from podpora.desk.actions.writing import check_words, locked, or_invalid
from podpora.desk.models import SavedDraft, Scheduled, Ticket
from podpora.desk.values import ScheduledState, Side, State, Upload, Words
from podpora.files.actions import discard, store
from podpora.files.models import StoredFile
from podpora.files.queries import content_of
from podpora.files.rules import safe_name
from podpora.jobs.actions import enqueue
from podpora.people.models import Person

LONGEST = timedelta(days=366)
JOB = "podpora.desk.jobs.send_scheduled"


@transaction.atomic
def schedule(ticket: Ticket, words: Words, send_at: datetime, *, then: State | None = None, by: Actor, at: datetime) -> Scheduled:
    """Keep an answer until its moment. Asked now what is known now (CL-1), and again when it is sent. Sent twice, kept once."""
    or_invalid(check_words(words.text, words.uploads))
    if not at <= send_at <= at + LONGEST:
        raise InvalidInput({"send_at": ["ticket.send_past"]})
    ticket = locked(ticket)
    once = rules.once_key(words.once, by, f"later:{ticket.code}")
    if once and (first := Scheduled.objects.filter(once=once).first()):
        return first
    if ticket.merged_into_id:
        refuse("ticket.merged_already", ticket=ticket.code).or_refuse()
    if words.seen is not None and words.seen < ticket.revision:
        newer = queries.newer_than(ticket, words.seen, by.person_id)
        rules.newer_message(newer[-1].author_name if newer else None, ticket.code).or_refuse()
    if then is not None and then is not State(ticket.state):
        rules.may_change_state(ticket.facts(), then).or_refuse()
    made = Scheduled.objects.create(
        ticket=ticket,
        author=Person.objects.get(pk=by.person_id or 0),
        text=words.text,
        files=_kept(words.uploads, by=by, at=at),
        then=then.value if then else "",
        seen=ticket.revision,
        send_at=send_at,
        made_at=at,
        once=once,
    )
    SavedDraft.objects.filter(ticket=ticket, person=made.author).delete()
    record("ticket.scheduled", ticket, by=by, at=at, facts={"answer": made.code, "send_at": format_instant(send_at)})
    enqueue(JOB, {"code": made.code}, at=at, run_after=send_at, unique_key=f"desk.scheduled:{made.code}")
    return made


def _kept(uploads: Sequence[Upload], *, by: Actor, at: datetime) -> list[str]:
    codes = []
    for position, upload in enumerate(uploads, 1):
        name = safe_name(upload.name, f"attachment-{position}")
        kind = upload.content_type[:100] or "application/octet-stream"
        codes.append(store(rules.cleaned(upload, name, kind).content, name=name, content_type=kind, by=by, at=at).code)
    return codes


@transaction.atomic
def withdraw(scheduled: Scheduled, *, by: Actor, at: datetime) -> Scheduled:
    """Take it back before it is sent: its text becomes the writer's draft again. Of the undo and the sending at one moment exactly
    one happens: both lock the row."""
    scheduled = _locked(scheduled)
    if scheduled.state == ScheduledState.WITHDRAWN:
        return scheduled
    if scheduled.state == ScheduledState.SENT:
        refuse("ticket.sent_already", ticket=scheduled.ticket.code).or_refuse()
    scheduled.state = ScheduledState.WITHDRAWN
    scheduled.save(update_fields=["state"])
    ticket, author = scheduled.ticket, scheduled.author
    if not SavedDraft.objects.filter(ticket=ticket, person=author).exists():
        save_draft(ticket, author, Writing(scheduled.text, then=scheduled.then, seen=scheduled.seen or 0), at=at)
    for stored in StoredFile.objects.filter(code__in=scheduled.files):
        discard(stored)
    record("ticket.withdrawn", ticket, by=by, at=at, facts={"answer": scheduled.code})
    return scheduled


@transaction.atomic
def send_now(scheduled: Scheduled, *, by: Actor, at: datetime) -> Scheduled:
    """Not later but now; also when it was held: its writer has read what came meanwhile."""
    scheduled = _locked(scheduled)
    if scheduled.state == ScheduledState.WITHDRAWN:
        refuse("ticket.sent_already", ticket=scheduled.ticket.code).or_refuse()
    if scheduled.state != ScheduledState.SENT:
        _publish(scheduled, seen=None, at=at)
    return scheduled


@transaction.atomic
def send_due(code: str, *, at: datetime) -> ScheduledState | None:
    """The job's part. Run twice, sent once; somebody wrote meanwhile: held, and its writer is asked (CL-1)."""
    found = Scheduled.objects.filter(code=code).first()
    if found is None:
        return None
    scheduled = _locked(found)
    if scheduled.state != ScheduledState.WAITING or scheduled.send_at > at:
        return ScheduledState(scheduled.state)
    if not permissions.may_read(scheduled.author, scheduled.ticket):
        _hold(scheduled, "ticket.not_technicians", at=at)
        return ScheduledState.HELD
    try:
        with transaction.atomic():
            _publish(scheduled, seen=scheduled.seen, at=at)
    except Refused as refusal:
        _hold(scheduled, sentence_of(refusal.decision), at=at)
    return ScheduledState(scheduled.state)


def _locked(scheduled: Scheduled) -> Scheduled:
    """Ticket first, then the answer: the order of everybody who locks both."""
    locked(scheduled.ticket)
    rows = Scheduled.objects.select_for_update(of=("self",)).select_related("ticket", "author")
    return rows.get(pk=scheduled.pk)


def _publish(scheduled: Scheduled, *, seen: int | None, at: datetime) -> None:
    stored = {row.code: row for row in StoredFile.objects.filter(code__in=scheduled.files)}
    files = [stored[code] for code in scheduled.files if code in stored]
    uploads = [Upload(row.name, content_of(row), row.content_type) for row in files]
    words = Words(scheduled.text, uploads, once=f"later:{scheduled.code}", seen=seen)
    then = State(scheduled.then) if scheduled.then else None
    if then is not None and then is not State(scheduled.ticket.state):
        then = then if rules.may_change_state(scheduled.ticket.facts(), then).allowed else None
    by = Actor(ActorKind.PERSON, str(scheduled.author), person_id=scheduled.author_id)
    message = reply(scheduled.ticket, words, side=Side.STAFF, then=then, by=by, at=at)
    scheduled.state, scheduled.message, scheduled.why = ScheduledState.SENT, message.code, ""
    scheduled.save(update_fields=["state", "message", "why"])
    for row in files:
        discard(row)


def _hold(scheduled: Scheduled, why: str, *, at: datetime) -> None:
    scheduled.state, scheduled.why = ScheduledState.HELD, why[:300]
    scheduled.message = ""
    scheduled.save(update_fields=["state", "message", "why"])
    record("ticket.held", scheduled.ticket, by=Actor(ActorKind.SYSTEM, "desk"), at=at, facts={"answer": scheduled.code})
    notices.held(scheduled, at=at)
