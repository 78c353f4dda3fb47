"""Known problems and those who have them: tickets and people tied, and everybody told when the fix is out.

Each is told whether his licence covers the version with the fix, by the same rule that decides what his program may install (S14).
"""

import logging
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from podpora.base.actors import Actor
from podpora.base.clock import vendor_date
from podpora.base.decisions import Reason, Refused
from podpora.base.errors import NotYours
from podpora.base.reasons import sentence
from podpora.catalog import queries as catalog
from podpora.catalog.models import Release
from podpora.catalog.values import ReleaseFacts
from podpora.desk import actions as desk
from podpora.desk import queries as desk_queries
from podpora.desk.models import Ticket
from podpora.desk.values import State as TicketState
from podpora.entitlements import rules
from podpora.journeys import rights as rights_journey
from podpora.licensing import queries as licensing
from podpora.people import queries as people
from podpora.people.models import Person
from podpora.problems import actions, queries
from podpora.problems.models import Problem, Tie
from podpora.problems.values import COVERED, NO_LICENCE, NOT_COVERED, OnFix, State, Tied, TieKind

AT_ONCE = 200
log = logging.getLogger(__name__)


def tie_ticket(problem: Problem, ticket: Ticket, *, by: Actor, at: datetime) -> Tie:
    """This ticket is about that problem: who asked will be told when it is fixed."""
    tied = Tied(TieKind.TICKET, ticket.code, ticket.requester_id, ticket.app_version, "")
    return actions.tie(problem, tied, by=by, at=at)


def untie_ticket(problem: Problem, ticket: Ticket, *, by: Actor, at: datetime) -> bool:
    return actions.untie(problem, Tied(TieKind.TICKET, ticket.code), by=by, at=at)


def tie_topic(problem: Problem, code: str, person: Person | None, *, by: Actor, at: datetime) -> Tie:
    """This topic is about that problem; `person`: who asked in it."""
    return actions.tie(problem, Tied(TieKind.TOPIC, code, person.pk if person else None), by=by, at=at)


def me_too(problem: Problem, person: Person, *, version: str = "", platform: str = "", by: Actor, at: datetime) -> Tie:
    """He has it too."""
    return actions.tie(problem, Tied(TieKind.PERSON, person.code, person.pk, version, platform), by=by, at=at)


def not_me(problem: Problem, person: Person, *, by: Actor, at: datetime) -> bool:
    return actions.untie(problem, Tied(TieKind.PERSON, person.code), by=by, at=at)


def mark_fixed(release: Release, *, by: Actor, at: datetime) -> list[Problem]:
    """What a release says that it fixes is fixed in it. Told again, nothing happens."""
    found = [problem for problem in queries.by_codes(release.fixes) if problem.product_id == release.version.product_id]
    return [actions.set_state(problem, State.FIXED, fixed_in=release.number, by=by, at=at) for problem in found]


def tell_due(*, by: Actor, at: datetime, size: int = AT_ONCE) -> int:
    """Everybody tied to a problem whose fix is out by today is told, each in a transaction of his own. How many ties were done."""
    done = 0
    for problem in queries.with_untold():  # those whose release is still to come hold up nobody else
        release = _release(problem.product_id, problem.fixed_in, at=at)
        for tie in queries.untold(problem, size - done) if release is not None else []:
            try:
                done += _tell(tie, release, by=by, at=at) if release is not None else 0
            except Exception:
                log.exception("the fix of %s was not told to %s %s; the others are told", problem.code, tie.kind, tie.code)
    return done


def _release(product: int, number: str, *, at: datetime) -> ReleaseFacts | None:
    """The release, if it is out by today; None while it is not, or when it was withdrawn."""
    today = vendor_date(at, settings.VENDOR_ZONE)
    return next((each for each in catalog.release_facts(product) if each.number == number and each.released_on <= today), None)


@transaction.atomic
def _tell(tie: Tie, release: ReleaseFacts, *, by: Actor, at: datetime) -> bool:
    """Taken first, in the transaction of the news: two at once tell once, and who dies in between has told nothing. False: told already."""
    if not actions.take_tie(tie, at=at):
        return False
    coverage = coverage_of(tie.person, tie.problem, release, at=at)
    if tie.problem.on_fix != OnFix.LEAVE:
        if tie.kind == TieKind.TICKET and _say_in_ticket(tie, coverage, by=by, at=at):
            return True
        if tie.kind != TieKind.TICKET and tie.person is not None and _hears_it_in_his_ticket(tie):
            return True
    actions.tell_fixed(tie, coverage, url=f"/problems/{tie.problem.code}/", at=at)
    return True


def _hears_it_in_his_ticket(tie: Tie) -> bool:
    """Is a ticket of the same person tied to the problem, in which he is told?"""
    for code in queries.tickets_of(tie.problem, tie.person_id):
        try:
            ticket = desk_queries.any_ticket(code)
        except NotYours:
            continue
        if not TicketState(ticket.state).is_done and ticket.merged_into_id is None:
            return True
    return False


def coverage_of(person: Person | None, problem: Problem, release: ReleaseFacts, *, at: datetime) -> Reason:
    """Does one of his licences cover this release? The one that does, else the newest of his, else none."""
    if person is None:
        return Reason(NO_LICENCE, {"version": release.number}, blocks=False)
    mine = licensing.all_licences().filter(customer__in=people.customers_with(person, "see"), product=problem.product_id)
    rights = rights_journey.rights_of_many(mine, at=at)
    standing = {code: each for code, each in rights.items() if each.base is not None}
    covering = next((code for code, each in standing.items() if rules.covers_release(each.run, release)), "")
    if covering:
        return Reason(COVERED, {"licence": covering, "version": release.number}, blocks=False)
    if standing:
        return Reason(NOT_COVERED, {"licence": list(standing)[-1], "version": release.number})
    return Reason(NO_LICENCE, {"version": release.number})


def _say_in_ticket(tie: Tie, coverage: Reason, *, by: Actor, at: datetime) -> bool:
    """In the ticket itself, by the policy of the problem; False where nobody can be told there."""
    try:
        ticket = desk_queries.any_ticket(tie.code)
    except NotYours:
        return False
    if TicketState(ticket.state).is_done or ticket.merged_into_id is not None:
        return False
    with translation.override(ticket.requester.language or "en"):
        text = _words(tie.problem, coverage)
    if desk.reply_automatically(ticket, text, by=by, at=at) is None:
        return False
    wanted = TicketState.SOLVED if tie.problem.on_fix == OnFix.CLOSE else TicketState.WAITING_CUSTOMER
    try:
        with transaction.atomic():
            desk.change_state(ticket, wanted, by=by, at=at)
    except Refused:
        pass  # it waits for something else: it stays as it is, with the news in it
    return True


def _words(problem: Problem, coverage: Reason) -> str:
    title, version = problem.said("title"), problem.fixed_in
    lines = [
        _("The problem “%(title)s” (%(code)s) is fixed in version %(version)s.")
        % {"title": title, "code": problem.code, "version": version},
        sentence(coverage),
        f"{settings.SITE_URL}/problems/{problem.code}/",
    ]
    if problem.on_fix == OnFix.ASK:
        lines.append(_("Did it help? Simply answer this message."))
    return "\n\n".join(lines)
