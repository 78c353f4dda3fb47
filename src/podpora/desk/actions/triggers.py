"""Triggers: when this happens and the ticket is so, do that (RU-1).

In the order of their position; each sees what the former ones left. What triggers do makes things happen again: when all were asked,
those that have not run yet hear of that too, three rounds at most. So no arrangement of triggers runs for ever.
"""

from collections.abc import Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime

from podpora.audit.actions import record
from podpora.base.actors import Actor, system
from podpora.desk import queries, rules
from podpora.desk.models import RuleRun, Ticket, Trigger
from podpora.desk.values import MOST_DEPTH, Happening, HappeningKind, RuleKind

AUTOMATION = "automation"  # the name of rules as actors: which one it was stands in the log, never in what leaves (VI-2)


@dataclass
class Chain:
    """What one deed of a person set off: which triggers have run, and what their deeds made happen, to be heard when all were asked."""

    run: set[tuple[int, str]] = field(default_factory=set)  # ticket, trigger
    waiting: list[tuple[Ticket, list[Happening]]] = field(default_factory=list)


_chain: ContextVar[Chain | None] = ContextVar("podpora_triggers", default=None)


def run_triggers(ticket: Ticket, happenings: Sequence[Happening], *, by: Actor, at: datetime) -> bool:
    """Run what fits, in the order of the triggers. True when something was done to the ticket."""
    heard = [happening for happening in happenings if happening.kind is not HappeningKind.CALENDAR]
    if not heard:
        return False
    chain = _chain.get()
    if chain is not None:
        chain.waiting.append((ticket, heard))
        return False
    triggers = list(Trigger.objects.filter(is_active=True))
    if not triggers:
        return False
    chain = Chain(waiting=[(ticket, heard)])
    token = _chain.set(chain)
    try:
        return _rounds(chain, triggers, at=at)
    finally:
        _chain.reset(token)


def _rounds(chain: Chain, triggers: Sequence[Trigger], *, at: datetime) -> bool:
    """All triggers in their order for what happened; then for what they made happen, MOST_DEPTH times in all."""
    did = False
    for _round in range(MOST_DEPTH):
        if not chain.waiting:
            break
        now, chain.waiting = chain.waiting, []
        for ticket, heard in now:
            for trigger in triggers:
                did = _run(trigger, ticket, heard, chain, at=at) or did
    return did


def _run(trigger: Trigger, ticket: Ticket, heard: Sequence[Happening], chain: Chain, *, at: datetime) -> bool:
    key = (ticket.pk, trigger.code)
    why = next((happening for happening in heard if rules.hears(trigger.happenings, happening)), None)
    if key in chain.run or why is None:
        return False
    if not trigger.is_always and not rules.is_touched(trigger.conditions, heard):
        return False
    if trigger.conditions and not rules.all_hold(trigger.conditions, queries.world_of(ticket, why.message)):
        return False
    chain.run.add(key)
    from podpora.desk.actions.doing import do_all  # the deeds end in happened(), which is how we came here

    done = do_all(ticket, trigger.deeds, technician=None, by=system(AUTOMATION), at=at)
    RuleRun.objects.create(ticket=ticket, kind=RuleKind.TRIGGER, rule=trigger.code, why=why.kind.value, done=done, run_at=at)
    record("ticket.rule", ticket, by=system(AUTOMATION), at=at, facts={"rule": trigger.code, "done": done})
    return True


def would_run(ticket: Ticket, happening: Happening) -> list[Trigger]:
    """The dry run: which active triggers would do something to this ticket as it is now, in their order. Nothing is written, and
    what the former ones would change is not taken into account."""
    fitting = []
    world = queries.world_of(ticket, happening.message)
    for trigger in Trigger.objects.filter(is_active=True):
        listens = rules.hears(trigger.happenings, happening)
        touched = trigger.is_always or rules.is_touched(trigger.conditions, [happening])
        if listens and touched and rules.all_hold(trigger.conditions, world):
            fitting.append(trigger)
    return fitting
