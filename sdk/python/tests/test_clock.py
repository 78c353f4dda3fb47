"""The clock: forward, back, missing; and what a fresh answer of the server repairs (A-11, S33)."""

from __future__ import annotations

from pathlib import Path

import pytest

from podpora_sdk.clock import TOLERANCE, Clock
from podpora_sdk.store import COPIES, MARK
from tests.fake import Vendor
from tests.making import Program, Time, TimedStore, program
from tests.vectors.making import DAY, NOW, certificate

YEAR = 365 * DAY
TRIAL = {"kind": "trial", "run": {"all": True, "through_major": None, "until": "2026-10-20"}}
KEY = "PK234-56789-ABCDE-FGHJK-MNPQR"


def test_s33_the_clock_turned_back_gains_nothing(tmp_path: Path) -> None:
    made = program(tmp_path)
    made.started().install_offline(certificate(**TRIAL))
    assert made.started().state().days_left == 30
    made.time.now = NOW + 40 * DAY
    assert made.started().state().reason == "licence.expired"
    made.time.now = NOW
    state = made.started().state()
    assert (state.may_run, state.reason, state.needs_refresh) == (False, "licence.expired", True)
    assert "licence.clock_tampered" in [notice.code for notice in state.notices]


def test_a_perpetual_licence_only_asks_for_a_refresh(tmp_path: Path) -> None:
    made = program(tmp_path)
    made.started().install_offline(certificate())
    for now in (NOW + 10 * YEAR, NOW - 10 * YEAR, 0, 2**33):
        made.time.now = now
        assert made.started().state().may_run
    made.time.now = NOW
    state = made.started().state()
    assert (state.reason, state.needs_refresh, state.next[0].kind) == ("licence.clock_tampered", True, "refresh")


@pytest.mark.parametrize(("back", "code"), [(TOLERANCE, "licence.valid"), (TOLERANCE + 1, "licence.clock_tampered")])
def test_48_hours_are_tolerated(tmp_path: Path, back: int, code: str) -> None:
    made = program(tmp_path)
    made.started().install_offline(certificate())
    made.time.now = NOW - back
    assert made.started().state().reason == code


def test_the_mark_is_kept_in_two_places(tmp_path: Path) -> None:
    time = Time()
    store = TimedStore(tmp_path / "one", second=tmp_path / "two", time=time)
    made = program(store, time=time)
    made.started().install_offline(certificate(**TRIAL))
    made.time.now = NOW + 40 * DAY
    made.started().state()
    for path in (tmp_path / "one" / MARK, tmp_path / "two" / MARK):
        kept = path.read_bytes()
        path.unlink()
        made.time.now = NOW
        store._memory_mark = 0
        store._age()
        assert made.started().state().reason == "licence.expired"
        path.write_bytes(kept)


def test_the_newest_file_written_counts(tmp_path: Path) -> None:
    import os

    made = program(tmp_path)
    made.started().install_offline(certificate(**TRIAL))
    os.utime(tmp_path / COPIES[0], (NOW + 40 * DAY, NOW + 40 * DAY))
    assert made.started().state().reason == "licence.expired"


def test_a_fresh_answer_repairs_a_mark_in_the_future(vendor: Vendor, installed: Program) -> None:
    vendor.claims = TRIAL
    licensing = installed.started()
    licensing.activate(KEY)
    installed.time.now = NOW + 10 * YEAR  # the battery was empty, and somebody looked
    assert installed.started().state().reason == "licence.expired"
    installed.time.now = NOW
    again = installed.started()
    assert again.state().reason == "licence.expired"
    assert again.refresh().ok
    assert again.state().reason == "licence.valid"


def test_a_clock_that_runs_ahead_takes_nobodys_days_after_a_contact(vendor: Vendor, installed: Program) -> None:
    vendor.claims = TRIAL
    installed.time.now = NOW + 10 * YEAR
    licensing = installed.started()
    assert licensing.activate(KEY).ok
    assert (licensing.state().may_run, licensing.state().days_left) == (True, 30)


def test_an_old_answer_does_not_lower_the_mark(tmp_path: Path) -> None:
    made = program(tmp_path)
    made.started().install_offline(certificate(**TRIAL))
    made.time.now = NOW + 40 * DAY
    made.started().state()
    made.time.now = NOW
    licensing = made.started()
    assert licensing.install_offline(certificate(serial=8, **TRIAL)).ok
    assert licensing.state().reason == "licence.expired"


def test_an_offline_answer_to_our_own_request_repairs_it(tmp_path: Path) -> None:
    from podpora_sdk import jws

    made = program(tmp_path)
    made.started().install_offline(certificate(**TRIAL))
    made.time.now = NOW + 10 * YEAR
    assert made.started().state().reason == "licence.expired"
    made.time.now = NOW
    licensing = made.started()
    claims, _ = jws.verified_by_own_key(licensing.offline_request().file, jws.REQUEST_TYPE)
    file = certificate(serial=8, nonce=claims["nonce"], **TRIAL)
    assert licensing.install_offline(file).ok
    assert licensing.state().may_run
    made.time.now = NOW + 40 * DAY
    assert made.started().state().reason == "licence.expired"
    made.time.now = NOW
    again = made.started()
    assert again.install_offline(file).ok  # the same file: its nonce is used up
    assert again.state().reason == "licence.expired"


def test_the_server_hears_of_the_clock(vendor: Vendor, installed: Program) -> None:
    licensing = installed.started()
    licensing.activate(KEY)
    installed.time.now = NOW - YEAR
    licensing.refresh()
    assert vendor.asked("activations/me/refresh")[0].body["clock"] == "2025-09-21T14:13:20Z"


def test_the_last_run_is_written_at_most_once_an_hour(tmp_path: Path) -> None:
    made = program(tmp_path)
    licensing = made.started()
    licensing.install_offline(certificate())
    licensing.state()
    before = (tmp_path / MARK).read_text()
    made.time.now = NOW + 1800
    licensing.state()
    assert (tmp_path / MARK).read_text() == before
    made.time.now = NOW + 3600
    licensing.state()
    assert (tmp_path / MARK).read_text() == f"{NOW + 3600}\n"


def test_the_real_clock_is_the_default() -> None:
    import time

    assert abs(Clock().now() - time.time()) < 5
