"""Version 1 of the JSON API.

To add endpoints: a file `api/v1/<noun>.py` with `router = Router(tags=["<noun>"])`, and its name in ROUTERS below.

    @router.post("orders", auth=vendor("orders", "orders"), response={201: OrderOut})   # response: for the documentation
    def place_order(request: HttpRequest, body: OrderIn) -> HttpResponse:
        order = purchase.place(…, by=caller_of(request).actor, at=request.now)
        return answer(order_json(order), 201)

- `auth` names who may enter (api/access.py) and is the access mark; an endpoint without one stops the start.
- The body is a `Strict` schema (schemas.py): unknown fields, missing ones, wrong types and lengths are 422 with the field's codes.
- Answer with `answer(data, status)`; lists with `listing(request, rows, item)` (api/lists.py).
- Raise what the actions raise: `Refused` is 409, `InvalidInput` 422, `NotYours` 404; `ApiError` for the rest (api/envelope.py).
- A decision inside an answer: `explained(decision)` (api/envelope.py).
- Nothing to do for Idempotency-Key, language, limits on the body, 401, 404, 405: they are the same everywhere.
"""

from importlib import import_module

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI

from podpora.api.envelope import of_exception
from podpora.api.idempotency import idempotent
from podpora.api.parsing import StrictParser

ROUTERS = (
    "activations",
    "articles",
    "buying",
    "care",
    "central",
    "company",
    "customers",
    "devices",
    "finding",
    "fleet_devices",
    "keys",
    "mail_hooks",
    "mailboxes",
    "mails",
    "members",
    "teams",
    "technicians",
    "transfers",
    "licences",
    "offline",
    "orders",
    "problems",
    "outgoing",
    "registrations",
    "releases",
    "resales",
    "rollouts",
    "service",
    "topics",
    "topic_work",
    "forum_members",
    "tickets",
    "ticket_changes",
    "ticket_work",
    "desk_rules",
    "desk_words",
    "desk_work",
    "beside",
    "tokens",
    "trials",
    "versions",
    "webhooks",
)


def build() -> NinjaAPI:
    """The API with all its endpoints."""
    made = NinjaAPI(
        title="Podpora", version="1", urls_namespace="api-v1", docs_url=None, openapi_url=None, parser=StrictParser(),
        description="Licences, orders and support of a vendor of desktop software. Errors have one form everywhere.",
    )  # fmt: skip
    made.add_exception_handler(Exception, _handled)
    for kind in list(made._exception_handlers):
        made.add_exception_handler(kind, _handled)
    made.add_decorator(idempotent, mode="operation")
    for name in ROUTERS:
        made.add_router("", import_module(f"podpora.api.v1.{name}").router)
    return made


def _handled(request: HttpRequest, problem: Exception | type[Exception]) -> HttpResponse:
    assert isinstance(problem, Exception)
    return of_exception(request, problem)
