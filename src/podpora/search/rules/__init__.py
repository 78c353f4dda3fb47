"""Pure rules: what words are, what somebody asked for, and which of what was found comes first."""

from podpora.search.rules.asking import Asked, Problem, Wish, asked_for, read_day
from podpora.search.rules.meaning import Alike, alike_from, doubtful, hinted, mended, nearest, widened
from podpora.search.rules.ranking import Candidate, Wanted, ranked, wanted_of
from podpora.search.rules.snippets import pieces
from podpora.search.rules.words import MEANINGLESS, key, kin, prepared, stem, variants, words

__all__ = [
    "MEANINGLESS", "Alike", "Asked", "Candidate", "Problem", "Wanted",
    "Wish", "alike_from", "asked_for", "doubtful", "hinted", "key", "kin", "mended", "nearest", "pieces",
    "prepared", "ranked", "read_day", "stem", "variants", "wanted_of", "widened", "words",
]  # fmt: skip
