"""The clocks of a ticket's promises: set anew whenever something happens to it, and for all tickets when a promise changes."""

from datetime import datetime
from typing import Any

from django.db import transaction

from podpora.base.codes import unguessable
from podpora.catalog import queries as catalog
from podpora.catalog.values import Channel, Tier
from podpora.desk import queries, rules
from podpora.desk.models import VIP_CODES, ClockSettings, Ticket
from podpora.desk.values import PromiseBook, Said, Side, SlaPlan, Spell, State, Story
from podpora.jobs.actions import enqueue

BATCH = 50  # so long nobody else writes (SQLite)
RECOUNT = "podpora.desk.jobs.recount_clocks"
FIELDS = (
    *("sla_id", "first_response_due_at", "update_due_at", "solution_due_at", "due_at", "look_at"),
    *(
        "first_response_minutes",
        "first_response_diff",
        "longest_update_minutes",
        "update_diff",
        "solution_minutes",
        "solution_diff",
    ),
)


def promise(ticket: Ticket, *, at: datetime) -> None:
    """Before a new ticket is saved: its plan sets the priority and what first answer was promised to it (SC-2: for good)."""
    book = queries.promise_book()
    plan = rules.plan_of(ticket.tier, is_vip=ticket.support_code in VIP_CODES)
    ticket.priority = book.priorities[plan]
    if any(sla.follows_plan for sla in book.slas):
        ticket.promised_minutes = _promised(ticket, plan, at=at)


def _promised(ticket: Ticket, plan: SlaPlan, *, at: datetime) -> int | None:
    """The first answer that the levels of support promise to this plan, in minutes; None: they promise none."""
    if plan in (SlaPlan.NONE, SlaPlan.UNVERIFIED):
        return None
    product = ticket.product or catalog.products().first()
    if product is None:
        return None
    tier, channel = (Tier.PRO, Channel.CENTRE) if plan is SlaPlan.VIP else (Tier(plan.value), Channel.EMAIL)
    hours = catalog.plan_level(product, tier, channel, at).first_answer_hours
    return None if hours is None else hours * 60


def keep_clocks(ticket: Ticket, *, at: datetime) -> None:
    """Set the ticket's due instants anew, from its state history and what it was promised. Saves what it changes."""
    story = _first_page(ticket, at) or queries.story_of(ticket)
    wanted = computed(ticket, story, queries.promise_book(), queue=ticket.queue.code)
    changed = {name: value for name, value in wanted.items() if getattr(ticket, name) != value}
    if changed:
        for name, value in changed.items():
            setattr(ticket, name, value)
        Ticket.objects.filter(pk=ticket.pk).update(**changed)


def _first_page(ticket: Ticket, at: datetime) -> Story | None:
    """The story of a ticket that was opened just now needs no reading."""
    if ticket.opened_at != at or ticket.state != State.NEW or ticket.first_answered_at or ticket.revision > 1:
        return None
    return Story(at, (Spell(State.NEW, at),), (Said(Side.CUSTOMER, at),))


def computed(ticket: Ticket, story: Story, book: PromiseBook, *, queue: str) -> dict[str, Any]:
    """What the columns of the clocks have to say (SLA-12, SLA-13)."""
    sla = queries.agreement_of(ticket, book, queue=queue)
    clocks = queries.clocks_of_ticket(ticket, book, queue=queue, story=story)
    first, longest, solution = clocks.first_response, clocks.longest_update, clocks.solution
    return {
        "sla_id": sla.id if sla else None,
        "first_response_due_at": clocks.due(*rules.FIRST),
        "update_due_at": clocks.due(*rules.UPDATES),
        "solution_due_at": clocks.due(*rules.LAST),
        "due_at": rules.escalation_at(clocks),
        "look_at": rules.look_at(clocks.running, ticket.warned_for, ticket.breached_for),
        "first_response_minutes": first.minutes if first else None,
        "first_response_diff": first.diff if first else None,
        "longest_update_minutes": longest.minutes if longest else None,
        "update_diff": longest.diff if longest else None,
        "solution_minutes": solution.minutes if solution else None,
        "solution_diff": solution.diff if solution else None,
    }


@transaction.atomic
def promises_changed(*, at: datetime) -> ClockSettings:
    """After a change of a calendar, an agreement or the table: everybody reads anew, and all tickets are recalculated (SLA-4)."""
    settings = ClockSettings.objects.select_for_update().order_by("pk").first() or ClockSettings()
    settings.revision = unguessable()[:32]
    settings.stale_since, settings.recounted_at = settings.stale_since or at, None
    settings.recounted, settings.recount_done = 0, 0
    settings.recount_of = Ticket.objects.count()
    settings.save()
    enqueue(RECOUNT, at=at, unique_key=RECOUNT)
    return settings


@transaction.atomic
def recount(*, at: datetime) -> bool:
    """The next tickets, newest first; True when all are done. Running it twice, or after a crash, changes nothing more."""
    settings = ClockSettings.objects.select_for_update().order_by("pk").first()
    if settings is None or settings.stale_since is None:
        return True
    found = Ticket.objects.select_for_update(of=("self",)).select_related("queue").order_by("-pk")
    if settings.recounted:
        found = found.filter(pk__lt=settings.recounted)
    tickets = list(found[:BATCH])
    _recount(tickets)
    if tickets:
        settings.recounted, settings.recount_done = tickets[-1].pk, settings.recount_done + len(tickets)
    if len(tickets) < BATCH:
        settings.stale_since, settings.recounted_at, settings.recounted = None, at, 0
    settings.save()
    return settings.stale_since is None


def _recount(tickets: list[Ticket]) -> None:
    book, stories = queries.promise_book(), queries.stories(tickets)
    changed = []
    for ticket in tickets:
        wanted = computed(ticket, stories[ticket.pk], book, queue=ticket.queue.code)
        if any(getattr(ticket, name) != value for name, value in wanted.items()):
            for name, value in wanted.items():
                setattr(ticket, name, value)
            changed.append(ticket)
    Ticket.objects.bulk_update(changed, FIELDS, batch_size=100)
