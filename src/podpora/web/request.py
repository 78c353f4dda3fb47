"""A request as our middleware hands it to a view."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest

from podpora.base.actors import Actor


class Request(HttpRequest):
    """`now` was read once for the whole request; `actor` is who acts."""

    now: datetime
    actor: Actor
    user: Any
    acting: Any  # web.acting.Acting while staff act as a customer, else None
    htmx: Any  # of django-htmx: true for a request by htmx
