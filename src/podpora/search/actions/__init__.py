"""Writing the index: documents, misses, the spelling of words and what means the same."""

from podpora.search.actions.indexing import append, documents_of, forget, index, renew
from podpora.search.actions.misses import dismiss_miss, forget_misses, note_miss
from podpora.search.actions.wording import learn_anew, learn_words, load_alike, remove_alike, set_alike

__all__ = [
    "append", "dismiss_miss", "documents_of", "forget", "forget_misses", "index", "learn_anew", "learn_words", "load_alike", "note_miss",
    "remove_alike", "renew", "set_alike",
]  # fmt: skip
