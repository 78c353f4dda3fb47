"""Translations: collect strings from source and templates into .po files, and compile them to .mo.

Usage: python tools/translations.py collect|compile|check

Babel does both, so nothing but the locked requirements is needed. Catalogues are sorted and carry no line
numbers: two people who add strings do not meet in the same lines.
"""

import io
import re
import sys
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "podpora"
LOCALE = SOURCE / "locale"
LANGUAGES = ("cs", "en")
METHODS = [("**/templates/**", "tools.template_strings:extract"), ("**.py", "python"), ("**.js", "javascript")]
KEYWORDS = {
    "_": None, "gettext": None, "gettext_lazy": None, "gettext_noop": None,
    "ngettext": (1, 2), "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2), "pgettext_lazy": ((1, "c"), 2), "npgettext": ((1, "c"), 2, 3), "npgettext_lazy": ((1, "c"), 2, 3),
}  # fmt: skip


def path_of(language: str) -> Path:
    return LOCALE / language / "LC_MESSAGES" / "django.po"


def read(language: str) -> Catalog:
    path = path_of(language)
    if not path.exists():
        return Catalog(locale=language, charset="utf-8", fuzzy=False)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def wanted() -> Catalog:
    """Every string marked for translation in the source, as an empty catalogue."""
    catalog = Catalog(charset="utf-8", fuzzy=False)
    sys.path.insert(0, str(ROOT))
    for _file, _line, message, comments, context in extract_from_dir(
        SOURCE, METHODS, keywords=KEYWORDS, comment_tags=("Translators:",)
    ):
        catalog.add(message, None, auto_comments=comments, context=context)
    return catalog


def collect() -> None:
    source = wanted()
    for language in LANGUAGES:
        catalog = read(language)
        catalog.update(source, no_fuzzy_matching=True)
        catalog.obsolete.clear()
        catalog.header_comment = f"# Podpora: {language}."
        for message in catalog:
            message.flags.discard("fuzzy")
        path_of(language).parent.mkdir(parents=True, exist_ok=True)
        text = io.BytesIO()
        write_po(text, catalog, width=130, no_location=True, sort_output=True)
        path_of(language).write_text(_without_noise(text.getvalue().decode()))
    compile_all()


def _without_noise(text: str) -> str:
    """Only the headers that a reader of the catalogue needs: dates and addresses would differ at every run."""
    kept = ("Language:", "Plural-Forms:", "MIME-Version:", "Content-Type:", "Content-Transfer-Encoding:")
    header = re.compile(r'^"([A-Za-z-]+:)[^\n]*\n', re.MULTILINE)
    head, blank, rest = text.partition("\n\n")
    return header.sub(lambda line: line[0] if line[1] in kept else "", head) + blank + rest


def compile_all() -> None:
    for language in LANGUAGES:
        if path_of(language).exists():
            with path_of(language).with_suffix(".mo").open("wb") as file:
                write_mo(file, read(language))


def missing() -> list[str]:
    """What is not translated yet or is not collected: one line each."""
    problems = []
    source = wanted()
    for language in ("cs",):
        catalog = read(language)
        for message in source:
            if not message.id:
                continue
            found = catalog.get(message.id, message.context)
            strings = found.string if found and isinstance(found.string, tuple) else (found.string if found else "",)
            if not all(strings):
                problems.append(f"{language}: not translated: {message.id!r}")
            elif found and found.python_format and any(found.check()):
                problems.append(f"{language}: placeholders differ: {message.id!r}")
    return problems


def main(verb: str) -> None:
    if verb == "collect":
        collect()
    elif verb == "compile":
        compile_all()
    elif problems := missing():
        sys.exit("\n".join(problems))


if __name__ == "__main__":
    if len(sys.argv) != 2 or sys.argv[1] not in ("collect", "compile", "check"):
        sys.exit("usage: python tools/translations.py collect|compile|check")
    main(sys.argv[1])
