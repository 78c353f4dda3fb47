"""Erasing a person."""

from datetime import datetime

import pytest
from django.apps import apps
from django.db.models import CharField, JSONField, TextField
from django.test import Client

from podpora.base.actors import system
from podpora.base.decisions import Refused
from podpora.config import command
from podpora.desk import actions as desks
from podpora.desk.values import Side
from podpora.journeys import erasing, purchase, transfer
from podpora.licensing import actions as bulk
from podpora.orders.models import Invoice
from podpora.orders.values import CartLine, Terms
from podpora.people import actions, queries
from podpora.people.models import Person
from podpora.people.values import Role
from tests.make import desk, firms, web
from tests.make import people as make

pytestmark = pytest.mark.django_db
BY = system("test")


def places_of(word: str) -> list[str]:
    """Every column of every table in which the word stands."""
    found = []
    for model in apps.get_models():
        texts = [field for field in model._meta.concrete_fields if isinstance(field, CharField | TextField | JSONField)]
        if model._meta.app_label == "sessions":
            continue
        found += [
            f"{model.__name__}.{f.name}" for f in texts if model._default_manager.filter(**{f"{f.name}__icontains": word}).exists()
        ]
    return found


def test_nothing_of_an_erased_person_is_left(at: datetime) -> None:
    jana = make.person("jana.erased@x.example", "Jana Zapomenutá")
    company = make.company()
    actions.invite(company, email=jana.email, role="viewer", by=make.actor(company.memberships.get().person), at=at)
    make.member(company, Role.VIEWER, jana)
    ours = firms.firm("Gama")
    bulk.start_work(ours.licence, "rename", [ours.devices[0].pk], {"pattern": "N"}, by=make.actor(jana), at=at)
    secret = actions.create_token("mine", ["all"], jana, by=make.actor(jana), at=at)
    client = Client()
    client.force_login(jana)
    client.get("/account/profile/")
    assert places_of("jana.erased") and places_of("Zapomenut")
    erasing.erase_person(jana, by=BY, at=at)
    assert places_of("jana.erased") == places_of("Zapomenut") == []
    assert queries.token_for(secret) is None
    assert client.get("/account/profile/").status_code == 302
    jana.refresh_from_db()
    assert not jana.is_active and company.memberships.count() == 1
    actions.erase_person(jana, by=BY, at=at)


def test_a20_the_last_owner_of_a_company_is_not_erased(at: datetime) -> None:
    company = make.company("Firma s.r.o.")
    owner = company.memberships.get().person
    with pytest.raises(Refused) as refusal:
        actions.erase_person(owner, by=BY, at=at)
    assert refusal.value.decision.facts("person.last_owner")["companies"] == "Firma s.r.o."
    make.member(company, Role.OWNER)
    actions.erase_person(owner, by=BY, at=at)
    assert company.memberships.count() == 1


def test_the_command_asks_before_it_erases(capsys: pytest.CaptureFixture[str]) -> None:
    make.person("jana@x.example")
    for arguments, code in ((["jana@x.example"], 1), (["nobody@x.example", "--yes"], 1), (["jana@x.example", "--yes"], 0)):
        with pytest.raises(SystemExit) as end:
            command.main(["erase-person", *arguments])
        assert end.value.code == code
    assert "--yes" in capsys.readouterr().err
    assert not Person.objects.filter(email="jana@x.example").exists()


def test_c47_only_issued_invoices_still_say_who_it_was(at: datetime) -> None:
    """He bought, asked, took part in a colleague's ticket, was offered a licence, and somebody bought one for him."""
    web.vendor()
    jana = make.person("jana.erased@x.example", "Jana Zapomenutá")
    order = web.bought(jana, "2026-03-10")
    ticket = desk.ticket(jana, make.customer_of(jana))
    desk.answer(ticket, make.staff())
    desks.add_participant(desk.ticket(), "jana.erased@x.example", side=Side.STAFF, by=BY, at=at)
    transfer.offer(web.licence_of(web.bought(make.person(), "2026-03-10")), jana.email, by=BY, at=at)
    cart, terms = [CartLine("pro-private-1", 1)], Terms(for_email=jana.email)
    purchase.place(cart, customer=make.customer(), currency="CZK", terms=terms, by=BY, at=at)
    assert {"Order.for_email", "Transfer.to_email", "Participant.email"} <= set(places_of("jana.erased"))
    erasing.erase_person(jana, by=BY, at=at)
    assert set(places_of("jana.erased") + places_of("Zapomenut")) == {"Invoice.content"}
    assert Invoice.objects.get(order=order).content["buyer"]["name"] == "Jana Zapomenutá"
