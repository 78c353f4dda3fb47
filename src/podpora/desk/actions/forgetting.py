"""A person is erased: what was written in tickets stays, who wrote it is forgotten."""

import json
import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q

from podpora.desk.models import CustomerNote, Message, Participant, ReplyToken, StateChange
from podpora.desk.values import MessageKind
from podpora.people.models import Person

NOBODY = "—"


@transaction.atomic
def forget_author(person: Person, name: str, addresses: Sequence[str], *, at: datetime) -> None:
    """His name goes from messages, events and states; he takes part in nothing any more. `name` and `addresses`: as they stood there."""
    Participant.objects.filter(Q(person=person) | Q(email__in=addresses)).delete()
    ReplyToken.objects.filter(Q(person=person) | Q(email__in=addresses)).delete()
    Message.objects.filter(author=person).update(author_name=NOBODY)
    Message.objects.filter(ticket__requester=person, author_name=name).update(author_name=NOBODY)
    StateChange.objects.filter(ticket__requester=person, by_name=name).update(by_name=NOBODY)
    for word in (*addresses, *([name] if " " in name else [])):  # one word alone could be anybody's
        _forget_in_events(word)
    CustomerNote.objects.filter(customer__person=person).delete()  # what was known of him
    CustomerNote.objects.filter(author=person).update(author=None, author_name=NOBODY)


def _forget_in_events(word: str) -> None:
    """Events name whom they were about: `{"person": "Jana Nováková"}`."""
    kept = Q(event_facts__icontains=word) | Q(event_facts__icontains=json.dumps(word)[1:-1])  # SQLite keeps JSON in ASCII
    for event in Message.objects.filter(kept, kind=MessageKind.EVENT):
        Message.objects.filter(pk=event.pk).update(event_facts=_without(event.event_facts, word))


def _without(value: Any, word: str) -> Any:
    match value:
        case dict():
            return {key: _without(part, word) for key, part in value.items()}
        case list():
            return [_without(part, word) for part in value]
        case str():
            return re.sub(re.escape(word), NOBODY, value, flags=re.IGNORECASE)
    return value
