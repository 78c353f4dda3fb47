"""Votes: "this helped me, too"."""

from datetime import datetime

from django.db import transaction
from django.db.models import F

from podpora.base.actors import Actor
from podpora.forum import rules
from podpora.forum.actions.locking import locked
from podpora.forum.actions.writing import pen_of
from podpora.forum.models import Member, Post, Topic, Vote
from podpora.people.models import Person


@transaction.atomic
def vote(post: Post, *, person: Person, by: Actor, at: datetime) -> Post:
    """Once for each person and post, however often it is sent; never for oneself (S56)."""
    locked(post.topic)
    pen = pen_of(person, by=by, at=at)
    post = Post.objects.get(pk=post.pk)
    rules.may_vote(pen.facts, post.facts(), why=pen.why, at=at).or_refuse()
    _row, made = Vote.objects.get_or_create(post=post, person=person, defaults={"at": at})
    if made:
        _count(post, person, 1)
    return post


@transaction.atomic
def take_vote_back(post: Post, *, person: Person, by: Actor, at: datetime) -> Post:
    locked(post.topic)
    post = Post.objects.get(pk=post.pk)
    if Vote.objects.filter(post=post, person=person).delete()[0]:
        _count(post, person, -1)
    return post


def _count(post: Post, person: Person, step: int) -> None:
    post.votes += step
    Post.objects.filter(pk=post.pk).update(votes=F("votes") + step)
    if post.number == 1:
        Topic.objects.filter(pk=post.topic_id).update(votes=F("votes") + step)
    Member.objects.filter(person=post.author_id).update(votes_received=F("votes_received") + step)
    Member.objects.filter(person=person).update(votes_given=F("votes_given") + step)
