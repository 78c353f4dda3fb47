"""Words as the index keeps them and as somebody looks for them: the same on both engines, in Czech and in English.

A text becomes its words, folded (no case, no accents), and after them what was made of them: the pieces of compounds (`node.js`,
`OAuth2`, an address), what stands apart in one place and together in another (`e-mail`, `Windows 11`), the stems of words that end in
something, marked by `~`, and their roots, marked by `~~`. Whoever looks for `kalendáře` finds `kalendář` through the stem, `přenést` finds
`přenos` through the root, `0x8004` finds `0x80042108` as its beginning, and a phrase is found among the words alone, where nothing
was put between them.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import pairwise

from podpora.base.folding import folded
from podpora.search.rules import roots

LONGEST = 60  # a longer "word" is the inside of a file
SHORTEST_STEM = 3
STEM_MARK = "~"
ROOT_MARK = "~~"
_WORD = re.compile(r"\w+(?:[._@+#:-]+\w+)*[+#]{0,2}")
_PIECE = re.compile(r"[^\W_]+")
_MIXED = re.compile(r"([a-z]{2,})(\d[\d.]*)|v(\d[\d.]*)|0x([0-9a-f]+)")  # oauth2, v11.2, 0x80042108
_NUMBER = re.compile(r"\d{1,4}(?:\.\d{1,4}){0,3}")
# Endings in both languages, without accents. The longest that fits goes, if at least three letters stay.
_CZECH = (
    "ovani ovat oval ovala ovalo uje uji ujeme ujete ujou eni ani anim enim ateho atech etem atum ech ich eho emi emu ete eti iho imi "
    "imu ach ata aty ych ama ami ove ovi ymi em es im um at am os us ym mi ou ovou ova ovy ovych ej ejsi ejsich ost osti a e i o u y"
)
_ENGLISH = "ations ation ings ing edly ed s ly ment ments"
_ENDINGS = sorted({*_CZECH.split(), *_ENGLISH.split()}, key=lambda ending: (-len(ending), ending))
# Of verbs: more letters have to stay, since `e-mail` and `kanál` end like them.
_OF_VERBS = "it il ila ili ilo ily al ala ali alo aly el ela eli elo out ene eny ena eno ane any ana ano"
_VERBS = sorted({*_OF_VERBS.split()}, key=lambda ending: (-len(ending), ending))
LONG_STEM = 5
# What people put around the words that they look for; they are looked for only if there are no others.
_AROUND = (
    "jak jaky jaka jake jakou kde kdy kdo co proc kolik a i o u v ve na do od za po pri pro s se si k ke ze z je jsou jsem jsi jste "
    "byl byla bude mi me mne muj moje mou mam mame mate ma mit to ten ta te ty tu uz jeste jen kdyz aby nebo the an of in on at to for "
    "from with my your our is are am was do does did how what where when why who can could i we you it its not and or if this that there be "
    "by as me nejde nejdou nefunguje nefunguji nejak neco muze mohu muzu nemohu nemuzu nelze lze chci chtel chtela musim potrebuji prosim "
    "dobry den help please work works "
)
MEANINGLESS = frozenset(_AROUND.split())
_SAME = str.maketrans({"c": "k", "z": "h"})  # praha, praze; licence, licenci


def words(text: str) -> list[str]:
    """The words of a text in their order, folded. What is too long to be one is left out."""
    return [word for word in _WORD.findall(folded(text.replace("\x00", " "))) if len(word) <= LONGEST]


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """What `kalendářem`, `kalendáře` and `kalendář` share: the word without its ending. Folded words only."""
    if len(word) < 4 or not word.isalpha():
        return word
    found = roots.without(word, _ENDINGS, SHORTEST_STEM)
    verb = roots.without(word, _VERBS, LONG_STEM)
    found = verb if len(verb) < len(found) else found
    if len(found) > 3 and found[-2] == "e" and found[-1] in "kctnlrm" and found[-3] not in "aeiouy":
        found = found[:-2] + found[-1]  # účet, účtu; server, servr
    return found[:-1] + found[-1].translate(_SAME)


@lru_cache(maxsize=20_000)
def pieces_of(word: str) -> tuple[str, ...]:
    """What a compound is made of: `node`, `js`; `oauth`, `2`; the domain of an address; `email` of `e-mail`. Nothing for a plain word."""
    if word.isalpha():
        return ()
    if found := _MIXED.fullmatch(word):
        return tuple(part for part in found.groups() if part)
    if word.isalnum():
        return ()
    found_pieces = [piece for piece in (*_PIECE.findall(word), word.partition("@")[2]) if len(piece) > 1]
    together = word.replace("-", "")
    return (*found_pieces, together) if "-" in word and together.isalpha() else tuple(found_pieces)


@lru_cache(maxsize=20_000)
def _made_of(word: str) -> tuple[str, ...]:
    """The pieces of a compound, marked stems and roots."""
    pieces = pieces_of(word)
    stems = tuple(STEM_MARK + found for each in (word, *pieces) if (found := stem(each)) != each)
    deep = tuple(ROOT_MARK + found for each in (word, *pieces) for found in (roots.root(each), roots.bare(each)) if found)
    return (*pieces, *stems, *deep)


def _together(found: Sequence[str]) -> Iterator[str]:
    """`windows11` of `Windows 11`: a word and the number after it."""
    for word, number in pairwise(found):
        if len(number) < 12 and number[0].isdigit() and len(word) > 2 and word.isalpha() and _NUMBER.fullmatch(number):
            yield word + number


def prepared(texts: Iterable[str]) -> str:
    """Texts as a document keeps them: words with one blank between them, then once each what was made of them."""
    found = [word for text in texts for word in words(text)]
    more = dict.fromkeys(part for word in dict.fromkeys(found) for part in _made_of(word))
    more |= dict.fromkeys(_together(found))
    return " ".join([*found, *more])


def variants(word: str) -> list[str]:
    """Under what a looked-for word may stand in a document, besides what begins with it."""
    found = stem(word)
    joined = [piece for piece in pieces_of(word) if piece.isalpha() and piece == word.replace("-", "")]
    return list(dict.fromkeys([word, found, STEM_MARK + found, *(form for piece in joined for form in variants(piece))]))


def kin(word: str, *, is_wide: bool = False) -> list[str]:
    """Under what else: words of its family, and the name of what has a number (`oauth` for `oauth2`). A guess, worth less.

    `is_wide`: its family without the prefix too (`instalace` for `nainstalovat`).
    """
    deep = [roots.root(word), roots.bare(word) if is_wide else ""]
    name = [piece for piece in pieces_of(word) if len(piece) > 2][:1] if _MIXED.fullmatch(word) else []
    return [*(ROOT_MARK + found for found in dict.fromkeys(deep) if found), *name]


def key(name: str, value: object) -> str:
    """A key as documents carry it: `tag:moje_znacka`."""
    return f"{name}:{_UNFIT.sub('_', folded(str(value)))[:60]}"


_UNFIT = re.compile(r"[^\w.+#-]+")
