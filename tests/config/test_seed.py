"""`podpora seed`: what it makes is what actions would have made, as far as readers can tell."""

import argparse
from datetime import datetime, timedelta

import pytest
from django.conf import settings

from podpora.base import clock
from podpora.base.actors import Actor
from podpora.config.command import module_of
from podpora.config.demo.people import PASSWORD
from podpora.desk import rules
from podpora.desk.models import Message, StateChange, Ticket
from podpora.desk.values import Place
from podpora.forum import actions as forum
from podpora.forum.actions.writing import recount_members
from podpora.forum.models import Category, Member, Post, Solution, Topic
from podpora.forum.values import NewPost, NewTopic
from podpora.journeys import rights
from podpora.licensing import queries as licensing
from podpora.licensing.models import Activation, Licence
from podpora.orders.models import Order
from podpora.people import actions
from podpora.people.models import Customer
from podpora.search.actions import index
from podpora.search.models import Document


def seed(**numbers: int) -> None:
    module = module_of("seed")
    parser = argparse.ArgumentParser()
    module.add_arguments(parser)
    module.fill(parser.parse_args([part for noun, n in numbers.items() for part in (f"--{noun}", str(n))]))


@pytest.mark.django_db
def test_it_makes_what_it_was_asked_for(at: datetime, by: Actor) -> None:
    seed(licences=20, tickets=60, orders=10)
    seed(licences=5, tickets=5, orders=5)  # again beside the first
    assert (Licence.objects.count(), Ticket.objects.count(), Order.objects.count()) == (25, 65, 15)
    assert Message.objects.count() >= 65
    assert StateChange.objects.filter(until_at=None).count() == 65
    assert not [t for t in Ticket.objects.all() if rules.place_of(t.facts()) != Place(t.rank, t.since)]
    for licence in Licence.objects.all():
        replayed = rights.rights_of(licence, at=at.replace(year=2099))
        assert replayed.seats == licence.seats == 3
        assert Activation.objects.filter(licence=licence).count() == licence.seats_used == 1
    found = licensing.licence_by_key(licensing.key_of(licence))
    assert found == licence


@pytest.mark.django_db
def test_a_company_with_very_many_devices(at: datetime, by: Actor) -> None:
    seed(devices=510)
    seed(devices=3)  # a second one beside the first
    company = Customer.objects.get(kind="company", licences__seats_used=500)
    assert [licence.seats_used for licence in company.licences.all()] == [500, 10]
    assert [person.check_password(PASSWORD) for person in company.members.all()] == [settings.DEMO]
    for licence in company.licences.all():
        assert rights.rights_of(licence, at=at.replace(year=2099)).seats == licence.seats == 500
        assert licensing.active_devices(licence).count() == licence.seats_used
    actions.create_person("after@example.com", "After", by=by, at=at)  # ids go on behind what was written in bulk


@pytest.mark.django_db
def test_topics_are_as_if_somebody_had_written_them(at: datetime, by: Actor) -> None:
    """Counted as the nightly recount counts, found by the search, with one solution at most."""
    seed(topics=40, posts=200)
    seed(posts=10)  # beside the first
    assert (Topic.objects.count(), Post.objects.count()) == (42, 210)
    assert forum.recount_all() == 0
    assert sum(category.posts_count for category in Category.objects.all()) == 210
    solved = Solution.objects.select_related("topic").first()
    assert solved is not None
    assert solved.post_id is not None
    assert solved.topic.solved_at == solved.accepted_at
    member = Member.objects.filter(topics_count__gt=0).first()
    assert member is not None
    before = (member.topics_count, member.posts_count, member.solutions_count)
    recount_members([member.person_id])
    member.refresh_from_db()
    assert before == (member.topics_count, member.posts_count, member.solutions_count)
    document = Document.objects.filter(kind="topic", ref=solved.post_id).get()
    index("topic", [solved.post_id], at=at)
    again = Document.objects.filter(kind="topic", ref=solved.post_id).get()
    assert [getattr(document, name) for name in ("keys", "title", "people", "body", "place")] == [
        getattr(again, name) for name in ("keys", "title", "people", "body", "place")
    ]
    author = solved.topic.author
    category = Category.objects.get(pk=solved.topic.category_id)
    new = NewTopic("After the seed", NewPost("Numbers go on."))
    assert forum.start_topic(category, new, author=author, by=by, at=clock.now() + timedelta(days=1)).number > 42
