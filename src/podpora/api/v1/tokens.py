"""API tokens that are live: what they are for, when they were used last; ended here. Their secrets are shown to nobody again."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router

from podpora.api.access import caller_of, token
from podpora.api.envelope import answer
from podpora.api.lists import listing
from podpora.base.clock import format_instant
from podpora.base.codes import normalised
from podpora.base.errors import NotYours
from podpora.people import actions, queries
from podpora.people.models import ApiToken
from podpora.people.permissions import is_manager

router = Router(tags=["tokens"])
unlimited = token("all")  # a token for one thing must not look for others, nor end them


def token_json(found: ApiToken) -> dict[str, Any]:
    return {
        "code": found.code, "name": found.name, "scopes": found.scopes, "person": found.person.code if found.person else None,
        "created_at": format_instant(found.created_at),
        "last_used_at": format_instant(found.last_used_at) if found.last_used_at else None,
    }  # fmt: skip


def _seen(request: HttpRequest) -> Any:
    """Every live token for the vendor's own systems and his managers; a person sees his own."""
    caller = caller_of(request)
    if caller.sees_all or is_manager(caller.person):
        return queries.live_tokens()
    return queries.tokens_of(caller.person).select_related("person")


@router.get("tokens", auth=unlimited)
def tokens(request: HttpRequest) -> HttpResponse:
    """The live tokens: one's own; all of the installation for the vendor's systems and managers."""
    return listing(request, _seen(request), token_json)


@router.api_operation(["DELETE"], "tokens/{code}", auth=unlimited, response={204: None})
def end(request: HttpRequest, code: str) -> HttpResponse:
    """The token stops working at once, also the one that asks."""
    found = _seen(request).filter(code=normalised(code)[:20]).first()
    if found is None:
        raise NotYours
    actions.revoke_token(found, by=caller_of(request).actor, at=request.now)  # type: ignore[attr-defined]
    return answer(None, 204)
