"""What a company's pages show besides: dates on which something ends, its calendar's address, and who did what."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from ninja import Query, Router, Schema

from podpora.api.access import caller_of, token
from podpora.api.envelope import answer
from podpora.api.v1.schemas import Made
from podpora.api.v1.teams import company_of
from podpora.base.clock import format_instant
from podpora.base.errors import InvalidInput, NotYours
from podpora.journeys import activity as activity_journey
from podpora.journeys import expiries, manager
from podpora.people import actions
from podpora.people.models import Person

router = Router(tags=["company"])
PAGE = 50


class ActivityIn(Schema):
    who: str = ""
    area: str = ""
    cursor: str = ""


def _person(request: HttpRequest) -> Person:
    """These answers depend on who asks: a token of a person, not of a machine."""
    caller = caller_of(request)
    if caller.sees_all:
        raise NotYours
    person: Person = caller.person
    return person


@router.get("expiries", auth=token("licences"))
def dates(request: HttpRequest, customer: str = "") -> HttpResponse:
    """What ends, soonest first: `kind` is support, subscription, version (that devices run) or order (that waits for its payment)."""
    found = expiries.dates_of(_person(request), at=request.now, customer=customer[:20].upper())  # type: ignore[attr-defined]
    items = [{"kind": one.kind, "on": one.on, "code": one.code, "title": one.title, "customer": one.customer} for one in found]
    return answer({"items": items, "next": None})


@router.post("expiries/calendar", auth=token("licences"), response={201: Made})
def new_calendar(request: HttpRequest) -> HttpResponse:
    """An address for a calendar program (iCalendar); the one before stops working. Whoever has it reads these dates."""
    by, at = caller_of(request).actor, request.now  # type: ignore[attr-defined]
    secret = actions.new_calendar_feed(_person(request), by=by, at=at)
    return answer({"url": f"{settings.SITE_URL}{reverse('portal:calendar_feed', args=[secret])}"}, 201)


@router.api_operation(["DELETE"], "expiries/calendar", auth=token("licences"), response={204: None})
def end_calendar(request: HttpRequest) -> HttpResponse:
    """The address stops working."""
    actions.revoke_calendar_feed(_person(request), by=caller_of(request).actor, at=request.now)  # type: ignore[attr-defined]
    return answer(None, 204)


@router.get("customers/{code}/activity", auth=token("customers"))
def activity(request: HttpRequest, code: str, asked: Query[ActivityIn]) -> HttpResponse:
    """Who did what, newest first, as far as the caller's role may see: `?who=`, `?area=` people, teams, licences, devices or orders."""
    person, customer = _person(request), company_of(request, code)
    manager.may_use(customer, at=request.now).or_refuse()  # type: ignore[attr-defined]
    if asked.area and asked.area not in activity_journey.AREAS:
        raise InvalidInput({"area": ["unknown"]}, {"area": {"choices": ", ".join(activity_journey.AREAS)}})
    if asked.cursor and not (asked.cursor.isascii() and asked.cursor.isdigit() and len(asked.cursor) < 18):
        raise InvalidInput({"cursor": ["not_valid"]})
    wish = activity_journey.ActivityWish(who=asked.who[:100], area=asked.area, before=int(asked.cursor or 0))
    lines = activity_journey.lines(activity_journey.entries(person, customer, wish)[: PAGE + 1], customer)
    return answer({"items": [_line(line) for line in lines[:PAGE]], "next": str(lines[PAGE - 1].pk) if len(lines) > PAGE else None})


def _line(line: activity_journey.Line) -> dict[str, Any]:
    return {"at": format_instant(line.at), "who": line.who, "verb": line.verb, "what": line.what, "about": line.about}
