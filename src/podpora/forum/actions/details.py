"""FO-30: staff ask for what is missing; the author's word ends it. Nobody is threatened, nothing is deleted."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from podpora.audit.actions import record
from podpora.base.actors import Actor
from podpora.base.errors import InvalidInput
from podpora.forum import notices
from podpora.forum.actions.locking import locked
from podpora.forum.actions.tokens import new_address
from podpora.forum.models import Topic
from podpora.forum.values import DETAILS_PATIENCE, Shown, Wanted


@transaction.atomic
def ask_details(topic: Topic, wanted: Iterable[str], *, by: Actor, at: datetime) -> Topic:
    """The topic gets a badge, its author a mail with the list. Raises InvalidInput for something that is not on the list."""
    chosen = list(dict.fromkeys(wanted))
    known = {each.value for each in Wanted}
    if not chosen or not set(chosen) <= known:
        code = "unknown" if chosen else "required"
        raise InvalidInput({"wanted": [code]}, {"wanted": {"choices": sorted(known)}})
    topic = locked(topic)
    topic.details, topic.details_at, topic.details_noted_at = chosen, at, None
    topic.save(update_fields=["details", "details_at", "details_noted_at"])
    record("topic.details", topic, by=by, at=at, facts={"wanted": chosen})
    reply_to = new_address(topic.author, topic=topic, number=1, at=at) if topic.author else ""
    notices.details_asked(topic, reply_to=reply_to, at=at)
    return topic


@transaction.atomic
def withdraw_details(topic: Topic, *, by: Actor, at: datetime) -> Topic:
    """Nothing is missing any more."""
    topic = locked(topic)
    if clear_details(topic):
        topic.save(update_fields=["details", "details_at", "details_noted_at"])
        record("topic.details_given", topic, by=by, at=at)
    return topic


def clear_details(topic: Topic) -> bool:
    """The author wrote; the caller saves the topic."""
    was = topic.details_at is not None
    topic.details, topic.details_at, topic.details_noted_at = [], None, None
    return was


@transaction.atomic
def note_forgotten(*, at: datetime) -> int:
    """No answer for two weeks: whoever asked is reminded in the queue. How many topics."""
    late = Topic.objects.filter(details_at__lte=at - DETAILS_PATIENCE, details_noted_at=None, state=Shown.VISIBLE)
    return late.update(details_noted_at=at)
