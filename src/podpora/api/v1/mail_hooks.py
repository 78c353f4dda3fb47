"""Mail providers: where they call, and whether they do. A password is answered once, a key never."""

from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic import Field, StringConstraints

from podpora.api.access import caller_of, vendor
from podpora.api.envelope import answer
from podpora.api.lists import listing
from podpora.api.v1.schemas import Strict
from podpora.base.clock import format_instant
from podpora.base.codes import normalised
from podpora.mail import actions, queries
from podpora.mail.models import Hook
from podpora.mail.values.hooks import HookFacts

router = Router(tags=["mail providers"])
vendors = vendor("mails", "people")
Name = Annotated[str, StringConstraints(max_length=100)]
Key = Annotated[str, StringConstraints(max_length=4000)]


class HookIn(Strict):
    """`key`: what the provider signs with (Mailgun, Mandrill, SendGrid), the topic's ARN (Amazon SES), an API key (Brevo)."""

    provider: Annotated[str, StringConstraints(max_length=20), Field(examples=["mailgun"])]
    name: Name = ""
    key: Key | None = None


class HookChange(Strict):
    """What is left out stays."""

    name: Name | None = None
    key: Key | None = None
    active: bool | None = None


def hook_json(hook: Hook, password: str = "") -> dict[str, Any]:
    """A provider; `url` is complete only when the password was just made."""
    return {
        "code": hook.code, "provider": hook.provider, "name": hook.name, "url": queries.hook_address(hook, password),
        "has_key": hook.has_key, "active": hook.is_active, "called_at": format_instant(hook.called_at) if hook.called_at else None,
        "last_error": {"code": hook.last_error, "message": hook.trouble} if hook.last_error else None,
        "created_at": format_instant(hook.created_at),
    }  # fmt: skip


@router.get("mail-providers", auth=vendors)
def hooks(request: HttpRequest, limit: str = "", cursor: str = "") -> HttpResponse:
    """Every mail provider that may call."""
    return listing(request, queries.hooks(), hook_json)


@router.post("mail-providers", auth=vendors, response={201: Any})
def create(request: HttpRequest, body: HookIn) -> HttpResponse:
    """Connect a provider: 201 with `url`, which has its password only here. 409 `hook.too_many`."""
    facts = HookFacts(body.provider, body.name, body.key)
    made, password = actions.create_hook(facts, by=caller_of(request).actor, at=request.now)  # type: ignore[attr-defined]
    return answer(hook_json(made, password), 201)


@router.get("mail-providers/{code}", auth=vendors)
def hook(request: HttpRequest, code: str) -> HttpResponse:
    """One provider."""
    return answer(hook_json(_found(code)))


@router.patch("mail-providers/{code}", auth=vendors)
def change(request: HttpRequest, code: str, body: HookChange) -> HttpResponse:
    """Another name or key; pause it or let it go on."""
    found, by, at = _found(code), caller_of(request).actor, request.now  # type: ignore[attr-defined]
    found = actions.set_hook(
        found, HookFacts(found.provider, found.name if body.name is None else body.name, body.key), by=by, at=at
    )
    if body.active is not None:
        found = actions.set_hook_active(found, body.active, by=by, at=at)
    return answer(hook_json(found))


@router.post("mail-providers/{code}/password", auth=vendors)
def renew_password(request: HttpRequest, code: str) -> HttpResponse:
    """A new password: `url` has it, only here. The old one is worth nothing from now on."""
    found = _found(code)
    password = actions.renew_password(found, by=caller_of(request).actor, at=request.now)  # type: ignore[attr-defined]
    return answer(hook_json(_found(found.code), password))


@router.api_operation(["DELETE"], "mail-providers/{code}", auth=vendors, response={204: None})
def delete(request: HttpRequest, code: str) -> HttpResponse:
    """Remove it. What it brought stays."""
    actions.delete_hook(_found(code), by=caller_of(request).actor, at=request.now)  # type: ignore[attr-defined]
    return answer(None, 204)


def _found(code: str) -> Hook:
    return queries.hook(normalised(code)[:20])
