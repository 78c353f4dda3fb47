"""Words as the index keeps them and as somebody looks for them: the same on both engines, in Czech and in English.

A text becomes its words, folded (no case, no accents), and after them what was made of them: the pieces of compounds (`node.js`,
an address) and the stems of words that end in something, marked by `~`. Whoever looks for `kalendáře` finds `kalendář` through the
stem, `0x8004` finds `0x80042108` as its beginning, and a phrase is found among the words alone, where nothing was put between them.
"""

import re
from collections.abc import Iterable
from functools import lru_cache

from podpora.base.folding import folded

LONGEST = 60  # a longer "word" is the inside of a file
SHORTEST_STEM = 3
STEM_MARK = "~"
_WORD = re.compile(r"\w+(?:[._@+#:-]+\w+)*[+#]{0,2}")
_PIECE = re.compile(r"\w+")
# Endings in both languages, without accents. The longest that fits goes, if at least three letters stay.
_CZECH = (
    "ovani ovat oval ovala ovalo uje uji ujeme ujete ujou eni ani anim enim ateho atech etem atum ech ich eho emi emu ete eti iho imi "
    "imu ach ata aty ych ama ami ove ovi ymi em es im um at am os us ym mi ou ovou ova ovy ovych ej ejsi ejsich ost osti a e i o u y"
)
_ENGLISH = "ations ation ings ing edly ed s ly ment ments"
_ENDINGS = sorted({*_CZECH.split(), *_ENGLISH.split()}, key=lambda ending: (-len(ending), ending))
# What people put around the words that they look for; they are looked for only if there are no others.
_AROUND = (
    "jak jaky jaka jake jakou kde kdy kdo co proc kolik a i o u v ve na do od za po pri pro s se si k ke ze z je jsou jsem "
    "byl bude mi me mne muj moje mou mam mame mate ma mit to ten ta te ty tu the an of in on at to for from with my your our "
    "is are am was do does did how what where when why who can could i we you it its not and or if this that there be by as "
    "me nejde nejdou nefunguje nejak neco muze mohu lze chci potrebuji prosim dobry den help please work works "
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
    ending = next((end for end in _ENDINGS if word.endswith(end) and len(word) - len(end) >= SHORTEST_STEM), "")
    found = word[: len(word) - len(ending)]
    if len(found) > 3 and found[-2] == "e" and found[-1] in "kctnlrm" and found[-3] not in "aeiouy":
        found = found[:-2] + found[-1]  # účet, účtu; server, servr
    return found[:-1] + found[-1].translate(_SAME)


@lru_cache(maxsize=20_000)
def _made_of(word: str) -> tuple[str, ...]:
    """The pieces of a compound, the domain of an address, and marked stems."""
    pieces = () if word.isalnum() else tuple(piece for piece in (*_PIECE.findall(word), word.partition("@")[2]) if len(piece) > 1)
    stems = tuple(STEM_MARK + root for each in (word, *pieces) if (root := stem(each)) != each)
    return (*pieces, *stems)


def prepared(texts: Iterable[str]) -> str:
    """Texts as a document keeps them: words with one blank between them, then once each what was made of them."""
    found = [word for text in texts for word in words(text)]
    more = dict.fromkeys(part for word in dict.fromkeys(found) for part in _made_of(word))
    return " ".join([*found, *more])


def variants(word: str) -> list[str]:
    """Under what a looked-for word may stand in a document, besides what begins with it."""
    root = stem(word)
    return list(dict.fromkeys([word, root, STEM_MARK + root]))


def key(name: str, value: object) -> str:
    """A key as documents carry it: `tag:moje_znacka`."""
    return f"{name}:{_UNFIT.sub('_', folded(str(value)))[:60]}"


_UNFIT = re.compile(r"[^\w.+#-]+")
