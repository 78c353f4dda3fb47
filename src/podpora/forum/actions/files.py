"""Pictures and files of posts."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.core.files.base import File
from django.db import transaction

from podpora.base.actors import Actor
from podpora.base.decisions import refuse
from podpora.files.actions import discard, store, store_picture
from podpora.files.models import StoredFile
from podpora.forum.actions.members import member_of
from podpora.forum.models import Post, PostFile
from podpora.forum.values import Trust
from podpora.people.models import Person

MOST_WAITING = 30  # that a person stored and did not use
MOST_SIZE = 10 * 1024 * 1024


@transaction.atomic
def keep_picture(person: Person, content: "bytes | File[bytes]", name: str, *, by: Actor, at: datetime) -> StoredFile:
    """A picture for a text that is being written: drawn anew. Seen by nobody else until a post shows it. Raises InvalidInput."""
    _room_for_one(person)
    stored = store_picture(content, name=name, by=by, at=at)
    PostFile.objects.create(file=stored, person=person, stored_at=at)
    return stored


@transaction.atomic
def keep_file(person: Person, content: "bytes | File[bytes]", name: str, kind: str, *, by: Actor, at: datetime) -> StoredFile:
    """A file to go with a post. Newcomers can't (FO-12). Raises InvalidInput."""
    _room_for_one(person)
    facts = member_of(person, at=at).facts()
    if facts.trust is Trust.NEW and not facts.is_staff:
        refuse("forum.no_files").or_refuse()
    stored = store(content, name=name, content_type=kind, by=by, at=at, max_size=MOST_SIZE)
    PostFile.objects.create(file=stored, person=person, stored_at=at)
    return stored


def _room_for_one(person: Person) -> None:
    if PostFile.objects.filter(person=person, post=None).count() >= MOST_WAITING:
        refuse("forum.too_many_files", most=MOST_WAITING).or_refuse()


def claim_files(post: Post, codes: Sequence[str], pictures: Sequence[str]) -> None:
    """What the writer stored belongs to the post now: what he chose, and the pictures that stand in the text."""
    shown = [address.rstrip("/").rpartition("/")[2] for address in pictures if address.startswith("/forum/files/")]
    wanted = {*codes, *shown}
    if wanted and post.author_id is not None:
        PostFile.objects.filter(file__code__in=wanted, person=post.author_id, post=None).update(post=post)


@transaction.atomic
def forget_unused(*, at: datetime) -> int:
    """What nobody used within two days. How many."""
    rows = PostFile.objects.filter(post=None, stored_at__lte=at - timedelta(days=2)).select_related("file")
    count = 0
    for row in rows:
        stored = row.file
        row.delete()
        discard(stored)
        count += 1
    return count
