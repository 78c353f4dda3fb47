"""The mail core: what the bytes of a mail say (DESK 2, 4 and 7). Every mail here is made up."""

import base64
import json
from datetime import UTC, datetime

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from podpora.config.commands.mail import described
from podpora.mail.rules import headers
from podpora.mail.rules.charsets import codec_of, decoded
from podpora.mail.rules.parsing import NO_HEADERS, parse
from podpora.mail.rules.parts import safe_name


def mail(body: str = "Dobrý den\n", **fields: str) -> bytes:
    known = {"From": "Jana Nováková <jana@private.example>", "To": "podpora@vendor.example", "Subject": "Dotaz", **fields}
    head = "".join(f"{name.replace('_', '-')}: {value}\n" for name, value in known.items())
    return f"{head}\n{body}".encode()


def test_a_plain_mail() -> None:
    raw = mail(Date="Sun, 22 Nov 2026 10:00:00 +0100", Message_ID="<a1@private.example>", In_Reply_To="<b1@vendor.example>")
    found = parse(raw)
    assert found.sender == headers.Mailbox("jana@private.example", "Jana Nováková")
    assert (found.subject, found.text, found.message_id) == ("Dotaz", "Dobrý den", "<a1@private.example>")
    assert found.in_reply_to == ("<b1@vendor.example>",)
    assert found.date == datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
    assert (found.automatic, found.bounce, found.warnings) == ((), None, ())


@pytest.mark.parametrize(
    ("raw", "read"),
    [
        ("=?utf-8?q?Dobr=C3=BD_den?=", "Dobrý den"),
        ("=?utf-8?B?xI0=?= =?utf-8?B?xaE=?=", "čš"),  # white space between two words is none
        ("=?utf-8?B?xA==?= =?utf-8?B?jQ==?=", "č"),  # a character cut between two words
        ("Re: =?iso-8859-2?Q?P=F8=EDklad?= [#12]", "Re: Příklad [#12]"),
        ("=?gb2312?B?xOO6ww==?=", "你好"),
        ("=?shift_jis?B?k/qWe4zq?=", "日本語"),
        ("=?nonsense?Q?abc?=", "abc"),
        ("=?utf-8?Q?broken", "=?utf-8?Q?broken"),
        ("=?utf-8?Q?a?b?=", "a?b"),
        ("plain\r\n folded", "plain folded"),
        ("=?rot13?Q?abc?=", "abc"),
        ("=?utf-8?Q?x=0D=0ABcc:_evil@x.example?=", "x Bcc: evil@x.example"),  # A13: a header is one line
    ],
)
def test_words_of_a_header(raw: str, read: str) -> None:
    assert headers.words(raw) == read


@pytest.mark.parametrize(
    ("raw", "read"),
    [
        ("jana@private.example", [("jana@private.example", "")]),
        (
            '"Nováková, Jana" <jana@private.example>, petr@x.example',
            [("jana@private.example", "Nováková, Jana"), ("petr@x.example", "")],
        ),
        ("Firma: a@x.example, b@x.example;", [("a@x.example", ""), ("b@x.example", "")]),
        ("undisclosed-recipients:;", []),
        ("(c):", []),
        ("(x): a@b.example;", [("a@b.example", "")]),
        ("<", []),
        ("", []),
        ("nobody", []),
        ("=?utf-8?q?Jana=2C_N=C3=A1kup?= <jana@x.example>", [("jana@x.example", "Jana, Nákup")]),
        ("jana@x.example (Jana)", [("jana@x.example", "Jana")]),
        ("<<jana@x.example>>", [("jana@x.example", "")]),
        ('"a\\"b" <a@x.example>', [("a@x.example", 'a"b')]),
        ("Jana <jana@x.example", [("jana@x.example", "Jana")]),
        (
            '"ceo@firm.example" <evil@x.example>',
            [("evil@x.example", "ceo@firm.example")],
        ),  # S42: the address is the one that counts
        ("a@x.example\u202egro.elpmaxe@b <c@x.example>", [("c@x.example", "a@x.examplegro.elpmaxe@b")]),  # A7
    ],
)
def test_th_13_addresses_of_a_header(raw: str, read: list[tuple[str, str]]) -> None:
    assert [(box.address, box.name) for box in headers.mailboxes(raw)] == read


def test_th_13_who_sent_it_is_found_somewhere() -> None:
    assert parse(mail(From="nobody", Reply_To="r@x.example")).sender == headers.Mailbox("r@x.example")
    assert parse(mail(From="", Return_Path="<p@x.example>")).sender == headers.Mailbox("p@x.example")
    assert parse(b"Subject: x\n\ny").sender is None
    two = parse(b"From: <none>\nFrom: a@x.example\nFrom: b@x.example\nSubject: x\n\ny")
    assert two.sender == headers.Mailbox("a@x.example")


@pytest.mark.parametrize("value", ["<[abc@x]>", "x", "", "<a@b> <a@b> garbage", "a@b.example", "<" * 3000, "((" * 3000, "<a\0b@c>"])
def test_message_ids_never_fail_and_hold_no_nul(value: str) -> None:
    read = parse(mail(Message_ID=value, References=value))
    assert "\0" not in "".join([read.message_id, *read.in_reply_to, *read.references])


@pytest.mark.parametrize("value", ["tomorrow", "Mon, 32 Foo 2026", "", "9" * 5000, "Sun, 22 Nov 99999 10:00:00 +0100"])
def test_th_16_a_broken_date_is_no_date(value: str) -> None:
    assert parse(mail(Date=value)).date is None


@pytest.mark.parametrize(
    ("charset", "codec"),
    [
        ("ISO-8859-1", "cp1252"),
        ('"utf8"', "utf-8"),
        ("gb2312", "gb18030"),
        ("rot13", ""),
        ("base64_codec", ""),
        ("idna", ""),
        ("undefined", ""),
        ("\x00", ""),
        ("x" * 500, ""),
        ("unicode_escape", ""),
        ("hex", ""),
    ],
)
def test_co_5_charsets(charset: str, codec: str) -> None:
    assert codec_of(charset) == codec


@pytest.mark.parametrize(
    ("raw", "charset", "text"),
    [
        ("žluťoučký".encode(), "us-ascii", "žluťoučký"),
        ("žluťoučký".encode("cp1250"), "windows-1250", "žluťoučký"),
        ("Příliš žluťoučký kůň úpěl ďábelské ódy".encode("cp1250"), "utf-8", "Příliš žluťoučký kůň úpěl ďábelské ódy"),
        (b"a\x00b", "utf-8", "ab"),
        ("報告書".encode("iso2022_jp"), "iso-2022-jp", "報告書"),
    ],
)
def test_co_5_bytes_become_text(raw: bytes, charset: str, text: str) -> None:
    assert decoded(raw, charset) == text


MULTIPART = """MIME-Version: 1.0
From: jana@private.example
Subject: Faktura
Content-Type: multipart/mixed; boundary=B

--B
Content-Type: multipart/alternative; boundary=C

--C
Content-Type: text/plain; charset=utf-8

Posílám fakturu.
--C
Content-Type: text/html; charset=utf-8

<p>Posílám <b>fakturu</b>. <img src="cid:logo@x"></p>
--C--
--B
Content-Type: image/png; name=logo.png
Content-ID: <logo@x>
Content-Transfer-Encoding: base64

iVBORw0KGgo=
--B
Content-Type: application/pdf; name="x.pdf"
Content-Disposition: attachment; filename*0*=utf-8''faktura%20; filename*1*=%C4%8D.1.pdf
Content-Transfer-Encoding: base64

JVBERi0xLjQ=
--B
Content-Type: message/rfc822

From: petr@x.example
Subject: =?utf-8?q?P=C5=AFvodn=C3=AD?=

uvnitř
--B--
"""


def test_co_3_co_6_co_7_bodies_and_files() -> None:
    found = parse(MULTIPART.encode())
    assert found.text == "Posílám fakturu."
    assert "<b>fakturu</b>" in found.html_to_show
    told = [(file.name, file.content_type, file.inline, len(file.content)) for file in found.files]
    assert told[:2] == [("logo.png", "image/png", True, 8), ("faktura č.1.pdf", "application/pdf", False, 8)]
    assert found.files[2].name == "Původní.eml"
    assert b"petr@x.example" in found.files[2].content


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Windows\\x.exe", "x.exe"),
        ("a\x00b.txt", "ab.txt"),
        ("\u202egnp.exe", "gnp.exe"),
        ("x.txt. . ", "x.txt"),
        ("/", ""),
        ("..", ""),
        ("a" * 300 + ".pdf", "a" * 176 + ".pdf"),
        ("ž\u200bluť.txt", "žluť.txt"),
        ("a\r\nb.txt", "ab.txt"),
        (".htaccess", ".htaccess"),
    ],
)
def test_co_6_b_5_names_of_files(name: str, kept: str) -> None:
    assert safe_name(name) == kept


def test_files_without_a_name_get_one() -> None:
    raw = b"From: a@x.example\nContent-Type: image/png\nContent-Transfer-Encoding: base64\n\niVBORw0KGgo="
    assert [file.name for file in parse(raw).files] == ["attachment-1.png"]


def test_a_file_within_the_text() -> None:
    text = "Zde:\n\nbegin 644 a.txt\n#86)C\n`\nend\n\nJana"
    found = parse(mail(text))
    assert [(file.name, file.content) for file in found.files] == [("a.txt", b"abc")]
    assert found.text.startswith("Zde:")
    assert "begin" not in found.text


def test_html_alone_becomes_text() -> None:
    raw = b"From: a@x.example\nContent-Type: text/html; charset=utf-8\n\n<style>p{}</style><p>Dobr\xc3\xbd</p><p>den</p><script>x</script>"
    found = parse(raw)
    assert found.text.split() == ["Dobrý", "den"]
    assert "<script" not in found.html_to_show


@given(st.binary(max_size=400))
@example(b"")
@example(b"\n")
@example(b"From: \xff\xfe <a@b>\n\n\x00")
@settings(max_examples=200, deadline=None)
def test_whatever_the_bytes_it_never_raises(raw: bytes) -> None:
    for wrapped in (
        raw,
        b"From: a@x.example\n" + raw,
        b"From: a@x.example\nContent-Type: multipart/mixed; boundary=B\n\n--B\n" + raw + b"\n--B--",
    ):
        told = described("x", wrapped)
        assert told["error"] is None
        json.dumps(told).encode()


@given(st.text(max_size=60), st.text(max_size=60))
@settings(max_examples=100, deadline=None)
def test_a_name_and_a_subject_survive_the_way(name: str, subject: str) -> None:
    """What we write ourselves is read back: the words, in one line, without what can't be shown."""
    word = base64.b64encode(subject.encode("utf-8", "replace")).decode()
    found = parse(f"From: a@x.example\nSubject: =?utf-8?B?{word}?=\n\n{name}".encode("utf-8", "replace"))
    assert found.subject == headers.one_line(decoded(subject.encode("utf-8", "replace"), "utf-8"))


def test_text_without_headers_is_no_mail_but_is_read() -> None:
    found = parse("Dobrý den,\n\njen text.".encode())
    assert (found.text, found.warnings) == ("Dobrý den,\n\njen text.", (NO_HEADERS,))


@pytest.mark.parametrize(
    ("fields", "reasons"),
    [
        ({"Auto-Submitted": "auto-replied"}, ["auto_replied"]),
        ({"Auto-Submitted": "auto-generated (failure)"}, ["auto_generated"]),
        ({"Auto-Submitted": "no"}, []),
        ({"Precedence": "bulk"}, ["precedence_bulk"]),
        ({"Precedence": "first-class"}, []),
        ({"List-Id": "<x>"}, ["list"]),
        ({"X-Auto-Response-Suppress": "OOF, AutoReply"}, ["response_suppressed"]),
        ({"X-Auto-Response-Suppress": "None"}, []),
        ({"X-Autoreply": "yes"}, ["auto_reply"]),
        ({"Return-Path": "<>"}, ["null_sender"]),
        ({"X-Loop": "true"}, ["loop"]),
        ({"From": "MAILER-DAEMON@x.example"}, ["daemon_sender"]),
        ({"From": "no-reply@x.example"}, ["daemon_sender"]),
        ({"Subject": "Automatic reply: out of office"}, []),
        ({"From": "norbert.replay@x.example"}, []),
    ],
)
def test_au_1_what_a_machine_wrote(fields: dict[str, str], reasons: list[str]) -> None:
    assert list(parse(mail(**{name.replace("-", "_"): value for name, value in fields.items()})).automatic) == reasons
