"""Hostile mails: nothing that acts gets through, nothing takes long, nothing raises (B1, B7, B8, CO-4)."""

import re
import time

import pytest

from podpora.config.commands.mail import described
from podpora.mail.rules import sanitising
from podpora.mail.rules.parsing import parse

ENOUGH = 10  # seconds: ten times what it takes; what grows with the square of the input takes minutes
HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)>",
    "<a href='java\tscript:alert(1)'>x</a>",
    "<a href='data:text/html,<script>alert(1)</script>'>x</a>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<base href=//evil.example>",
    "<meta http-equiv=refresh content='0;url=//evil.example'>",
    "<form action=//evil.example><input name=password></form>",
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=alert(1)&gt;'>",
    "<link rel=stylesheet href=//evil.example>",
    "<div style='position:fixed;background:url(//evil.example)'>x</div>",
    "<object data='javascript:alert(1)'>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<img src='data:image/svg+xml;base64,PHN2Zz4='>",
    "<a href='vbscript:x'>x</a>",
    "<template><script>alert(1)</script></template>",
    "<xmp><img src=x onerror=alert(1)></xmp>",
]


ACTS = (
    "<script",
    "onerror=",
    "onload=",
    "javascript:",
    "vbscript:",
    "<iframe",
    "<form",
    "<meta",
    "<base",
    "<link",
    "style=",
    "<svg",
)


@pytest.mark.parametrize("html", HOSTILE)
def test_b_1_nothing_that_acts_gets_through(html: str) -> None:
    shown = sanitising.sanitised(f"<p>Dobrý den</p>{html}").lower()
    assert "dobrý den" in shown
    for word in (
        "<script",
        "onerror=",
        "onload=",
        "javascript:",
        "vbscript:",
        "<iframe",
        "<form",
        "<meta",
        "<base",
        "<link",
        "style=",
        "<svg",
        "<object",
        "image/svg",
    ):
        assert word not in re.sub(r"&lt;.*?&gt;|title=\"[^\"]*\"", "", shown), (word, shown)


@pytest.mark.parametrize(
    "html",
    [
        "<div>" * 20_000 + "x",
        "<a href='x'>y</a>" * 6_000,
        "x" * 1_500_000,
        "<" * 200_000,
        "<table><tr><td>" * 3000,
        "<!--" * 50_000,
    ],
)
def test_co_4_b_7_too_much_is_shown_as_text_and_in_time(html: str) -> None:
    begin = time.process_time()
    found = parse(b"From: a@x.example\nContent-Type: text/html\n\n" + html.encode())
    assert isinstance(found.html_to_show, str)
    assert time.process_time() - begin < ENOUGH


def _nested(depth: int) -> bytes:
    head = "".join(f"--{n - 1}\n" * (n > 0) + f"Content-Type: multipart/mixed; boundary={n}\n\n" for n in range(depth))
    return b"From: a@x.example\nSubject: deep\n" + head.encode()


@pytest.mark.parametrize(
    "raw",
    [
        _nested(600),
        b"From: a@x.example\nContent-Type: multipart/mixed; boundary=B\n\n" + b"--B\n\nx\n" * 30_000,
        b"From: a@x.example\nTo: " + b"b@x.example, " * 5_000 + b"\n\nx",
        b"From: a@x.example\nReferences: " + b"<a@b> " * 20_000 + b"\n\nx",
        b"From: a@x.example\nTo: " + b"(" * 3_000 + b"\n\nx",
        b"From: a@x.example\nSubject: " + b"=?utf-8?q?a?= " * 20_000 + b"\n\nx",
        b"From: a@x.example\n\n" + b"> x\n" * 19_000,
        b"From: a@x.example\n\n" + b"On 1 Jan 2026 x wrote" * 20_000,
        b"From: a@x.example\n\n" + b"From: x\n" * 19_000,
        b"From: a@x.example\n\n" + b"-- \n" * 19_000,
        b"From: a@x.example\nContent-Type: text/plain; " + b"a=b; " * 20_000 + b"\n\nx",
    ],
)
def test_b_7_hostile_structures_are_survived_in_time(raw: bytes) -> None:
    begin = time.process_time()
    found = parse(raw)
    assert found.sender is not None
    assert time.process_time() - begin < ENOUGH


def test_b_7_mails_within_mails_without_an_end_are_a_file() -> None:
    inner = b"".join(b"From: l@x.example\nContent-Type: message/rfc822\n\n" for _ in range(1_000)) + b"Subject: bottom\n\nend\n"
    found = parse(b"From: a@x.example\nSubject: deep\nContent-Type: message/rfc822\n\n" + inner)
    assert (found.subject, found.text, [file.content for file in found.files]) == ("deep", "", [inner])
    assert "structure_not_read" in found.warnings


@pytest.mark.parametrize(
    "name",
    ["From", "To", "Cc", "Message-ID", "Content-Type", "Content-Disposition", "Date", "Subject", "Content-Transfer-Encoding"],
)
@pytest.mark.parametrize(
    "value",
    [
        "<[abc@x]>",
        "(c):",
        "(x): a@b.com;",
        "text/plain; name*",
        "<",
        "(" * 3000,
        "=?x?q?=",
        "\x00",
        "ÿþ",
        "a" * 70_000,
        ";;;=",
        "text/plain; charset=rot13",
        "multipart/mixed",
    ],
)
def test_b_8_headers_that_crash_others(name: str, value: str) -> None:
    described("x", f"X: y\nFrom: a@x.example\n{name}: {value}\n\nbody".encode("utf-8", "surrogateescape"))
