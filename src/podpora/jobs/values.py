"""The words of this room: states of a job, and the register of what can run.

A room registers its background work in its `jobs.py`:

    @job
    def send(payload: dict, *, at: datetime) -> None: ...

    @periodic(every=timedelta(hours=1))
    def clean(payload: dict, *, at: datetime) -> None: ...

Work must be safe to run twice: a worker that is killed in the middle is replaced, and the job runs again.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from importlib import import_module
from typing import Any, Protocol, TypeVar, overload

from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _

from podpora.base.reasons import declare

MAX_ATTEMPTS = 10
LEASE = timedelta(seconds=90)


class JobState(StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    DEAD = "dead"


STATE_LABELS = {
    JobState.QUEUED: _("Waiting"),
    JobState.RUNNING: _("Running"),
    JobState.DONE: _("Done"),
    JobState.DEAD: _("Given up"),
}

NOT_DEAD = declare("job.not_given_up", _("This job was not given up, so there is nothing to try again."))

# Rows of another system (OutsideName): what can be wrong with them, besides what can be wrong with any input.
IMPORT_CONFLICT = declare("import.conflict", _("This external_id came before with another content; what is here was not changed."))
NO_SUCH_CUSTOMER = "import.no_such_customer"
declare(NO_SUCH_CUSTOMER, _("No customer of this external_id was imported: import the customers first, or give his email instead."))
declare("import.no_such_licence", _("There is no such licence: import the licences first, or write its code (L-…)."))
declare("import.not_a_key", _("This can't be a key: letters and digits, 10 to 64 of them, with any signs between."))
declare("import.not_a_day", _("This is neither a day nor an instant; write 2024-03-10, or 2024-03-10T09:00:00Z."))
declare("import.no_such_queue", _("There is no such queue; make it in the office, or leave the field out."))
declare(
    "import.no_such_category", _("There is no such category; import the categories first, or write the code of one that is here.")
)
declare("import.no_such_topic", _("No topic of this external_id was imported: import the topics first."))
declare("import.before_the_purchase", _("This lies before the purchase."))


class TryLater(Exception):
    """Raised by work that knows when to come back: the attempt does not count, the job waits for `delay`."""

    def __init__(self, delay: timedelta, why: str = "") -> None:
        super().__init__(why)
        self.delay = delay
        self.why = why


class GiveUp(Exception):
    """Raised by work that will never succeed: the job is dead at once, with this sentence."""


class Work(Protocol):
    """What a registered function looks like: it gets the payload and the instant."""

    __module__: str
    __qualname__: str

    def __call__(self, payload: dict[str, Any], *, at: Any) -> None: ...


@dataclass(frozen=True, slots=True)
class Registered:
    """One function that can run as a job, and how stubborn it is."""

    name: str
    work: Work
    max_attempts: int = MAX_ATTEMPTS
    every: timedelta | None = None


class UnknownJob(LookupError):
    """No room registered this name."""


_register: dict[str, Registered] = {}


def _add(work: Any, max_attempts: int, every: timedelta | None) -> Any:
    name = f"{work.__module__}.{work.__qualname__}"
    _register[name] = Registered(name, work, max_attempts, every)
    return work


WorkFunction = TypeVar("WorkFunction", bound=Callable[..., Any])


@overload
def job(work: WorkFunction) -> WorkFunction: ...
@overload
def job(*, max_attempts: int) -> Callable[[WorkFunction], WorkFunction]: ...
def job(work: Any = None, *, max_attempts: int = MAX_ATTEMPTS) -> Any:
    """Register a function as a job: `@job`, or `@job(max_attempts=3)`."""
    if work is not None:
        return _add(work, max_attempts, None)
    return lambda function: _add(function, max_attempts, None)


def periodic(*, every: timedelta, max_attempts: int = MAX_ATTEMPTS) -> Callable[[Any], Any]:
    """Register a function that runs every so often, once for the whole installation."""
    return lambda function: _add(function, max_attempts, every)


def find(name: str) -> Registered:
    """The registered function of this dotted path; its module is imported when needed. UnknownJob if there is none."""
    if name not in _register:
        try:
            import_module(name.rpartition(".")[0])
        except (ImportError, ValueError):
            raise UnknownJob(name) from None
    try:
        return _register[name]
    except KeyError:
        raise UnknownJob(name) from None


def periodic_jobs() -> list[Registered]:
    """Everything that runs by the clock, of all rooms."""
    autodiscover_modules("jobs")
    return [entry for entry in _register.values() if entry.every]


Payload = Mapping[str, Any]
