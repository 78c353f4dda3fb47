"""My licences: the list, one licence, its key, its devices, and why its dates are so."""

from collections.abc import Iterator

import pytest

from podpora.audit.models import Entry
from podpora.base.clock import now
from podpora.catalog import queries
from podpora.entitlements import rules
from podpora.journeys.rights import rights_of
from podpora.licensing import queries as licensing
from podpora.people.values import Role
from tests.make import licensing as make
from tests.make import people, web

pytestmark = pytest.mark.django_db
QUERIES = 8  # session and person, the door, the bell, and five for any number of licences
GATE = {"/licences/": 3, "/account/": 0}  # of whom they are; who gets the whole License Manager: product and policy


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    web.vendor()
    with web.on("2026-11-20"):
        yield


def test_the_list_shows_what_is_owned_and_nothing_else() -> None:
    jana = web.customer()
    mine = web.licence_of(web.bought(jana, "2026-03-10"))
    others = web.licence_of(web.bought(web.customer("other@private.example"), "2026-03-10"))
    page = web.client(jana).get("/licences/").content.decode()
    assert mine.code in page
    assert "10 Mar 2027" in page
    assert others.code not in page


@pytest.mark.parametrize("path", ["/licences/", "/account/"])
def test_the_list_costs_the_same_for_one_and_three(path: str, django_assert_num_queries: object) -> None:
    jana = web.customer()
    web.bought(jana, "2026-03-10")
    client = web.client(jana)
    client.get(path)
    with django_assert_num_queries(QUERIES + GATE[path]):  # type: ignore[operator]
        client.get(path)
    web.bought(jana, "2026-04-10")
    web.bought(jana, "2026-05-10", "pro-private-1")
    with django_assert_num_queries(QUERIES + GATE[path]):  # type: ignore[operator]
        client.get(path)


def test_a_visitor_is_led_to_the_entrance() -> None:
    licence = web.licence_of(web.bought(web.customer(), "2026-03-10"))
    for path in ("/account/", "/licences/", f"/licences/{licence.code}/", f"/licences/{licence.code}/why/", "/account/orders/"):
        answer = web.client().get(path)
        assert answer.status_code == 302
        assert "/account/login/" in answer.headers["Location"]


def test_one_licence_shows_its_rights_and_what_going_on_costs() -> None:
    """VIP-2 on the page: the date stands beside the price."""
    jana = web.customer()
    licence = web.licence_of(web.bought(jana, "2026-03-10"))
    page = web.client(jana).get(f"/licences/{licence.code}/").content.decode()
    assert "10 Mar 2027" in page
    assert "10 Mar 2028" in page
    assert 'class="timeline"' in page
    assert f"/shop/renew/{licence.code}/" in page


def test_the_key_is_shown_on_request_and_the_audit_knows() -> None:
    jana = web.customer()
    licence = web.licence_of(web.bought(jana, "2026-03-10"))
    key = licensing.key_of(licence)
    client = web.client(jana)
    assert key not in client.get(f"/licences/{licence.code}/").content.decode()
    assert key in client.post(f"/licences/{licence.code}/key/").content.decode()
    entry = Entry.objects.get(verb="licence.key_shown")
    assert entry.subject == f"licence:{licence.code}"
    assert key not in str(entry.facts)
    assert client.get(f"/licences/{licence.code}/key/").status_code == 405


def test_a_seat_is_freed() -> None:
    jana = web.customer()
    licence = web.licence_of(web.bought(jana, "2026-03-10"))
    device = make.activated(licence, version="9.1.0", at=web.NOW).activation.device
    client = web.client(jana)
    assert "1 of 3 devices" in client.get(f"/licences/{licence.code}/").content.decode()
    answer = client.post(f"/licences/{licence.code}/devices/{device.code}/free/", follow=True)
    assert "The seat is free" in answer.content.decode()
    assert "0 of 3 devices" in answer.content.decode()
    again = client.post(f"/licences/{licence.code}/devices/{device.code}/free/", follow=True)
    assert "holds no seat any more" in again.content.decode()


@pytest.mark.parametrize("verb", ["key", "name", "devices/D-22222222/free"])
def test_a_stranger_and_a_viewer_manage_nothing(verb: str) -> None:
    firm = people.company()
    viewer = people.member(firm, Role.VIEWER)
    owned = make.licence(firm)
    for somebody in (viewer, web.customer("stranger@private.example")):
        assert web.client(somebody).post(f"/licences/{owned.code}/{verb}/", {"name": "mine"}).status_code == 404
    owned.refresh_from_db()
    assert owned.name == ""


def test_a_viewer_sees_no_key_and_no_buttons() -> None:
    firm = people.company()
    owned = make.licence(firm)
    page = web.client(people.member(firm, Role.VIEWER)).get(f"/licences/{owned.code}/").content.decode()
    assert owned.key_hint in page
    assert "Show the key" not in page
    assert "Renew support" not in page


def test_a_licence_gets_a_name() -> None:
    jana = web.customer()
    licence = web.licence_of(web.bought(jana, "2026-03-10"))
    answer = web.client(jana).post(f"/licences/{licence.code}/name/", {"name": "  <b>At home</b> "}, follow=True)
    assert "&lt;b&gt;At home&lt;/b&gt;" in answer.content.decode()
    assert "<b>At home</b>" not in answer.content.decode()


def test_why_exactly_so() -> None:
    jana = web.customer()
    licence = web.licence_of(web.bought(jana, "2026-03-10"))
    web.bought(jana, "2026-11-01", "vip-renewal", licence.code)
    page = web.client(jana).get(f"/licences/{licence.code}/why/").content.decode()
    assert "Starts support on 10 Mar 2026, until 10 Mar 2027." in page
    assert "Extends support from 10 Mar 2027 to 10 Mar 2028." in page


def test_nothing_owned_teaches() -> None:
    page = web.client(web.customer()).get("/licences/").content.decode()
    assert "No licences yet" in page
    assert 'href="/shop/"' in page


def test_the_newest_version_that_you_own_stays_yours_for_ever() -> None:
    """LICENSING.md: with a download link, also after support has ended; a licence for 9 is not shown 10."""
    jana = web.customer()
    mine = web.licence_of(web.bought(jana, "2024-03-10"))
    page = web.client(jana).get(f"/licences/{mine.code}/").content.decode()
    assert "The newest version that you own" in page
    newest = rules.newest_owned(rights_of(mine, at=now()).run, queries.release_facts(mine.product), on=now().date())
    assert newest is not None and newest.major == 9
    assert f"postolka-{newest.number}-windows-x64" in page
    assert "postolka-10" not in page
