"""Pure rules of known problems."""

import re

from podpora.base.decisions import Decision, refuse
from podpora.base.errors import Problems
from podpora.problems.values import LONGEST, OVER, PLATFORMS, Facts, State, Tied, TieKind

_VERSION = re.compile(r"\d{1,4}(\.\d{1,6}){0,3}")


def number_of(version: str) -> tuple[int, ...] | None:
    """`v10.2.1-beta` -> (10, 2, 1); None for what is no version."""
    found = _VERSION.match(version.strip().removeprefix("v"))
    return tuple(int(part) for part in found[0].split(".")) if found else None


def check_facts(facts: Facts) -> None:
    """InvalidInput with everything that a problem can't be."""
    problems = Problems()
    if not (facts.title_cs.strip() or facts.title_en.strip()):
        problems.add("title_cs", "problem.title")
    for name in ("title_cs", "title_en"):
        if len(getattr(facts, name)) > 200:
            problems.add(name, "too_long", most=200)
    for name in ("symptom_cs", "symptom_en", "workaround_cs", "workaround_en"):
        if len(getattr(facts, name)) > LONGEST:
            problems.add(name, "too_long", most=LONGEST)
    first, last = (number_of(version) if version else () for version in (facts.from_version, facts.to_version))
    for name, number in (("from_version", first), ("to_version", last)):
        if number is None or len(getattr(facts, name)) > 30:
            problems.add(name, "problem.not_a_version")
    if first and last and last < first[: len(last)]:
        problems.add("to_version", "problem.versions_backwards")
    if any(platform not in PLATFORMS for platform in facts.platforms):
        problems.add("platforms", "problem.platform", choices=list(PLATFORMS))
    problems.or_refuse()


def check_state(state: State, fixed_in: str, why: str) -> None:
    """InvalidInput for a state without what it needs."""
    problems = Problems()
    if state is State.FIXED and number_of(fixed_in) is None:
        problems.add("fixed_in", "problem.fixed_in")
    if state is State.WONT_FIX and not why.strip():
        problems.add("why", "problem.why")
    problems.or_refuse()


def affects(from_version: str, to_version: str, version: str) -> bool:
    """Has this version the problem, as far as it is known? `10.2` as the last means all 10.2.x."""
    number = number_of(version)
    if number is None:
        return True
    first, last = number_of(from_version) if from_version else None, number_of(to_version) if to_version else None
    if first is not None and number < first[: len(number)] and number < first:
        return False
    return last is None or number[: len(last)] <= last


def may_tie(code: str, state: State, tied: Tied) -> Decision:
    """People may say "me too" while a problem is open; a ticket or topic may be tied to a fixed one too: its people learn of the fix."""
    if tied.kind is TieKind.PERSON and state.is_over:
        return refuse(OVER, problem=code)
    return Decision()
