"""What people write, as HTML. S53 of TRUST.md."""

import pytest

from podpora.web.markup import written


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("one\ntwo", "<p>one<br>two</p>"),
        ("*one*\ntwo", "<p><em>one</em><br>\ntwo</p>"),
        ("**strong** and *soft*", "<p><strong>strong</strong> and <em>soft</em></p>"),
        ("- a\n- b", "<li>a</li>"),
        ("`x = 1`", "<code>x = 1</code>"),
        ("see https://ok.example/a?b=1&c=2", 'href="https://ok.example/a?b=1&amp;c=2"'),
        ("# no heading", "# no heading"),
        ("1 < 2 & 3 > 2", "1 &lt; 2 &amp; 3 &gt; 2"),
        ("snake_case_name", "snake_case_name"),
    ],
)
def test_what_is_meant_is_shown(text: str, shown: str) -> None:
    assert shown in written(text)


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "![x](https://evil.example/pixel.png)",
        "[x](javascript:alert(1))",
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
        "[x](vbscript:msgbox)",
        '<a href="https://x" onclick="alert(1)">x</a>',
        "<svg/onload=alert(1)>",
        "[x](<javascript:alert(1)>)",
        '<https://ok.example/" onmouseover=alert(1)>',
        "<style>*{}</style><iframe src=//evil>",
    ],
)
def test_s53_nothing_runs_and_nothing_is_loaded(text: str) -> None:
    html = written(text).lower()
    for tag in ("<script", "<img", "<svg", "<iframe", "<style"):
        assert tag not in html
    for scheme in ('href="javascript', 'href="data:', 'href="vbscript'):
        assert scheme not in html
    assert " onclick=" not in html.replace("&quot;", '"') or "&lt;a" in html


def test_s62_hostile_text_is_quick() -> None:
    for hostile in (
        "*" * 20_000,
        "[" * 20_000,
        "`" * 20_000,
        "> " * 10_000,
        "- " * 10_000,
        "a@" * 10_000,
        "_a" * 20_000,
        "(" * 40_000,
    ):
        written(hostile)
    assert "<b>" not in written("<b>" * 16_000)
    assert "<em>" not in written("*a* " * 5_000)
