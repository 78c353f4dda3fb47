"""The vendor's own fields on the customer's form: public ones, some only when another has a value; nothing else of them."""

import pytest
from django.core import signing
from django.test import Client

from podpora.base import clock
from podpora.desk import actions, queries
from podpora.desk.models import Ticket
from podpora.desk.values import FieldKind, Purpose
from podpora.people.models import Person
from tests.make import catalog, desk, people
from tests.make.browsing import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def jana() -> Person:
    person = people.person()
    people.customer_of(person)
    desk.queue(Purpose.LICENCE_BILLING)
    by, at = people.actor(people.staff()), clock.now()
    how = actions.FieldPlan("way", FieldKind.CHOICE, "Způsob", "Way", choices=[("card", "Kartou", "By card"), ("bank", "Převodem", "By bank")],
                            is_public=True, is_required=True)  # fmt: skip
    number = actions.FieldPlan("account", FieldKind.TEXT, "Účet", "Account", is_public=True, is_required=True, shown_when="way",
                               shown_when_values=["bank"])  # fmt: skip
    inner = actions.FieldPlan("inner", FieldKind.TEXT, "CANARY", "CANARY", is_required=True)
    for plan in (how, number, inner):
        actions.save_field(plan, by=by, at=at)
    return person


def asked(jana: Person, **fields: str) -> tuple[int, str]:
    client = signed_in(jana)
    form = {"topic": "licence", "about": people.customer_of(jana).code, "subject": "Paid twice", "text": "Please look."}
    answer = client.post("/centre/new/?topic=licence", form | {f"f-{name}": value for name, value in fields.items()})
    return answer.status_code, answer.content.decode()


def test_public_fields_are_asked_for_and_kept(jana: Person) -> None:
    page = signed_in(jana).get("/centre/new/?topic=licence").content.decode()
    assert 'name="f-way"' in page
    assert 'data-shown-when="way"' in page
    assert "CANARY" not in page  # VI-2
    assert asked(jana, way="bank", account="123")[0] == 302
    assert queries.values_of(Ticket.objects.get()) == {"way": "bank", "account": "123"}


@pytest.mark.parametrize(
    ("fields", "status"),
    [({"way": "card"}, 302), ({"way": "card", "account": "9"}, 302), ({"way": "bank"}, 422), ({}, 422), ({"way": "gold"}, 422),
     ({"way": "card", "inner": "x"}, 302)],
)  # fmt: skip
def test_what_is_required_is_required_only_where_it_is_shown(jana: Person, fields: dict[str, str], status: int) -> None:
    answered, page = asked(jana, **fields)
    assert answered == status
    assert Ticket.objects.count() == (1 if status == 302 else 0)
    if status == 302:
        assert queries.values_of(Ticket.objects.get()) == {
            "way": "card"
        }  # what is not shown is forgotten, what is not public not taken
    else:
        assert "field-error" in page
        assert "Please look." in page  # his words are kept


def test_a_visitor_is_asked_for_the_fields_of_the_topic_that_he_chose(jana: Person) -> None:
    catalog.catalogue()
    desk.queue(Purpose.GENERAL)
    by, at = people.actor(people.staff()), clock.now()
    billing = [desk.queue(Purpose.LICENCE_BILLING)]
    row = actions.FieldPlan("way", FieldKind.CHOICE, "Způsob", "Way", choices=[("card", "Kartou", "By card")], is_public=True,
                            is_required=True, queues=billing)  # fmt: skip
    actions.save_field(row, by=by, at=at)
    page = Client().get("/contact/").content.decode()
    assert 'data-topics="licence_billing"' in page
    assert "CANARY" not in page

    def sent(purpose: str, number: int, **more: str) -> int:
        began = signing.dumps(int(at.timestamp()) - 60, salt="contact")
        letter = {
            "purpose": purpose,
            "email": "v@visitor.example",
            "subject": "S",
            "text": f"Hello {number}",
            "once": f"{number}" * 20,
        }
        return Client().post("/contact/", letter | {"began": began} | more, headers={"Origin": "http://testserver"}).status_code

    assert sent("licence_billing", 1) == 422  # it has to be filled in
    assert sent("licence_billing", 1, **{"f-way": "shoe"}) == 422
    assert sent("licence_billing", 1, **{"f-way": "card"}) == 302
    assert queries.values_of(Ticket.objects.get()) == {"way": "card"}
    assert sent("before", 2, **{"f-way": "shoe"}) == 302  # asked elsewhere only: forgotten
