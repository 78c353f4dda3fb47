"""The pages of reports, of technicians and of one's own absences."""

import pytest
from django.test import Client

from podpora.desk.models import Absence, Queue, Skill, TechnicianProfile
from podpora.people.models import Person
from tests.make import clocks, desk, people

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
DAYS = {"starts_on": "2099-01-01", "ends_on": "2099-01-05"}


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person, backend=BACKEND)
    return client


@pytest.mark.parametrize(
    "url", ["/desk/reports/", "/desk/reports/?days=365&by=tag", "/desk/me/", "/desk/reports.csv?by=technician"]
)
@pytest.mark.parametrize("language", ["cs", "en"])
def test_a_technician_sees_it_in_both_languages(url: str, language: str) -> None:
    desk.ticket()
    technician = people.staff()
    Person.objects.update(language=language)
    assert signed_in(technician).get(url).status_code == 200
    assert signed_in(people.person()).get(url).status_code == 404
    assert Client().get(url).status_code == 302


def test_dates_that_make_no_sense_are_said() -> None:
    client = signed_in(people.staff())
    for query in (
        "since=nonsense",
        "since=2026-03-10&until=2026-03-01",
        "since=1900-01-01&until=2026-01-01",
        "since=9999-12-31&until=9999-12-31",
    ):
        answer = client.get(f"/desk/reports/?{query}")
        assert answer.status_code in (200, 422), query
    assert client.get("/desk/reports/?since=nonsense").status_code == 422
    assert client.get("/desk/reports/?days=nonsense&by=nonsense").status_code == 200
    assert client.get("/desk/reports.csv?since=nonsense").status_code == 422


def test_the_file_has_the_groups() -> None:
    desk.ticket()
    body = b"".join(
        signed_in(people.manager()).get("/desk/reports.csv?by=queue&since=2026-03-01&until=2026-03-31").streaming_content
    ).decode()
    assert "VIP" in body and body.count("\n") == 2


def test_as_2_a_technician_enters_and_ends_his_own_absence() -> None:
    me, other = people.staff(), people.staff()
    client = signed_in(me)
    assert client.post("/desk/me/", DAYS | {"stand_in": other.code, "note": "Hory"})["Location"] == "/desk/me/"
    row = Absence.objects.get()
    assert (row.person, row.stand_in, row.note) == (me, other, "Hory")
    assert client.post("/desk/me/", DAYS).status_code == 422
    assert client.post("/desk/me/", DAYS | {"stand_in": me.code}).status_code == 422
    assert signed_in(other).post(f"/desk/me/{row.code}/end/").status_code == 404
    assert client.post(f"/desk/me/{row.code}/end/").status_code == 302
    assert not Absence.objects.exists()


def test_the_manager_keeps_profiles_skills_and_absences() -> None:
    clocks.calendar()
    desk.queue()
    technician, manager = people.staff(), people.manager()
    office = signed_in(manager)
    new = {"code": "mac", "name_cs": "Apple", "name_en": "Apple", "queues": ["vip"], "platforms": "mac, ios"}
    assert office.post("/office/technicians/skills/new/", new).status_code == 302
    assert office.post("/office/technicians/skills/new/", new | {"name_en": " "}).status_code == 422
    url = f"/office/technicians/{technician.code}/"
    assert (
        office.post(url, {"what": "save", "skills": ["mac"], "languages": "cs, EN", "cap": "5", "calendar": "prague"}).status_code
        == 302
    )
    profile = TechnicianProfile.objects.get()
    assert (profile.languages, profile.cap, [s.code for s in profile.skills.all()]) == (["cs", "en"], 5, ["mac"])
    assert office.post(url, {"what": "save", "languages": "Czech"}).status_code == 422
    assert office.post(url, {"what": "absence", **DAYS}).status_code == 302
    row = Absence.objects.get()
    for page in ("/office/technicians/", url, "/office/technicians/skills/mac/", "/office/technicians/skills/new/"):
        assert office.get(page).status_code == 200
        assert signed_in(technician).get(page).status_code == 404
    assert office.post("/office/technicians/skills/mac/", {"what": "delete"}).status_code == 422
    assert office.post("/office/technicians/skills/mac/", new | {"name_en": "Macs"}).status_code == 302
    assert Skill.objects.get().name_en == "Macs"
    assert office.post(f"/office/technicians/{manager.code}/absences/{row.code}/end/").status_code == 404
    assert office.post(f"{url}absences/{row.code}/end/").status_code == 302
    assert not Absence.objects.exists()


def test_a_queue_says_who_gets_its_tickets() -> None:
    queue = desk.queue()
    office = signed_in(people.manager())
    form = {"name_cs": queue.name_cs, "name_en": queue.name_en, "assignment": "by_load", "assignment_timeout": "90"}
    assert office.post("/office/queues/vip/", form).status_code == 302
    assert Queue.objects.values_list("assignment", "assignment_timeout").get() == ("by_load", 90)
    assert office.post("/office/queues/vip/", form | {"assignment_timeout": "0"}).status_code == 422
