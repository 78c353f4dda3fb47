"""The public page of versions."""

import pytest
from django.test import Client
from pytest_django.fixtures import DjangoAssertNumQueries

from tests.make.catalog import catalogue

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
