"""Looking into the index."""

from podpora.search.queries.finding import PAGE, find, misses, reader_of, similar
from podpora.search.queries.matching import alike, counts, has_words, matching, outdated
from podpora.search.queries.spelling import alike_row, alike_rows, vocabulary

__all__ = [
    "PAGE", "alike", "alike_row", "alike_rows", "counts", "find", "has_words", "matching", "misses", "outdated", "reader_of", "similar",
    "vocabulary",
]  # fmt: skip
