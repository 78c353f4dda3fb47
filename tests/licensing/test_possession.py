"""S34: the server's side of the proof of possession, against the test vectors that everybody who writes an SDK has."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from podpora.licensing.rules.possession import problem_of
from podpora.licensing.values import Possession
from tests.make.offline import Program, spoilt_headers

VECTORS = json.loads((Path(__file__).parents[2] / "sdk/vectors/possession.json").read_text())


@pytest.mark.parametrize("case", [pytest.param(VECTORS["defaults"] | case, id=case["name"]) for case in VECTORS["cases"]])
def test_s34_the_vectors(case: dict[str, Any]) -> None:
    shown = Possession(case["proof"], case["token"], case["body"].encode())
    code = problem_of(shown, key=case["device_key"], call=case["call"], at=datetime.fromtimestamp(case["now"], UTC))
    assert (not code, code or "ok") == (case["expected"]["accepted"], case["expected"]["code"])


def test_s12_no_other_header_than_its_own_is_a_proof(at: datetime) -> None:
    program = Program()
    for what, header in spoilt_headers(program, "podpora-possession+jwt").items():
        shown = Possession(program.jws(header, program.possession_claims("pd_x", b"", at)), "pd_x", b"")
        assert problem_of(shown, key=program.public, call="activations/me/refresh", at=at) == "licence.device_key_needed", what
    good = Possession(program.possession("pd_x", b"", at), "pd_x", b"")
    assert problem_of(good, key=program.public, call="activations/me/refresh", at=at) == ""
