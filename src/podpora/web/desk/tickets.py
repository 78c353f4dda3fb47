"""One ticket on the desk: the conversation, the technician's deeds, the customer's truth beside it."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRedirect

from podpora.base.codes import unguessable
from podpora.base.decisions import Decision, Refused
from podpora.base.errors import InvalidInput
from podpora.desk import actions, queries
from podpora.desk.models import Ticket
from podpora.desk.values import LINK_NAMES, PRIORITY_NAMES, STATE_NAMES, LinkKind, Priority, Side, State, Words
from podpora.files.queries import response_for
from podpora.people.models import Person
from podpora.web import delivering
from podpora.web.access import technician
from podpora.web.components.forms import show_problem
from podpora.web.conversation import items, queue_name, state_badge
from podpora.web.desk.customer import truth_of
from podpora.web.desk.waiting import wait_of
from podpora.web.desk.wishes import query_of, wish_from
from podpora.web.request import Request
from podpora.web.uploads import FilesField


class WriteForm(forms.Form):
    """An answer or a note. `seen` is the revision that the writer had before his eyes (CL-1)."""

    kind = forms.ChoiceField(choices=[("reply", gettext_lazy("Reply")), ("note", gettext_lazy("Internal note"))])
    text = forms.CharField(required=False, widget=forms.Textarea, strip=False, label=gettext_lazy("Message"))
    files = FilesField(required=False, label=gettext_lazy("Files"))  # type: ignore[assignment]
    then = forms.ChoiceField(
        required=False, choices=[(state.value, state) for state in State if state not in (State.NEW, State.MERGED)]
    )
    seen = forms.IntegerField(required=False, min_value=0)
    once = forms.CharField(required=False, max_length=60)
    undo = forms.BooleanField(required=False)  # the page can take it back: it waits a moment before it is sent
    later = forms.DateTimeField(required=False, input_formats=["%Y-%m-%dT%H:%M"], label=gettext_lazy("Send later"))


@dataclass
class Draft:
    """What stands in the writing box when the page is drawn again."""

    form: WriteForm | None = None
    refusal: Decision | None = None
    text: str = ""
    kind: str = "reply"
    version: int = 0  # of what the server keeps
    new: frozenset[str] = field(default_factory=frozenset)


@technician("tickets")
@require_GET
def ticket(request: Request, code: str) -> HttpResponse:
    found = queries.ticket_for_staff(request.user, code)
    if found.merged_into_id and request.GET.get("stay") != "1":
        end = queries.end_of(found)
        if queries.seen_by_staff(request.user).filter(pk=end.pk).exists():
            return redirect(reverse("desk:ticket", args=[end.code]))
    return TemplateResponse(request, "desk/ticket.html", page_of(request, found, None))


def _kept(request: Request, around: queries.Around) -> Draft:
    """What the technician was writing when he was here last."""
    kept, wanted = around.draft, "note" if request.GET.get("write") == "note" else ""
    return Draft(text=kept.text, kind=wanted or kept.kind, version=kept.version) if kept else Draft(kind=wanted or "reply")


@technician("tickets")
@require_POST
def write(request: Request, code: str) -> HttpResponse:
    """A reply or a note. Somebody wrote meanwhile: asked first, with his words shown and ours kept."""
    found = queries.ticket_for_staff(request.user, code)
    form = WriteForm(request.POST, request.FILES)
    draft = Draft(form, text=request.POST.get("text", ""), kind="note" if request.POST.get("kind") == "note" else "reply")
    if form.is_valid():
        try:
            message = _write(request, found, form.cleaned_data)
        except InvalidInput as problem:
            show_problem(form, problem)
        except Refused as refusal:
            draft.refusal = refusal.decision
            newer = queries.newer_than(found, form.cleaned_data["seen"] or 0, request.user.pk)
            draft.new = frozenset(message.code for message in newer)
        else:
            return again(request, found, message.code if message else "")
    return _column(request, found, draft)


def _write(request: Request, ticket: Ticket, clean: dict[str, Any]) -> Any:
    words = Words(clean["text"], clean["files"], once=clean["once"], seen=clean["seen"])
    if clean["kind"] == "note":
        return actions.add_note(ticket, words, by=request.actor, at=request.now)
    then = State(clean["then"]) if clean["then"] else None
    seconds = queries.undo_seconds(request.user) if clean["undo"] else 0
    if clean["later"] or seconds:
        send_at = clean["later"] or request.now + timedelta(seconds=seconds)
        actions.schedule(ticket, words, send_at, then=then, by=request.actor, at=request.now)
        return None
    return actions.reply(ticket, words, side=Side.STAFF, then=then, by=request.actor, at=request.now)


@technician("tickets")
@require_http_methods(["GET", "POST"])
def change(request: Request, code: str) -> HttpResponse:
    """State, technician, priority and queue. GET: the choices, as a page or as a part of the ticket's page."""
    found = queries.ticket_for_staff(request.user, code)
    if request.method == "GET":
        return panel(request, "change", found, _choices(found) | {"focus": request.GET.get("focus", "assignee")})
    draft, changes = Draft(), _changes(request, found)
    try:
        actions.change(found, changes, by=request.actor, at=request.now)
    except Refused as refusal:
        draft.refusal = refusal.decision
        return _column(request, found, draft)
    if queries.serves(request.user, found.queue if changes.queue is None else changes.queue):
        return again(request, found, "")
    messages.success(request, _("Ticket %(code)s is in another queue now.") % {"code": found.code})
    return HttpResponseClientRedirect(reverse("desk:home")) if request.htmx else redirect("desk:home")


def _changes(request: Request, ticket: Ticket) -> actions.Changes:
    """Each part that was sent; a value that is none of the choices is left alone."""
    given = request.POST
    priorities = {str(priority.value): priority for priority in Priority}
    return actions.Changes(
        state=State(given["state"]) if given.get("state") in set(State) and given["state"] != given.get("was_state") else None,
        assigns="assignee" in given,
        technician=_technician(request, given.get("assignee", ""), ticket),
        priority=priorities.get(given.get("priority", "")),
        queue=queries.queue(given["queue"]) if given.get("queue") else None,
    )


def _technician(request: Request, code: str, ticket: Ticket) -> Person | None:
    if code == "me":
        me: Person = request.user
        return me
    if not code:
        return None
    return queries.technicians().filter(code=code[:20]).first() or ticket.assignee


@technician("tickets")
@require_POST
def participants(request: Request, code: str) -> HttpResponse:
    found = queries.ticket_for_staff(request.user, code)
    try:
        actions.add_participant(found, request.POST.get("email", ""), side=Side.STAFF, by=request.actor, at=request.now)
    except InvalidInput as problem:
        context = _choices(found) | {"participant_error": problem.fields["email"][0], "email": request.POST.get("email", "")}
        return panel(request, "change", found, context, status=422)
    return again(request, found, "")


@technician("tickets")
@require_GET
def file(request: Request, code: str, file: str) -> HttpResponseBase:
    found = queries.ticket_for_staff(request.user, code)
    return response_for(queries.attachment_of(found, file, for_customer=False).file, inline="show" in request.GET)


def panel(request: Request, name: str, ticket: Ticket, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    """A panel within the ticket's page (htmx), or the same as a page."""
    context |= {"ticket": ticket, "base": reverse("desk:ticket", args=[ticket.code]), "query": list_query(request)}
    part = "#panel" if request.htmx else ""
    # htmx swaps nothing that is not 2xx; a panel that says what is wrong has to be seen.
    return TemplateResponse(request, f"desk/{name}.html{part}", context, status=200 if request.htmx else status)


def again(request: Request, ticket: Ticket, anchor: str) -> HttpResponse:
    """After a deed: the column as it is now (htmx), or the page at the new message."""
    if request.htmx:
        return _column(request, queries.ticket_for_staff(request.user, ticket.code), None)
    query = list_query(request)
    return redirect(reverse("desk:ticket", args=[ticket.code]) + (f"?{query}" if query else "") + (f"#{anchor}" if anchor else ""))


def _column(request: Request, ticket: Ticket, draft: Draft | None) -> HttpResponse:
    ticket = queries.ticket_for_staff(request.user, ticket.code)
    went_wrong = draft is not None and (draft.refusal is not None or (draft.form is not None and bool(draft.form.errors)))
    if request.htmx:
        return TemplateResponse(request, "desk/ticket.html#column", _column_of(request, ticket, draft))
    context = page_of(request, ticket, draft)
    return TemplateResponse(request, "desk/ticket.html", context, status=422 if went_wrong else 200)


def page_of(request: Request, ticket: Ticket, draft: Draft | None) -> dict[str, Any]:
    around = beside_of(request, ticket)
    return _column_of(request, ticket, draft) | {"truth": truth_of(ticket, request.user, at=request.now)} | around


def list_query(request: Request) -> str:
    """The list that one came from, as the address of the ticket keeps it; empty when one came from elsewhere."""
    return query_of(wish_from(request.GET)) if {"view", "q"} & request.GET.keys() else ""


def beside_of(request: Request, ticket: Ticket) -> dict[str, str]:
    """The tickets before and behind this one in that list."""
    query = list_query(request)
    if not query:
        return {}
    earlier, later = queries.beside(request.user, wish_from(request.GET), ticket, at=request.now)
    base = reverse("desk:home")
    return {
        "back": f"{base}?{query}",
        "previous": f"{base}{earlier}/?{query}" if earlier else "",
        "following": f"{base}{later}/?{query}" if later else "",
    }


def _column_of(request: Request, ticket: Ticket, draft: Draft | None) -> dict[str, Any]:
    """`draft` None: what the server keeps of the technician's writing."""
    around = queries.around(ticket, request.user)
    draft = draft or _kept(request, around)
    base = reverse("desk:ticket", args=[ticket.code])
    conversation = queries.conversation(ticket, for_customer=False, before=request.GET.get("before", ""))
    return {
        "ticket": ticket,
        "base": base,
        "query": list_query(request),
        "items": items(
            conversation.messages,
            lambda code: f"{base}files/{code}/",
            new=draft.new,
            message_url=lambda code: f"{base}messages/{code}/",
            deliveries=delivering.for_technicians(delivering.of_messages(conversation.messages)),
        ),
        "dead_address": delivering.dead_address(ticket.requester.email),
        "earlier": conversation.earlier,
        "before": request.GET.get("before", ""),
        "draft": draft,
        "once": unguessable(),
        "state_badge": state_badge(ticket.state),
        "states": [(s.value, STATE_NAMES[s]) for s in State if s not in (State.NEW, State.MERGED, ticket.state)],
        "wait": wait_of(ticket.waiting_since if State(ticket.state).is_active else None, is_vip=ticket.is_vip, at=request.now),
        "queue_name": queue_name(ticket.queue),
        "is_mine": ticket.assignee_id == request.user.pk,
        **_around_of(request, ticket, around),
    }


def _around_of(request: Request, ticket: Ticket, around: queries.Around) -> dict[str, Any]:
    """Tags, links, what waits to be sent, what colleagues write, what can be undone."""
    return {
        "tags": around.tags,
        "links": [
            {"name": LINK_NAMES[LinkKind(each.link.kind)][0 if each.is_from_here else 1], "ticket": each.other}
            for each in around.links
        ],
        "follows": around.follows,
        "waiting": around.waiting,
        "leaves_soon": any(answer.send_at - request.now < timedelta(minutes=2) for answer in around.waiting),
        "others_drafts": around.drafts,
        "notes": around.notes,
        "undoable": queries.undoable_merges(ticket, at=request.now) if ticket.took_in else [],
    }


@technician("tickets")
@require_GET
def conversation(request: Request, code: str) -> HttpResponse:
    """The conversation alone, for a page that waits until an answer has left."""
    found = queries.ticket_for_staff(request.user, code)
    return TemplateResponse(request, "desk/ticket.html#conversation", _column_of(request, found, Draft()))


@technician("tickets")
@require_POST
def unmerge(request: Request, code: str) -> HttpResponse:
    """Undo a merge into this ticket."""
    found = queries.ticket_for_staff(request.user, code)
    chosen = next(
        (each for each in queries.undoable_merges(found, at=request.now) if each.source.code == request.POST.get("source")), None
    )
    if chosen is not None:
        try:
            actions.unmerge(chosen.source, by=request.actor, at=request.now)
        except Refused as refusal:
            return _column(request, found, Draft(refusal=refusal.decision))
    return again(request, found, "")


def _choices(ticket: Ticket) -> dict[str, Any]:
    return {
        "technicians": list(queries.technicians_of(ticket.queue)),
        "queues": [(queue.code, queue_name(queue)) for queue in queries.queues()],
        "priorities": [(priority.value, name) for priority, name in PRIORITY_NAMES.items()],
        "states": [(s.value, name) for s, name in STATE_NAMES.items() if s not in (State.NEW, State.MERGED) or s == ticket.state],
        "focus": "assignee",
    }
