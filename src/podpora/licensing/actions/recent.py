"""What this process gave to which token lately. It makes two copies of one store visible within minutes, without a write for each contact.

The database keeps the same, an hour old at most (visits.py, watching.py): who is forgotten here, or was answered by another process, is
found a little later.
"""

from collections import OrderedDict
from threading import Lock

from podpora.licensing.rules.watching import Thread


class Recent:
    """The last serials of the tokens that were used last, at most so many. For all threads of the process."""

    def __init__(self, most: int = 20_000) -> None:
        self._most = most
        self._known: OrderedDict[str, tuple[int, int]] = OrderedDict()
        self._lock = Lock()

    def note(self, token_hash: str, *, given: int, told: int) -> None:
        """This token told that serial and was given this one."""
        with self._lock:
            self._known[token_hash] = (given, told)
            self._known.move_to_end(token_hash)
            if len(self._known) > self._most:
                self._known.popitem(last=False)

    def with_it(self, thread: Thread, token_hash: str) -> Thread:
        """What the database knows, and what is newer here."""
        known = self._known.get(token_hash)
        return thread.newer(*known) if known else thread

    def forget(self) -> None:
        """As after a restart."""
        with self._lock:
            self._known.clear()


RECENT = Recent()
