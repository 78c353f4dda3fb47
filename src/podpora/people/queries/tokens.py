"""API tokens and the addresses of calendars: whose they are."""

import hashlib
import hmac

from django.db.models import QuerySet

from podpora.base.actors import Actor, ActorKind
from podpora.base.sealing import unseal
from podpora.people.models import ApiToken, CalendarFeed, Person
from podpora.people.values import ALL_SCOPES, TOKEN_PREFIX

FEED = "calendar-feed"  # of the sealed addresses


def hash_of(secret: str) -> str:
    """What is kept of a token: the secrets are random and long, so one round is enough."""
    return hashlib.sha256(secret.encode()).hexdigest()


def token_for(secret: str) -> ApiToken | None:
    """The live token with this secret; None when it is unknown, revoked or its person may no longer sign in (A22)."""
    if not secret.startswith(TOKEN_PREFIX) or len(secret) > 100:
        return None
    wanted = hash_of(secret)
    token = ApiToken.objects.select_related("person").filter(token_hash=wanted, revoked_at=None).first()
    if token is None or not hmac.compare_digest(token.token_hash, wanted):
        return None
    return token if token.person is None or token.person.is_active else None


def actor_of(token: ApiToken) -> Actor:
    """Who acts when this token is used. `scopes` is None for a token that is not limited."""
    scopes = None if ALL_SCOPES in token.scopes else frozenset(token.scopes)
    return Actor(ActorKind.TOKEN, token.name, person_id=token.person_id, scopes=scopes)


def tokens_of(person: Person) -> QuerySet[ApiToken]:
    return person.api_tokens.filter(revoked_at=None).order_by("-created_at", "-pk")


def live_tokens() -> QuerySet[ApiToken]:
    """Every live token of the installation, for the vendor's manager."""
    return ApiToken.objects.filter(revoked_at=None).select_related("person").order_by("-created_at", "-pk")


def calendar_feed_of(person: Person) -> str:
    """The unguessable part of the address of his calendar; empty when he has none."""
    row = CalendarFeed.objects.filter(person=person, revoked_at=None).first()
    return unseal(row.token_sealed, FEED) if row else ""


def mark_of_feed(secret: str) -> str:
    """A short mark of the address of a calendar (`calendar_feed_of`), which tells nothing of it; empty when there is none."""
    return hash_of(secret)[:16] if secret else ""


def person_of_feed(secret: str) -> Person | None:
    """Whose dates this address shows; None for one that is unknown, taken back, or of somebody who may no longer sign in."""
    if not 20 <= len(secret) <= 60:
        return None
    row = CalendarFeed.objects.select_related("person").filter(token_hash=hash_of(secret), revoked_at=None).first()
    return row.person if row and row.person.is_active else None
