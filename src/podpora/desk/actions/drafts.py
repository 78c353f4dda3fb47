"""What a technician is writing, kept by the server."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from podpora.audit.actions import record
from podpora.base.actors import Actor
from podpora.base.decisions import refuse
from podpora.base.errors import InvalidInput
from podpora.desk import notices
from podpora.desk.actions.writing import locked
from podpora.desk.models import SavedDraft, Ticket
from podpora.desk.values import TEXT_LENGTH, State
from podpora.people.models import Person


@dataclass(frozen=True, slots=True)
class Writing:
    """What stands in the box. `version`: of the draft that this text grew from; 0 for the first."""

    text: str
    kind: str = "reply"
    then: str = ""
    seen: int = 0
    version: int = 0


@transaction.atomic
def save_draft(ticket: Ticket, person: Person, writing: Writing, *, at: datetime) -> SavedDraft:
    """Keep it. Two windows, one draft: whoever writes on an older version is told (`ticket.draft_changed`). Changes nothing else."""
    if len(writing.text) > TEXT_LENGTH or "\x00" in writing.text:
        raise InvalidInput({"text": ["too_long" if len(writing.text) > TEXT_LENGTH else "ticket.not_text"]})
    known = {state.value for state in State} | {""}
    ticket = locked(ticket)
    draft = SavedDraft.objects.select_for_update().filter(ticket=ticket, person=person).first()
    if draft is None:
        draft = SavedDraft(ticket=ticket, person=person, version=0)
    elif draft.text == writing.text and draft.kind == writing.kind and draft.then == writing.then:
        return draft
    elif writing.version != draft.version:
        refuse("ticket.draft_changed", ticket=ticket.code, version=draft.version).or_refuse()
    draft.text, draft.kind = writing.text, "note" if writing.kind == "note" else "reply"
    draft.then, draft.seen = writing.then if writing.then in known else "", writing.seen
    draft.version += 1
    draft.saved_at = at
    draft.save()
    return draft


@transaction.atomic
def drop_draft(ticket: Ticket, person: Person) -> bool:
    """Throw it away; also when it was sent. False if there was none."""
    return bool(SavedDraft.objects.filter(ticket=ticket, person=person).delete()[0])


@transaction.atomic
def take_draft(draft: SavedDraft, person: Person, *, by: Actor, at: datetime) -> SavedDraft:
    """A colleague goes on with it: it is his now, and the first one is told. Refused while he has one himself."""
    ticket = locked(draft.ticket)
    draft = SavedDraft.objects.select_for_update().select_related("person").get(pk=draft.pk)
    if draft.person_id == person.pk:
        return draft
    if SavedDraft.objects.filter(ticket=ticket, person=person).exists():
        refuse("ticket.draft_taken", ticket=ticket.code).or_refuse()
    before = draft.person
    draft.person, draft.given_by = person, str(before)[:200]
    draft.version += 1
    draft.saved_at = at
    draft.save()
    record("ticket.draft_taken", ticket, by=by, at=at, before={"of": before.code}, after={"of": person.code})
    notices.draft_taken(ticket, before, person, at=at)
    return draft
