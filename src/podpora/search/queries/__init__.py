"""Looking into the index."""

from podpora.search.queries.finding import PAGE, find, misses, reader_of, similar
from podpora.search.queries.matching import alike, counts, has_words, matching, outdated

__all__ = ["PAGE", "alike", "counts", "find", "has_words", "matching", "misses", "outdated", "reader_of", "similar"]
