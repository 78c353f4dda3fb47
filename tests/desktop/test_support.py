"""Help > Contact support and Check for updates of the sample program."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from tests.desktop.conftest import Computer, Vendor, answered

pytestmark = pytest.mark.once
Computers = Callable[..., Computer]


def asked(window: Any, text: str = "The calendar stops.", topic: int = 0) -> Any:
    dialog = window.open_support()
    dialog.text.setPlainText(text)
    dialog.topic.setCurrentIndex(topic)
    dialog.send.click()
    answered(dialog)
    return dialog


def test_s8_a_question_arrives_with_device_version_diagnostics_and_files(
    computer: Computers, vendor: Vendor, tmp_path: Any
) -> None:
    licence, pc = vendor.sell(), computer()
    window = pc.activated(licence.key)
    log = tmp_path / "sync.log"
    log.write_text("connected\npassword=hunter2\n")
    dialog = window.open_support()
    shown = dialog.preview.toPlainText()
    assert licence.code in shown
    assert "imap login" in shown
    assert "hunter2" not in shown
    assert licence.key not in shown
    dialog.subject.setText("The calendar")
    dialog.text.setPlainText("It stops every day.\nAfter lunch.")
    dialog.add_screenshot()
    dialog.add_files([str(log)])
    dialog.send.click()
    answered(dialog)
    ticket = vendor.newest_ticket()
    assert ticket["code"] in dialog.notice.text
    assert (ticket["subject"], ticket["via"], ticket["queue"]) == ("The calendar", "program", "vip")
    assert (ticket["licence"], ticket["version"]) == (licence.code, "10.2.0")
    assert ticket["device"]
    assert ticket["platform"]
    assert ticket["requester"]["email"] == licence.email
    [first] = [message for message in ticket["messages"] if message["kind"] == "public"]
    files = {f["name"]: f for f in first["attachments"]}
    assert set(files) == {"screenshot-1.png", "sync.log", "diagnostics.json"}
    assert files["screenshot-1.png"]["content_type"] == "image/png"
    assert files["sync.log"]["secrets_removed"] == 1
    assert dialog.send.isHidden()  # it is sent once
    dialog.findChild(type(dialog.send), "open-ticket").click()
    assert pc.opened[-1].endswith(f"/centre/{ticket['code']}/")


def test_vip_9_a_refusal_is_shown_with_the_ways_out(computer: Computers, vendor: Vendor) -> None:
    licence, pc = vendor.sell(days_ago=500), computer()
    window = pc.activated(licence.key, language="cs", version="9.6.1")
    dialog = asked(window)
    assert "VIP podpora" in dialog.notice.text
    assert any("/shop/" in url for url in dialog.notice.urls())
    assert any("/forum/" in url for url in dialog.notice.urls())
    assert dialog.text.toPlainText()  # what was written stays
    dialog.topic.setCurrentIndex(1)
    dialog.send.click()
    answered(dialog)
    ticket = vendor.newest_ticket()
    assert (ticket["queue"], ticket["licence"]) == ("licences", licence.code)  # SC-6
    assert ticket["code"] in dialog.notice.text


def test_a_8_sent_again_after_a_lost_answer_it_is_one_ticket(computer: Computers, vendor: Vendor) -> None:
    window = computer().activated(vendor.sell().key)
    dialog = asked(window)
    first = vendor.newest_ticket()["code"]
    dialog.do_send()
    answered(dialog)
    assert vendor.newest_ticket()["code"] == first
    assert first in dialog.notice.text


def test_what_the_user_deletes_is_not_sent(computer: Computers, vendor: Vendor) -> None:
    window = computer().activated(vendor.sell().key)
    dialog = window.open_support()
    dialog.text.setPlainText("Without diagnostics.")
    dialog.with_diagnostics.setChecked(False)
    assert dialog.preview.isHidden()
    dialog.send.click()
    answered(dialog)
    [first] = [message for message in vendor.newest_ticket()["messages"] if message["kind"] == "public"]
    assert first["attachments"] == []
    other = window.open_support()
    other.text.setPlainText("My own words.")
    other.preview.setPlainText("only this")
    assert other.diagnostics() == {"text": "only this"}


def test_nothing_is_sent_without_words_or_without_a_server(computer: Computers) -> None:
    dialog = computer("http://127.0.0.1:9").start().open_support()
    dialog.send.click()
    assert dialog.notice.text == "Please write what it is about."
    dialog.text.setPlainText("Help")
    dialog.send.click()
    answered(dialog)
    assert "not activated" in dialog.notice.text
    assert dialog.notice.urls() == ["http://127.0.0.1:9/contact/"]


def test_vip_10_a_trial_asks_with_an_address_and_is_answered_by_e_mail(computer: Computers, vendor: Vendor) -> None:
    window = computer().start("cs")
    trial = window.open_activate()
    trial.trial.click()
    answered(trial)
    assert trial.notice.text == "Aktivováno. Děkujeme!"
    assert re.search(r"Zkušební doba: zbývá (29|30|31) dn", window.banner.text)  # by the calendar of this computer
    assert any("/shop/" in url for url in window.banner.urls())
    dialog = asked(window, "Jak nastavím kalendář?")
    assert "zatím nemá držitele" in dialog.notice.text
    assert not dialog.email.isHidden()
    dialog.email.setText("zkousim@trial.example")
    dialog.send.click()
    answered(dialog)
    ticket = vendor.newest_ticket()
    assert (ticket["queue"], ticket["tier"], ticket["requester"]["email"]) == ("technical", "trial", "zkousim@trial.example")
    assert ticket["requester"]["verified"] is False
    assert ticket["code"] in dialog.notice.text
    assert "e-mailem" in dialog.notice.text


def test_not_more_than_ten_files(computer: Computers, tmp_path: Any) -> None:
    dialog = computer().start().open_support()
    dialog.add_files([str(tmp_path / f"{n}.txt") for n in range(12)])
    assert len(dialog.paths()) == 10
    assert dialog.notice.text == "At most ten files."
    dialog.remove.click()
    assert len(dialog.paths()) == 9


def test_eol_8_what_is_covered_is_said_before_anything_happens(computer: Computers, vendor: Vendor) -> None:
    window = computer().activated(vendor.sell().key)
    dialog = window.open_updates()
    answered(dialog)
    assert "10.*" in dialog.facts.shown["covers"]
    for version, covered in (("10.9", True), ("8.0", True), ("11.0", False)):
        dialog.version.setText(version)
        dialog.check.click()
        assert ("covered" in dialog.notice.text and "covers" not in dialog.notice.text) is covered, dialog.notice.text
    assert any("/shop/" in url for url in dialog.notice.urls())


@pytest.mark.parametrize(("days_ago", "version", "yours", "upgrade"), [(30, "10.0.0", "10.2", False), (500, "9.0.0", "9.8", True)])
def test_eol_8_the_newest_version_that_is_yours_and_what_the_next_one_costs(
    computer: Computers, vendor: Vendor, days_ago: int, version: str, yours: str, upgrade: bool
) -> None:
    pc = computer()
    window = pc.activated(vendor.sell(days_ago=days_ago).key, version=version)
    dialog = window.open_updates()
    answered(dialog)
    shown = dialog.facts.shown
    assert shown["newest"].startswith("10.2")
    assert shown["yours"].startswith(yours)
    assert ("price" in shown) is upgrade
    dialog.findChild(type(dialog.again), "download").click()
    assert pc.opened[-1].startswith(f"https://download.vendor.example/postolka-{yours}")
    if upgrade:
        assert ": covers 10 and all older ones, with VIP support until" in shown["price"]
        assert "Yours stays yours for ever" in dialog.notice.text
        assert any("/shop/upgrade/" in url for url in dialog.notice.urls())
    else:
        assert dialog.notice.isHidden()


def test_updates_without_a_server_still_know_the_certificate(computer: Computers, vendor: Vendor) -> None:
    pc = computer()
    pc.activated(vendor.sell().key)
    pc.server = "http://127.0.0.1:9"
    dialog = pc.start().open_updates()
    answered(dialog)
    assert "can't be reached" in dialog.word.text
    assert "10.*" in dialog.facts.shown["covers"]
