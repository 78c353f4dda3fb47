"""What words of one family share: `přenést`, `přenos`, `přenášet` and `přenesení`; `licence`, `licenční` and `licencemi`.

A stem (rules.words) takes the ending off. A root goes on: it takes off what makes a noun of a verb, evens out letters that change into
others (zaplatit, zaplaceno; zvětšit, zvětšeno) and leaves out the vowels, which change most. Roots are a guess: what shares only a root with
what was asked for comes after everything that has the word itself.
"""

from functools import lru_cache

SHORTEST = 5  # letters of a word that has a root
KEPT = 4  # letters that stay of it
VOWELS = frozenset("aeiouy")
_NEGATION = "ne"
_PREFIXES = (
    "ode", "obe", "pod", "pre", "pri", "pro", "roz", "vse", "bez", "do", "na", "nad", "ob", "od", "po", "se", "vy", "za", "ze", "s", "u", "z",
)  # fmt: skip
# Of declension and conjugation, without accents; then what makes one word of another. The longest that fits goes.
_ENDINGS = (
    "ych ymi ym eho emu ich imi iho imu ech ach am um im em om ami emi mi ou ovi a e i o u y "
    "at it et out al ala ali alo aly il ila ili ilo ily el ela eli elo ely ul ula uli ulo uly "
    "ame ate aji eji ime ite eme ete uje uji ujeme ujete ujou ujes ata aty atum atech "
    "ace aci acich acim acemi"
)
_MAKERS = "ovan ovav ov avan av en an in tel itel atel avatel ost nost acn iv ivn n ovn aln k ek sk ck ick ik nik ist b ut nut nu ujic ic uj ej ejs"
ENDINGS = sorted(set(_ENDINGS.split()), key=lambda ending: (-len(ending), ending))
MAKERS = sorted(set(_MAKERS.split()), key=lambda ending: (-len(ending), ending))
_SAME = str.maketrans({"c": "t", "z": "d", "h": "d"})  # platit, placen; potvrdit, potvrzen


def without(word: str, endings: list[str], kept: int) -> str:
    """The word without the first of these endings that it has, if so many letters stay."""
    ending = next((end for end in endings if word.endswith(end) and len(word) - len(end) >= kept), "")
    return word[: len(word) - len(ending)]


@lru_cache(maxsize=20_000)
def root(word: str) -> str:
    """The root of a folded word; empty for what has none: short words, numbers, codes."""
    if len(word) < SHORTEST or not word.isalpha():
        return ""
    if word.startswith(_NEGATION) and len(word) - len(_NEGATION) >= SHORTEST:
        word = word[len(_NEGATION) :]
    return _bones(_core(word))


@lru_cache(maxsize=20_000)
def bare(word: str) -> str:
    """The root of the word without its prefix (`nainstalovat` as `instalovat`); empty if it has none."""
    if word.startswith(_NEGATION) and len(word) - len(_NEGATION) >= SHORTEST:
        word = word[len(_NEGATION) :]
    for prefix in _PREFIXES:
        rest = word[len(prefix) :]
        if word.startswith(prefix) and len(rest) > SHORTEST and (len(prefix) > 1 or rest[0] not in VOWELS):
            return root(rest)
    return ""


def _core(word: str) -> str:
    if word.endswith("st") and len(word) > SHORTEST:
        return word[:-1]  # přenést, as přenesu
    word = without(word, ENDINGS, KEPT)
    for _again in range(2):
        word = without(word, MAKERS, KEPT)
    return word


def _bones(core: str) -> str:
    once = "".join(letter for place, letter in enumerate(core) if not place or letter != core[place - 1])
    even = once.replace("ou", "u").replace("y", "i")
    even = even[:-1] + even[-1].translate(_SAME)
    if len(even) < SHORTEST:
        return even
    bones = even[0] + "".join(letter for letter in even[1:] if letter not in VOWELS)
    return bones if len(bones) > 2 else even
