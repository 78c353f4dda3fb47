"""Titles and names stay where they stand: nothing turned round, hidden or piled up (A7, bad input of the forum)."""

import pytest

from podpora.base.lines import one_line

pytestmark = pytest.mark.once


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("  Jana \t\n Nováková ", "Jana Nováková"), ("Nova\u0301kova\u0301", "Nováková"), ("evil\u202egnp.exe", "evilgnp.exe"),
        ("ad\u200bmin\ufeff", "admin"), ("\u2066x\u2069\u061c", "x"), ("a\x07b\x1bc", "a b c"), ("\u3164\u2800\u200d", ""), ("\u202e", ""),
        ("Z" + "\u0301\u0316" * 40 + "algo", "Ź\u0316\u0316algo"), ("می\u200cخواهم", "می\u200cخواهم"), ("👩\u200d💻 ok", "👩\u200d💻 ok"),
        ("日本語 ქართული हिन्दी", "日本語 ქართული हिन्दी"), ("<b>&", "<b>&"), ("a\x00b", "a\x00b"), ("\U000e0041x", "x"), ("", ""),
    ],
)  # fmt: skip
def test_a_line_stays_where_it_stands(given: str, kept: str) -> None:
    assert one_line(given) == kept
    assert one_line(kept) == kept
