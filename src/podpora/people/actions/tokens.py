"""API tokens: made once, shown once, kept as a hash."""

import secrets
from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from podpora.audit import actions as audit
from podpora.base.actors import Actor
from podpora.base.errors import InvalidInput
from podpora.people import queries
from podpora.people.actions import cleaning
from podpora.people.models import ApiToken, Person
from podpora.people.values import ALL_SCOPES, SCOPES, TOKEN_PREFIX, TOUCH_AFTER


@transaction.atomic
def create_token(name: str, scopes: Iterable[str], person: Person | None = None, *, by: Actor, at: datetime) -> str:
    """Make a token and return its secret: the only time that anybody sees it.

    Without a person it belongs to one of the vendor's systems; with one it may do and see exactly what he may.
    """
    title = cleaning.line_of(name, field="name", longest=100, required=True)
    wanted = sorted(set(scopes))
    if not wanted:
        raise InvalidInput({"scopes": ["required"]})
    if not set(wanted) <= {ALL_SCOPES, *SCOPES}:
        raise InvalidInput({"scopes": ["unknown"]})
    secret = TOKEN_PREFIX + secrets.token_urlsafe(32)
    token = ApiToken.objects.create(name=title, token_hash=queries.hash_of(secret), scopes=wanted, person=person, created_at=at)
    facts = {"name": title, "scopes": wanted, "person": person.code if person else ""}
    audit.record("token.created", f"token:{token.code}", by=by, at=at, facts=facts)
    return secret


@transaction.atomic
def revoke_token(token: ApiToken, *, by: Actor, at: datetime) -> None:
    """The token stops working at once. Safe to call again."""
    if ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=at):
        audit.record("token.revoked", f"token:{token.code}", by=by, at=at, facts={"name": token.name})


def touch_token(token: ApiToken, *, at: datetime) -> None:
    """Remember that it was used; at most one write a minute."""
    stale = Q(last_used_at=None) | Q(last_used_at__lt=at - TOUCH_AFTER)
    if token.last_used_at is None or token.last_used_at < at - TOUCH_AFTER:
        ApiToken.objects.filter(stale, pk=token.pk).update(last_used_at=at)
