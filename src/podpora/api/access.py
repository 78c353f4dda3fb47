"""Who may call an endpoint. Every endpoint names exactly one of these as its `auth`; it is its access mark too.

    auth=anybody                    everybody: the endpoint has its own proof (a licence key) or shows what is public
    auth=token("licences")          an API token with that scope; what it sees is limited by queries (`caller.person`)
    auth=vendor("orders", "orders") an API token of the vendor's own systems with that scope, or of staff with that permission
    auth=device                     the program on an activated device, by its device token
    auth=[device, token("tickets")] either of them

`request.auth` is then a `Caller`, or the `Activation` for a device.
"""

from dataclasses import dataclass
from typing import Any, cast

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from ninja.security import HttpBearer

from podpora.api.envelope import TOKEN_ROLE, TOKEN_SCOPE, ApiError
from podpora.base.actors import Actor, ActorKind
from podpora.licensing import queries as licensing
from podpora.licensing.models import Activation
from podpora.people import queries as people
from podpora.people.models import ApiToken
from podpora.people.permissions import staff_may

DEVICE_PREFIX = "pd_"


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls by an API token."""

    token: ApiToken
    actor: Actor

    @property
    def person(self) -> Any:
        """The person behind the token; nobody for one of the vendor's own systems."""
        return self.token.person or AnonymousUser()

    @property
    def sees_all(self) -> bool:
        """One of the vendor's own systems: it acts for no person, only its scopes limit it."""
        return self.token.person_id is None


def caller_of(request: HttpRequest) -> Caller:
    return cast(Caller, cast(Any, request).auth)


def activation_of(request: HttpRequest) -> Activation:
    return cast(Activation, cast(Any, request).auth)


def is_device(request: HttpRequest) -> bool:
    """Does a device call, where an API token would be welcome too?"""
    return isinstance(cast(Any, request).auth, Activation)


def device_actor(activation: Activation, address: str = "") -> Actor:
    return Actor(ActorKind.DEVICE, activation.device.name or activation.device.code, address=address)


class _Token(HttpBearer):
    """An API token with a scope, and for the vendor's endpoints a staff permission if it belongs to a person."""

    def __init__(self, scope: str, permission: str = "") -> None:
        self.scope, self.permission = scope, permission
        self.access = f"token({scope})"
        super().__init__()

    def authenticate(self, request: HttpRequest, token: str) -> Caller | None:
        if token.startswith(DEVICE_PREFIX):
            return None
        row = people.token_for(token)
        if row is None:
            return None
        if "all" not in row.scopes and self.scope not in row.scopes:
            raise ApiError(403, TOKEN_SCOPE, scope=self.scope)
        caller = Caller(row, people.actor_of(row))
        if self.permission and not caller.sees_all and not staff_may(caller.person, self.permission):
            raise ApiError(403, TOKEN_ROLE, person=str(caller.person))
        return caller


class _Device(HttpBearer):
    """The token that an activation gave to the program."""

    access = "device"

    def authenticate(self, request: HttpRequest, token: str) -> Activation | None:
        return licensing.activation_by_token(token) if token.startswith(DEVICE_PREFIX) else None


class _Anybody:
    access = "public"

    def __call__(self, request: HttpRequest) -> bool:
        return True


anybody = _Anybody()
device = _Device()


def token(scope: str) -> _Token:
    return _Token(scope)


def vendor(scope: str, permission: str) -> _Token:
    return _Token(scope, permission)
