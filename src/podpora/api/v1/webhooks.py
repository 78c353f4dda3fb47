"""Webhooks of the vendor's other systems, by Standard Webhooks: made, tried, looked at, sent again."""

from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic import Field, StringConstraints

from podpora.api.access import caller_of, vendor
from podpora.api.envelope import answer
from podpora.api.lists import listing
from podpora.api.v1.schemas import Strict
from podpora.audit import actions, queries
from podpora.audit.actions import WebhookFacts
from podpora.audit.models import Delivery, Webhook
from podpora.audit.values import event_types
from podpora.base.clock import format_instant
from podpora.base.codes import normalised

router = Router(tags=["webhooks"])
vendors = vendor("webhooks", "webhooks")
Url = Annotated[str, StringConstraints(min_length=1, max_length=500), Field(examples=["https://example.com/hooks/podpora"])]
EventName = Annotated[str, StringConstraints(min_length=1, max_length=60), Field(examples=["licence.issued"])]


class WebhookIn(Strict):
    """`events` empty: all of them."""

    url: Url
    events: Annotated[list[EventName], Field(max_length=50)] = []
    name: Annotated[str, StringConstraints(max_length=100, strip_whitespace=True)] = ""

    def facts(self) -> WebhookFacts:
        return WebhookFacts(self.url, tuple(self.events), self.name)


class ChangeIn(Strict):
    """What is left out stays as it is. `enabled` true switches a webhook on again."""

    url: Url | None = None
    events: Annotated[list[EventName], Field(max_length=50)] | None = None
    name: Annotated[str, StringConstraints(max_length=100, strip_whitespace=True)] | None = None
    enabled: bool | None = None


def webhook_json(hook: Webhook) -> dict[str, Any]:
    def instant(at: Any) -> str | None:
        return format_instant(at) if at else None

    return {
        "code": hook.code, "name": hook.name, "url": hook.url, "events": hook.events, "enabled": hook.is_enabled,
        "disabled_at": instant(hook.disabled_at), "disabled_why": hook.disabled_why or None, "failing_since": instant(hook.failing_since),
        "created_at": format_instant(hook.created_at),
    }  # fmt: skip


def delivery_json(delivery: Delivery) -> dict[str, Any]:
    return {
        "id": delivery.message, "event": delivery.event, "state": delivery.state, "made_at": format_instant(delivery.made_at),
        "next_at": format_instant(delivery.next_at) if delivery.next_at else None, "body": delivery.body,
        "attempts": [
            {
                "at": format_instant(tried.at), "status": tried.status, "milliseconds": tried.milliseconds, "error": tried.error or None,
                "answer": tried.answer,
            } for tried in delivery.attempts.all()
        ],
    }  # fmt: skip


@router.get("webhooks", auth=vendors)
def webhooks(request: HttpRequest, limit: str = "", cursor: str = "") -> HttpResponse:
    """Every webhook. Its secret is never shown again."""
    return listing(request, queries.webhooks(), webhook_json)


@router.get("webhooks/events", auth=vendors)
def events(request: HttpRequest) -> HttpResponse:
    """Every event type with an example of its `data`."""
    items = [{"type": event.name, "about": str(event.text), "data": dict(event.data)} for event in event_types().values()]
    return answer({"items": items, "next": None})


@router.post("webhooks", auth=vendors, response={201: Any})
def create(request: HttpRequest, body: WebhookIn) -> HttpResponse:
    """A new webhook: 201 with its `secret` (`whsec_…`), which is shown only now."""
    hook, secret = actions.create_webhook(body.facts(), by=caller_of(request).actor, at=request.now)  # type: ignore[attr-defined]
    return answer(webhook_json(hook) | {"secret": secret}, 201)


@router.get("webhooks/{code}", auth=vendors)
def webhook(request: HttpRequest, code: str) -> HttpResponse:
    """One webhook."""
    return answer(webhook_json(_found(code)))


@router.patch("webhooks/{code}", auth=vendors)
def change(request: HttpRequest, code: str, body: ChangeIn) -> HttpResponse:
    """Another address, other events, off or on again."""
    by, at = caller_of(request).actor, request.now  # type: ignore[attr-defined]
    hook = _found(code)
    facts = WebhookFacts(
        hook.url if body.url is None else body.url, hook.events if body.events is None else body.events,
        hook.name if body.name is None else body.name,
    )  # fmt: skip
    hook = actions.set_webhook(hook, facts, by=by, at=at)
    if body.enabled is not None:
        hook = actions.set_enabled(hook, body.enabled, by=by, at=at)
    return answer(webhook_json(hook))


@router.api_operation(["DELETE"], "webhooks/{code}", auth=vendors, response={204: None})
def delete(request: HttpRequest, code: str) -> HttpResponse:
    """Remove it with its deliveries."""
    actions.delete_webhook(_found(code), by=caller_of(request).actor, at=request.now)  # type: ignore[attr-defined]
    return answer(None, 204)


@router.post("webhooks/{code}/secret", auth=vendors)
def rotate(request: HttpRequest, code: str) -> HttpResponse:
    """A new `secret`, shown only now. For 24 hours both sign."""
    secret = actions.rotate_secret(_found(code), by=caller_of(request).actor, at=request.now)  # type: ignore[attr-defined]
    return answer({"secret": secret})


@router.post("webhooks/{code}/ping", auth=vendors, response={202: Any})
def ping(request: HttpRequest, code: str) -> HttpResponse:
    """Send a test event: 202, and the delivery to look at. 409 `webhook.disabled`."""
    made = actions.ping(_found(code), by=caller_of(request).actor, at=request.now)  # type: ignore[attr-defined]
    return answer(delivery_json(made), 202)


@router.get("webhooks/{code}/deliveries", auth=vendors)
def deliveries(request: HttpRequest, code: str, limit: str = "", cursor: str = "") -> HttpResponse:
    """What was sent, newest first, with every try: status, time, and a piece of the answer. Kept for 30 days."""
    return listing(request, queries.deliveries(_found(code)), delivery_json)


@router.post("webhooks/{code}/deliveries/{message}/replay", auth=vendors, response={202: Any})
def replay(request: HttpRequest, code: str, message: str) -> HttpResponse:
    """Send a delivery again, with the same id and body: 202."""
    found = queries.delivery(_found(code), message[:40])
    again = actions.replay(found, by=caller_of(request).actor, at=request.now)  # type: ignore[attr-defined]
    return answer(delivery_json(queries.delivery(again.webhook, again.message)), 202)


def _found(code: str) -> Webhook:
    return queries.webhook(normalised(code)[:20])
