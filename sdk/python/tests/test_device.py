"""The fingerprint: read without rights, hashed here, robust when parts are missing (A-2, A-3)."""

from __future__ import annotations

import os
import struct
import subprocess
import sys
import uuid
from pathlib import Path

import pytest

from podpora_sdk import device
from podpora_sdk.machines import linux, macos, windows
from tests.making import program
from tests.vectors.making import certificate


def computer(root: Path, **changed: str) -> Path:
    """The files of a Linux computer."""
    number = os.stat(root).st_dev
    block = f"sys/dev/block/{os.major(number)}:{os.minor(number)}"
    files = {
        "etc/machine-id": "0a1b2c3d", "sys/class/dmi/id/product_uuid": "4c4c4544-0044", f"{block}/wwid": "eui.0025388b",
        "sys/class/net/docker0/address": "02:42:ac:11:00:02", "sys/class/net/enp3s0/address": "3c:97:0e:12:34:56",
        "sys/class/net/enp3s0/addr_assign_type": "0", "sys/class/net/lo/address": "00:00:00:00:00:00",
    } | changed  # fmt: skip
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content + "\n")
    (root / "sys/class/net/enp3s0/device").mkdir()
    return root


def test_linux(tmp_path: Path) -> None:
    assert linux.parts(computer(tmp_path)) == {
        "machine": "0a1b2c3d", "board": "4c4c4544-0044", "disk": "eui.0025388b", "network": "3c:97:0e:12:34:56",
    }  # fmt: skip


def test_linux_with_nothing_to_read(tmp_path: Path) -> None:
    assert linux.parts(tmp_path) == {}


def test_what_a_maker_forgot_to_fill_in_says_nothing() -> None:
    raw = {
        "a": "To be filled by O.E.M.",
        "b": "00000000-0000-0000-0000-000000000000",
        "c": " ",
        "d": "xxxxxxxx",
        "e": "\0",
        "f": "PF-2XK91",
    }
    assert list(device.hashed(raw, "postak")) == ["f"]


def test_two_products_cannot_compare_what_they_know() -> None:
    one, other = (device.hashed({"machine": "0a1b"}, product)["machine"] for product in ("postak", "other"))
    assert one != other
    assert "0a1b" not in one
    assert len(one) == 43


def test_a_container_without_identifiers_stands_for_itself() -> None:
    made = program(raw={})
    licensing = made.started()
    parts = licensing.holding.fingerprint()
    assert list(parts) == ["installation"]
    assert licensing.install_offline(certificate(parts=parts)).ok
    assert made.started().state().may_run
    assert program(raw={}).started().holding.fingerprint() != parts


def test_a_reader_that_breaks_does_not_stop_the_program() -> None:
    def broken() -> dict[str, str]:
        raise OSError("planted")

    assert list(device.fingerprint("postak", lambda: "x1", broken)) == ["installation"]


@pytest.mark.parametrize("missing", [("board",), ("disk", "board"), ("network", "machine")])
def test_a3_missing_parts_are_forgiven_down_to_two(missing: tuple[str, ...]) -> None:
    made = program()
    made.started().install_offline(certificate())
    for name in missing:
        del made.raw[name]
    assert made.started().state().may_run


def test_a_copied_store_is_another_device() -> None:
    made = program()
    made.started().install_offline(certificate())
    made.raw.update(machine="1" * 31 + "2", disk="another", network="aa:bb:cc:dd:ee:ff")
    state = made.started().state()
    assert (state.may_run, state.reason) == (False, "licence.wrong_device")


def test_this_computer_can_be_read_quickly() -> None:
    code = "import time; t = time.monotonic(); from podpora_sdk import device; device.raw_parts(); print(time.monotonic() - t)"
    src = str(Path(__file__).resolve().parents[1] / "src")
    done = subprocess.run(
        [sys.executable, "-c", code], env={**os.environ, "PYTHONPATH": src}, capture_output=True, text=True, check=True
    )
    assert float(done.stdout) < 10
    assert set(device.raw_parts()) <= set(device.PARTS)


def structure(kind: int, body: bytes, *texts: str) -> bytes:
    return (
        bytes([kind, len(body) + 4, 0, 0])
        + body
        + (b"\0".join(text.encode() for text in texts) or b"\0")
        + b"\0"
        + (b"\0" if texts else b"")
    )


def test_smbios() -> None:
    known = uuid.UUID("4c4c4544-0044-4d10-8046-b3c04f4d3332")
    system = structure(1, bytes(4) + known.bytes_le + bytes(3), "Maker")
    board = structure(2, bytes([1, 2, 0, 3]), "Maker", "Model", "PF-2XK91")
    assert windows.smbios_identifier(structure(0, bytes(20), "BIOS") + system) == str(known)
    empty = structure(1, bytes(23), "Maker")
    assert windows.smbios_identifier(empty + board) == "PF-2XK91"
    for table in (b"", b"\1", bytes(100), struct.pack("<BB", 1, 2) * 50, system[:-1]):
        windows.smbios_identifier(table)


def test_other_systems_leave_out_what_is_not_there() -> None:
    assert set(macos.parts()) <= set(device.PARTS)
    assert set(windows.parts()) <= set(device.PARTS)


def test_names_are_printable_and_short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("socket.gethostname", lambda: "x\n\x07" + "y" * 300)
    assert device.device_name() == "x" + "y" * 99
    assert device.platform_name().isprintable()
