"""The public surface without a network: every call answers, none raises."""

from pathlib import Path

from podpora_sdk import Licensing, Options

KEY = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"  # RFC 8037, appendix A


def test_a_program_that_was_never_activated_gets_an_answer_from_every_call(tmp_path: Path) -> None:
    licensing = Licensing("postak", "10.2.1", "http://127.0.0.1:9", [KEY], tmp_path, Options(language="cs"))
    state = licensing.state()
    assert (state.may_run, state.reason) == (False, "licence.not_activated")
    assert not state
    assert [step.kind for step in state.next] == ["activate", "trial", "buy"]
    assert licensing.activate("PK").code == "server.unreachable"
    assert licensing.start_trial().code == "server.unreachable"
    for result in (licensing.refresh(), licensing.deactivate(), licensing.report_problem("help"), licensing.updates()):
        assert (result.ok, result.code) == (False, "licence.not_activated")
    assert licensing.install_offline(b"{}").code == "offline.not_readable"
    assert licensing.offline_proof().code == "offline.nothing_to_release"
    assert licensing.offline_request().file.count(".") == 2
    assert not licensing.may_update_to("11.0")
    assert list(licensing.settings()) == []
    assert licensing.managed_settings() == []
    assert licensing.diagnostics()["state"] == "licence.not_activated"
