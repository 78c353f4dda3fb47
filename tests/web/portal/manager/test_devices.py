"""The License Manager's devices: who sees which, filters and order in the address, one thing done to many, files for spreadsheets."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from podpora.audit.models import Entry
from podpora.config.seed.chance import Chance
from podpora.config.seed.companies import make_company
from podpora.jobs import actions as jobs
from podpora.licensing import actions
from podpora.licensing.models import Device, DeviceWork, Licence
from podpora.people.models import Person
from tests.make import catalog, people, web
from tests.make import licensing as make
from tests.make.firms import Firm, firm

pytestmark = pytest.mark.django_db
QUERIES = 11  # session, person, bell, licence, role, who gets the Manager, devices, counts, teams, fewer seats, what was done to many


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    web.vendor()
    with web.on("2026-11-20"):
        yield


def page(of: Firm, somebody: Person, query: str = "", status: int = 200) -> str:
    answer = web.client(somebody).get(f"/licences/{of.licence.code}/devices/{query}")
    assert answer.status_code == status
    return str(answer.content.decode())


def names(html: str) -> list[str]:
    return [part.split(">", 1)[1].split("<")[0] for part in html.split('<th scope="row"><a ')[1:]]


def post(of: Firm, somebody: Person, path: str = "actions/", **form: object) -> object:
    return web.client(somebody).post(f"/licences/{of.licence.code}/devices/{path}", form)


def test_a_row_says_everything_about_a_device() -> None:
    alfa = firm()
    Device.objects.filter(pk=alfa.devices[1].pk).update(person=alfa.viewer, suspected_clone_at=make.BOUGHT)
    html = page(alfa, alfa.owner)
    assert names(html) == ["PC-1", "PC-2", "PC-3"]
    for word in ("Windows 10.1.0", "Sales", str(alfa.viewer), "perhaps a copy", "10 Mar 2026"):
        assert word in html


def test_everybody_sees_what_is_his() -> None:
    """S16: the team's lead and a plain member see theirs; billing and viewers none; a stranger nothing at all."""
    alfa = firm()
    Device.objects.filter(pk=alfa.devices[2].pk).update(person=alfa.viewer)
    assert names(page(alfa, alfa.lead)) == ["PC-1"]
    assert names(page(alfa, alfa.viewer)) == ["PC-3"]
    assert names(page(alfa, alfa.billing)) == []
    page(alfa, people.person(), status=404)
    page(alfa, firm("Beta").owner, status=404)
    csv = web.client(alfa.billing).get(f"/licences/{alfa.licence.code}/devices.csv")
    assert "PC-1" not in b"".join(csv.streaming_content).decode()


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?q=pc-2", ["PC-2"]),
        ("?q=nothing", []),
        ("?sort=-name", ["PC-3", "PC-2", "PC-1"]),
        ("?sort=; drop", ["PC-1", "PC-2", "PC-3"]),
        ("?state=deactivated", ["PC-4"]),
        ("?state=all", ["PC-1", "PC-2", "PC-3", "PC-4"]),
        ("?state=blocked", ["PC-3"]),
        ("?state=%00", ["PC-1", "PC-2", "PC-3"]),
        ("?platform=macos", []),
        ("?version=10", ["PC-1", "PC-2", "PC-3"]),
        ("?version=1", []),
        ("?team=none", ["PC-2", "PC-3"]),
        ("?person=none&q=PC-1", ["PC-1"]),
        ("?after=!!!", ["PC-1", "PC-2", "PC-3"]),
    ],
)
def test_the_address_holds_what_is_shown(query: str, found: list[str]) -> None:
    alfa = firm(devices=4)
    actions.free_seat(alfa.licence, alfa.devices[3].code, by=make.BY, at=make.BOUGHT)
    actions.block_device(alfa.licence, alfa.devices[2].code, by=make.BY, at=make.BOUGHT)
    assert names(page(alfa, alfa.owner, query)) == found


def test_pages_do_not_shift_while_devices_come_and_go() -> None:
    alfa = firm(devices=0, seats=200)
    Device.objects.bulk_create(
        Device(licence=alfa.licence, name=f"N-{n:03}", first_seen_at=make.BOUGHT, last_seen_at=make.BOUGHT, holds_seat=True)
        for n in range(120)
    )
    client, seen, address = web.client(alfa.owner), [], f"/licences/{alfa.licence.code}/devices/"
    for number in range(3):
        html = client.get(address).content.decode()
        seen += names(html)
        Device.objects.create(
            licence=alfa.licence, name=f"A-{number}", first_seen_at=make.BOUGHT, last_seen_at=make.BOUGHT, holds_seat=True
        )
        if 'rel="next" href="' in html:
            address = f"/licences/{alfa.licence.code}/devices/" + html.split('rel="next" href="')[1].split('"')[0].replace(
                "&amp;", "&"
            )
    assert seen == [f"N-{n:03}" for n in range(120)]


@pytest.mark.parametrize("devices", [1, 3])
def test_the_list_costs_the_same_for_one_and_three(devices: int, django_assert_num_queries: object) -> None:
    alfa = firm(devices=devices)
    client = web.client(alfa.owner)
    client.get(f"/licences/{alfa.licence.code}/devices/")
    with django_assert_num_queries(QUERIES):  # type: ignore[operator]
        client.get(f"/licences/{alfa.licence.code}/devices/")


@pytest.mark.once
def test_a_company_with_ten_thousand_devices(django_assert_num_queries: object) -> None:
    """The same number of statements as with three: the list of licences, one licence's devices, a search in them."""
    at = web.NOW
    firm_of_many = make_company(catalog.catalogue(), 10_000, Chance(1, at), by=make.BY, at=at)
    owner = firm_of_many.memberships.get().person
    licence = Licence.objects.filter(customer=firm_of_many).earliest("pk")
    client = web.client(owner)
    client.get("/licences/")
    with django_assert_num_queries(8):  # type: ignore[operator]
        assert "Velká firma" in client.get("/licences/").content.decode()
    with django_assert_num_queries(QUERIES):  # type: ignore[operator]
        html = client.get(f"/licences/{licence.code}/devices/?sort=-seen").content.decode()
    assert len(names(html)) == 50
    with django_assert_num_queries(QUERIES):  # type: ignore[operator]
        client.get(f"/licences/{licence.code}/devices/?q={names(html)[7]}")


def test_what_will_be_lost_is_said_before_it_is_lost() -> None:
    alfa = firm()
    codes = [device.code for device in alfa.devices[:2]]
    asked = post(alfa, alfa.owner, action="free", device=codes)
    assert asked.status_code == 200  # type: ignore[attr-defined]
    assert "2 devices lose their seats at once" in asked.content.decode()  # type: ignore[attr-defined]
    assert not DeviceWork.objects.exists()
    done = post(alfa, alfa.owner, action="free", device=codes, confirm="2")
    work = DeviceWork.objects.get()
    assert done["Location"] == f"/licences/{alfa.licence.code}/devices/progress/{work.code}/"  # type: ignore[index]
    alfa.licence.refresh_from_db()
    assert (work.changed, work.refused_counts, alfa.licence.seats_used) == (2, {}, 1)
    assert Entry.objects.filter(verb="licence.deactivated").count() == 2


def test_a_confirmation_of_another_number_asks_again() -> None:
    alfa = firm()
    answer = post(alfa, alfa.owner, action="free", all="1", confirm="2")
    assert answer.status_code == 200  # type: ignore[attr-defined]
    assert not DeviceWork.objects.exists()


def test_rename_by_a_pattern_and_back() -> None:
    alfa = firm()
    post(alfa, alfa.owner, action="rename", all="1", sort="-name", confirm="3", pattern="BRNO-{nn} {platform}")
    assert list(Device.objects.order_by("name").values_list("name", flat=True)) == [
        "BRNO-01 windows", "BRNO-02 windows", "BRNO-03 windows",
    ]  # fmt: skip
    assert Device.objects.get(name="BRNO-01 windows").pk == alfa.devices[2].pk
    actions.rename_device(alfa.licence, alfa.devices[0].code, "Mine", by=make.BY, at=make.BOUGHT)
    work = DeviceWork.objects.get()
    assert post(alfa, alfa.owner, f"progress/{work.code}/undo/").status_code == 302  # type: ignore[attr-defined]
    assert sorted(Device.objects.values_list("name", flat=True)) == ["Mine", "PC-2", "PC-3"]
    shown = page(alfa, alfa.owner)
    assert f"progress/{work.code}/" in shown and "3 of 3 done" in shown  # who left the page finds the work and its way back again
    assert f"progress/{work.code}/" not in page(alfa, alfa.lead)  # who sees his team's devices alone sees only what he began
    assert post(alfa, alfa.owner, f"progress/{work.code}/undo/").status_code == 409  # type: ignore[attr-defined]


@pytest.mark.parametrize("pattern", ["", "{x}", "x" * 101, "a\u200bb"])
def test_a_bad_pattern_is_named_beside_its_field(pattern: str) -> None:
    alfa = firm()
    answer = post(alfa, alfa.owner, action="rename", all="1", confirm="3", pattern=pattern)
    assert answer.status_code == 422  # type: ignore[attr-defined]
    assert 'id="pattern-error"' in answer.content.decode()  # type: ignore[attr-defined]
    assert not DeviceWork.objects.exists()


def test_a_team_takes_as_many_as_it_has_seats_for_and_says_how_many_not() -> None:
    alfa = firm()
    actions.share_seats(alfa.licence, alfa.team, 2, by=make.BY, at=make.BOUGHT)
    answer = post(alfa, alfa.owner, action="team", all="1", confirm="3", to_team=alfa.team.code)
    work = DeviceWork.objects.get()
    assert (work.changed, work.refused_counts) == (1, {"licence.team_limit": 1})
    assert "team Sales" in web.client(alfa.owner).get(answer["Location"]).content.decode()  # type: ignore[index]
    actions.undo_work(alfa.licence, work.code, by=make.BY, at=make.BOUGHT)
    assert alfa.team.shares.get().seats_used == 1


def test_assign_block_and_their_way_back() -> None:
    alfa = firm()
    post(alfa, alfa.owner, action="assign", all="1", confirm="3", to_person=alfa.viewer.code)
    assert Device.objects.filter(person=alfa.viewer).count() == 3
    post(alfa, alfa.owner, action="block", all="1", confirm="3")
    assert Device.objects.exclude(blocked_at=None).count() == 3
    for work in DeviceWork.objects.all():
        actions.undo_work(alfa.licence, work.code, by=make.BY, at=make.BOUGHT)
    assert Device.objects.filter(person=None, blocked_at=None).count() == 3
    answer = post(alfa, alfa.owner, action="assign", all="1", confirm="3", to_person=people.person().code)
    assert answer.status_code == 422  # type: ignore[attr-defined]


def test_many_become_a_job_that_shows_how_far_it_is() -> None:
    alfa = firm(devices=0, seats=2000)
    Device.objects.bulk_create(
        Device(licence=alfa.licence, name=f"N-{n:03}", first_seen_at=make.BOUGHT, last_seen_at=make.BOUGHT, holds_seat=True)
        for n in range(501)
    )
    answer = post(alfa, alfa.owner, action="rename", all="1", confirm="501", pattern="R{nnn}")
    client = web.client(alfa.owner)
    assert "0 of 501 done" in client.get(answer["Location"]).content.decode()  # type: ignore[index]
    assert 'hx-trigger="every 1s"' in client.get(answer["Location"]).content.decode()  # type: ignore[index]
    jobs.run_due(at=web.NOW + timedelta(minutes=1))
    assert "501 of 501 done" in client.get(answer["Location"]).content.decode()  # type: ignore[index]
    assert Device.objects.filter(name="R501").exists()


@pytest.mark.parametrize("who", ["viewer", "billing"])
def test_who_may_not_act_finds_no_door(who: str) -> None:
    alfa = firm()
    somebody = getattr(alfa, who)
    Device.objects.filter(pk=alfa.devices[1].pk).update(person=somebody)
    assert post(alfa, somebody, action="free", all="1", confirm="1").status_code == 404  # type: ignore[attr-defined]
    code = alfa.devices[1].code
    for path in (f"{code}/free/", f"{code}/change/", f"{code}/block/", f"{code}/unblock/"):
        assert post(alfa, somebody, path, name="x").status_code == 404  # type: ignore[attr-defined]
    assert Device.objects.filter(holds_seat=True, name__startswith="PC-").count() == 3


def test_a_lead_frees_seats_of_his_team_and_nothing_else() -> None:
    alfa = firm()
    assert post(alfa, alfa.lead, action="rename", all="1", confirm="1", pattern="x").status_code == 404  # type: ignore[attr-defined]
    post(alfa, alfa.lead, action="free", device=[device.code for device in alfa.devices], confirm="1")
    assert list(Device.objects.filter(holds_seat=False).values_list("name", flat=True)) == ["PC-1"]
    assert post(alfa, alfa.lead, f"{alfa.devices[1].code}/free/").status_code == 404  # type: ignore[attr-defined]


def test_one_device_is_named_assigned_and_put_into_a_team() -> None:
    alfa = firm()
    code = alfa.devices[1].code
    form = {"name": "Reception", "person": alfa.viewer.code, "team": alfa.team.code}
    assert post(alfa, alfa.owner, f"{code}/change/", **form).status_code == 302  # type: ignore[attr-defined]
    device = Device.objects.get(code=code)
    assert (device.name, device.person, device.team) == ("Reception", alfa.viewer, alfa.team)
    assert post(alfa, alfa.owner, f"{code}/change/", **(form | {"name": " "})).status_code == 422  # type: ignore[attr-defined]
    other = firm("Beta")
    assert post(alfa, alfa.owner, f"{code}/change/", **(form | {"team": other.team.code})).status_code == 422  # type: ignore[attr-defined]
    assert post(alfa, alfa.owner, f"{other.devices[0].code}/block/").status_code == 404  # type: ignore[attr-defined]


def test_s24_names_are_no_formulas_in_a_spreadsheet() -> None:
    alfa = firm(devices=1)
    for name in ("=HYPERLINK(1)", "@SUM", "+1", "-1", "  =1"):
        Device.objects.filter(pk=alfa.devices[0].pk).update(name=name)
        answer = web.client(alfa.owner).get(f"/licences/{alfa.licence.code}/devices.csv")
        text = b"".join(answer.streaming_content).decode("utf-8-sig")
        assert text.splitlines()[1].startswith(f"'{name}")
    assert text.splitlines()[0].startswith("Device,Code,Platform")
    assert answer["Content-Disposition"] == f'attachment; filename="{alfa.licence.code}-devices.csv"'


def test_the_file_has_what_the_filter_shows() -> None:
    alfa = firm()
    answer = web.client(alfa.owner).get(f"/licences/{alfa.licence.code}/devices.csv?q=PC-2")
    lines = b"".join(answer.streaming_content).decode().splitlines()
    assert len(lines) == 2
    assert lines[1].startswith("PC-2,")


def test_x3_the_pages_of_devices_say_that_some_will_be_taken_off() -> None:
    alfa = firm()
    assert "silent for the longest time" not in page(alfa, alfa.owner)
    actions.give_notice(
        alfa.licence, 2, takes_effect_on=date(2026, 11, 20), release_on=date(2026, 12, 5), by=make.BY, at=web.NOW
    )  # fmt: skip
    for path in ("", f"{alfa.devices[0].code}/"):
        html = page(alfa, alfa.owner, path)
        assert "the licence is for 2" in html
        assert "4 December 2026" in html or "4 Dec 2026" in html
