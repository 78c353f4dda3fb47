"""Locking what is about to change."""

from podpora.base.errors import NotYours
from podpora.forum.models import Topic


def locked(topic: Topic) -> Topic:
    """The topic as it is now, locked: everything that changes one asks for it first. NotYours when it is gone."""
    found = Topic.objects.select_for_update(of=("self",)).select_related("category").filter(pk=topic.pk).first()
    if found is None:
        raise NotYours
    return found
