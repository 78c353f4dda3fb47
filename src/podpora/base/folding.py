"""Words as a search compares them: without case, without accents, the same on every engine.

`Žluťoučký KŮŇ` is found by `zlutoucky kun`. Short texts (names) are compared as they stand, by a pattern that knows every form of a
letter (`name__folds=words`); long ones (subjects, messages) keep their folded form in a column of their own (`FoldedField`), which
the database reads many times faster. This is the one place that knows how; a full-text index takes over from here.
"""

import re
import unicodedata
from collections import defaultdict
from functools import lru_cache
from typing import Any

from django.db import models
from django.db.models.lookups import Lookup

WORDS = 6  # of a search; what comes after them is left out
_MARKS = re.compile("[\u0300-\u036f]+")
# Letters that are no letter with a mark.
_OTHERS = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d"})
_LETTERS = range(0xC0, 0x530)  # Latin with marks, Greek, Cyrillic


def folded(text: str) -> str:
    """The text in small letters without marks."""
    if text.isascii():
        return text.lower()
    return _MARKS.sub("", unicodedata.normalize("NFKD", text.casefold())).translate(_OTHERS)


def search_words(text: str) -> list[str]:
    """The folded words that somebody typed; none for nothing but blanks."""
    return folded(text.replace("\x00", "")).split()[:WORDS]


class FoldedField(models.TextField):  # type: ignore[type-arg]
    """The folded form of another column of the same row. Kept by `save` and `bulk_create`; never set by hand. `most`: only so many
    characters of it, for an index (an engine refuses long keys).

    For columns that are written once: `update()` of the other column would leave it behind.
    """

    def __init__(self, *args: Any, of: str, most: int | None = None, **kwargs: Any) -> None:
        self.of, self.most = of, most
        kwargs |= {"blank": True, "editable": False, "default": ""}
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        for given in ("blank", "editable", "default"):
            kwargs.pop(given, None)
        return name, path, args, kwargs | {"of": self.of} | ({"most": self.most} if self.most else {})

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        value = folded(getattr(model_instance, self.of))[: self.most]
        setattr(model_instance, self.attname, value)
        return value


def having(column: str, words: list[str]) -> models.Q:
    """Every one of the words stands somewhere in this folded column."""
    return models.Q(*(models.Q(**{f"{column}__contains": word}) for word in words))


def named(column: str, words: list[str]) -> models.Q:
    """Every one of the words stands somewhere in this column, which is kept as it was written."""
    return models.Q(*(models.Q(**{f"{column}__folds": word}) for word in words))


@models.CharField.register_lookup
@models.TextField.register_lookup
class Folds(Lookup):
    """`name__folds="novak"`: the column, folded, contains this folded word."""

    lookup_name = "folds"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        column, params = self.process_lhs(compiler, connection)
        if connection.vendor == "postgresql":
            return f"{column} ~ %s", (*params, _expression(self.rhs))
        return f"{column} GLOB %s", (*params, f"*{_glob(self.rhs)}*")


@lru_cache(maxsize=1)
def _forms() -> dict[str, str]:
    """Each plain letter with all the letters that fold to it: `a` -> `aAáÁäÄ…`."""
    forms: dict[str, list[str]] = defaultdict(list)
    for letter in map(chr, (*range(ord("A"), ord("Z") + 1), *_LETTERS)):
        plain = folded(letter)
        if len(plain) == 1 and plain != letter and letter.isalpha():
            forms[plain].append(letter)
    return {plain: plain + "".join(letters) for plain, letters in forms.items()}


def _glob(word: str) -> str:
    """The word as SQLite's GLOB takes it: only `*`, `?` and `[` mean something there."""
    forms = _forms()
    return "".join(f"[{forms[c]}]" if c in forms else f"[{c}]" if c in "*?[" else c for c in word)


def _expression(word: str) -> str:
    """The word as a regular expression of PostgreSQL."""
    forms = _forms()
    return "".join(f"[{forms[c]}]" if c in forms else c if c.isalnum() else f"\\{c}" for c in word)
