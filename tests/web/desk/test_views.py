"""Saved views: a list under a name, shared or not; and the table for spreadsheets."""

import pytest
from django.test import Client

from podpora.base import clock
from podpora.desk import actions
from podpora.desk.models import SavedView
from podpora.desk.values import Priority, Purpose
from podpora.people.models import Person
from podpora.people.values import StaffRole
from tests.make import desk, people

pytestmark = pytest.mark.django_db


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def test_a_list_is_saved_with_its_filters_and_found_by_its_name() -> None:
    technician = people.staff()
    urgent, other = desk.ticket(subject="Urgent one"), desk.ticket(subject="Other")
    actions.set_priority(urgent, Priority.URGENT, by=people.actor(technician), at=clock.now())
    client = signed_in(technician)
    assert (
        'value="view=open&amp;priority=3"' in client.get("/desk/views/?view=open&priority=3&after=1~2&nonsense=1").content.decode()
    )
    saved = client.post("/desk/views/", {"query": "view=open&priority=3", "name_cs": "Hoří", "name_en": "On fire"})
    view = SavedView.objects.get()
    assert saved["Location"] == f"/desk/?view=open&priority=3&saved={view.code}"
    page = client.get(saved["Location"])
    assert [row["subject"] for row in page.context["rows"]] == ["Urgent one"]
    assert [(link.name, link.count, link.is_current) for link in page.context["rail"].saved] == [("On fire", "1", True)]
    assert page.context["rail"].current.name == "On fire"
    Person.objects.filter(pk=technician.pk).update(language="cs")
    assert "Hoří" in client.get("/desk/").content.decode()
    assert other.code not in page.content.decode()


def test_a_name_is_needed_in_one_language() -> None:
    client = signed_in(people.staff())
    answer = client.post("/desk/views/", {"query": "view=open", "name_cs": " ", "name_en": ""})
    assert (answer.status_code, SavedView.objects.count()) == (422, 0)
    assert client.post("/desk/views/", {"query": "view=open", "name_en": "Open"}).status_code == 302


def test_a_view_is_its_owners_unless_it_is_shared() -> None:
    owner, other, manager = people.staff(), people.staff(), people.staff(StaffRole.MANAGER)
    signed_in(owner).post("/desk/views/", {"query": "view=open", "name_en": "Own"})
    view = SavedView.objects.get()
    address = f"/desk/views/{view.code}/"
    assert [signed_in(person).get(address).status_code for person in (owner, other, manager)] == [200, 404, 404]
    assert "Own" not in signed_in(other).get("/desk/").content.decode()
    signed_in(owner).post(address, {"name_en": "Common", "is_shared": "on"})
    assert "Common" in signed_in(other).get("/desk/").content.decode()
    assert [signed_in(person).post(address, {"deed": "remove"}).status_code for person in (other, manager)] == [404, 302]
    assert not SavedView.objects.exists()


def test_a_view_counts_only_what_its_reader_sees() -> None:
    """VI-3: a shared view is a wish, not a door."""
    owner, other = people.staff(), people.staff()
    ticket = desk.ticket()
    signed_in(owner).post("/desk/views/", {"query": "view=open", "name_en": "All", "is_shared": "on"})
    actions.set_members(ticket.queue, [owner], by=people.actor(owner), at=clock.now())
    shown = [signed_in(person).get("/desk/").context["rail"].saved[0].count for person in (owner, other)]
    assert shown == ["1", None]


def test_the_table_holds_the_list_and_no_formulas() -> None:
    technician = people.staff()
    desk.ticket(subject="=HYPERLINK(1)")
    hidden = desk.ticket(subject="Invoice", purpose=Purpose.GENERAL)
    actions.set_members(hidden.queue, [people.staff()], by=people.actor(technician), at=clock.now())
    client = signed_in(technician)
    answer = client.get("/desk/tickets.csv?view=open")
    text = b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]
    assert "'=HYPERLINK(1)" in text
    assert "Invoice" not in text
    assert len(text.strip().splitlines()) == 2


@pytest.mark.parametrize("order", ["urgency", "newest", "oldest", "changed", "nonsense"])
def test_every_order_is_stable_over_pages(order: str) -> None:
    from dataclasses import replace

    from podpora.desk import queries
    from podpora.desk.queries import ListWish

    technician = people.staff()
    made = {desk.ticket(at=desk.AT.replace(minute=n % 3)).code for n in range(7)}
    wish, seen = ListWish("open", order=order), []
    while True:
        page = queries.work_list(technician, wish, at=clock.now(), size=2)
        seen += [row.code for row in page.tickets]
        if not page.next:
            break
        wish = replace(wish, after=page.next)
    assert (set(seen), len(seen)) == (made, 7)


@pytest.mark.parametrize(
    "query", ["state=x", "priority=9", "who=nobody'--", "queue=x", "order=customer__email", "state=new&order=-pk"]
)
def test_c3_filters_are_a_list_of_what_is_allowed(query: str) -> None:
    desk.ticket()
    assert signed_in(people.staff()).get(f"/desk/?view=open&{query}").status_code == 200
