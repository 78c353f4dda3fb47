"""Help > License of the sample program: activate, look, refresh, deactivate, free another device, work offline."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.desktop.conftest import Computer, Vendor, answered, until

pytestmark = pytest.mark.once
Computers = Callable[..., Computer]


def texts_of(menu: Any) -> list[str]:
    return [action.text().replace("&", "") for action in menu.actions() if action.text()]


@pytest.mark.parametrize(("language", "expected"), [
    ("en", ["License…", "Check for updates…", "Contact support…", "Managed settings…", "About Poštolka"]),
    ("cs", ["Licence…", "Zkontrolovat aktualizace…", "Kontaktovat podporu…", "Spravovaná nastavení…", "O programu Poštolka"]),
])  # fmt: skip
def test_the_help_menu_leads_everywhere(computer: Computers, language: str, expected: list[str]) -> None:
    window = computer().start(language)
    menus = [action.menu() for action in window.menuBar().actions()]
    assert texts_of(menus[-1]) == expected
    for menu in [window.menuBar(), *menus]:  # each has a letter of its own for the keyboard
        letters = [text[text.index("&") + 1].lower() for text in (a.text() for a in menu.actions()) if "&" in text]
        assert len(letters) == len(set(letters)), letters
        assert len(letters) == len([a for a in menu.actions() if a.text()])


def test_activate_look_refresh_deactivate_and_a_restart(computer: Computers, vendor: Vendor) -> None:
    licence, pc = vendor.sell(), computer()
    window = pc.start()
    assert "not activated" in window.banner.text
    assert not window.new.isEnabled()
    dialog = window.open_license()
    assert dialog.facts.shown == {}
    assert not dialog.deactivate.isEnabled()
    activate = dialog.open_activate()
    activate.key.setText(licence.key.lower().replace("-", " "))
    activate.activate.click()
    assert not activate.activate.isEnabled()  # nothing can be pressed twice while the server is asked
    answered(activate)
    assert activate.notice.text == "Activated. Thank you!"
    shown = dialog.facts.shown
    assert (shown["holder"], shown["code"], shown["covers"]) == ("Buyer", licence.code, "10 and all older ones, for ever")
    assert shown["devices"] == "up to 3 devices"
    assert "days left" in shown["support"]
    assert dialog.title.text() == "Poštolka PRO"
    assert window.new.isEnabled()
    assert window.banner.isHidden()
    dialog.refresh.click()
    answered(dialog)
    assert dialog.notice.text == "The licence is up to date."
    again = pc.start("cs")  # a second window, as after a restart: from the file alone
    assert again.context.state().licence == licence.code
    czech = again.open_license()
    assert czech.facts.shown["covers"] == "10 a všechny starší, navždy"
    czech.do_deactivate(sure=True)
    answered(czech)
    assert czech.notice.text == "Deaktivováno: místo je volné."
    window.look()
    assert not window.context.state().is_activated  # the other window, another process in life, sees it too
    devices = vendor.call("GET", f"licences/{licence.code}/devices")["items"]
    assert [device["state"] for device in devices] == ["deactivated"]


@pytest.mark.parametrize(("key", "said"), [
    ("", "The key is not typed right"), ("PKAAA-BBBBB-CCCCC-DDDDD-EEEEE", "The key is not typed right"), ("x" * 254, "not typed right"),
])  # fmt: skip
def test_a_12_a_mistyped_key_is_said_so(computer: Computers, key: str, said: str) -> None:
    dialog = computer().start().open_activate()
    dialog.key.setText(key)
    dialog.activate.click()
    answered(dialog)
    assert said in dialog.notice.text


def test_a_1_all_places_are_taken_the_proven_owner_frees_another_device(computer: Computers, vendor: Vendor) -> None:
    licence = vendor.sell("pro-private-1")
    old = computer()
    first = old.activated(licence.key)
    dialog = computer().start().open_activate()
    dialog.key.setText(licence.key)
    dialog.activate.click()
    answered(dialog)
    assert dialog.limit.isVisible()
    assert dialog.devices.count() == 0  # nothing of the others is told to somebody who only knows the key
    dialog.code.setText("ABCDE-FGHJK")
    dialog.show_devices.click()
    answered(dialog)
    assert "does not fit" in dialog.notice.text
    assert dialog.devices.count() == 0
    dialog.code.setText(vendor.owner_proof(licence))
    dialog.show_devices.click()
    answered(dialog)
    assert dialog.devices.count() == 1
    assert dialog.devices.item(0).text().startswith(f"PC {old.number}\n")
    assert not dialog.free_one.isEnabled()
    dialog.devices.setCurrentRow(0)
    dialog.free_one.click()
    answered(dialog)
    assert dialog.notice.text == "Activated. Thank you!"
    told = first.open_license()
    told.refresh.click()
    answered(told)
    assert "removed from the licence" in told.standing.text  # it is told, and offered to come again
    assert "removed from the licence" in first.banner.text


def test_the_page_for_the_proof_is_opened_in_the_browser(computer: Computers, vendor: Vendor) -> None:
    pc = computer()
    dialog = pc.start().open_activate()
    dialog.open_proof()
    assert pc.opened == [f"{vendor.site.url}/licences/proof/"]


def test_a_10_without_a_server_it_starts_at_once_and_says_what_is_so(computer: Computers, vendor: Vendor) -> None:
    import time

    nowhere = computer("http://127.0.0.1:9")
    begin = time.monotonic()
    window = nowhere.start("cs")
    assert time.monotonic() - begin < 1
    dialog = window.open_activate()
    dialog.key.setText("PK" + "2" * 23)
    dialog.trial.click()
    answered(dialog)
    assert "server není dostupný" in dialog.notice.text
    licence, pc = vendor.sell(), computer()
    pc.activated(licence.key)
    pc.server = "http://127.0.0.1:9"  # the same computer a week later, far from any network
    later = pc.start()
    assert later.context.state().may_run
    assert later.new.isEnabled()
    shown = later.open_license()
    shown.refresh.click()
    answered(shown)
    assert "can't be reached" in shown.notice.text
    assert shown.facts.shown["code"] == licence.code


def test_a_9_a_request_file_is_saved_and_rubbish_is_not_installed(computer: Computers, tmp_path: Any) -> None:
    dialog = computer().start().open_license()
    path = tmp_path / "pc.podpora-request"
    dialog.save_request(str(path))
    until(path.exists)
    assert path.read_text().count(".") == 2
    assert "pc.podpora-request" in dialog.notice.text
    path.write_text("{}")
    dialog.install_file(str(path))
    answered(dialog)
    assert "can't be read" in dialog.notice.text
    dialog.save_proof(str(path), sure=True)
    answered(dialog)
    assert "There is no licence" in dialog.notice.text


def test_a_mistake_inside_never_ends_the_program(computer: Computers) -> None:
    window = computer().start()
    dialog = window.open_license()
    dialog.ask(lambda: 1 / 0, lambda answer: dialog._told(answer, "refreshed"))
    answered(dialog)
    assert "ZeroDivisionError" in dialog.notice.text
    late = window.open_managed()
    late.do_fetch()
    late.close()  # its answer comes to nobody
    until(lambda: not window.findChildren(type(late)))


def test_every_sentence_is_in_both_languages_and_no_name_is_left(computer: Computers) -> None:
    from sample_mail.texts import TEXTS

    window = computer().start("cs")
    for dialog in (
        window.open_license(),
        window.open_activate(),
        window.open_updates(),
        window.open_support(),
        window.open_managed(),
        window.open_settings(),
    ):
        from PySide6.QtWidgets import QLabel, QPushButton

        for part in [*dialog.findChildren(QLabel), *dialog.findChildren(QPushButton)]:
            assert part.text() not in TEXTS, part.text()
    for name, (english, czech) in TEXTS.items():
        assert english, name
        assert czech, name
        assert {p for p in english.split() if p.startswith("{")} or "{" not in czech
