"""Whether the customer was satisfied: asked once, answered by a button on a page (a program that only looks at links votes nothing)."""

from datetime import datetime
from hashlib import sha256

from django.db import transaction

from podpora.audit.actions import record
from podpora.base.actors import Actor
from podpora.base.codes import unguessable
from podpora.base.decisions import refuse
from podpora.desk import notices, queries
from podpora.desk.actions.happening import happened
from podpora.desk.actions.writing import locked, note_event
from podpora.desk.models import Rating, Ticket
from podpora.desk.values import RATE_WITHIN, Event, Happening, HappeningKind, Score

COMMENT_LONGEST = 2000


def ask_due(*, by: Actor, at: datetime) -> int:
    """Ask about what was solved a while ago; each in a transaction of its own. How many were asked."""
    return sum(_ask(pk, at=at) for pk in queries.to_be_asked(at=at))


@transaction.atomic
def _ask(pk: int, *, at: datetime) -> bool:
    ticket = locked(Ticket(pk=pk))
    if not queries.may_be_asked(ticket) or Rating.objects.filter(ticket=ticket).exists():
        return False
    token = unguessable()
    Rating.objects.create(
        ticket=ticket, person=ticket.requester, technician=ticket.assignee, token_digest=digest_of(token), asked_at=at
    )
    notices.satisfaction_question(ticket, token, at=at)
    return True


def digest_of(token: str) -> str:
    return sha256(token.encode()).hexdigest()


@transaction.atomic
def rate(ticket: Ticket, score: Score, comment: str = "", *, by: Actor, at: datetime) -> Rating:
    """The customer's answer; another one within thirty days takes its place. It stands in the conversation."""
    ticket = locked(ticket)
    rating, _is_new = Rating.objects.get_or_create(
        ticket=ticket, defaults={"person": ticket.requester, "technician": ticket.assignee}
    )
    if (rating.asked_at or at) + RATE_WITHIN < at:
        refuse("ticket.rate_too_late", ticket=ticket.code).or_refuse()
    comment = comment.replace("\x00", "").strip()[:COMMENT_LONGEST]
    if rating.score == score and rating.comment == comment:
        return rating
    before = rating.score
    rating.score, rating.comment, rating.rated_at = score, comment, at
    rating.save()
    note_event(ticket, Event.RATED, by=by, at=at, to=score.name.lower(), comment=comment)
    record("ticket.rated", ticket, by=by, at=at, before={"score": before}, after={"score": score.value})
    happened(ticket, Happening(HappeningKind.RATED, before=before, after=score.value), by=by, at=at)
    return rating
