"""What staff see of the forum: members, categories, canned replies, the report."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from podpora.base import clock
from podpora.desk import actions as desk
from podpora.forum import actions, queries
from podpora.forum.values import Penalty
from podpora.people.models import Person
from podpora.people.values import StaffRole
from podpora.search.actions import note_miss
from podpora.web.forum.shown import topic_url
from tests.make import forum as make
from tests.make import people

pytestmark = pytest.mark.django_db
NOW = clock.now()
AGO = NOW - timedelta(hours=3)


def signed_in(somebody: Person) -> Client:
    client = Client()
    client.force_login(somebody)
    return client


def test_moderators_find_members_and_what_was_decided_about_them() -> None:
    moderator, technician = people.staff(StaffRole.MODERATOR), people.staff()
    loud, quiet = make.member(name="Loud Larry"), make.member(name="Quiet Quentin")
    row = actions.member_of(loud, at=AGO)
    actions.penalise(row, Penalty.SILENCED, until_at=NOW + timedelta(days=2), why="Advertising", by=people.actor(moderator), at=AGO)
    client = signed_in(moderator)
    page = client.get("/desk/forum/people/").content.decode()
    assert "Loud Larry" in page
    assert "Advertising" in page
    assert "Quiet Quentin" not in page
    assert "Quiet Quentin" in client.get("/desk/forum/people/?q=quentin").content.decode()
    assert "Advertising" in client.get(f"/desk/forum/people/{row.handle}/").content.decode()
    for stranger in (technician, quiet):
        assert signed_in(stranger).get("/desk/forum/people/").status_code == 404


def test_a_manager_makes_orders_and_archives_categories() -> None:
    boss = signed_in(people.manager())
    first, second = make.category("alpha", position=1), make.category("beta", position=2)
    wish = {"name_cs": "Nápady", "name_en": "Ideas", "code": "ideas", "icon": "lightbulb", "reads": "members", "writes": "members"}
    assert boss.post("/office/forum/new/", wish | {"code": "alpha"}).status_code == 422  # taken
    assert boss.post("/office/forum/new/", wish, follow=True).status_code == 200
    ideas = queries.any_category("ideas")
    assert ideas is not None
    assert (ideas.reads, ideas.solving, ideas.position, ideas.is_open) == ("members", False, 3, True)
    boss.post("/office/forum/order/", {"code": "ideas", "step": "up"})
    assert [row.code for row in queries.all_categories()] == [first.code, "ideas", second.code]
    topic = make.topic(first, title="An older question", at=AGO)
    page = boss.get("/office/forum/alpha/").content.decode()
    seen = re.search(r'name="seen" value="([^"]+)"', page)[1]  # type: ignore[index]
    form = wish | {"seen": seen, "is_archived": "on", "reads": "everybody"}
    assert boss.post("/office/forum/alpha/", form).status_code == 302
    archived = queries.any_category("alpha")
    assert archived is not None
    assert (archived.is_open, archived.code, archived.name_en) == (False, "alpha", "Ideas")
    assert topic.title in Client().get("/forum/c/alpha/").content.decode()  # read, but nothing new
    assert "alpha" not in signed_in(make.member()).get("/forum/new/").content.decode()
    assert boss.get("/office/forum/").status_code == 200


def test_the_desks_canned_replies_stand_in_the_forum_without_what_is_private() -> None:
    """One stock of texts: what names a licence stays with tickets; a link works without JavaScript; nobody else sees any."""
    by = people.actor(people.manager())
    for name, text in (
        ("Log", "Hello {{requester.first_name}}, send the log of {{version}}."),
        ("Licence", "Your licence is {{licence.code}}."),
    ):
        desk.save_canned(desk.CannedPlan(name, "", text, "", None, True), by=by, at=AGO)
    topic = make.topic(author=make.member(name="Jana Nova"), at=AGO, version="10.2.1")
    technician = people.staff()
    page = signed_in(technician).get(topic_url(topic)).content.decode()
    assert "Hello Jana, send the log of 10.2.1." in page
    assert "Your licence is" not in page
    code = re.search(r"\?canned=([^#]+)#write", page)[1]  # type: ignore[index]
    box = re.compile(r"<textarea[^>]*>([^<]*)</textarea>")
    assert box.search(signed_in(technician).get(f"{topic_url(topic)}?canned={code}").content.decode())[1].strip() == (  # type: ignore[index]
        "Hello Jana, send the log of 10.2.1."
    )
    assert "Hello Jana" not in signed_in(make.member()).get(f"{topic_url(topic)}?canned={code}").content.decode()


def test_the_report_says_what_the_search_did_not_find() -> None:
    note_miss("převod z Outlooku", "cs", at=NOW - timedelta(days=2))
    note_miss("something very old", "en", at=NOW - timedelta(days=60))
    page = signed_in(people.staff()).get("/desk/forum/report/").content.decode()
    assert "outlooku" in page.lower()
    assert "very old" not in page
