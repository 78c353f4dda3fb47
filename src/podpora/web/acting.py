"""A member of the vendor's staff acts as a customer: for half an hour, with a banner on every page, and without the keys of the house.

The session stays the staff's own and says for whom; each request asks again whether that is allowed. What is done is written into the
audit as the customer's, `on_behalf_of` names who did it. Sign-in, passwords, tokens, sessions and licence keys stay closed: whoever
helps needs none of them.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import ResolverMatch, resolve
from django.utils.translation import gettext_lazy as _

from podpora.base.clock import format_instant, parse_instant
from podpora.base.decisions import refuse
from podpora.base.reasons import declare
from podpora.people import permissions, queries
from podpora.people.models import Person
from podpora.web import errors

SESSION = "podpora_acting"
LASTS = timedelta(minutes=30)
CLOSED = declare(
    "person.not_while_acting",
    _("Sign-in, account and keys of {person} stay closed to you: you act as this customer. Stop acting first."),
)
# What stays closed: everything of sign-in and account, except to look at the company's people and at messages; and whatever hands out
# or gives away something that opens doors, wherever it lies.
OPEN_PAGES = frozenset({"members", "company", "inbox", "acting_stop"})
CLOSED_WORDS = ("key", "proof", "token", "transfer", "calendar", "feed")


@dataclass(frozen=True, slots=True)
class Acting:
    """Who acts as whom, until when."""

    staff: Person
    person: Person
    customer: str  # code of the customer from whose page he began
    until: datetime


def begin(request: Any, person: Person, customer: str) -> None:
    until = format_instant(request.now + LASTS)
    request.session[SESSION] = {"person": person.pk, "customer": customer, "until": until}


def end(request: Any) -> None:
    request.session.pop(SESSION, None)


def enter(request: Any) -> None:
    """Puts the customer in the place of `request.user` while that is allowed; `request.acting` says so, or is None."""
    request.acting = None
    if not request.user.is_authenticated or SESSION not in request.session:
        return
    told = request.session[SESSION]
    person = queries.person_by_pk(told["person"])
    until = parse_instant(told["until"])
    if person is None or request.now >= until or not permissions.may_act_as(request.user, person):
        end(request)
        return
    request.acting = Acting(request.user, person, told["customer"], until)
    request.user = person


def refusal(request: HttpRequest) -> HttpResponse | None:
    """The page that says that this door stays closed while one acts as somebody."""
    acting: Acting | None = getattr(request, "acting", None)
    if acting is None or request.path.startswith("/static/"):
        return None
    try:
        match = resolve(request.path_info)
    except Http404:
        return None
    return errors.refused(request, refuse(CLOSED, person=str(acting.person))) if is_closed(match) else None


def is_closed(match: ResolverMatch) -> bool:
    name = match.url_name or ""
    if match.namespace == "account":
        return name not in OPEN_PAGES
    signs_in = not match.namespace and name.startswith(("account_", "mfa_", "usersessions_"))
    return signs_in or any(word in name for word in CLOSED_WORDS)
