"""What the index does by itself: documents that an older normaliser made are made anew, a few at a time."""

from collections import defaultdict
from datetime import datetime, timedelta
from typing import Any

from podpora.jobs.values import periodic
from podpora.search import queries
from podpora.search.actions import forget, forget_misses, index, learn_words
from podpora.search.values import kinds

AT_ONCE = 500


@periodic(every=timedelta(minutes=1))
def renew_documents(payload: dict[str, Any], *, at: datetime) -> None:
    by_kind: dict[str, list[int]] = defaultdict(list)
    for kind, ref in queries.outdated(AT_ONCE):
        by_kind[kind].append(ref)
    for kind, refs in by_kind.items():
        if kind in kinds():
            index(kind, refs, at=at)
        else:
            forget(kind, refs)  # of a room that is there no more


@periodic(every=timedelta(minutes=1))
def learn_spelling(payload: dict[str, Any], *, at: datetime) -> None:
    learn_words(at=at)


@periodic(every=timedelta(days=1))
def clean_misses(payload: dict[str, Any], *, at: datetime) -> None:
    forget_misses(at=at)
