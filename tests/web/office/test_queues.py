"""The office's pages of queues."""

from typing import Any

import pytest
from django.test import Client

from podpora.desk.models import Queue, Ticket
from podpora.desk.values import Purpose
from podpora.people.models import Person
from tests.make import desk, people
from tests.make.api import Api, token

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
NAMES = {"name_cs": "Vývoj", "name_en": "Development"}


@pytest.fixture
def office(client: Client) -> Client:
    client.force_login(people.manager(), backend=BACKEND)
    return client


@pytest.mark.parametrize("url", ["/office/queues/", "/office/queues/new/", "/office/queues/vip/"])
def test_the_manager_sees_it_in_both_languages_and_nobody_else(office: Client, url: str) -> None:
    desk.queue()
    for language in ("cs", "en"):
        Person.objects.update(language=language)
        assert office.get(url).status_code == 200
    assert Client().get(url).status_code == 302
    for stranger in (people.person(), people.staff()):
        other = Client()
        other.force_login(stranger, backend=BACKEND)
        assert other.get(url).status_code == 404
        assert other.post(url, NAMES).status_code in (404, 405)


def test_a_queue_is_made_renamed_staffed_and_paused(office: Client) -> None:
    technician, other = people.staff(), people.staff()
    made = office.post("/office/queues/new/", NAMES | {"code": "dev", "purpose": "technical", "members": [technician.code]})
    assert made["Location"] == "/office/queues/"
    queue = Queue.objects.get(code="dev")
    assert (queue.purpose, queue.needs_support, queue.is_paused) == (Purpose.TECHNICAL, False, False)
    assert list(queue.technicians.all()) == [technician]
    form = {"name_cs": "Vývojáři", "name_en": "Developers", "members": [other.code], "is_paused": "on"}
    assert office.post("/office/queues/dev/", form)["Location"] == "/office/queues/"
    changed = Queue.objects.get(code="dev")
    assert (changed.name_cs, changed.name_en, changed.is_paused) == ("Vývojáři", "Developers", True)
    assert list(changed.technicians.all()) == [other]
    assert "paused" in office.get("/office/queues/").content.decode()


def test_th10_what_a_word_about_a_ticket_that_is_done_begins(office: Client) -> None:
    queue = desk.queue()
    form = {"name_cs": queue.name_cs, "name_en": queue.name_en}
    assert office.post("/office/queues/vip/", form | {"follow_up": "new", "follow_up_days": "30"}).status_code == 302
    queue.refresh_from_db()
    assert (queue.follow_up, queue.follow_up_days) == ("new", 30)
    assert office.post("/office/queues/vip/", form).status_code == 302  # left out: as it was
    assert office.post("/office/queues/vip/", form | {"follow_up_days": "366"}).status_code == 422
    api = Api(token("tickets"))
    told = api.put("queues/vip/follow-up", {"follow_up": "reopen_within", "days": 7}).json()
    assert (told["follow_up"], told["follow_up_days"]) == ("reopen_within", 7)
    assert api.put("queues/vip/follow-up", {"follow_up": "reopen"}).json()["follow_up_days"] == 7
    assert api.put("queues/vip/follow-up", {"follow_up": "never"}).status_code == 422


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name_cs": " "}, "name_cs"),
        ({"name_en": "x" * 81}, "name_en"),
        ({"code": "vip"}, "code"),
        ({"code": "Ž x"}, "code"),
        ({"purpose": "nothing"}, "purpose"),
        ({"members": ["U-NOBODY"]}, "members"),
    ],
)
def test_what_is_wrong_is_named_and_nothing_is_made(office: Client, wrong: dict[str, Any], field: str) -> None:
    desk.queue()
    answer = office.post("/office/queues/new/", NAMES | {"code": "dev", "purpose": "general"} | wrong)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
    assert Queue.objects.count() == 1


def test_a_queue_that_is_not_there(office: Client) -> None:
    assert office.get("/office/queues/nowhere/").status_code == 404


def test_a_paused_queue_gives_nobody_a_ticket(office: Client) -> None:
    people.staff()
    desk.queue()
    office.post("/office/queues/vip/", NAMES | {"is_paused": "on"})
    assert Ticket.objects.get(pk=desk.ticket().pk).assignee is None
    office.post("/office/queues/vip/", NAMES)
    assert Ticket.objects.get(pk=desk.ticket().pk).assignee is not None


@pytest.mark.parametrize("more", [0, 2])
def test_the_list_asks_a_fixed_number_of_questions(
    office: Client, more: int, django_assert_num_queries: Any, settings: Any
) -> None:
    settings.USERSESSIONS_TRACK_ACTIVITY = False
    for purpose in list(Purpose)[: more + 1]:
        desk.queue(purpose)
        desk.ticket(purpose=purpose)
    office.get("/office/queues/")
    with django_assert_num_queries(5):  # session, person, members, load, queues
        office.get("/office/queues/")
