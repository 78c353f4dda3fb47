"""A technician's own work: views of the list, one deed for many tickets, who is at a ticket, habits. Always of the person of the token."""

from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic import Field, StringConstraints

from podpora.api.access import token
from podpora.api.envelope import answer
from podpora.api.v1.schemas import Strict
from podpora.api.v1.ticket_work import how, me, staffs
from podpora.api.v1.tickets import Code
from podpora.base.clock import format_instant
from podpora.base.errors import NotYours
from podpora.desk import actions, queries
from podpora.desk.models import SavedView, TicketWork
from podpora.desk.queries import ListWish
from podpora.desk.values import Column
from podpora.people import actions as people
from podpora.people.permissions import staff_may

router = Router(tags=["desk"])
mine = token("tickets")
Name = Annotated[str, StringConstraints(max_length=60)]
Short = Annotated[str, StringConstraints(max_length=40)]


class WishIn(Strict):
    """What the list shows, by the names of its address; `columns` as in `PUT desk/habits`."""

    view: Short = "all"
    queue: Short = ""
    words: Annotated[str, StringConstraints(max_length=200)] = ""
    state: Short = ""
    assignee: Short = ""
    priority: Short = ""
    order: Short = ""
    columns: list[Short] = []

    def wish(self) -> ListWish:
        parts = self.model_dump(exclude={"columns"})
        return ListWish(**parts, columns=tuple(column for column in Column if column in self.columns))


class ViewIn(Strict):
    """One name is enough. `shared`: all technicians see it."""

    name_cs: Name = ""
    name_en: Name = ""
    shared: bool = False
    wish: WishIn


class WorkIn(Strict):
    """`deed` and its `value` as the list offers them; `preview`: only say what would become of each ticket."""

    deed: Literal["assign", "state", "priority", "queue", "tag", "snooze", "merge"]
    value: Annotated[str, StringConstraints(min_length=1, max_length=60)]
    tickets: Annotated[list[Code], Field(min_length=1, max_length=1000)]
    preview: bool = False


class PresenceIn(Strict):
    """`writes`: an answer is being written. `seen`: the revision that is known; how many newer words there are is answered."""

    writes: bool = False
    seen: Annotated[int, Field(ge=0)] | None = None


class HabitsIn(Strict):
    """What is left out stays. `present`: new tickets come by turn."""

    columns: list[Short] | None = None
    undo_seconds: int | None = None
    present: bool | None = None


def technician(request: HttpRequest) -> Any:
    """The technician behind the token. A customer and one of the vendor's systems have no desk."""
    person = me(request)
    if not staff_may(person, "tickets"):
        raise NotYours
    return person


def view_json(view: SavedView, count: int | None) -> dict[str, Any]:
    return {
        "code": view.code, "name_cs": view.name_cs, "name_en": view.name_en, "shared": view.is_shared,
        "owner": str(view.owner), "wish": view.wish, "count": count,
    }  # fmt: skip


@router.get("desk/views", auth=mine)
def views(request: HttpRequest) -> HttpResponse:
    """`fixed`: how many tickets each view of the product has; `items`: the saved ones, the caller's own and those that others share."""
    person = technician(request)
    saved = queries.saved_views(person)
    counts = queries.counts(queries.sight_of(person), saved, at=request.now)  # type: ignore[attr-defined]
    fixed = {name: count for name, count in counts.items() if name not in {view.code for view in saved}}
    return answer({"fixed": fixed, "items": [view_json(view, counts.get(view.code)) for view in saved], "next": None})


@router.post("desk/views", auth=mine, response={201: Any})
def add_view(request: HttpRequest, body: ViewIn) -> HttpResponse:
    """Keep a list under a name."""
    technician(request)
    view = actions.save_view(
        body.wish.wish(), name_cs=body.name_cs, name_en=body.name_en, is_shared=body.shared, **how(request)
    )  # fmt: skip
    return answer(view_json(view, None), 201)


@router.put("desk/views/{code}", auth=mine)
def change_view(request: HttpRequest, code: str, body: ViewIn) -> HttpResponse:
    """Another name, another content. A shared view is changed by its owner and by managers."""
    names: dict[str, Any] = {"name_cs": body.name_cs, "name_en": body.name_en, "is_shared": body.shared}
    return answer(view_json(actions.change_view(_view(request, code), wish=body.wish.wish(), **names, **how(request)), None))


@router.api_operation(["DELETE"], "desk/views/{code}", auth=mine, response={204: None})
def remove_view(request: HttpRequest, code: str) -> HttpResponse:
    """Forget it; the tickets stay where they are."""
    actions.remove_view(_view(request, code), **how(request))
    return answer(None, 204)


def _view(request: HttpRequest, code: str) -> SavedView:
    found = queries.saved_view(technician(request), code[:20])
    if found is None:
        raise NotYours
    return found


@router.get("desk/views/{code}/tickets", auth=mine)
def view_tickets(request: HttpRequest, code: str) -> HttpResponse:
    """A page of the list in its order, of a fixed view by its name or of a saved one by its code; `?after=` is the next page."""
    person = technician(request)
    wish = ListWish(code) if code in queries.VIEWS else queries.wish_of(_view(request, code).wish)
    after = request.GET.get("after", "").replace("\x00", "")[:120]
    found = queries.work_list(person, queries.behind(wish, after), at=request.now)  # type: ignore[attr-defined]
    items = [
        {
            "code": row.code, "subject": row.subject, "state": row.state, "vip": row.is_vip,
            "requester": row.requester_name or row.requester_email, "customer": row.customer_name,
            "assignee": row.assignee_name or row.assignee_email, "version": row.app_version or None,
            "due_at": format_instant(row.due_at) if row.due_at else None, "changed_at": format_instant(row.changed_at),
        }
        for row in found.tickets
    ]  # fmt: skip
    return answer({"items": items, "next": found.next or None})


def work_json(work: TicketWork) -> dict[str, Any]:
    return {
        "code": work.code, "deed": work.kind, "value": work.value, "total": len(work.tickets), "done": work.done,
        "changed": sorted(work.before), "refused": work.refused, "begun_at": format_instant(work.begun_at),
        "finished_at": format_instant(work.finished_at) if work.finished_at else None,
        "undone_at": format_instant(work.undone_at) if work.undone_at else None,
    }  # fmt: skip


@router.post("desk/ticket-works", auth=mine, response={201: Any, 200: Any})
def do_to_many(request: HttpRequest, body: WorkIn) -> HttpResponse:
    """One deed for many tickets: at once up to 50, in the background up to 1,000. Tickets that the caller does not see are left out."""
    person = technician(request)
    if body.preview:
        tickets = queries.seen_by_staff(person).select_related("assignee", "queue").filter(code__in=body.tickets[:100])
        outcomes = actions.preview_work(body.deed, body.value, list(tickets), **how(request))
        items = [{"ticket": each.ticket.code, "refused": each.why or None, "same": each.is_same} for each in outcomes]
        return answer({"items": items, "next": None})
    return answer(work_json(actions.start_work(body.deed, body.value, body.tickets, **how(request))), 201)


@router.get("desk/ticket-works/{code}", auth=mine)
def work(request: HttpRequest, code: str) -> HttpResponse:
    """How far it is, what was refused and why."""
    return answer(work_json(queries.work_of(technician(request), code)))


@router.post("desk/ticket-works/{code}/undo", auth=mine)
def undo(request: HttpRequest, code: str) -> HttpResponse:
    """Put back what the tickets had, within half an hour. 409 `ticket.undo_too_late`."""
    found = queries.work_of(technician(request), code)
    return answer({"undone": actions.undo_work(found, **how(request))})


@router.put("tickets/{code}/presence", auth=mine)
def presence(request: HttpRequest, code: str, body: PresenceIn) -> HttpResponse:
    """I am at this ticket (believed for 45 seconds); who else is (CL-1)?"""
    ticket, person, at = staffs(request, code), technician(request), request.now  # type: ignore[attr-defined]
    actions.be_present(ticket, person, writes=body.writes, at=at)
    newer = queries.newer_than(ticket, body.seen, person.pk) if body.seen is not None and body.seen < ticket.revision else []
    others = [{"name": each.name, "writes": each.writes} for each in queries.others_at(ticket, person, at=at)]
    return answer({"others": others, "revision": ticket.revision, "newer": [message.code for message in newer]})


@router.get("desk/habits", auth=mine)
def habits(request: HttpRequest) -> HttpResponse:
    """How the caller works: columns of his lists, how long an answer can be taken back, whether new tickets come to him."""
    person = technician(request)
    columns, seconds = queries.columns_of(person), queries.undo_seconds(person)
    return answer({"columns": columns, "undo_seconds": seconds, "present": person.is_present})


@router.put("desk/habits", auth=mine)
def set_habits(request: HttpRequest, body: HabitsIn) -> HttpResponse:
    """Change them."""
    person = technician(request)
    if body.columns is not None:
        actions.set_columns(person, body.columns)
    if body.undo_seconds is not None:
        actions.set_undo_seconds(person, body.undo_seconds)
    if body.present is not None:
        people.set_presence(person, present=body.present, **how(request))
    return habits(request)
