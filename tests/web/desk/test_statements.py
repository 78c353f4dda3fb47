"""Pages beside the list and the conversation ask the same number of statements, however much there is to show."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from podpora.desk import actions
from podpora.desk.values import FieldKind, LinkKind, Purpose, Words
from tests.make import desk, people
from tests.make.browsing import signed_in

pytestmark = pytest.mark.django_db
ASKED = {"details/": 16, "story/": 7, "": 23}


@pytest.mark.parametrize("rows", [1, 3])
def test_details_story_and_reports_cost_the_same(rows: int) -> None:
    technician, who = people.staff(), people.person()
    by, ticket = people.actor(technician), desk.ticket(who)
    for n in range(rows):
        other = desk.ticket(who, purpose=Purpose.GENERAL)
        plan = actions.FieldPlan(f"field{n}", FieldKind.TEXT, f"Pole {n}", f"Field {n}")
        actions.save_field(plan, by=by, at=desk.AT)
        actions.set_fields(ticket, {plan.code: "x"}, by=by, at=desk.AT)
        actions.link(ticket, other, LinkKind.RELATES, by=by, at=desk.AT)
        actions.change_tags(ticket, add=[f"tag {n}"], by=by, at=desk.AT)
        actions.add_time(ticket, 5, "", by=by, at=desk.AT)
        actions.follow(ticket, people.staff(), by=by, at=desk.AT)
        actions.add_note(ticket, Words(f"Note {n}"), by=by, at=desk.AT)
        desk.answer(ticket, technician)
    client = signed_in(technician)
    found = {}
    for part in ASKED:
        address = f"/desk/{ticket.code}/{part}" if part else "/desk/reports/?since=2026-03-01&until=2026-03-31&by=tag"
        assert client.get(address).status_code == 200  # what is kept between requests
        with CaptureQueriesContext(connection) as asked:
            client.get(address)
        found[part] = len(asked)
    assert found == ASKED
