"""The public page of versions."""

from datetime import date

import pytest
from django.test import Client
from icalendar import Calendar
from pytest_django.fixtures import DjangoAssertNumQueries

from podpora.base.actors import system
from podpora.catalog import actions
from podpora.catalog.values import VersionFacts
from tests.make.catalog import AT, catalogue

pytestmark = pytest.mark.django_db


def test_before_anything_is_published(client: Client) -> None:
    assert client.get("/versions/").status_code == 200


@pytest.mark.parametrize(("language", "words"), [("en", "Support until"), ("cs", "30. 6. 2026")])
def test_everybody_sees_the_life_of_versions(
    client: Client, language: str, words: str, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    catalogue()
    client.cookies["language"] = language
    with django_assert_num_queries(3):
        page = client.get("/versions/").content.decode()
    assert words in page
    assert page.index("Poštolka 10") < page.index("Poštolka 9") < page.index("Poštolka 8")


def test_the_same_dates_for_a_calendar(client: Client) -> None:
    product = catalogue()
    life = VersionFacts(8, date(2019, 3, 1), date(2026, 6, 30), date(2026, 12, 31), date(2027, 6, 30), 9)
    actions.set_life(product, life, by=system("test"), at=AT)
    response = client.get("/versions/versions.ics")
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert "public" in response["Cache-Control"]
    events = {
        str(event["uid"]).partition("@")[0]: event.decoded("dtstart")
        for event in Calendar.from_ical(response.content).walk("VEVENT")
    }
    assert events["postolka-8-released"] == date(2019, 3, 1)
    assert events["postolka-8-support"] == date(2026, 6, 30)
    assert events["postolka-8-security"] == date(2026, 12, 31)
    assert events["postolka-8-end"] == date(2027, 6, 30)
    assert "postolka-10-support" not in events


def test_the_same_dates_as_json(client: Client) -> None:
    catalogue()
    told = client.get("/versions/versions.json").json()
    assert told["product"] == "postolka"
    assert [each["major"] for each in told["versions"]] == [10, 9, 8]
    assert told["versions"][2]["security_ends_on"] == told["versions"][2]["support_ends_on"] == "2026-06-30"


def test_before_anything_is_published_both_are_empty(client: Client) -> None:
    assert client.get("/versions/versions.json").json() == {"product": None, "versions": []}
    assert Calendar.from_ical(client.get("/versions/versions.ics").content).walk("VEVENT") == []
