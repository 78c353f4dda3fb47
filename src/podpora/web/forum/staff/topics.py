"""What staff do with a topic: deeds by one click, order, ticket."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from podpora.base.decisions import Refused
from podpora.base.errors import InvalidInput, NotYours
from podpora.base.reasons import message
from podpora.desk import queries as tickets
from podpora.forum import actions, queries
from podpora.forum.models import Topic
from podpora.forum.values import TITLE_LENGTH, Shown
from podpora.journeys import topics as journey
from podpora.web.access import technician
from podpora.web.components.forms import show_problem
from podpora.web.forum.shown import topic_url
from podpora.web.forum.topics import found
from podpora.web.request import Request


@technician("forum")
@require_POST
def deed(request: Request, number: int) -> HttpResponse:
    _reader, topic = found(request, number)
    try:
        _do(request, topic, request.POST.get("deed", ""))
    except InvalidInput:
        messages.error(request, _("Choose what is missing."))
    except Refused as refusal:
        messages.error(request, message(refusal.decision))
    else:
        messages.success(request, _("Saved."))
    return HttpResponseRedirect(topic_url(topic))


def _do(request: Request, topic: Topic, what: str) -> None:
    by, at = request.actor, request.now
    match what:
        case "close" | "open":
            actions.set_closed(topic, what == "close", by=by, at=at)
        case "pin" | "unpin":
            actions.set_pinned(topic, what == "pin", by=by, at=at)
        case "assign" | "unassign":
            actions.assign(topic, request.user if what == "assign" else None, by=by, at=at)
        case "details":
            actions.ask_details(topic, request.POST.getlist("wanted"), by=by, at=at)
        case "enough":
            actions.withdraw_details(topic, by=by, at=at)
        case _:
            raise NotYours


class ArrangeForm(forms.Form):
    category = forms.ChoiceField(label=gettext_lazy("Category"))
    tags = forms.CharField(label=gettext_lazy("Tags"), max_length=200, required=False)


class SplitForm(forms.Form):
    numbers = forms.CharField(
        label=gettext_lazy("Posts"), max_length=200, help_text=gettext_lazy("Their numbers with commas, such as 3, 4, 7.")
    )
    title = forms.CharField(label=gettext_lazy("Title of the new topic"), max_length=TITLE_LENGTH)


class MergeForm(forms.Form):
    into = forms.IntegerField(label=gettext_lazy("Number of the other topic"), min_value=1, max_value=2**40)


@technician("forum")
@require_http_methods(["GET", "POST"])
def arrange(request: Request, number: int) -> HttpResponse:
    """Another category or tags, a part of its own, into another one."""
    reader, topic = found(request, number)
    deed = request.POST.get("deed", "")
    forms_ = {
        "arrange": ArrangeForm(request.POST if deed == "arrange" else None, initial={"category": topic.category.code, "tags": topic.tag_names}),
        "split": SplitForm(request.POST if deed == "split" else None),
        "merge": MergeForm(request.POST if deed == "merge" else None),
    }  # fmt: skip
    choices = [(row.code, row.name_in(get_language() or "en")) for row in queries.categories_of(reader)]
    forms_["arrange"].fields["category"] = forms.ChoiceField(label=_("Category"), choices=choices)
    facts: dict[str, Any] = {"topic": topic, "url": topic_url(topic), **{f"{name}_form": form for name, form in forms_.items()}}
    form = forms_.get(deed)
    if form is not None and form.is_valid():
        try:
            return HttpResponseRedirect(topic_url(_arranged(request, reader, topic, deed, form.cleaned_data)))
        except InvalidInput as problem:
            show_problem(form, problem)
        except Refused as refusal:
            facts["refusal"] = refusal.decision
    status = 409 if "refusal" in facts else 422 if form is not None else 200
    return TemplateResponse(request, "forum/staff/arrange.html", facts, status=status)


def _arranged(request: Request, reader: queries.Reader, topic: Topic, deed: str, data: dict[str, Any]) -> Topic:
    by, at = request.actor, request.now
    if deed == "split":
        numbers = [
            int(part)
            for part in data["numbers"].replace(" ", "").split(",")
            if part.isascii() and part.isdecimal() and len(part) < 8
        ]
        return actions.split(topic, numbers, data["title"], by=by, at=at)
    if deed == "merge":
        try:
            other = queries.topic_for(reader, data["into"])
        except NotYours:
            raise InvalidInput({"into": ["unknown"]}) from None
        return actions.merge(topic, other, by=by, at=at)
    actions.set_tags(topic, data["tags"].split(","), by=by, at=at)
    return actions.move(topic, queries.category_for(reader, data["category"]), by=by, at=at)


@technician("tickets")
@require_http_methods(["GET", "POST"])
def to_ticket(request: Request, number: int) -> HttpResponse:
    """FO-31: a private ticket of the topic's author, with the chosen posts."""
    reader, topic = found(request, number)
    posts = [
        post for post in queries.posts_of(topic, reader).order_by("number") if post.state == Shown.VISIBLE and not post.is_whisper
    ]
    facts: dict[str, Any] = {"topic": topic, "posts": posts[:100], "url": topic_url(topic)}
    if request.method == "POST":
        numbers = [int(n) for n in request.POST.getlist("post") if n.isascii() and n.isdecimal() and len(n) < 8]
        try:
            ticket = journey.to_ticket(topic, numbers, by=request.actor, at=request.now)
        except Refused as refusal:
            facts["refusal"] = refusal.decision
        else:
            return HttpResponseRedirect(reverse("desk:ticket", args=[ticket.code]))
    return TemplateResponse(request, "forum/staff/to_ticket.html", facts, status=409 if "refusal" in facts else 200)


class FromTicketForm(forms.Form):
    category = forms.ChoiceField(label=gettext_lazy("Category"))
    title = forms.CharField(label=gettext_lazy("Title"), max_length=TITLE_LENGTH)
    question = forms.CharField(
        label=gettext_lazy("Question, without names and anything private"), widget=forms.Textarea(attrs={"rows": 10}), strip=False
    )
    answer = forms.CharField(label=gettext_lazy("Answer"), widget=forms.Textarea(attrs={"rows": 10}), strip=False, required=False)
    consent = forms.BooleanField(label=gettext_lazy("The requester agreed that this becomes public"), required=False)
    once = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)


@technician("forum")
@require_http_methods(["GET", "POST"])
def from_ticket(request: Request, code: str) -> HttpResponse:
    """FO-31: a public topic out of a ticket, through a draft without names, with the requester's consent written down."""
    ticket = tickets.ticket_for_staff(request.user, code)
    reader = queries.reader_of(request.user)
    drawn = journey.anonymised(ticket)
    initial = {"title": drawn.title, "question": drawn.question, "answer": drawn.answer, "once": f"ticket-{ticket.code}"}
    form = FromTicketForm(request.POST or None, initial=initial)
    choices = [(row.code, row.name_in(get_language() or "en")) for row in queries.categories_of(reader) if row.is_open]
    form.fields["category"] = forms.ChoiceField(label=_("Category"), choices=choices)
    facts: dict[str, Any] = {"form": form, "ticket": ticket}
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        wish = journey.PublicDraft(data["title"], data["question"], data["answer"], data["consent"])
        category = queries.category_for(reader, data["category"])
        try:
            topic = journey.from_ticket(ticket, wish, category, by=request.actor, at=request.now)
        except InvalidInput as problem:
            show_problem(form, problem)
        except Refused as refusal:
            facts["refusal"] = refusal.decision
        else:
            return HttpResponseRedirect(topic_url(topic))
    status = 409 if "refusal" in facts else 422 if form.is_bound else 200
    return TemplateResponse(request, "forum/staff/from_ticket.html", facts, status=status)
