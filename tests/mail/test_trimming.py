"""What of a reply is new. Losing text is ten times worse than leaving a quote (CO-1). Every mail here is made up."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from podpora.mail.rules.parsing import parse
from podpora.mail.rules.trimming import cut_html, reply_of, trimmed_text

NEW = "Funguje to, děkuji."
OLD = "> Zkuste prosím verzi 10.2.\n> Tomáš"

INTRODUCTIONS = [
    "On Mon, Nov 2, 2026 at 6:26 PM, Tomáš Beran <podpora@vendor.example> wrote:",
    "On 2.11.2026 18:26, Tomáš Beran wrote:",
    "On Mon, Nov 2, 2026 at 6:26 PM, Tomáš Beran\n<podpora@vendor.example> wrote:",
    "Tomáš Beran <podpora@vendor.example> wrote:",
    "Dne 2. 11. 2026 v 18:26 Tomáš Beran napsal(a):",
    "po 2. 11. 2026 v 18:26 odesílatel Tomáš Beran <podpora@vendor.example> napsal:",
    "Dňa 2. 11. 2026 o 18:26 Tomáš Beran napísal(a):",
    "Am 02.11.2026 um 18:26 schrieb Tomáš Beran:",
    "Am 2. November 2026 schrieb Tomáš Beran <a@b.example>:",
    "Le 2 nov. 2026 à 18:26, Tomáš Beran <a@b.example> a écrit :",
    "El 2 nov 2026, a las 18:26, Tomáš Beran escribió:",
    "Em 2 de nov de 2026, Tomáš escreveu:",
    "Il giorno 2 nov 2026, alle ore 18:26, Tomáš ha scritto:",
    "Op 2 nov. 2026 om 18:26 schreef Tomáš Beran <a@b.example>:",
    "Den 2 nov. 2026 kl. 18:26 skrev Tomáš Beran <a@b.example>:",
    "W dniu 2.11.2026 o 18:26, Tomáš Beran pisze:",
    "2 листопада 2026 р. Tomáš <a@b.example> пише:",
    "2 ноября 2026 г., 18:26, Tomáš <a@b.example> написал(а):",
    "Tomáš Beran <a@b.example> ezt írta (időpont: 2026. nov. 2.):",
    "2 Kas 2026 tarihinde Tomáš <a@b.example> şunu yazdı:",
    "2026年11月2日(月) 18:26 Tomáš <a@b.example>:",
    "在 2026年11月2日，Tomáš <a@b.example> 写道：",
]


@pytest.mark.parametrize("introduction", INTRODUCTIONS)
def test_a_quote_below_the_answer(introduction: str) -> None:
    assert trimmed_text(f"{NEW}\n\n{introduction}\n\n{OLD}\n") == NEW
    assert trimmed_text(f"{NEW}\n\n{introduction}\nZkuste prosím verzi 10.2.\n\nTomáš") == NEW  # unmarked, to the end


@pytest.mark.parametrize(
    "above",
    [
        "-----Original Message-----\nFrom: Tomáš\nSent: Monday\nTo: Jana\nSubject: x",
        "From: Tomáš <a@b.example>\nSent: Monday, 2 November 2026\nTo: Jana\nSubject: x",
        "Od: Tomáš <a@b.example>\nOdesláno: pondělí 2. listopadu 2026\nKomu: Jana\nPředmět: x",
        "________________________________\nFrom: Tomáš\nDate: Monday\nTo: Jana\nSubject: x",
        "Von: Tomáš\nGesendet: Montag, 2. November 2026\nAn: Jana\nBetreff: x",
        "*From:* Tomáš\n*Sent:* Monday\n*To:* Jana\n*Subject:* x",
        "---------- Původní e-mail ----------\nOd: Tomáš\nKomu: Jana",
        "-------- Původní zpráva --------",
        "----- Ursprüngliche Nachricht -----",
        "##- Please type your reply above this line -##",
    ],
)
def test_a_mail_below_the_answer(above: str) -> None:
    assert trimmed_text(f"{NEW}\n\n{above}\n\nZkuste prosím verzi 10.2.\n") == NEW


def test_an_answer_below_the_quote() -> None:
    assert trimmed_text(f"Dne 2. 11. 2026 Tomáš napsal(a):\n{OLD}\n\n{NEW}") == NEW


def test_one_quote_between_two_texts() -> None:
    announced = f"Dobrý den,\n\nDne 2. 11. 2026 Tomáš napsal(a):\n{OLD}\n\n{NEW}"
    assert trimmed_text(announced) == f"Dobrý den,\n\n{NEW}"
    pasted = f"Dobrý den,\n\n{OLD}\n\n{NEW}"
    assert trimmed_text(pasted) == pasted  # nobody announced it: an answer to these lines, or a log


def test_co_1_answers_between_quotes_are_shown_with_them() -> None:
    text = "> Která verze?\n\n10.2.1\n\n> Který systém?\n\nWindows 11\n\n> Tomáš"
    assert trimmed_text(text) == "> Která verze?\n\n10.2.1\n\n> Který systém?\n\nWindows 11"


def test_co_1_a_mail_that_would_show_nothing_shows_all() -> None:
    assert trimmed_text(OLD) == OLD
    assert trimmed_text(f"{INTRODUCTIONS[0]}\n{OLD}").startswith("On Mon")


@pytest.mark.parametrize(
    "ending",
    [
        "-- \nJana Nováková\n+420 123",
        "--\nJana",
        "Sent from my iPhone",
        "Odesláno z iPhonu",
        "Von meinem iPhone gesendet",
        "Get Outlook for Android",
        "Envoyé de mon iPhone",
        "Sent from my Samsung Galaxy smartphone.",
        "Odesláno z aplikace Gmail",
        "-Jana Nováková",
        "_______________________________________________\nusers mailing list\nhttps://lists.example/listinfo/users",
    ],
)
def test_signatures(ending: str) -> None:
    assert trimmed_text(f"{NEW}\n\n{ending}") == NEW


@pytest.mark.parametrize(
    "text",
    [
        "Napsal jsem vám v pondělí:\nnic se nestalo",
        "On your computer you can run:\n\n    telnet 127.0.0.1\n\nand it works",
        "Sent from my desk it works, from the phone it does not.",
        "Dobrý den,\n\nOd: koho to je?\n\nDěkuji",
        "- první\n- druhý\n\n-třetí",
        "a -- b\n\nc",
        "5 > 3, ale 3 < 5",
        "Chyba:\n\nFrom: missing\n\nCo s tím?",
        "a\n\n---\n\nb",
        "He wrote:\nthe program does not start",
        "X: 1\nY: 2\nZ: 3",
        "Cena je 100 Kč -\n\nDatum: 2. 11. 2026\nMísto: Praha",
    ],
)
def test_co_1_nothing_is_lost_of_an_ordinary_mail(text: str) -> None:
    assert trimmed_text(text) == text


def test_a_signature_alone_is_shown() -> None:
    assert trimmed_text("-- \nJana") == "--\nJana"


def test_a_forwarded_mail_is_content() -> None:
    text = "K vyřízení.\n\n---------- Forwarded message ---------\nFrom: Petr <p@x.example>\nDate: Monday\nSubject: x\nTo: Jana\n\nNejde mi to."
    assert "Nejde mi to." in trimmed_text(text)


def test_quotes_that_programs_mark_in_html() -> None:
    html = f"<div>{NEW}</div><div class='gmail_quote'>On Mon: <blockquote>staré</blockquote></div>"
    assert (cut_html(html) or "").strip() == NEW
    raw = f"From: a@x.example\nContent-Type: text/html; charset=utf-8\n\n<p>{NEW}</p><div id='divRplyFwdMsg'>Od: T</div><p>staré</p>".encode()
    assert parse(raw).reply_text == NEW
    assert "staré" in parse(raw).text  # folded, never deleted


def test_html_without_marks_is_left_alone() -> None:
    assert cut_html(f"<p>{NEW}</p><blockquote>citát z knihy</blockquote>") is None


@given(st.text(alphabet="ab> -:\n@1On", max_size=300))
@settings(max_examples=300, deadline=None)
def test_co_1_it_never_shows_nothing_of_something(text: str) -> None:
    shown = trimmed_text(text)
    assert bool(shown.strip()) == bool(text.strip())
    for line in shown.splitlines():
        assert line.strip() in text


@pytest.mark.parametrize("odd", ["\x01", "\x1f", "&#1;", "&#x0b;", "\uffff"])
def test_what_no_tree_can_hold_costs_no_text(odd: str) -> None:
    html = f"<div>new{odd} words</div>{odd}<div class=gmail_quote>old{odd}</div>{odd}<p>tail{odd}</p>"
    assert reply_of("", html).split() == ["new", "words", "tail"]
