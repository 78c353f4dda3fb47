"""podpora jobs."""

import argparse
from collections.abc import Iterable

from podpora.audit.actions import record
from podpora.base import clock
from podpora.base.actors import system
from podpora.base.clock import format_instant
from podpora.config.commands import CommandFailed
from podpora.jobs import actions, queries
from podpora.jobs.models import Job
from podpora.jobs.values import JobState

HELP = "Look at background jobs, and try again what was given up."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="list|retry|dead")
    listing = verbs.add_parser("list", help="the newest jobs, and how many are in each state")
    listing.add_argument("--state", choices=[state.value for state in JobState], default="")
    listing.add_argument("--name", default="", help="part of the name")
    listing.add_argument("--limit", type=int, default=50)
    verbs.add_parser("dead", help="jobs that were given up, with their last error").add_argument("--limit", type=int, default=50)
    again = verbs.add_parser("retry", help="try jobs again that were given up")
    again.add_argument("codes", nargs="*", metavar="CODE")
    again.add_argument("--all", action="store_true", help="all that were given up")


def run(options: argparse.Namespace) -> int:
    if options.verb == "list":
        _list(options)
    elif options.verb == "dead":
        _dead(options.limit)
    else:
        _retry(options.codes, everything=options.all)
    return 0


def _list(options: argparse.Namespace) -> None:
    counts = queries.counts_by_state()
    print("  ".join(f"{state}: {count}" for state, count in counts.items()))
    _print(queries.jobs_in(options.state, options.name)[: max(options.limit, 0)])


def _print(jobs: Iterable[Job]) -> None:
    for job in jobs:
        print(f"{job.code}  {job.state:<8} {format_instant(job.run_after)}  {job.attempts}/{job.max_attempts}  {job.name}")


def _dead(limit: int) -> None:
    jobs = list(queries.jobs_in(JobState.DEAD)[: max(limit, 0)])
    if not jobs:
        print("podpora: no job was given up.")
    for job in jobs:
        _print([job])
        print("    " + (job.last_error.strip().splitlines() or ["no reason was written down"])[-1])


def _retry(codes: list[str], *, everything: bool) -> None:
    if bool(codes) == everything:
        raise CommandFailed("Name the jobs to try again, or say --all.")
    jobs = list(queries.jobs_in(JobState.DEAD)) if everything else [_job(code) for code in codes]
    at = clock.now()
    for job in jobs:
        actions.retry(job, at=at)
        record("job.retried", job, by=system("podpora jobs"), at=at, facts={"name": job.name})
    print(f"podpora: {len(jobs)} job{'' if len(jobs) == 1 else 's'} will be tried again.")


def _job(code: str) -> Job:
    job = Job.objects.filter(code=code).first()
    if job is None:
        raise CommandFailed(f"There is no job {code}; `podpora jobs dead` lists those that were given up.")
    return job
