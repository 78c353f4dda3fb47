"""CS-15, CS-16, CS-17: when the server is asked."""

from __future__ import annotations

import random
import threading
import time

import pytest

from podpora_sdk import Options, Result, Rhythm
from podpora_sdk.refresher import Refresher
from tests.fake import Vendor, json_reply
from tests.making import Program
from tests.vectors import others
from tests.vectors.making import DAY, NOW

KEY = "PK234-56789-ABCDE-FGHJK-MNPQR"
OK, DOWN = Result(True, "ok", ""), Result(False, "server.unreachable", "")


def waits(results: list[Result], chance: float = 0.0) -> list[float]:
    answers = iter(results)
    refresher = Refresher(lambda: next(answers), Rhythm(), lambda: chance)
    return [refresher.once() for _ in results]


def test_cs15_without_change_the_interval_and_salt() -> None:
    assert waits([OK, OK]) == [10_800, 10_800]
    assert waits([OK], 0.999)[0] == pytest.approx(11_100, abs=1)


def test_cs16_an_error_doubles_from_five_minutes_up_to_the_interval() -> None:
    assert waits([DOWN] * 8) == [300, 600, 1200, 2400, 4800, 9600, 10_800, 10_800]
    assert waits([DOWN, DOWN, OK, DOWN]) == [300, 600, 10_800, 300]
    assert waits([DOWN] * 2000)[-1] == 10_800


def test_cs16_every_wait_has_its_chance() -> None:
    assert waits([DOWN], 0.999)[0] == pytest.approx(375, abs=1)


def test_retry_after_is_always_kept() -> None:
    assert waits([Result(False, "server.busy", "", retry_after=7000)]) == [7000]
    assert waits([Result(False, "server.busy", "", retry_after=60)]) == [300]
    assert waits([Result(True, "ok", "", retry_after=80_000)]) == [80_000]


@pytest.mark.parametrize("code", ["licence.deactivated", "licence.not_activated", "server.token_unknown", "settings.none"])
def test_a_refusal_is_no_error_of_the_server(code: str) -> None:
    assert waits([Result(False, code, "")] * 2) == [10_800, 10_800]


def test_cs17_a_thousand_that_start_together_are_spread() -> None:
    chance = random.Random(1)
    firsts = [Rhythm().first * chance.random() for _ in range(1000)]
    assert max(sum(1 for first in firsts if second <= first < second + 1) for second in range(60)) < 40


def test_work_that_breaks_does_not_end_it() -> None:
    def broken() -> Result:
        raise RuntimeError("planted")

    refresher = Refresher(broken, Rhythm(), lambda: 0.0)
    assert [refresher.once(), refresher.once()] == [300, 600]


def test_start_and_stop() -> None:
    rounds = threading.Semaphore(0)

    def work() -> Result:
        rounds.release()
        return OK

    refresher = Refresher(work, Rhythm(interval=0.01, salt=0, first=0.0))
    for _ in range(2):
        refresher.start()
        refresher.start()
        assert [rounds.acquire(timeout=5) for _ in range(3)] == [True] * 3
        before = threading.active_count()
        refresher.stop()
        assert threading.active_count() == before - 1
    refresher.stop()


def test_the_background_refreshes_when_it_is_due(vendor: Vendor, installed: Program) -> None:
    vendor.bundle = others.bundle()
    installed.options = Options(rhythm=Rhythm(interval=0.05, salt=0, first=0.0))
    licensing = installed.started()
    licensing.activate(KEY)
    with licensing:
        until(lambda: len(vendor.asked("settings")) > 1)
        assert vendor.asked("activations/me/refresh") == []  # not due
        assert len(licensing.settings()) == 3
        installed.time.now = NOW + 2 * DAY
        until(lambda: bool(vendor.asked("activations/me/refresh")))
    seen = len(vendor.seen)
    time.sleep(0.2)
    assert len(vendor.seen) == seen  # stopped is stopped


def test_eol9_it_is_refreshed_within_24_hours(vendor: Vendor, installed: Program) -> None:
    """A round just before the certificate asks for it: the next one would come three hours late."""
    licensing = installed.started()
    licensing.activate(KEY)
    installed.time.now = NOW + DAY - 3 * 3600 - 301
    licensing._look_after()
    assert vendor.asked("activations/me/refresh") == []
    installed.time.now += 1
    licensing._look_after()
    assert len(vendor.asked("activations/me/refresh")) == 1


def test_a_deactivated_device_learns_it_in_the_background(vendor: Vendor, installed: Program) -> None:
    installed.options = Options(rhythm=Rhythm(interval=0.05, salt=0, first=0.0))
    licensing = installed.started()
    licensing.activate(KEY)
    vendor.instead = lambda request: (
        json_reply(409, {"error": {"code": "licence.deactivated", "message": "Gone."}}) if "refresh" in request.path else None
    )
    installed.time.now = NOW + 2 * DAY
    with licensing:
        until(lambda: licensing.state().reason == "licence.deactivated")


def test_without_a_licence_nobody_is_asked(vendor: Vendor, installed: Program) -> None:
    installed.options = Options(rhythm=Rhythm(interval=0.02, salt=0, first=0.0))
    with installed.started():
        time.sleep(0.2)
    assert vendor.seen == []


def until(condition: object, seconds: float = 10) -> None:
    deadline = time.monotonic() + seconds
    while not condition():  # type: ignore[operator]
        assert time.monotonic() < deadline
        time.sleep(0.01)
