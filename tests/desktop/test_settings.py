"""The company's settings in the sample program: used, locked, given back, shown and reported; and the user's own beside them."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.desktop.conftest import Bought, Computer, Vendor, answered, until

pytestmark = pytest.mark.once
Computers = Callable[..., Computer]
ROOT = Path(__file__).resolve().parents[2]


def test_the_program_and_the_vendor_have_one_document() -> None:
    ours = ROOT / "examples/desktop/sample_mail/settings/document.json"
    assert ours.read_bytes() == (ROOT / "src/podpora/config/demo/settings.json").read_bytes()


def published(vendor: Vendor, company: Bought, number: int, **entries: Any) -> None:
    """The company's layer as the next revision. `a__b=("forced", 1)` is `a.b`."""
    token = vendor.token("--scope", "settings", "--person", company.email)
    layer = {key.replace("__", "."): {"mode": mode, "value": value} for key, (mode, value) in entries.items()}
    vendor.call("PUT", "settings/layers/company", {"entries": layer}, token)
    assert vendor.call("POST", "settings/revisions", {"based_on": number}, token)["revision"] == number + 1


def fetched(window: Any) -> Any:
    """The dialog of managed settings, after a look at the server."""
    dialog = window.open_managed()
    dialog.fetch.click()
    answered(dialog)
    return dialog


def rows(dialog: Any) -> dict[str, list[str]]:
    table = dialog.table
    cells = [[table.item(row, column).text() for column in range(table.columnCount())] for row in range(table.rowCount())]
    return {line[0]: line[1:] for line in cells}


def device(vendor: Vendor, company: Bought, state: str) -> Any:
    """The company's one device, when it stands so."""
    token = vendor.token("--scope", "settings", "--person", company.email)

    def look() -> Any:
        [found] = vendor.call("GET", "settings/devices", token=token)["items"]
        return found if found["state"] == state else None

    return until(look)


def test_cs_1_cs_6_cs_14_cs_22_forced_default_initial_and_back(computer: Computers, vendor: Vendor) -> None:
    company, pc = vendor.sell("pro-company", company="Alfa Servis s.r.o."), computer()
    published(
        vendor, company, 0, appearance__theme=("forced", "dark"), appearance__density=("default", "compact"),
        general__notifications=("initial", "off"), compose__font=("forced", "No such font"), security__blocked_extensions=("forced", ["exe"]),
    )  # fmt: skip
    window = pc.activated(company.key, language="cs")
    preferences = window.context.preferences
    assert preferences.choose("appearance.theme", "light")  # before the company has a word in it
    managed = fetched(window)
    assert managed.head.text() == "Spravuje Alfa Servis s.r.o."
    assert managed.facts.shown["revision"] == "1"
    shown = rows(managed)
    assert shown["Motiv"] == ["Tmavý", "zamčeno", "Celá firma", "použito"]
    assert shown["Hustota seznamu"] == ["Hustá", "výchozí", "Celá firma", "použito"]
    assert shown["Upozorňovat na novou poštu"] == ["Neupozorňovat", "počáteční", "Celá firma", "použito"]
    assert shown["Písmo"][3] == "Písmo No such font není nainstalované."
    assert window.theme == "dark"
    assert not window._managed_menus["appearance.theme"].isEnabled()

    _locked_default_and_initial(window)
    told = device(vendor, company, "partial")
    assert set(told["keys"]) == {"compose.font"}
    assert told["keys"]["compose.font"]["reason"] == "Písmo No such font není nainstalované."

    published(vendor, company, 1, security__blocked_extensions=("forced", ["exe"]))
    fetched(window)
    assert window.theme == "light"  # what the user had
    assert window._managed_menus["appearance.theme"].isEnabled()
    assert preferences.value("general.notifications") == "off"  # once given, it is the user's
    assert preferences.value("appearance.density") == "comfortable"
    assert device(vendor, company, "applied")["standing"] == "current"
    again = pc.start("cs", theme="light")
    assert again.context.preferences.value("general.notifications") == "off"


def _locked_default_and_initial(window: Any) -> None:
    """What the settings dialog shows of them, and what the user may do."""
    preferences = window.context.preferences
    settings = window.open_settings()
    settings.search.setText("motiv")
    theme = settings.rows["appearance.theme"]
    assert not theme.control.isEnabled()
    assert theme.state.text() == "Zamyká Alfa Servis s.r.o., změnit to nelze."
    assert not preferences.choose("appearance.theme", "light")
    settings.search.setText("hustot")
    density = settings.rows["appearance.density"]
    assert density.state.text() == "Nastavuje Alfa Servis s.r.o., můžete to změnit."
    density.control.setCurrentIndex(0)
    density.control.activated.emit(0)
    assert (preferences.value("appearance.density"), density.state.text()) == ("comfortable", "Změněno vámi.")
    assert window.list.item(0).sizeHint().height() == 54
    density.reset.click()
    assert (preferences.value("appearance.density"), window.list.item(0).sizeHint().height()) == ("compact", 40)
    assert preferences.value("general.notifications") == "off"


def test_cs_23_the_computers_own_policy_wins_and_the_company_is_told(computer: Computers, vendor: Vendor, tmp_path: Path) -> None:
    from podpora_sdk.policy import MACHINE, file_layer

    company, pc = vendor.sell("pro-company", company="Beta s.r.o."), computer()
    published(vendor, company, 0, general__check_minutes=("forced", 5), calendar__holidays=("default", "de"))
    file = tmp_path / "policy.json"
    file.write_text(json.dumps({"general.check_minutes": 30, "appearance.zoom": {"value": 1.5, "mode": "default"}}))
    pc.policies.append(file_layer(MACHINE, file))
    window = pc.activated(company.key)
    managed = fetched(window)
    shown = rows(managed)
    assert shown["Check for mail every (min)"] == ["30", "locked", "Computer's administrator", "used"]
    assert shown["Zoom"] == ["1.5", "default", "Computer's administrator", "used"]
    place = [managed.table.item(row, 0).text() for row in range(managed.table.rowCount())].index("Check for mail every (min)")
    assert managed.table.item(place, 3).toolTip() == "It wins over: Whole company: 5"
    settings = window.open_settings()
    settings.search.setText("check for mail")
    assert (
        settings.rows["general.check_minutes"].state.text()
        == "Locked by the administrator of this computer: it can't be changed here."
    )
    told = device(vendor, company, "applied")
    assert told["drifted"]
    assert told["keys"]["general.check_minutes"]["state"] == "overridden"


def test_cs_22_nothing_managed_is_said_kindly_and_every_setting_has_its_page(computer: Computers, vendor: Vendor) -> None:
    from sample_mail.settings.known import SCHEMA

    window = computer().activated(vendor.sell().key)
    dialog = fetched(window)
    assert dialog.nothing.text() == "Nothing is managed: every setting of this program is yours."
    assert dialog.table.isHidden()
    settings, seen = window.open_settings(), set()
    for place in range(settings.pages.count()):
        settings.pages.setCurrentRow(place)
        seen |= set(settings.rows)
        assert all(row.control.isEnabled() for row in settings.rows.values())
    assert seen == set(SCHEMA)
    settings.search.setText("imap port")
    port = settings.rows["server.imap_port"]
    port.control.setValue(143)
    assert window.context.preferences.value("server.imap_port") == 143
    port.control.setValue(993)
    port.reset.click()
    assert not window.context.preferences.is_chosen("server.imap_port")


WRITES = """
import itertools, sys
from pathlib import Path
from sample_mail.settings.chosen import Chosen
chosen = Chosen(Path(sys.argv[1]))
for number in itertools.count():
    chosen.put("a", number); chosen.put("b", number)
    print(number, flush=True)
"""


def test_the_users_choices_survive_a_kill_in_the_middle(tmp_path: Path) -> None:
    from sample_mail.settings.chosen import Chosen

    file = tmp_path / "settings.json"
    environment = {"PYTHONPATH": f"{ROOT / 'examples/desktop'}:{ROOT / 'sdk/python/src'}", "PATH": ""}
    for _ in range(3):
        with subprocess.Popen([sys.executable, "-c", WRITES, str(file)], stdout=subprocess.PIPE, env=environment) as process:
            assert process.stdout
            for _line in range(5):
                process.stdout.readline()
            process.kill()
        kept = Chosen(file)
        assert kept.get("a") - kept.get("b") in (0, 1)
        file.unlink()
    (tmp_path / "broken.json").write_text("{")
    assert Chosen(tmp_path / "broken.json").get("a") is None
