"""The office's first page and the components page: for the manager only."""

import pytest

from podpora.people.values import StaffRole
from tests.make import people, web

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("path", ["/office/", "/office/components"])
def test_only_the_manager_enters(path: str) -> None:
    assert web.client().get(path).status_code == 302
    for somebody in (web.customer(), people.staff(), people.staff(StaffRole.MODERATOR)):
        assert web.client(somebody).get(path).status_code == 404
    assert web.client(people.manager()).get(path).status_code == 200


def test_it_says_what_wants_attention() -> None:
    web.vendor()
    with web.on("2026-05-20"):  # version 8 ends on 30 June
        page = web.client(people.manager()).get("/office/").content.decode()
    assert "No worker is running" in page
    assert "30 Jun 2026" in page


@pytest.mark.parametrize("language", ["cs", "en"])
def test_every_component_is_drawn(language: str) -> None:
    client = web.client(people.manager(), language)
    page = client.get("/office/components").content.decode()
    for part in (
        'class="timeline"',
        'class="refusal"',
        'class="empty"',
        'class="meter',
        'class="error-summary"',
        'class="chart"',
        'class="diff"',
    ):
        assert part in page
    assert " style=" not in page
