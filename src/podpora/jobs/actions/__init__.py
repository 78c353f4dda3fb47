"""Writing jobs: queueing, running, keeping the clock's beat, clearing away."""

from podpora.jobs.actions.queueing import enqueue, name_outside, once, retry
from podpora.jobs.actions.running import claim, extend_lease, run, run_due
from podpora.jobs.actions.scheduling import clean_up, enqueue_periodic
from podpora.jobs.actions.working import run_forever, say_seen, worker_name

__all__ = [
    "claim",
    "clean_up",
    "enqueue",
    "enqueue_periodic",
    "extend_lease",
    "name_outside",
    "once",
    "retry",
    "run",
    "run_due",
    "run_forever",
    "say_seen",
    "worker_name",
]
