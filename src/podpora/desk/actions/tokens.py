"""Reply addresses: whoever is told of a ticket can answer by mail, and nobody in his place (TH-3, VI-5)."""

from datetime import datetime

from django.db import transaction

from podpora.base.codes import random_part
from podpora.desk import rules
from podpora.desk.models import Participant, ReplyToken, Ticket


@transaction.atomic(savepoint=False)
def hand_out_tokens(ticket: Ticket, *, at: datetime) -> None:
    """A token for the requester, each participant and the technician who has none yet."""
    wanted: dict[str, int | None] = {ticket.requester.email: ticket.requester_id}
    for email, person in Participant.objects.filter(ticket=ticket).values_list("email", "person_id"):
        wanted.setdefault(email, person)
    if ticket.assignee is not None:
        wanted.setdefault(ticket.assignee.email, ticket.assignee_id)
    known = set(ReplyToken.objects.filter(ticket=ticket, revoked_at=None).values_list("email", flat=True))
    rows = [_token(ticket, email, person, at) for email, person in wanted.items() if email not in known]
    if rows:
        ReplyToken.objects.bulk_create(rows, ignore_conflicts=True)


def _token(ticket: Ticket, email: str, person: int | None, at: datetime) -> ReplyToken:
    nonce = random_part(40)
    digest = rules.digest_of_token(rules.token_of(nonce))
    return ReplyToken(ticket=ticket, email=email, person_id=person, nonce=nonce, digest=digest, made_at=at)


@transaction.atomic
def revoke_tokens(ticket: Ticket, email: str, *, at: datetime) -> int:
    """This address does not take part any more: its reply addresses are dead from now on (VI-5). How many."""
    return ReplyToken.objects.filter(ticket=ticket, email=email.lower(), revoked_at=None).update(revoked_at=at)
