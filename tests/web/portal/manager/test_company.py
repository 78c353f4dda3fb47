"""Teams, dates, activity and devices without a network: the pages of a company, who sees what on them, and the same by API."""

import io
import json
import re
from collections.abc import Iterator

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from podpora.catalog.queries import version_facts
from podpora.journeys import activity, purchase
from podpora.journeys.activity import ActivityWish
from podpora.licensing import actions, queries
from podpora.licensing.models import Device, SeatShare
from podpora.orders.values import CartLine
from podpora.people import actions as people_actions
from podpora.people.models import Team, TeamMember
from tests.make import licensing as make
from tests.make import people, web
from tests.make.api import Api, token
from tests.make.firms import Firm, firm

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    web.vendor()
    with web.on("2026-11-20"):
        yield


@pytest.fixture
def alfa(_today: None) -> Firm:
    return firm()


def text(answer: object) -> str:
    return str(answer.content.decode())  # type: ignore[attr-defined]


def test_a_team_is_made_filled_given_seats_and_deleted(alfa: Firm) -> None:
    owner = web.client(alfa.owner)
    made = owner.post("/licences/teams/new/", {"name": " Brno  branch ", "company": alfa.customer.code})
    team = Team.objects.get(name="Brno branch")
    page = f"/licences/teams/{team.code}/"
    assert made["Location"] == page
    assert owner.post("/licences/teams/new/", {"name": "brno BRANCH", "company": alfa.customer.code}).status_code == 422
    owner.post(f"{page}put/", {"person": alfa.viewer.code, "lead": "1"})
    owner.post(f"{page}share/", {"licence": alfa.licence.code, "seats": "2"})
    assert TeamMember.objects.get(team=team).is_lead
    assert owner.post(f"{page}share/", {"licence": alfa.licence.code, "seats": "99"}).status_code == 409
    assert owner.post(f"{page}share/", {"licence": alfa.licence.code, "seats": "-1"}).status_code == 422
    key = queries.share_key_of(SeatShare.objects.get())
    assert key not in text(owner.get(page))
    assert key in text(web.client(alfa.viewer).post(f"{page}key/", {"licence": alfa.licence.code}))
    assert owner.post(f"{page}delete/", {"name": "something"}).status_code == 422
    assert owner.post(f"{page}delete/", {"name": "Brno branch"}).status_code == 302
    alfa.licence.refresh_from_db()
    assert (Team.objects.count(), SeatShare.objects.count(), alfa.licence.seats_shared) == (1, 0, 0)


def test_who_may_not_finds_no_door(alfa: Firm) -> None:
    page, beta = f"/licences/teams/{alfa.team.code}/", firm("Beta")
    actions.share_seats(alfa.licence, alfa.team, 1, by=make.BY, at=make.BOUGHT)
    for somebody in (alfa.viewer, alfa.billing, alfa.lead):
        client = web.client(somebody)
        assert client.get(page).status_code == 200
        for what in ("rename", "delete", "put", "take-out", "share", "end", "new-key", "melt"):
            assert client.post(f"{page}{what}/", {"name": "x"}).status_code == 404
        assert client.post("/licences/teams/new/", {"name": "x", "company": alfa.customer.code}).status_code == 404
    for somebody in (alfa.viewer, alfa.billing):
        assert web.client(somebody).post(f"{page}key/", {"licence": alfa.licence.code}).status_code == 404
    assert web.client(beta.owner).get(page).status_code == 404
    assert web.client(beta.owner).post("/licences/teams/new/", {"name": "x", "company": alfa.customer.code}).status_code == 404


@pytest.mark.parametrize("path", ["/licences/teams/", "/licences/activity/"])
def test_org_7_a_private_customer_is_led_to_his_licences(path: str) -> None:
    jana = web.customer()
    assert web.client(jana).get(path)["Location"] == "/licences/"
    api = Api(token("customers", person=jana))
    answer = api.post(f"customers/{people.customer_of(jana).code}/teams", {"name": "x"})
    assert answer.status_code == 404


def test_teams_by_the_api(alfa: Firm) -> None:
    api, path = Api(token("customers", "licences", person=alfa.owner)), f"customers/{alfa.customer.code}/teams"
    made = api.post(path, {"name": "Brno"})
    code = made.json()["code"]
    assert made.status_code == 201

    def send(method: str, address: str, body: object) -> object:
        call = getattr(api.client, method)
        return call(f"/api/v1/{address}", json.dumps(body), content_type="application/json", headers=api.headers)

    assert send("put", f"{path}/{code}/members/{alfa.viewer.code}", {"lead": True}).status_code == 200  # type: ignore[attr-defined]
    assert send("patch", f"{path}/{code}", {"name": "Praha"}).json()["name"] == "Praha"  # type: ignore[attr-defined]
    share = f"licences/{alfa.licence.code}/shares/{code}"
    assert send("put", share, {"seats": 2}).json()["seats"] == {"total": 2, "used": 0}  # type: ignore[attr-defined]
    refused = send("put", share, {"seats": 50})
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "licence.share_too_big")  # type: ignore[attr-defined]
    assert Api(token("licences", person=alfa.viewer)).post(f"{share}/key").json()["key"].startswith("PK")
    assert Api(token("licences", person=alfa.billing)).post(f"{share}/key").status_code == 404
    assert [team["name"] for team in api.get(path).json()["items"]] == ["Praha", "Sales"]
    assert api.delete(share).status_code == 204
    assert api.delete(f"{path}/{code}/members/{alfa.viewer.code}").status_code == 204
    assert api.delete(f"{path}/{code}").status_code == 204
    assert Api(token("customers", person=alfa.viewer)).post(path, {"name": "x"}).status_code == 404
    assert Api(token("customers", person=firm("Beta").owner)).get(path).status_code == 404


def test_dates_by_month_in_the_calendar_and_by_the_api(alfa: Firm) -> None:
    client = web.client(alfa.owner)
    html = text(client.get("/licences/calendar/"))
    assert "10 Mar 2027" in html
    client.post("/licences/calendar/address/")
    address = text(client.get("/licences/calendar/")).split("/licences/calendar/")[-1] and next(
        part.split("<")[0] for part in text(client.get("/licences/calendar/")).split('<code id="feed">')[1:]
    )
    path = address[address.index("/licences/") :]
    feed = web.client().get(path)
    assert feed["Content-Type"].startswith("text/calendar")
    assert b"DTSTART;VALUE=DATE:20270310" in feed.content
    client.post("/licences/calendar/address/end/")
    assert web.client().get(path).status_code == 404
    api = Api(token("licences", person=alfa.owner))
    assert [one["on"] for one in api.get("expiries").json()["items"]] == ["2027-03-10"]
    assert api.post("expiries/calendar").json()["url"].endswith(".ics")
    assert api.delete("expiries/calendar").status_code == 204


def test_s16_the_calendar_shows_what_its_person_may_see_today(alfa: Firm) -> None:
    secret = people_actions.new_calendar_feed(alfa.viewer, by=people.actor(alfa.viewer), at=web.NOW)
    assert alfa.licence.code.encode() in web.client().get(f"/licences/calendar/{secret}.ics").content
    people_actions.remove_member(alfa.customer, alfa.viewer, by=people.actor(alfa.owner), at=web.NOW)
    assert alfa.licence.code.encode() not in web.client().get(f"/licences/calendar/{secret}.ics").content
    assert web.client().get("/licences/calendar/guess.ics").status_code == 404


def test_versions_and_orders_are_among_the_dates() -> None:
    jana = web.customer()
    order = web.bought(jana, "2026-10-10")
    make.activated(web.licence_of(order), version="9.1.0", at=web.NOW)
    waits = purchase.place(
        [CartLine("pro-private-1", 1)], customer=people.customer_of(jana), currency="CZK", by=make.BY, at=web.NOW
    )  # fmt: skip
    ends = {v.major: v.support_ends_on for v in version_facts(web.licence_of(order).product_id)}
    dates = {(one["kind"], one["on"], one["code"]) for one in Api(token("licences", person=jana)).get("expiries").json()["items"]}
    assert ("support", "2027-10-10", web.licence_of(order).code) in dates
    assert ("order", waits.expires_on.isoformat(), waits.code) in dates
    assert ends[9] is not None
    assert ("version", ends[9].isoformat(), f"{web.licence_of(order).product.code}-9") in dates
    assert len(dates) == 3  # nobody runs version 8 there


def test_the_log_shows_who_did_what_as_far_as_the_role_may_see(alfa: Firm) -> None:
    actions.rename(alfa.licence, "Main", by=people.actor(alfa.owner), at=web.NOW)
    people_actions.change_role(alfa.customer, alfa.viewer, "billing", by=people.actor(alfa.owner), at=web.NOW)
    actions.block_device(alfa.licence, alfa.devices[0].code, by=people.actor(people.staff()), at=web.NOW)
    client = web.client(alfa.owner)
    html = text(client.get("/licences/activity/"))
    assert "Named the licence Main" in html or "Main" in html
    assert "Tereza" not in html
    assert "Podpora" in html
    narrowed = text(client.get("/licences/activity/?area=people"))
    assert "Main" not in narrowed.split("<tbody>")[1]
    csv = b"".join(client.get("/licences/activity.csv").streaming_content).decode("utf-8-sig")
    assert csv.splitlines()[0] == "When,Who,What,To what"
    assert "Tereza" not in csv
    assert activity.areas_of(alfa.billing, alfa.customer) == ["orders"]
    assert not activity.entries(alfa.billing, alfa.customer, ActivityWish()).filter(verb__startswith="licence.").exists()
    beta = firm("Beta")
    assert alfa.licence.code not in text(web.client(beta.owner).get(f"/licences/activity/?company={alfa.customer.code}"))
    api = Api(token("customers", person=alfa.owner))
    items = api.get(f"customers/{alfa.customer.code}/activity?area=licences").json()["items"]
    assert items[0]["verb"].startswith("licence.")
    assert api.get(f"customers/{alfa.customer.code}/activity?area=secrets").status_code == 422
    assert api.get(f"customers/{beta.customer.code}/activity").status_code == 404


def test_pages_of_the_log_go_on_where_they_ended(alfa: Firm) -> None:
    for number in range(70):
        actions.rename(alfa.licence, f"Name {number}", by=people.actor(alfa.owner), at=web.NOW)
    client, seen, query = web.client(alfa.owner), [], ""
    for _ in range(2):
        html = text(client.get(f"/licences/activity/{query}"))
        seen += [part.split("<")[0] for part in html.split('<th scope="row">')[1:]]
        query = html.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&") if 'rel="next"' in html else ""
    renamed = [line for line in seen if "Name " in line]
    assert [re.search(r"Name (\d+)", line)[1] for line in renamed] == [str(number) for number in reversed(range(70))]  # type: ignore[index]


def test_the_key_is_sent_to_the_member_who_asks(alfa: Firm) -> None:
    path = f"/licences/{alfa.licence.code}/key/mail/"
    for somebody in (alfa.viewer, alfa.billing, people.staff()):
        assert web.client(somebody).post(path).status_code == 404
    assert web.client(alfa.owner).post(path).status_code == 302
    from tests.make import mails

    assert queries.key_of(alfa.licence) in mails.last_to(alfa.owner.email).text
    assert Api(token("licences", person=alfa.owner)).post(f"licences/{alfa.licence.code}/key-mails").status_code == 202
    assert Api(token("licences", person=alfa.viewer)).post(f"licences/{alfa.licence.code}/key-mails").status_code == 404


def test_garbage_as_request_files_is_named_and_nothing_is_written(alfa: Firm) -> None:
    client, before = web.client(alfa.owner), Device.objects.count()
    files = [SimpleUploadedFile("a.podpora-request", b"garbage"), SimpleUploadedFile("b.podpora-request", b"\x00" * 50)]
    answer = client.post("/licences/offline/", {"licence": alfa.licence.code, "requests": files, "days": "30"})
    assert answer.status_code == 200
    assert "a.podpora-request" in text(answer)
    assert client.post("/licences/offline/", {"licence": alfa.licence.code}).status_code == 422
    zipped = SimpleUploadedFile("x.zip", io.BytesIO(b"PK\x03\x04nonsense").read())
    assert client.post("/licences/offline/", {"licence": alfa.licence.code, "requests": zipped}).status_code == 422
    proofs = {"proofs": SimpleUploadedFile("p.podpora-proof", b"x")}
    assert client.post("/licences/offline/proofs/", proofs).status_code == 200
    assert client.post("/licences/offline/file/", {"file": "forged"}).status_code == 404
    assert web.client(alfa.viewer).post("/licences/offline/", {"licence": alfa.licence.code, "requests": files}).status_code == 404
    assert Device.objects.count() == before
