"""Central settings on the device (RULES.md H)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from podpora_sdk import Layer, Licensing, Options, Setting
from podpora_sdk.policy import MACHINE, SERVER, USER, file_layer, layer_from, local_layers, merged
from podpora_sdk.settings import Entry
from tests.fake import Vendor, json_reply
from tests.making import Program, program
from tests.vectors import others
from tests.vectors.making import DAY, NOW, OTHER_PARTS, SECOND, STRANGER, announcement, certificate, device_hash
from tests.vectors.others import bundle, offline_file

KEY = "PK234-56789-ABCDE-FGHJK-MNPQR"


def managed(values: dict[str, Any], **more: Any) -> Licensing:
    """A program with these values in its bundle."""
    licensing = program(options=Options(**more)).started()
    assert licensing.install_offline(offline_file(settings=[bundle(values=values)])).ok
    return licensing


def value(given: Any, mode: str = "forced", **more: Any) -> dict[str, Any]:
    return {"value": given, "mode": mode, "from": "company", **more}


def test_cs1_modes() -> None:
    settings = managed({"a": value(1), "b": value(2, "default"), "c": value(3, "initial")}).settings()
    assert [settings.get(key, "users", "program") for key in "abcd"] == [1, "users", "users", "users"]
    assert [settings.get(key, None, "program") for key in "abcd"] == [1, 2, 3, "program"]
    assert [settings.is_locked(key) for key in "abcd"] == [True, False, False, False]
    assert settings.effective({"b": "mine"}, {"e": 5}) == {"e": 5, "b": "mine", "c": 3, "a": 1}
    assert settings.organisation == "C-ACME"


def test_cs6_a_lock_that_goes_away_gives_back_and_initial_values_stay() -> None:
    licensing = managed({"a": value(1), "c": value(3, "initial")})
    assert licensing.install_offline(offline_file(certificates=[certificate()], settings=[bundle(values={}, revision=10)])).ok
    settings = licensing.settings()
    assert settings.get("a", "users") == "users"
    assert settings.get("c") == 3
    licensing.install_offline(offline_file(settings=[bundle(values={"c": value(4, "initial")}, revision=11)]))
    assert licensing.settings().get("c") == 3  # it was given once


def test_cs7_cs8_revisions() -> None:
    licensing = managed({"a": value(1)})
    licensing.install_offline(offline_file(settings=[bundle(values={"a": value(0)}, revision=7)]))
    assert licensing.settings().get("a") == 1
    assert licensing.holding.doc()["refused"] == [{"code": "settings.stale_revision", "held": 9, "came": 7}]
    licensing.install_offline(offline_file(settings=[bundle(values={"a": value(0)}, revision=10)]))
    assert licensing.settings().get("a") == 0


@pytest.mark.parametrize(
    "wrong", [bundle(device=device_hash(OTHER_PARTS)), bundle(STRANGER), bundle(org="C-OTHER", revision=10), "x"]
)
def test_cs9_cs10_what_is_not_ours_leaves_the_last_good(wrong: str) -> None:
    licensing = managed({"a": value(1)})
    licensing.install_offline(offline_file(settings=[wrong]))
    assert licensing.settings().get("a") == 1


def test_cs11_a_rotated_key() -> None:
    licensing = managed({"a": value(1)})
    licensing.install_offline(
        offline_file(settings=[bundle(SECOND, revision=10, values={"a": value(2)})], announcements=[announcement()])
    )
    assert licensing.settings().get("a") == 2


def test_cs12_cs14_what_does_not_fit_is_left_out_and_said() -> None:
    schema = {
        "size": Setting("integer", minimum=8, maximum=72),
        "theme": Setting("choice", choices=("dark", "light"), modes=("default",)),
    }
    values = {
        "size": value(500), "theme": value("dark", "default"), "later": value(1, since="10.3"), "unknown": value(1),
    }  # fmt: skip
    licensing = managed(values, schema=schema, language="cs")
    found = {one.key: (one.state, one.code) for one in licensing.managed_settings()}
    assert found == {
        "theme": ("applied", ""), "size": ("error", "settings.invalid_value"), "later": ("skipped", "settings.needs_version"),
        "unknown": ("skipped", "settings.unknown_key"),
    }  # fmt: skip
    later = next(one for one in licensing.managed_settings() if one.key == "later")
    assert later.message == "Vyžaduje verzi 10.3 nebo novější."
    assert licensing.settings().get("size", None, 12) == 12


@pytest.mark.parametrize(("kind", "given", "fits"), [
    ("integer", 8, True), ("integer", True, False), ("integer", 8.5, False), ("integer", 7, False), ("integer", 73, False), ("number", 8.5, True),
    ("flag", True, True), ("flag", 1, False), ("text", "x", True), ("text", 1, False), ("list", [], True), ("list", {}, False),
])  # fmt: skip
def test_what_fits(kind: str, given: Any, fits: bool) -> None:
    limits: dict[str, Any] = {"minimum": 8, "maximum": 72} if kind in ("integer", "number") else {}
    assert Setting(kind, **limits).fits(given) is fits


def test_cs14_the_program_refuses_a_value_and_the_others_apply() -> None:
    used = {}

    def use(key: str, given: Any, locked: bool) -> None:
        if key == "bad":
            raise ValueError("no such font")
        used[key] = (given, locked)

    licensing = managed({"good": value(1), "bad": value(2), "fine": value(3, "default")})
    applied = licensing.settings().apply(use)
    assert (applied.state, dict(applied.errors), bool(applied)) == ("partial", {"bad": "no such font"}, False)
    assert used == {"good": (1, True), "fine": (3, False)}
    assert licensing.settings().apply(lambda *_: None).state == "applied"


def test_cs20_the_bundle_ends_and_its_locks_go() -> None:
    made = program(options=Options())
    licensing = made.started()
    licensing.install_offline(offline_file(settings=[bundle(values={"a": value(1)})]))
    made.time.now = NOW + 29 * DAY + 1
    settings = licensing.settings()
    assert (settings.released, settings.is_locked("a"), settings.get("a"), settings.get("a", "users")) == (True, False, 1, "users")
    assert licensing.state().may_run


def test_cs22_the_page_of_managed_settings() -> None:
    found = managed({"a": value(1)}).managed_settings()[0]
    assert (found.key, found.mode, found.locked, found.organisation, found.source, found.revision) == (
        "a", "forced", True, "C-ACME", "company", 9,
    )  # fmt: skip
    assert found.fetched_at
    assert found.fetched_at.year == 2026


def test_a_new_disk_keeps_the_settings() -> None:
    made = program(options=Options())
    made.started().install_offline(offline_file())
    drifted = {"machine": "0" * 31 + "1", "disk": "new", "board": made.raw["board"], "network": made.raw["network"]}
    made.raw.update(disk=drifted["disk"])
    licensing = made.started()
    parts = licensing.holding.fingerprint()
    assert licensing.install_offline(certificate(parts=parts, serial=8)).ok
    assert len(licensing.settings()) == 3


def test_cs15_fetching_by_etag_and_reporting(vendor: Vendor, installed: Program) -> None:
    licensing = installed.started()
    licensing.activate(KEY)
    assert (licensing.refresh_settings().code, licensing.refresh_settings().ok) == ("settings.none", True)
    vendor.bundle = others.bundle()
    assert licensing.refresh_settings().code == "ok"
    assert licensing.refresh_settings().code == "settings.unchanged"
    assert vendor.asked("settings")[-1].headers["If-None-Match"] == '"r1"'
    vendor.bundle = bundle(revision=7)
    vendor.instead = lambda request: json_reply(200, {"bundle": vendor.bundle}) if request.path == "settings" else None
    assert licensing.refresh_settings().code == "settings.stale_revision"
    vendor.instead = lambda request: None
    assert licensing.report_settings(licensing.settings().apply(lambda *_: None)).ok
    sent = vendor.asked("settings/report")[0].body
    assert (sent["revision"], sent["state"], sent["keys"]["theme"]) == (
        9,
        "applied",
        {"state": "applied", "code": "", "reason": ""},
    )
    assert sent["refused"] == [{"code": "settings.stale_revision", "held": 9, "came": 7}]
    assert "refused" not in licensing.holding.doc()


def layers(**given: Any) -> list[Layer]:
    names = {"machine": MACHINE, "user": USER, "server": SERVER}
    return [layer_from(names[name], values) for name, values in given.items()]


@pytest.mark.parametrize(("given", "server_first", "winner"), [
    ({"server": {"a": 1}, "machine": {"a": 2}}, False, MACHINE),
    ({"server": {"a": 1}, "machine": {"a": 2}}, True, SERVER),
    ({"server": {"a": 1}, "user": {"a": 2}}, False, USER),
    ({"user": {"a": 1}, "machine": {"a": 2}}, False, MACHINE),
    ({"server": {"a": 1}, "machine": {"a": {"value": 2, "mode": "default"}}}, False, SERVER),
    ({"server": {"a": {"value": 1, "mode": "default"}}, "machine": {"a": {"value": 2, "mode": "default"}}}, False, MACHINE),
])  # fmt: skip
def test_cs23_the_order_of_local_policies(given: Any, server_first: bool, winner: str) -> None:
    won = merged(layers(**given), server_first=server_first)["a"]
    assert won.entry.source == winner
    assert {loser.source for loser in won.losers} == {layer.name for layer in layers(**given)} - {winner}


def test_cs5_an_atomic_group_comes_whole_from_its_winner() -> None:
    schema = {
        "proxy.mode": Setting("text", atomic_group="proxy"),
        "proxy.host": Setting("text", atomic_group="proxy"),
        "theme": Setting("text"),
    }
    given = layers(server={"proxy.mode": "manual", "proxy.host": "old", "theme": "dark"}, machine={"proxy.mode": "system"})
    won = merged(given, schema)
    assert {key: (one.entry.value, one.entry.source) for key, one in won.items()} == {
        "proxy.mode": ("system", MACHINE), "theme": ("dark", SERVER),
    }  # fmt: skip


def test_cs23_the_winner_is_shown() -> None:
    licensing = managed({"a": value(1)}, policies=layers(machine={"a": 2, "b": 3}))
    found = {one.key: one for one in licensing.managed_settings()}
    assert (found["a"].value, found["a"].source, found["a"].locked) == (2, MACHINE, True)
    assert found["a"].losers == (Entry("a", 1, "forced", "company"),)
    assert (found["b"].value, found["b"].organisation) == (3, "")
    assert managed({"a": value(1)}, policies=layers(machine={"a": 2}), server_first=True).settings().get("a") == 1


def test_cs23_the_registry_knows_no_flags_and_no_fractions() -> None:
    schema = {"a": Setting("flag"), "b": Setting("number"), "c": Setting("integer"), "d": Setting("flag"), "e": Setting("integer")}
    policies = layers(machine={"a": 1, "b": "1.5", "c": "7", "d": 2, "e": "many"})
    found = {one.key: (one.value, one.state) for one in managed({}, policies=policies, schema=schema).managed_settings()}
    assert found == {"a": (True, "applied"), "b": (1.5, "applied"), "c": (7, "applied"), "d": (2, "error"), "e": ("many", "error")}


def test_cs22_the_company_is_called_by_its_name() -> None:
    licensing = program().started()
    licensing.install_offline(offline_file(settings=[bundle(values={"a": value(1)}, org_name="ACME s.r.o.")]))
    assert (licensing.settings().organisation, licensing.managed_settings()[0].organisation) == ("ACME s.r.o.", "ACME s.r.o.")


def test_policies_count_without_a_licence_too() -> None:
    licensing = program(options=Options(policies=layers(machine={"a": 2}))).started()
    assert licensing.settings().get("a") == 2


@pytest.mark.parametrize("content", ["", "[]", "{", '{"a": {"value": 1, "mode": "must"}}', '{"a": {"b": 1}}', "[" * 100_000])
def test_a_policy_file_that_is_none_is_left_out(tmp_path: Path, content: str) -> None:
    path = tmp_path / "policy.json"
    path.write_text(content)
    assert file_layer(MACHINE, path).entries == {}


def test_policy_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import plistlib

    path = tmp_path / "x.plist"
    path.write_bytes(plistlib.dumps({"a": True, "b": {"value": 5, "mode": "default"}}))
    assert {key: (one.value, one.mode) for key, one in file_layer(USER, path).entries.items()} == {
        "a": (True, "forced"),
        "b": (5, "default"),
    }
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    folder = tmp_path / "vendor" / "postak"
    folder.mkdir(parents=True)
    (folder / "policy.json").write_text('{"a": 1}')
    assert [(layer.name, layer.entries["a"].value) for layer in local_layers("vendor", "postak")] == [(USER, 1)]
