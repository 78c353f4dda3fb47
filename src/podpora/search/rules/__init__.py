"""Pure rules: what words are, what somebody asked for, and which of what was found comes first."""

from podpora.search.rules.asking import Asked, Problem, Wish, asked_for, read_day
from podpora.search.rules.ranking import Candidate, ranked
from podpora.search.rules.snippets import pieces
from podpora.search.rules.words import MEANINGLESS, key, prepared, stem, variants, words

__all__ = [
    "MEANINGLESS", "Asked", "Candidate", "Problem", "Wish", "asked_for", "key", "pieces", "prepared", "ranked", "read_day", "stem",
    "variants", "words",
]  # fmt: skip
