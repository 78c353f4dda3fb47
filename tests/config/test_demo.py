"""The demo: its people are in the states that docs/reference/demo.md promises, and it is never mixed with real data."""

from datetime import UTC, datetime, timedelta

import pytest

from podpora.base.actors import Actor
from podpora.config.commands import CommandFailed
from podpora.config.demo import loading
from podpora.config.demo.people import PASSWORD, PEOPLE
from podpora.desk.models import Ticket
from podpora.journeys import rights
from podpora.licensing.models import Licence
from podpora.mail.models import OutgoingMail
from podpora.orders.models import Order
from podpora.people import actions as people
from podpora.people.models import Person
from tests.make.patience import so_many

# Days on which relative dates are hard: a leap day, the day after it, the turn of the year, the end of summer time.
TODAY = [
    datetime(2026, 11, 22, 14, 0, tzinfo=UTC),
    datetime(2028, 2, 29, 9, 0, tzinfo=UTC),
    datetime(2027, 1, 1, 0, 30, tzinfo=UTC),
    datetime(2026, 10, 25, 1, 30, tzinfo=UTC),
]


def licence_of(email: str) -> Licence:
    return Licence.objects.filter(customer__memberships__person__email=email).earliest("pk")


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.parametrize("today", TODAY[: so_many(1, 2)])
def test_the_demo_people_are_as_promised(today: datetime) -> None:
    loading.load(at=today)

    def support(email: str) -> tuple[bool, str]:
        decision = rights.support_decision(licence_of(email), at=today)
        return decision.allowed, decision.code

    assert support("jana@private.example") == (True, "support.active")
    assert (licence_of("jana@private.example").seats_used, licence_of("jana@private.example").seats) == (2, 3)
    assert support("petr@lapsed.example") == (False, "support.expired")
    petr = rights.rights_of(licence_of("petr@lapsed.example"), at=today)
    assert petr.run.covers_all
    assert petr.support_through is not None
    assert timedelta(days=300) < today.date() - petr.support_through < timedelta(days=430)
    assert support("olga@eol.example")[0] is False
    assert rights.rights_of(licence_of("olga@eol.example"), at=today).run.through_major == 8
    assert support("filip@free.example") == (False, "support.not_included")
    assert support("trial@trial.example") == (False, "support.not_included")
    assert support("admin@company.example") == (True, "support.active")
    company = licence_of("admin@company.example")
    assert (company.seats_used, company.seats) == (18, 25)
    assert licence_of("billing@company.example") == licence_of("member@company.example") == company
    assert licence_of("admin@other.example").customer != company.customer
    assert set(Ticket.objects.values_list("state", flat=True)) >= {"new", "open", "waiting_customer", "solved", "closed"}
    assert set(Order.objects.values_list("state", flat=True)) == {
        "paid",
        "refunded",
        "part_refunded",
        "awaiting_payment",
        "disputed",
    }
    assert not OutgoingMail.objects.exclude(state="sent").exists()
    assert all(Person.objects.get(email=person.email).check_password(PASSWORD) for person in PEOPLE)


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.parametrize("today", TODAY[2:][: so_many(1, 10)])
def test_the_demo_loads_on_any_day(today: datetime) -> None:
    loading.load(at=today)
    assert loading.is_loaded()
    assert Order.objects.latest("placed_at").placed_at <= today


@pytest.mark.django_db
def test_it_is_never_mixed_with_real_data(by: Actor, at: datetime) -> None:
    people.create_person("somebody@real.example", "Somebody", by=by, at=at)
    with pytest.raises(CommandFailed, match="not the demo's"):
        loading.ensure_no_real_data()
