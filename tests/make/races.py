"""Races with real parallel connections: many threads that start at the same moment, each with a connection of its own.

    @pytest.mark.race
    @pytest.mark.django_db(transaction=True)
    def test_a7_five_seats_for_fifty() -> None:
        ends = at_once([lambda: make.activated(licence, device) for device in devices])
        assert sum(end.failed is None for end in ends) == 5

Threads are right for this: each has its own database connection on both engines (the SQLite test database is a file, see
tests/settings.py), and the decision is made in the database, not in Python. `in_processes` starts real processes where the point is
what two processes do.
"""

import multiprocessing
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db import connection, connections


@dataclass(frozen=True, slots=True)
class End:
    """How one of them ended: with a value, or with an exception."""

    value: Any = None
    failed: BaseException | None = None


def at_once(calls: Sequence[Callable[[], Any]], *, seconds: float = 120) -> list[End]:
    """Run all calls at the same moment, each in a thread with a connection of its own; how each ended, in the same order."""
    start = threading.Barrier(len(calls))
    ends: list[End | None] = [None] * len(calls)

    def run(number: int, call: Callable[[], Any]) -> None:
        try:
            connection.ensure_connection()
            start.wait(timeout=seconds)
            ends[number] = End(call())
        except BaseException as problem:  # the test judges it
            ends[number] = End(failed=problem)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(number, call), daemon=True) for number, call in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=seconds)
    return [end or End(failed=TimeoutError("did not end")) for end in ends]


def together(count: int, call: Callable[[int], Any]) -> list[Any]:
    """`call(0)` to `call(count - 1)` at the same moment; what each gave, or the exception that it raised."""
    ends = at_once([partial(call, number) for number in range(count)])
    return [end.value if end.failed is None else end.failed for end in ends]


def in_processes(call: Callable[..., Any], arguments: Sequence[tuple[Any, ...]], *, seconds: float = 120) -> list[End]:
    """Run `call(*arguments[n])` in a process each, all at the same moment. `call` is a function of a module; it opens its own connection."""
    connections.close_all()  # a forked connection would be shared
    context = multiprocessing.get_context("fork")
    start, results = context.Barrier(len(arguments)), context.Queue()
    processes = [
        context.Process(target=_in_process, args=(call, given, number, start, results), daemon=True)
        for number, given in enumerate(arguments)
    ]
    for process in processes:
        process.start()
    ends: dict[int, End] = {}
    for _ in processes:
        number, value, failed = results.get(timeout=seconds)
        ends[number] = End(value, RuntimeError(failed) if failed else None)
    for process in processes:
        process.join(timeout=seconds)
    return [ends[number] for number in range(len(arguments))]


def _in_process(call: Callable[..., Any], given: tuple[Any, ...], number: int, start: Any, results: Any) -> None:
    try:
        connection.ensure_connection()
        start.wait(timeout=60)
        results.put((number, call(*given), ""))
    except BaseException as problem:  # the test judges it
        results.put((number, None, f"{type(problem).__name__}: {problem}"))
    finally:
        connections.close_all()
