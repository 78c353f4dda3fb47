"""What time it is, when the device's clock can't be trusted (A-11, S33).

A right that ends on a day would never end for who turns the clock back. So the SDK remembers the highest time that it has ever known
for certain (the high-water mark: the server's time, a certificate's issue, the last run, its newest file) and judges by the higher of
mark and clock. Up to 48 hours back are normal (time zones, two systems on one disk, an empty battery). Beyond that the answer asks for
a refresh; nothing is locked or deleted, and a perpetual right does not look at the clock at all.

The other mistake is a clock that once ran ahead: the mark would stand in the future for ever. A fresh answer of the server (it echoes
the nonce of this very request, so it can't be a replay) is the truth, so it may set the mark back too.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

TOLERANCE = 48 * 3600
WRITE_EVERY = 3600  # the last run is written at most so often


@dataclass(frozen=True)
class Judged:
    """`now`: what to judge by, in seconds since 1970. `is_back`: the clock stands more than 48 h before what is known."""

    now: int
    is_back: bool
    clock: int


class Clock:
    """The device's clock, and the truth since the last fresh answer of the server (kept in memory only)."""

    def __init__(self, read: Callable[[], float] = time.time, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._read = read
        self._monotonic = monotonic
        self._anchor: tuple[int, float] | None = None

    def now(self) -> int:
        return int(self._read())

    def anchor(self, server_time: int) -> None:
        """The server has just said what time it is."""
        self._anchor = (server_time, self._monotonic())

    def judged(self, mark: int) -> Judged:
        """The time to judge by, given the high-water mark."""
        clock = known = self.now()
        if self._anchor is not None:
            anchored = int(self._anchor[0] + self._monotonic() - self._anchor[1])
            if clock > anchored + TOLERANCE:  # a clock that runs ahead takes nobody's days (its battery, a wrong year)
                known = anchored
        return Judged(max(known, mark), clock < mark - TOLERANCE, clock)
