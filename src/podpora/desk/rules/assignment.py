"""Whose turn it is."""

from collections.abc import Sequence


def next_in_turn(present: Sequence[int], last: int | None) -> int | None:
    """AS-1: who is next. `present` are the ids of those who may take it now, `last` who took the one before.

    The order is that of the ids; after the last comes the first. Nobody present: None, never "everybody".
    """
    ordered = sorted(present)
    if not ordered:
        return None
    return next((person for person in ordered if last is None or person > last), ordered[0])
