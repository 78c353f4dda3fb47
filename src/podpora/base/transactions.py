"""One story, one transaction.

A journey calls actions, an action calls others, and each of them is atomic by itself. Django would set a savepoint for each: two
statements for nothing, because nobody in the middle of a story goes on after a part of it failed. So the outermost opens the
transaction, and those inside join it. What fails inside undoes the whole; code that wants to go on after a failure says so by a
`transaction.atomic()` of its own around the part.
"""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db import connection, transaction

P = ParamSpec("P")
R = TypeVar("R")
_JOINED = "podpora_story"


def one_transaction(function: Callable[P, R]) -> Callable[P, R]:
    """Decorates an action or a journey: all of it, with all that it calls, or nothing."""

    @wraps(function)
    def told(*args: P.args, **kwargs: P.kwargs) -> R:
        if getattr(connection, _JOINED, False):
            with transaction.atomic(savepoint=False):
                return function(*args, **kwargs)
        setattr(connection, _JOINED, True)
        try:
            with transaction.atomic():
                return function(*args, **kwargs)
        finally:
            setattr(connection, _JOINED, False)

    return told
