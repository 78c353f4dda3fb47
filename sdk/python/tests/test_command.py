"""`podpora-sdk`: every command, its exit code, and JSON."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from podpora_sdk import command
from podpora_sdk.licensing import Licensing
from tests.fake import Vendor, json_reply
from tests.vectors import others
from tests.vectors.making import PINNED, SECOND, x_of

KEY = "PK234-56789-ABCDE-FGHJK-MNPQR"


@pytest.fixture
def run(vendor: Vendor, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("PODPORASDK_SERVER", vendor.url)
    monkeypatch.setenv("PODPORASDK_PRODUCT", "postak")
    monkeypatch.setenv("PODPORASDK_PUBLIC_KEYS", x_of(PINNED))
    monkeypatch.setenv("PODPORASDK_STORE", str(tmp_path / "store"))
    monkeypatch.setenv("PODPORASDK_OWNER", "owner-token")
    monkeypatch.chdir(tmp_path)
    import time

    vendor.now = int(time.time())

    def call(*arguments: str) -> tuple[int, str]:
        code = command.main([arguments[0], "--language", "en", *arguments[1:]])
        told = capsys.readouterr()
        return code, told.out + told.err

    return call


def test_a_whole_life(run: Any, vendor: Vendor, tmp_path: Path) -> None:
    code, told = run("state")
    assert code == 1
    assert "may NOT run" in told
    code, told = run("activate", KEY)
    assert code == 0, told
    assert "may run" in told
    assert "Jana Nováková" in told
    assert run("refresh")[0] == 0
    assert run("updates", "11", "--offline")[0] == 1
    assert run("updates", "10.9", "--offline")[0] == 0
    assert "nothing is managed" in run("settings")[1]
    vendor.bundle = others.bundle(iat=vendor.now, exp=vendor.now + 86_400, device=vendor_device(vendor))
    assert "proxy.mode" in run("settings", "--fetch")[1]
    code, told = run("doctor")
    assert code == 0, told
    assert all(word in told for word in ("store", "device", "server", "keys", "clock", "licence"))
    assert run("report", "It crashes", "--subject", "Crash")[0] == 0
    assert "app_version" in run("report", "--show")[1]
    assert run("deactivate")[0] == 0
    assert run("state")[0] == 1


def vendor_device(vendor: Vendor) -> str:
    from podpora_sdk.certificate import device_hash

    return device_hash(vendor.asked("activations")[0].body["device"]["fingerprint"])


def test_files(run: Any, vendor: Vendor, tmp_path: Path) -> None:
    code, told = run("request", "--key", KEY, "-o", "my.podpora-request")
    assert code == 0
    assert "written: my.podpora-request" in told
    assert (tmp_path / "my.podpora-request").read_text().count(".") == 2
    assert run("install", "my.podpora-request")[0] == 1
    assert run("proof")[0] == 1
    assert run("activate", KEY)[0] == 0
    assert run("proof", "-o", "my.podpora-proof")[0] == 0
    assert run("state")[0] == 1


def test_trial_register_devices_free(run: Any, vendor: Vendor) -> None:
    assert run("trial")[0] == 0
    device = {"code": "D-1", "name": "Laptop", "state": "active"}
    replies = {"registrations": (202, {}), "licences/L-7KQ2MPXA/devices?limit=100": (200, {"items": [device], "next": None})}
    vendor.instead = lambda request: (
        json_reply(replies[request.path][0], replies[request.path][1]) if request.path in replies else None
    )
    assert run("register", "jana@private.example")[0] == 0
    assert "Laptop" in run("devices")[1]
    vendor.instead = lambda request: (204, {}, b"") if request.method == "DELETE" else None
    assert run("free", "D-1")[0] == 0
    assert vendor.seen[-1].path == "licences/L-7KQ2MPXA/devices/D-1"
    assert vendor.seen[-1].headers["Authorization"] == "Bearer owner-token"
    assert run("free", "../x")[0] == 1


def test_the_limit_with_devices(run: Any, vendor: Vendor) -> None:
    error = {"code": "licence.activation_limit", "message": "Taken.", "devices": [{"code": "D-9", "name": "Old"}], "reasons": []}
    vendor.instead = lambda request: json_reply(409, {"error": error}) if request.path == "activations" else None
    code, told = run("activate", KEY, "--owner")
    assert code == 1
    assert "D-9  Old" in told
    vendor.instead = lambda request: None
    assert run("activate", KEY, "--replace", "D-9")[0] == 0
    assert vendor.asked("activations")[-1].body["replace"] == "D-9"


@pytest.mark.parametrize("name", sorted(command.COMMANDS))
def test_json_everywhere(run: Any, name: str) -> None:
    more = {"activate": [KEY], "register": ["a@b.example"], "free": ["D-1"], "install": ["x"], "report": ["x"]}.get(name, [])
    _, told = run(name, *more, "--json")
    start = min(place for place in (told.find("{"), told.find("[")) if place >= 0)
    json.JSONDecoder().raw_decode(told[start:])


def test_keys_are_printed_for_the_program(run: Any, vendor: Vendor) -> None:
    code, told = run("keys")
    assert code == 0
    assert eval(told.removeprefix("PUBLIC_KEYS = ")) == [x_of(PINNED)]


def test_called_wrongly(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run("state", "--server", "ftp://x")[0] == 2
    assert "https://" in run("state", "--server", "http://vendor.example")[1]
    assert run("state", "--public-key", "nonsense")[0] == 2
    assert run("state", "--app-version", "ten")[0] == 2
    monkeypatch.delenv("PODPORASDK_PRODUCT")
    assert "PODPORASDK_PRODUCT" in run("state")[1]
    with pytest.raises(SystemExit):
        run("nonsense")


def test_doctor_finds_what_is_wrong(run: Any, vendor: Vendor) -> None:
    vendor.key = SECOND
    code, told = run("doctor")
    assert code == 1
    assert "none of the server's keys" in told
    code, told = run("doctor", "--server", "http://127.0.0.1:9")
    assert code == 1
    assert "refused" in told


def test_every_public_call_has_a_command() -> None:
    calls = {name for name in vars(Licensing) if not name.startswith("_") and callable(getattr(Licensing, name))}
    shown = {
        "state", "start_trial", "activate", "register_free", "refresh", "deactivate", "updates", "may_update_to", "devices", "free_device",
        "offline_request", "install_offline", "offline_proof", "settings", "managed_settings", "refresh_settings", "report_problem",
        "diagnostics",
    }  # fmt: skip
    in_a_program_only = {"feature", "report_settings", "start", "stop"}
    assert calls == shown | in_a_program_only
