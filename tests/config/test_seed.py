"""`podpora seed`: what it makes is what actions would have made, as far as readers can tell."""

import argparse
from datetime import datetime

import pytest
from django.conf import settings

from podpora.base.actors import Actor
from podpora.config.command import module_of
from podpora.config.commands import CommandFailed
from podpora.config.demo.people import PASSWORD
from podpora.desk import rules
from podpora.desk.models import Message, StateChange, Ticket
from podpora.desk.values import Place
from podpora.journeys import rights
from podpora.licensing import queries as licensing
from podpora.licensing.models import Activation, Licence
from podpora.orders.models import Order
from podpora.people import actions
from podpora.people.models import Customer


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
def test_it_says_that_topics_are_not_made_yet() -> None:
    module = module_of("seed")
    parser = argparse.ArgumentParser()
    module.add_arguments(parser)
    with pytest.raises(CommandFailed, match="topics and posts are not made"):
        module.run(parser.parse_args(["--topics", "1"]))
