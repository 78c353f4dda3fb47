"""The page of work on a ticket and the office's page of rules, in a browser without JavaScript."""

from typing import Any

import pytest

from podpora.desk import actions
from podpora.desk.models import Ticket
from podpora.people.models import Person
from tests.make import desk, people
from tests.make.browsing import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def technician() -> Person:
    return people.staff()


def do(client: Any, of: Ticket, what: str, **form: Any) -> Any:
    return client.post(f"/desk/{of.code}/do/{what}/", form)


def test_every_part_of_the_page_works_alone(technician: Person) -> None:
    ticket, other = desk.ticket(), desk.ticket()
    client = signed_in(technician)
    page = client.get(f"/desk/{ticket.code}/details/")
    assert page.status_code == 200
    for name in ("edit", "link", "parent", "spent", "forward", "close_as"):
        assert f"/desk/{ticket.code}/do/{name}/" in page.content.decode()
    assert do(client, ticket, "edit", subject="Better", kind="problem").status_code == 302
    assert do(client, ticket, "link", ticket=other.code.removeprefix("T-"), kind="relates").status_code == 302
    assert do(client, ticket, "spent", minutes="15", note="x").status_code == 302
    assert do(client, ticket, "forward", to="x@elsewhere.example", text="?").status_code == 302
    ticket.refresh_from_db()
    assert (ticket.subject, ticket.kind, ticket.spent_minutes) == ("Better", "problem", 15)
    assert do(client, ticket, "nothing").status_code == 404
    assert "Better" in client.get(f"/desk/{ticket.code}/details/").content.decode()


def test_splitting_leads_to_the_new_ticket(technician: Person) -> None:
    ticket = desk.ticket()
    message = desk.ask_again(ticket, "Another thing")
    done = do(signed_in(technician), ticket, "split", messages=[message.code], subject="Apart")
    new = Ticket.objects.latest("pk")
    assert (done["Location"], new.subject) == (f"/desk/{new.code}/", "Apart")


def test_vi_3_nothing_is_done_to_what_one_does_not_see(technician: Person) -> None:
    hidden, mine = desk.ticket(), desk.ticket(purpose=desk.Purpose.GENERAL)
    actions.set_members(hidden.queue, [people.staff()], by=people.actor(technician), at=desk.AT)
    client = signed_in(technician)
    for what in ("edit", "split", "link", "forward"):
        assert do(client, hidden, what, subject="x", ticket=mine.code, text="x").status_code == 404
    assert client.get(f"/desk/{hidden.code}/details/").status_code == 404
    assert do(client, mine, "link", ticket=hidden.code, kind="relates").status_code == 422
