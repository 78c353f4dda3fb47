"""The office's pages of calendars and agreements."""

from datetime import date

import pytest
from django.test import Client
from pytest_django.fixtures import DjangoAssertNumQueries

from podpora.desk import queries
from podpora.desk.models import Calendar, Holiday, Sla
from podpora.desk.values import Hours, Metric, Priority, SlaPlan, State
from podpora.people.models import Person
from tests.make import clocks, desk, people

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
BASE = "/office/service/"
WEEK = {f"day_{day}": "8-12, 13:00-17:30" for day in range(5)}
CALENDAR = {"name_cs": "Směna", "name_en": "Shift", "zone": "Europe/Prague", "country": "CZ"} | WEEK
SLA = {"name_cs": "Vip", "name_en": "Vip", "calendar": "prague", "is_active": "on", "target_rest_first_response": "4 h"}


@pytest.fixture
def office(client: Client) -> Client:
    client.force_login(people.manager(), backend=BACKEND)
    return client


@pytest.mark.parametrize(
    "url",
    ["", "rules/", "agreements/new/", "agreements/vip/", "calendars/new/", "calendars/prague/", "calendars/prague/?year=2027"],
)
def test_the_manager_sees_it_in_both_languages_and_nobody_else(office: Client, url: str) -> None:
    clocks.sla()
    for language in ("cs", "en"):
        Person.objects.update(language=language)
        assert office.get(BASE + url).status_code == 200
    assert Client().get(BASE + url).status_code == 302
    for stranger in (people.person(), people.staff()):
        other = Client()
        other.force_login(stranger, backend=BACKEND)
        assert other.get(BASE + url).status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
def test_the_overview_asks_the_same_of_one_and_of_three(
    office: Client, django_assert_num_queries: DjangoAssertNumQueries, rows: int
) -> None:
    for n in range(rows):
        clocks.sla(f"sla-{n}", of=clocks.calendar(f"cal-{n}"))
    with django_assert_num_queries(15):
        assert office.get(BASE).status_code == 200


def test_a_calendar_is_made_with_its_windows_and_holidays(office: Client) -> None:
    assert office.post(f"{BASE}calendars/new/", CALENDAR | {"code": "shift"})["Location"] == BASE
    facts = queries.service_calendar(queries.calendar("shift"))
    assert facts.week[0] == (Hours(480, 720), Hours(780, 1050))
    assert facts.week[6] == ()
    year = office.get(f"{BASE}calendars/shift/").context["year"]
    assert date(year, 12, 24) in facts.closed
    assert Holiday.objects.get(on=date(year, 12, 24)).source == "country"


@pytest.mark.parametrize(
    ("wrong", "field", "code"),
    [
        ({"day_1": "17-8"}, "day_1", "later than the beginning"),
        ({"day_1": "8-12, 11-13"}, "day_1", "overlap"),
        ({"day_1": "8-25"}, "day_1", "24:00"),
        ({"day_1": "morning"}, "day_1", "8:00-12:00"),
        ({"zone": "Moon/Base"}, "zone", "not known"),
        ({f"day_{day}": "" for day in range(5)}, "day_0", "at least one"),
    ],
)
def test_sla_16_what_is_wrong_with_a_calendar_is_said_beside_the_field(
    office: Client, wrong: dict[str, str], field: str, code: str
) -> None:
    answer = office.post(f"{BASE}calendars/new/", CALENDAR | {"code": "shift"} | wrong)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
    assert code in str(answer.context["form"].errors[field])
    assert not Calendar.objects.exists()


def test_days_are_added_and_taken_back(office: Client) -> None:
    clocks.calendar()
    url = f"{BASE}calendars/prague/"
    assert office.post(url, {"what": "add", "on": "2026-12-31", "name": "Stocktaking"}).status_code == 302
    assert list(Holiday.objects.values_list("on", "name", "source")) == [(date(2026, 12, 31), "Stocktaking", "hand")]
    assert "Stocktaking" in office.get(f"{url}?year=2026").content.decode()
    assert office.post(url, {"what": "remove", "on": "2026-12-31"}).status_code == 302
    assert office.post(url, {"what": "remove", "on": "nonsense"}).status_code == 302
    assert office.post(url, {"what": "nothing"}).status_code == 200
    assert not Holiday.objects.exists()


def test_a_feed_that_is_no_address_is_refused(office: Client) -> None:
    clocks.calendar()
    answer = office.post(f"{BASE}calendars/prague/", {"what": "feed", "url": "http://10.0.0.1/x.ics"})
    assert (answer.status_code, list(answer.context["feed_form"].errors)) == (422, ["url"])


def test_an_agreement_is_made_with_targets_for_a_priority(office: Client) -> None:
    clocks.calendar()
    desk.queue()
    form = SLA | {
        "code": "vip",
        "plans": ["vip"],
        "queues": ["vip"],
        "languages": "cs, EN",
        "warn_minutes": "30 min",
        "target_3_solution": "1 h 30 min",
    }
    assert office.post(f"{BASE}agreements/new/", form)["Location"] == BASE
    row = queries.sla("vip")
    assert (row.plans, row.queues, row.languages, row.warn_minutes) == (["vip"], ["vip"], ["cs", "en"], 30)
    assert [(each.priority, each.first_response, each.solution) for each in row.targets.all()] == [
        (3, None, 90),
        (None, 240, None),
    ] or [(each.priority, each.first_response, each.solution) for each in row.targets.all()] == [(None, 240, None), (3, None, 90)]
    assert (
        office.post(f"{BASE}agreements/vip/", SLA | {"target_rest_first_response": "2h", "name_en": "Better"})["Location"] == BASE
    )
    changed = queries.sla("vip")
    assert (changed.name_en, changed.plans, [each.first_response for each in changed.targets.all()]) == ("Better", [], [120])


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"target_rest_first_response": "soon"}, "target_rest_first_response"),
        ({"target_rest_first_response": ""}, "target_rest_first_response"),
        ({"target_rest_next_response": "1 h", "target_rest_periodic_update": "1 h"}, "target_rest_first_response"),
        ({"calendar": "none"}, "calendar"),
        ({"plans": ["gold"]}, "plans"),
        ({"languages": "Czech"}, "languages"),
        ({"code": "vip"}, "code"),
    ],
)
def test_what_is_wrong_with_an_agreement_is_named(office: Client, wrong: dict[str, object], field: str) -> None:
    clocks.sla("vip")
    answer = office.post(f"{BASE}agreements/new/", SLA | {"code": "other"} | wrong)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
    assert Sla.objects.count() == 1


def test_sla_14_agreements_are_moved_without_a_script(office: Client) -> None:
    for code in ("a", "b", "c"):
        clocks.sla(code)
    office.post(f"{BASE}order/", {"code": "c", "step": "up"})
    assert [row.code for row in queries.slas()] == ["a", "c", "b"]
    office.post(f"{BASE}order/", {"code": "a", "step": "up"})
    office.post(f"{BASE}order/", {"code": "none", "step": "down"})
    assert [row.code for row in queries.slas()] == ["a", "c", "b"]
    office.post(f"{BASE}order/", {"order": ["c", "b", "a"]})
    assert [row.code for row in queries.slas()] == ["c", "b", "a"]


def test_sla_19_the_table_is_shown_and_changed(office: Client) -> None:
    clocks.sla()
    page = office.get(BASE).context
    assert len(page["pauses"]) == len(State) - 2
    form = {f"{metric.value}:{state}": "1" for metric in Metric for state in ("solved", "closed", "merged")}
    assert office.post(f"{BASE}rules/", form | {"vip": Priority.HIGH.value, "free": "nonsense"})["Location"] == BASE
    book = queries.promise_book()
    assert not book.pauses.pauses(Metric.SOLUTION, State.WAITING_CUSTOMER)
    assert book.pauses.pauses(Metric.SOLUTION, State.SOLVED)
    assert (book.priorities[SlaPlan.VIP], book.priorities[SlaPlan.FREE]) == (Priority.HIGH, Priority.LOW)


def test_what_is_used_is_refused_with_the_reason(office: Client) -> None:
    clocks.sla()
    desk.ticket()
    assert "vip" in office.post(f"{BASE}calendars/prague/", {"what": "delete"}).content.decode()
    assert office.post(f"{BASE}agreements/vip/", {"what": "delete"}).status_code == 422
    clocks.sla("other", of=clocks.calendar("unused"))
    assert office.post(f"{BASE}agreements/other/", {"what": "delete"})["Location"] == BASE
    assert office.post(f"{BASE}calendars/unused/", {"what": "delete"})["Location"] == BASE


def test_a_stale_page_saves_nothing(office: Client) -> None:
    clocks.calendar()
    seen = office.get(f"{BASE}calendars/prague/").context["form"]["seen"].value()
    office.post(f"{BASE}calendars/prague/", CALENDAR)
    answer = office.post(f"{BASE}calendars/prague/", CALENDAR | {"name_en": "Mine", "seen": seen})
    assert answer.status_code == 422
    assert Calendar.objects.get().name_en == "Shift"
