"""Words as the index keeps them."""

import pytest

from podpora.search import rules


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Žluťoučký KŮŇ", ["zlutoucky", "kun"]),
        ("ERR_LICENSE_4711 in v2.3.1", ["err_license_4711", "in", "v2.3.1"]),
        ("C++ and node.js", ["c++", "and", "node.js"]),
        ("jana@private.example, T-1042!", ["jana@private.example", "t-1042"]),
        ("'; DROP TABLE--", ["drop", "table"]),
        ("x" * 61, []),
        ("", []),
    ],
)
def test_fo_2_words_are_folded_and_compounds_stay_whole(text: str, words: list[str]) -> None:
    assert rules.words(text) == words


# What somebody types, and what stands in the text: in both languages, both sides inflected, with and without accents.
PAIRS = """
kalendář kalendáře; kalendářem kalendář; ucet účtu; účty účet; licence licencí; licenci licence; synchronizace synchronizaci
synchronizací synchronizace; zpráva zprávy; zprávám zprávu; složka složek; složce složky; příloha přílohou; přílohy příloze
heslo hesla; heslem hesel; server serveru; servery server; chyba chybu; chybami chyby; připojení připojením; aktualizace aktualizací
aktualizaci aktualizace; nastavení nastaveními; podpis podpisu; kontakt kontaktů; kontaktech kontakt; pocitac počítače; počítačem počítač
faktura faktury; fakturu fakturám; platba platby; platbou platbě; instalace instalaci; program programu; programem programy
praha praze; update updates; updating update; updated update; setting settings; password passwords; errors error; crashes crashed
attachments attachment; connection connections; license licenses; installing install; accounts account; messages message
""".replace("\n", ";").split(";")


@pytest.mark.parametrize("pair", [pair.strip() for pair in PAIRS if pair.strip()])
def test_fo_2_an_inflected_word_is_found(pair: str) -> None:
    typed, stands = pair.split()
    there = rules.prepared([stands]).split()
    (word,) = rules.words(typed)
    assert any(form in there for form in rules.variants(word)) or any(each.startswith(word) for each in there)


def test_the_words_of_a_phrase_stay_together() -> None:
    document = rules.prepared(["Chyba při synchronizaci kalendáře"])
    assert document.startswith("chyba pri synchronizaci kalendare ")


def test_what_was_made_of_words_stands_once() -> None:
    found = rules.prepared(["kalendáře kalendáře"]).split()
    assert found.count("kalendare") == 2
    assert found.count("~kalendar") == 1


def test_words_are_bounded_in_time() -> None:
    assert len(rules.words("a." * 50_000)) <= 1  # one "word" that is far too long
    assert len(rules.prepared([("ab-" * 15 + " ") * 2000])) > 0
