"""Requests over kept-alive connections, each with the time that its answer took."""

import http.client
import itertools
import threading
import time
import urllib.parse
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Request:
    method: str
    path: str
    body: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)


Maker = Callable[[int], Request]  # the n-th request


@dataclass(frozen=True, slots=True)
class Load:
    """What came of it."""

    seconds: float
    times: list[float]
    statuses: Counter[int]

    @property
    def per_second(self) -> float:
        return len(self.times) / self.seconds

    def percentile(self, share: float) -> float:
        """Milliseconds within which this share was answered."""
        ordered = sorted(self.times)
        return ordered[min(int(len(ordered) * share), len(ordered) - 1)] * 1000


def run(url: str, make: Maker, *, connections: int, count: int) -> Load:
    """So many requests over so many connections at once."""
    parts = urllib.parse.urlsplit(url)
    numbers = itertools.count()
    times: list[float] = []
    statuses: Counter[int] = Counter()
    lock = threading.Lock()

    def work() -> None:
        connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=60)
        mine: list[tuple[float, int]] = []
        while (number := next(numbers)) < count:
            request = make(number)
            begin = time.perf_counter()
            connection.request(request.method, request.path, request.body or None, dict(request.headers))
            answer = connection.getresponse()
            answer.read()
            mine.append((time.perf_counter() - begin, answer.status))
        connection.close()
        with lock:
            times.extend(seconds for seconds, _status in mine)
            statuses.update(status for _seconds, status in mine)

    threads = [threading.Thread(target=work) for _ in range(connections)]
    begin = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return Load(time.perf_counter() - begin, times, statuses)
