"""Central settings by pages: from the editor to a device, two administrators, groups, roll-outs, files for other tools."""

import io
import json
import plistlib
import re
import zipfile
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from podpora_sdk.policy import MACHINE, file_layer

from podpora.fleet import actions, queries
from podpora.fleet.models import Draft, Group, Proposal, Revision, RollOut
from podpora.licensing.models import Device
from podpora.people.values import Role
from tests.make import fleet as make_fleet
from tests.make import licensing as make
from tests.make import people, web
from tests.make.api import Api
from tests.make.firms import Firm, firm

pytestmark = pytest.mark.django_db
EXTRA: dict[str, dict[str, Any]] = {
    "mail.tls": {"type": "boolean", "title": {"cs": "Šifrovat", "en": "Encrypt"}, "x-sensitive": True},
    "mail.folders": {"type": "array", "items": {"type": "string"}, "title": {"cs": "Složky", "en": "Folders"}},
}


@pytest.fixture
def alfa() -> Iterator[Firm]:
    with web.on("2026-11-20"):
        make_fleet.schema(1, **EXTRA)
        yield firm()


class Pages:
    """The settings of a company in somebody's browser."""

    def __init__(self, firm: Firm, person: Any, language: str = "en") -> None:
        self.client: Client = web.client(person, language)
        self.home = f"/licences/settings/{firm.customer.code}/{firm.licence.product.code}/"

    def get(self, path: str = "") -> str:
        answer = self.client.get(self.home + path)
        assert answer.status_code == 200, (path, answer.status_code)
        return str(answer.content.decode())

    def status(self, path: str, form: dict[str, Any] | None = None) -> int:
        answer = self.client.get(self.home + path) if form is None else self.client.post(self.home + path, form)
        return int(answer.status_code)

    def post(self, path: str, form: dict[str, Any] | None = None, status: int = 302) -> str:
        answer = self.client.post(self.home + path, form or {})
        assert answer.status_code == status, (path, answer.status_code, answer.content.decode()[:300])
        return str(answer.content.decode())

    def sets(self, layer: str = "company", status: int = 302, **values: tuple[str, str]) -> str:
        """`look__theme=("forced", "dark")`, as the form sends it."""
        form: dict[str, Any] = {"key": []}
        for name, (mode, value) in values.items():
            key = name.replace("__", ".")
            form["key"].append(key)
            form |= {f"mode:{key}": mode, f"value:{key}": value}
        return self.post(f"edit/{layer}/", form, status)

    def publishes(self, based_on: int, status: int = 302, **more: Any) -> str:
        return self.post("draft/publish/", {"based_on": based_on, "comment": "why", **more}, status)


def test_from_the_editor_to_the_device_and_back(alfa: Firm) -> None:
    pages, device = Pages(alfa, alfa.owner), alfa.devices[0]
    assert web.client(alfa.owner).get("/licences/settings/")["Location"] == pages.home
    assert "Set the program once" in pages.get()
    pages.sets(
        look__theme=("forced", "dark"),
        mail__port=("default", "993"),
        mail__folders=("initial", "Inbox\r\n\r\n Sent "),
        mail__tls=("", ""),
    )
    assert Draft.objects.get().entries == {
        "look.theme": {"value": "dark", "mode": "forced"}, "mail.port": {"value": 993, "mode": "default"},
        "mail.folders": {"value": ["Inbox", "Sent"], "mode": "initial"},
    }  # fmt: skip
    assert "in my draft" in pages.get("edit/company/?only=1")
    assert re.findall(r'id="v-([\w.]+)"', pages.get("edit/company/?q=port")) == ["mail.port"]
    draft = pages.get("draft/")
    assert "3 settings change" in draft
    assert "of 3 devices change" in draft
    pages.sets(mail__port=("", "993"))
    pages.publishes(0)
    assert queries.entries_of(queries.find_profile(alfa.customer, alfa.licence.product), 1)["company"].keys() == {
        "look.theme",
        "mail.folders",
    }  # type: ignore[arg-type]
    effective = pages.get(f"devices/{device.code}/")
    assert "look.theme" in effective
    assert "Company" in effective
    pages.sets(f"device:{device.code}", look__theme=("forced", "light"))
    pages.publishes(1)
    assert "A layer nearer to the device sets it." in pages.get(f"devices/{device.code}/")
    assert "What differs from revision 1 to 2" in pages.get("history/2/")
    assert pages.client.get(pages.home + "history/compare/?from=1&to=2")["Location"] == pages.home + "history/2/?from=1"
    pages.post("history/1/rollback/", {"comment": "back"})
    assert Revision.objects.get(number=3).content_of == 1
    assert "no change to publish" in pages.post("history/1/rollback/", {}, 409)
    assert "content of revision 1" in pages.get()


def test_s57_a_device_that_left_is_no_longer_named(alfa: Firm) -> None:
    """The draft of a company keeps the code of a device; its name is told only while the device is the company's."""
    device = alfa.devices[0]
    profile = actions.ensure_profile(alfa.customer, alfa.licence.product)
    assert queries.names_of_devices(profile, [device.code]) == {device.code: "PC-1"}
    beta = firm("Beta")
    assert queries.names_of_devices(actions.ensure_profile(beta.customer, beta.licence.product), [device.code]) == {}


def test_cs_13_cs_21_what_does_not_fit_is_said_beside_the_setting(alfa: Firm) -> None:
    pages = Pages(alfa, alfa.owner)
    told = pages.sets(
        mail__port=("forced", "70000"), look__theme=("forced", "blue"), proxy__host=("forced", "password=x"), status=422
    )
    assert re.findall(r'id="e-([\w.]+)"', told) == ["look.theme", "proxy.host", "mail.port"]
    assert 'value="70000"' in told
    assert "Choose how it counts" in pages.sets(mail__port=("", "25"), status=422)
    assert "mail.port has to be integer" in pages.sets(mail__port=("forced", "often"), status=422)
    assert not Draft.objects.exists()
    form = {
        "key": "look.theme",
        "mode:look.theme": "forced",
        "value:look.theme": "dark",
        "platforms:look.theme": ["windows"],
        "since:look.theme": "10.1",
    }
    pages.post("edit/company/", form)
    assert Draft.objects.get().entries["look.theme"]["when"] == {"platforms": ["windows"], "since": "10.1"}
    pages.post("edit/company/", form | {"since:look.theme": "soon"}, 422)
    pages.post("draft/discard/")
    assert not Draft.objects.exists()


def test_cs_25_two_administrators_and_a_word_for_each_conflict(alfa: Firm) -> None:
    one, two = Pages(alfa, alfa.owner), Pages(alfa, people.member(alfa.customer, Role.ADMIN))
    two.sets(look__theme=("forced", "light"), mail__port=("forced", "25"))
    one.sets(look__theme=("forced", "dark"), proxy__host=("forced", "proxy.example"))
    one.publishes(0)
    late = two.publishes(0, 409)
    assert "Revision 1 was published while you were writing" in late
    assert 'name="word:company|look.theme"' in late
    assert Revision.objects.count() == 1
    two.post("draft/rebase/", {"word:company|look.theme": "theirs"})
    two.publishes(1)
    named = queries.entries_of(Revision.objects.get(number=2).profile, 2)["company"]
    assert {key: entry.value for key, entry in named.items()} == {
        "look.theme": "dark",
        "proxy.host": "proxy.example",
        "mail.port": 25,
    }


def test_groups_have_an_order_a_rule_and_lists(alfa: Firm) -> None:
    pages = Pages(alfa, alfa.owner)
    assert "This is needed" in pages.post("groups/new/", {"name": " "}, 422)
    for name in ("First", "Second"):
        pages.post("groups/new/", {"name": name})
    first, second = Group.objects.order_by("priority")
    pages.post(f"groups/{second.code}/up/")
    assert list(Group.objects.order_by("priority").values_list("name", flat=True)) == ["Second", "First"]
    pages.post(f"groups/{first.code}/rule/", {"name": "pc-*", "platforms": ["windows", "linux", "macos"]})
    listed = pages.get("groups/")
    assert "3 devices" in listed
    assert "named pc-*" in listed
    file = SimpleUploadedFile("devices.csv", "PC-1;x\r\npc-2;y\r\nnobody;z\r\n".encode("utf-8-sig"), "text/csv")
    pages.post(f"groups/{second.code}/put/", {"file": file})
    assert set(second.members.values_list("device__name", flat=True)) == {"PC-1", "PC-2"}
    pages.post(f"groups/{second.code}/put/", {"devices": "PC-3", "how": "exactly"})
    assert set(second.members.values_list("device__name", flat=True)) == {"PC-3"}
    assert pages.status(f"groups/{second.code}/put/", {"devices": "nobody"}) == 422
    assert "put in" in pages.get(f"groups/{second.code}/")
    pages.post(f"groups/{second.code}/take/", {"device": alfa.devices[2].code})
    assert not second.members.exists()
    pages.post(f"groups/{first.code}/delete/", {"name": "Frist"}, 422)
    pages.post(f"groups/{first.code}/delete/", {"name": "First"})
    assert Group.objects.count() == 1


def test_cs_18_a_roll_out_is_begun_watched_halted_and_taken_back(alfa: Firm) -> None:
    pages = Pages(alfa, alfa.owner)
    pages.sets(look__theme=("forced", "light"))
    pages.publishes(0)
    pages.sets(look__theme=("forced", "dark"))
    waves = {
        "how": "waves",
        "percent-0": "10",
        "hours-0": "24",
        "percent-1": "100",
        "hours-1": "",
        "error_limit": "2,5",
        "zone": "Europe/Prague",
    }
    assert "100 %" in pages.publishes(1, 422, **waves | {"percent-1": "50"})
    pages.publishes(1, **waves | {"first-0": "2026-12-24", "last-0": "2027-01-01"})
    rollout = RollOut.objects.get()
    assert rollout.plan["exclusions"] == [["2026-12-24", "2027-01-01"]]
    page = f"rollouts/{rollout.code}/"
    shown = pages.get(page)
    assert "Europe/Prague" in shown
    assert 'hx-trigger="every 5s"' in shown
    part = pages.client.get(pages.home + page, headers={"HX-Request": "true"}).content.decode()
    assert part.lstrip().startswith('<div id="live"')
    for deed, state in (("pause", "paused"), ("resume", "running"), ("next", "running"), ("halt", "halted")):
        pages.post(f"{page}{deed}/")
        rollout.refresh_from_db()
        assert rollout.state == state
    assert rollout.wave == 2
    pages.sets(mail__port=("forced", "25"))
    assert "is still being rolled out" in pages.get("draft/")
    assert "is being rolled out" in pages.publishes(2, 409)
    pages.post("history/1/rollback/")
    rollout.refresh_from_db()
    assert rollout.state == "taken_back"
    assert "Taken back" in pages.get("rollouts/")


def test_a_second_person_looks_at_it(alfa: Firm) -> None:
    one, two = Pages(alfa, alfa.owner), Pages(alfa, people.member(alfa.customer, Role.ADMIN))
    one.sets(mail__tls=("forced", "true"))
    one.publishes(0)
    proposal = Proposal.objects.get()
    page = f"proposals/{proposal.code}/"
    assert "whoever asked" in one.get(page)
    assert "asks a second person" in two.get()
    assert one.status(f"{page}approve/", {}) == 409
    assert 'name="seen" value="0"' in two.get(page)
    two.post(f"{page}approve/")
    assert Revision.objects.get().content == {"company": {"mail.tls": {"value": True, "mode": "forced"}}}
    one.post("guarded/", {"key": ["mail.port", "nothing"]})
    assert Revision.objects.get().profile.guarded == ["mail.port"]
    two.sets(mail__port=("forced", "25"))
    two.publishes(1)
    two.post(f"proposals/{Proposal.objects.first().code}/decline/")  # type: ignore[union-attr]
    assert Draft.objects.get().entries["mail.port"]["value"] == 25


def test_cs_24_strangers_and_viewers(alfa: Firm) -> None:
    Pages(alfa, alfa.owner).sets(look__theme=("forced", "dark"))
    Pages(alfa, alfa.owner).publishes(0)
    device = alfa.devices[0].code
    reading = [
        "",
        "edit/company/",
        "history/",
        "history/1/",
        "devices/",
        "devices.csv",
        f"devices/{device}/",
        "groups/",
        "rollouts/",
        "guarded/",
        "export/company.json",
    ]
    writing = [
        "edit/company/",
        "draft/publish/",
        "draft/discard/",
        "draft/rebase/",
        "history/1/rollback/",
        "groups/new/",
        "guarded/",
        f"devices/{device}/file/",
    ]
    stranger, viewer = Pages(alfa, firm("Beta").owner), Pages(alfa, alfa.viewer)
    assert {path: stranger.status(path) for path in [*reading, "draft/"]} == dict.fromkeys([*reading, "draft/"], 404)
    assert {path: viewer.status(path) for path in reading} == dict.fromkeys(reading, 200)
    for other in (stranger, viewer):
        assert {path: other.status(path, {}) for path in writing} == dict.fromkeys(writing, 404)
    assert viewer.status("draft/") == 404
    assert "Keep in my draft" not in viewer.get("edit/company/")
    assert web.client().get(viewer.home).status_code == 302


def test_cs_23_files_for_other_tools_say_what_the_sdk_reads(alfa: Firm, tmp_path: Any) -> None:
    pages = Pages(alfa, alfa.owner)
    pages.sets(
        look__theme=("forced", "dark"),
        mail__port=("default", "993"),
        mail__tls=("forced", "false"),
        mail__folders=("forced", "A\nB"),
        proxy__host=("default", 'a"b\\c'),
    )
    pages.publishes(0)
    wanted = {
        "look.theme": ("dark", "forced"), "mail.port": (993, "default"), "mail.tls": (False, "forced"),
        "mail.folders": (["A", "B"], "forced"), "proxy.host": ('a"b\\c', "default"),
    }  # fmt: skip
    for form in ("json", "plist"):
        file = tmp_path / f"policy.{form}"
        file.write_bytes(pages.client.get(f"{pages.home}export/company.{form}").content)
        assert {key: (entry.value, entry.mode) for key, entry in file_layer(MACHINE, file).entries.items()} == wanted
        assert json.loads(file.read_bytes()) if form == "json" else plistlib.loads(file.read_bytes())
    registry = pages.client.get(f"{pages.home}export/device:{alfa.devices[0].code}.reg").content.decode("utf-16")
    forced, recommended = registry.split("\\Recommended]")
    assert '"mail.tls"=dword:00000000' in forced
    assert '"mail.folders"=hex(7):41,00,00,00,42,00,00,00,00,00' in forced
    assert '"mail.port"=dword:000003e1' in recommended
    assert '"proxy.host"="a\\"b\\\\c"' in recommended
    assert pages.status("export/company.xml") == 404
    with zipfile.ZipFile(io.BytesIO(pages.client.get(f"{pages.home}export/company.admx").content)) as archive:
        admx, czech = (ElementTree.fromstring(archive.read(name)) for name in archive.namelist() if "en-US" not in name)
    ns = {"p": admx.tag[1:].partition("}")[0]}
    assert admx.find(".//p:policy[@name='mail_port']/p:elements/p:decimal", ns).attrib["maxValue"] == "65535"
    kept = admx.find(".//p:policy[@name='mail_tls_recommended']", ns).attrib
    assert kept["key"] == f"{registry.splitlines()[2][20:-1]}\\Recommended"
    named = {f"$(string.{each.attrib['id']})": each.text for each in czech.iterfind(".//p:string", ns)}
    shown = {each.attrib["id"] for each in czech.iterfind(".//p:presentation", ns)}
    for element in admx.iter():
        assert element.attrib.get("displayName", "$(string.program)") in named
        assert element.attrib.get("presentation", f"$(presentation.{min(shown)})")[15:-1] in shown
    assert named[kept["displayName"]] == "Šifrovat"


def test_cs_20_a_device_without_a_network_gets_its_settings_in_a_file(alfa: Firm) -> None:
    pages, device = Pages(alfa, alfa.owner), alfa.devices[0]
    assert pages.status(f"devices/{device.code}/file/", {}) == 404  # there is nothing to give yet
    pages.sets(look__theme=("forced", "dark"))
    pages.publishes(0)
    given = json.loads(pages.client.post(f"{pages.home}devices/{device.code}/file/").content)
    assert (given["podpora"], given["v"], len(given["settings"]), bool(given["keys"])) == ("offline", 1, 1, True)


@pytest.mark.parametrize("count", [1, 3])
def test_lists_ask_the_same_for_one_and_for_three(alfa: Firm, count: int) -> None:
    pages = Pages(alfa, alfa.owner)
    Device.objects.filter(pk__in=[device.pk for device in alfa.devices[count:]]).delete()
    for number in range(count + 1):
        if number:
            pages.post("groups/new/", {"name": f"G{number}"})
        pages.sets(look__theme=("forced", ("dark", "light")[number % 2]))
        pages.publishes(number)
        if number:
            Api(make.activated(alfa.licence, make.device(f"NB-{number}")).token).get("settings")
    found = {}
    for path in QUERIES:
        pages.get(path)
        with CaptureQueriesContext(connection) as asked:
            pages.get(path)
        found[path] = len(asked)
    assert found == QUERIES


QUERIES = {"": 21, "devices/": 18, "groups/": 16, "history/": 14, "rollouts/": 12}
