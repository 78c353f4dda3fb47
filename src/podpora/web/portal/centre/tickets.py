"""One ticket as its customer sees it: the conversation, an answer, done or not done."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from podpora.base.codes import unguessable
from podpora.base.decisions import Decision, Refused
from podpora.base.errors import InvalidInput
from podpora.desk import actions, queries, rules
from podpora.desk.models import Ticket
from podpora.desk.values import ClosedAs, Score, Side, Words
from podpora.files.queries import response_for
from podpora.licensing import queries as licensing
from podpora.web import delivering, framed
from podpora.web.access import signed_in
from podpora.web.components.clocks import promise_sentence
from podpora.web.components.forms import show_problem
from podpora.web.conversation import items, state_badge
from podpora.web.request import Request
from podpora.web.uploads import FilesField


class ReplyForm(forms.Form):
    text = forms.CharField(
        label=gettext_lazy("Your answer"),
        widget=forms.Textarea(attrs={"rows": 5, "maxlength": 50_000, "data-editor": ""}),
        strip=False,
    )
    files = FilesField(label=gettext_lazy("Files"), required=False)  # type: ignore[assignment]
    once = forms.CharField(widget=forms.HiddenInput, max_length=60, required=False)


class ColleagueForm(forms.Form):
    email = forms.EmailField(label=gettext_lazy("Colleague's e-mail"), max_length=254)


@signed_in
@require_GET
def ticket(request: Request, code: str) -> HttpResponse:
    found = queries.ticket_for_customer(request.user, code)
    if found.merged_into_id and queries.sees_as_customer(request.user, end := queries.end_of(found)):
        return redirect("centre:ticket", end.code)
    return TemplateResponse(request, "centre/ticket.html", _page(request, found))


@signed_in
@require_POST
def reply(request: Request, code: str) -> HttpResponse:
    found = queries.ticket_for_customer(request.user, code)
    form, refusal = ReplyForm(request.POST, request.FILES), None
    if form.is_valid():
        clean = form.cleaned_data
        words = Words(clean["text"], clean["files"], once=clean["once"])
        try:
            message = actions.reply(found, words, side=Side.CUSTOMER, by=request.actor, at=request.now)
        except InvalidInput as problem:
            show_problem(form, problem)
        except Refused as refused:
            refusal = refused.decision
        else:
            return redirect(reverse("centre:ticket", args=[found.code]) + f"#{message.code}")
    return TemplateResponse(request, "centre/ticket.html", _page(request, found, form=form, refusal=refusal), status=422)


@signed_in
@require_POST
def state(request: Request, code: str) -> HttpResponse:
    """Close or reopen, and who in the company sees it."""
    found = queries.ticket_for_customer(request.user, code)
    deed, by, at = request.POST.get("deed"), request.actor, request.now
    try:
        if deed == "close":
            actions.close(found, by=by, at=at)
            messages.success(request, _("The ticket is closed. Within 14 days you can open it again."))
        elif deed == "reopen":
            actions.reopen(found, by=by, at=at)
            messages.success(request, _("The ticket is open again."))
        elif deed == "withdraw" and found.requester_id == request.user.pk and not found.is_done:
            actions.close_as(found, ClosedAs.NOTHING_TO_DO, by=by, at=at)
            messages.success(request, _("You took your question back. Within 14 days you can open it again."))
        elif deed == "rate" and found.requester_id == request.user.pk and found.is_done:
            score = Score.GOOD if request.POST.get("score") == "good" else Score.BAD
            actions.rate(found, score, request.POST.get("comment", ""), by=by, at=at)
            messages.success(request, _("Thank you. Your word goes to the technician and his manager."))
        elif deed in ("private", "shared") and found.requester_id == request.user.pk:
            actions.set_private(found, deed == "private", by=by, at=at)
    except Refused as refused:
        page = _page(request, queries.ticket_for_customer(request.user, code), refusal=refused.decision)
        return TemplateResponse(request, "centre/ticket.html", page, status=409)
    return redirect("centre:ticket", found.code)


@signed_in
@require_POST
def people(request: Request, code: str) -> HttpResponse:
    """Add a colleague to the conversation."""
    found = queries.ticket_for_customer(request.user, code)
    form = ColleagueForm(request.POST)
    if form.is_valid():
        try:
            actions.add_participant(found, form.cleaned_data["email"], side=Side.CUSTOMER, by=request.actor, at=request.now)
        except InvalidInput as problem:
            show_problem(form, problem)
        else:
            return redirect("centre:ticket", found.code)
    return TemplateResponse(request, "centre/ticket.html", _page(request, found, colleague=form), status=422)


@signed_in
@require_GET
def file(request: Request, code: str, file: str) -> HttpResponseBase:
    found = queries.ticket_for_customer(request.user, code)
    return response_for(
        queries.attachment_of(found, file, for_customer=True, reader=request.user).file, inline="show" in request.GET
    )


@signed_in
@require_GET
def html(request: Request, code: str, message: str) -> HttpResponse:
    """A mail as it was laid out, in a frame that can do nothing."""
    found = queries.visible_message(
        queries.ticket_for_customer(request.user, code), message, for_customer=True, reader=request.user
    )
    if not found.html:
        raise Http404
    return framed.html_of(found, queries.pictures_of(found), with_remote="pictures" in request.GET)


def _page(
    request: Request, ticket: Ticket, *, form: Any = None, colleague: Any = None, refusal: Decision | None = None
) -> dict[str, Any]:
    base = reverse("centre:ticket", args=[ticket.code])
    conversation = queries.conversation(ticket, for_customer=True, reader=request.user, before=request.GET.get("before", ""))
    return {
        "ticket": ticket,
        "shows_licence": bool(ticket.licence) and licensing.visible_to(request.user).filter(code=ticket.licence).exists(),
        "base": base,
        "items": items(
            conversation.messages,
            lambda code: f"{base}files/{code}/",
            message_url=lambda code: f"{base}messages/{code}/",
            deliveries=delivering.for_customer(delivering.of_messages(conversation.messages), request.user.email),
        ),
        "dead_address": delivering.dead_address(request.user.email),
        "earlier": conversation.earlier,
        "before": request.GET.get("before", ""),
        "state_badge": state_badge(ticket.state),
        "promise": promise_sentence(ticket, at=request.now),
        "may_write": rules.may_write(ticket.facts(), at=request.now),
        "reopens_until": rules.reopens_until(ticket.facts()),
        "form": form or ReplyForm(initial={"once": unguessable()}),
        "colleague": colleague or ColleagueForm(),
        "participants": list(ticket.participants.order_by("pk")) if ticket.customer.is_company else [],
        "is_mine": ticket.requester_id == request.user.pk,
        "refusal": refusal,
        "rating": queries.rating_of(ticket) if ticket.is_done else None,
    }
