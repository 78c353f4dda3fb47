"""What stands beside a ticket: notes on the customer, his licence over time, central settings; and what the lines of a list show."""

from typing import Any

import pytest

from podpora.base import clock
from podpora.desk import actions, queries
from podpora.desk.models import CustomerNote, Habit
from podpora.desk.values import Column, MessageKind
from podpora.journeys import beside, erasing
from podpora.web.conversation import Item, folded
from tests.make import desk, fleet, forum, licensing, people
from tests.make.api import Api, token
from tests.make.browsing import signed_in
from tests.make.firms import firm

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


def test_vi_2_a_note_on_the_customer_stands_at_each_ticket_of_his_and_at_no_others(django_assert_num_queries: Any) -> None:
    technician, jana = people.staff(), people.person()
    first, second, other = desk.ticket(jana), desk.ticket(jana), desk.ticket()
    client = signed_in(technician)
    said = client.post(f"/desk/{first.code}/customer-notes/", {"text": "CANARY wants to be called"}, headers=HTMX)
    assert "CANARY" in said.content.decode()
    assert "<html" not in said.content.decode()
    client.post(f"/desk/{first.code}/customer-notes/", {"text": "CANARY wants to be called"})  # sent twice, written once
    assert CustomerNote.objects.count() == 1
    assert "CANARY" in client.get(f"/desk/{second.code}/").content.decode()
    assert "CANARY" not in client.get(f"/desk/{other.code}/").content.decode()
    assert "CANARY" not in signed_in(jana).get(f"/centre/{first.code}/").content.decode()
    assert client.post(f"/desk/{first.code}/customer-notes/", {"text": " "}).status_code == 422
    note = CustomerNote.objects.get()
    assert client.post(f"/desk/{other.code}/customer-notes/", {"remove": note.code}).status_code == 404  # C4
    client.post(f"/desk/{second.code}/customer-notes/", {"remove": note.code})
    assert not CustomerNote.objects.exists()


def test_a19_notes_on_somebody_go_with_him() -> None:
    technician, jana = people.staff(), people.person()
    by = people.actor(technician)
    actions.note_customer(desk.ticket(jana), "She has two dogs", by=by, at=clock.now())
    kept = actions.note_customer(desk.ticket(), "Pays late", by=by, at=clock.now())
    erasing.erase_person(jana, by=by, at=clock.now())
    assert [note.pk for note in CustomerNote.objects.all()] == [kept.pk]


def test_the_story_shows_the_licence_over_time_and_the_revision_on_the_device() -> None:
    technician = people.staff()
    fleet.schema()
    alfa = firm()
    device = licensing.activated(alfa.licence, licensing.device("NB-1")).activation.device
    admin = Api(token("settings", person=alfa.owner))
    fleet.put(admin, "settings/layers/company", {"entries": {"look.theme": fleet.forced("dark")}})
    admin.post("settings/revisions", {"based_on": 0, "comment": "Dark is better"})
    ticket = desk.ticket(alfa.owner, alfa.customer)
    ticket.licence, ticket.device = device.licence.code, device.code
    ticket.save(update_fields=["licence", "device"])
    page = signed_in(technician).get(f"/desk/{ticket.code}/story/", headers=HTMX).content.decode()
    assert 'class="timeline"' in page
    (settings,) = beside.settings_of(ticket, device.licence)
    assert (settings.revision, settings.comment, settings.on_device) == (1, "Dark is better", None)
    assert "Dark is better" in page
    assert "<html" in signed_in(technician).get(f"/desk/{desk.ticket().code}/story/").content.decode()


def test_the_story_names_what_the_asker_began_in_the_forum() -> None:
    ticket = desk.ticket(forum.member())
    topic = forum.topic(author=ticket.requester, title="Which server do I enter here?")
    forum.topic(title="Somebody else asks this")
    page = signed_in(people.staff()).get(f"/desk/{ticket.code}/story/").content.decode()
    assert f"/forum/topics/{topic.number}/" in page
    assert "Somebody else asks this" not in page


def test_the_story_of_a_stranger_to_the_queue_is_not_there() -> None:
    ticket = desk.ticket()
    assert signed_in(people.person()).get(f"/desk/{ticket.code}/story/").status_code == 404
    assert signed_in(ticket.requester).get(f"/desk/{ticket.code}/story/").status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
def test_columns_are_chosen_for_all_lists_or_for_one(rows: int, django_assert_num_queries: Any, settings: Any) -> None:
    settings.USERSESSIONS_TRACK_ACTIVITY = False
    technician = people.staff()
    tickets = [desk.ticket(people.person(name="Jana Nováková")) for _row in range(rows)]
    actions.set_tags(tickets[0], ["calendar"], by=people.actor(technician), at=clock.now())
    client = signed_in(technician)
    assert "Jana Nováková" in client.get("/desk/?view=all").content.decode()
    client.post("/desk/columns/", {"column": ["tags", "opened", "nonsense"], "query": "view=all"})
    assert Habit.objects.get().columns == ["tags", "opened"]
    page = client.get("/desk/?view=all").content.decode()
    assert "#calendar" in page
    assert "Jana Nováková" not in page
    one = client.post("/desk/columns/", {"column": ["requester"], "query": "view=all", "only": "1"})
    assert one["Location"] == "/desk/?view=all&column=requester"
    assert "Jana Nováková" in client.get(one["Location"]).content.decode()
    with django_assert_num_queries(12):  # one more than without tags
        client.get("/desk/?view=all")


def test_columns_that_are_none_are_refused() -> None:
    with pytest.raises(Exception, match="columns"):
        actions.set_columns(people.staff(), ["password"])
    person = people.staff()
    actions.set_columns(person, [])
    assert Column.STATE in queries.columns_of(person)


@pytest.mark.parametrize(("kinds", "drawn"), [("m", "m"), ("mee", "mee"), ("meeem", "m3m"), ("eeee", "4"), ("meemeee", "meem3")])
def test_events_in_a_row_are_one_line(kinds: str, drawn: str) -> None:
    kind = {"m": MessageKind.PUBLIC, "e": MessageKind.EVENT}
    found = folded([Item(f"M-{n}", kind[letter], "", clock.now(), str(n)) for n, letter in enumerate(kinds)])
    assert "".join(str(len(item.inner)) if item.inner else "em"[item.kind == MessageKind.PUBLIC] for item in found) == drawn
