"""Who is told what about a problem."""

from datetime import datetime

from django.utils import translation

from podpora.base.decisions import Reason
from podpora.base.reasons import sentence
from podpora.notifications import actions as notifications
from podpora.people import queries as people
from podpora.problems.models import Problem, Tie
from podpora.problems.values import FIXED


def fixed(tie: Tie, coverage: Reason, *, url: str, at: datetime) -> None:
    """The fix is out; and whether his licence covers it, and how to get it."""
    if tie.person is None or not tie.person.is_active:
        return
    problem: Problem = tie.problem
    to = people.recipient_of(tie.person)
    with translation.override(to.language):
        facts = {
            "problem": problem.code, "title": problem.said("title", to.language), "version": problem.fixed_in, "coverage": sentence(coverage),
            "is_covered": not coverage.blocks,
        }  # fmt: skip
    notifications.tell([to], FIXED, facts, at=at, url=url, once=f"problem:{problem.code}:fixed:{problem.fixed_in}")
