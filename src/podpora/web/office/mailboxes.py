"""Mailboxes: the addresses that customers write to, and the servers that their mail is fetched from."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from podpora.base.decisions import Refused, allow, refuse
from podpora.base.errors import InvalidInput
from podpora.base.reasons import message
from podpora.desk import queries as desk
from podpora.mail import actions, queries
from podpora.mail.models import Mailbox
from podpora.mail.values import AFTER_NAMES, SECURITY_NAMES, After, Imap, MailboxFacts, Security, Trial
from podpora.web.access import manager
from podpora.web.components.forms import SeenForm, show_problem
from podpora.web.conversation import queue_name
from podpora.web.request import Request


class MailboxForm(SeenForm):
    address = forms.CharField(
        label=gettext_lazy("Address"), max_length=254, help_text=gettext_lazy("Where customers write to, without a plus.")
    )
    name = forms.CharField(label=gettext_lazy("Name"), max_length=100, required=False)
    queue = forms.ChoiceField(label=gettext_lazy("Queue of new tickets"), required=False)
    aliases = forms.CharField(
        label=gettext_lazy("Further addresses"), required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("One a line. Their mail is treated like that of the address above."),
    )  # fmt: skip
    is_trusted = forms.BooleanField(
        label=gettext_lazy("Headers of mails here may set priority and tags"), required=False,
        help_text=gettext_lazy("Only for an address that your own systems alone can write to."),
    )  # fmt: skip
    host = forms.CharField(
        label=gettext_lazy("IMAP server"), max_length=253, required=False,
        help_text=gettext_lazy("Leave it empty when mail is delivered here by SMTP, LMTP, a pipe or a provider."),
    )  # fmt: skip
    security = forms.ChoiceField(
        label=gettext_lazy("Encryption"), choices=[(s.value, n) for s, n in SECURITY_NAMES.items()], required=False
    )
    port = forms.IntegerField(
        label=gettext_lazy("Port"), min_value=1, max_value=65_535, required=False, help_text=gettext_lazy("Empty: the usual one.")
    )
    user = forms.CharField(
        label=gettext_lazy("User name"), max_length=254, required=False, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    secret = forms.CharField(
        label=gettext_lazy("Password"), max_length=500, required=False, strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=gettext_lazy("It is kept encrypted and never shown again. Empty: it stays as it is."),
    )  # fmt: skip
    folder = forms.CharField(label=gettext_lazy("Folder"), max_length=200, required=False, initial="INBOX")
    after = forms.ChoiceField(
        label=gettext_lazy("On the server a mail that is kept here"),
        choices=[(a.value, n) for a, n in AFTER_NAMES.items()],
        required=False,
    )
    move_to = forms.CharField(label=gettext_lazy("Folder to move it to"), max_length=200, required=False)

    def __init__(self, *args: Any, is_from_setting: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", _("the first one for questions")), *((queue.code, queue_name(queue)) for queue in desk.queues())]
        self.fields["queue"].choices = choices  # type: ignore[attr-defined]
        if is_from_setting:
            for name in ("host", "security", "port", "user", "secret", "folder", "after", "move_to"):
                del self.fields[name]

    def facts(self) -> MailboxFacts:
        clean = self.cleaned_data
        imap = None
        if clean.get("host"):
            imap = Imap(
                clean["host"], clean["user"], clean["secret"] or None, clean["port"] or 0, Security(clean["security"] or "tls"),
                clean["folder"], After(clean["after"] or "leave"), clean["move_to"],
            )  # fmt: skip
        return MailboxFacts(clean["address"], clean["name"], clean["queue"], clean["aliases"].split(), clean["is_trusted"], imap)


@manager
@require_GET
def mailboxes(request: Request) -> HttpResponse:
    names = {queue.code: queue_name(queue) for queue in desk.queues()}
    rows = [(box, names.get(box.queue, "")) for box in queries.mailboxes()]
    return TemplateResponse(request, "office/mailboxes/list.html", {"rows": rows, "hooks": queries.hooks()})


@manager
@require_http_methods(["GET", "POST"])
def new_mailbox(request: Request) -> HttpResponse:
    form = MailboxForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            made = actions.create_mailbox(form.facts(), queues=_queues(), by=request.actor, at=request.now)
        except InvalidInput as problem:
            show_problem(form, problem)
        except Refused as refusal:
            form.add_error(None, message(refusal.decision))
        else:
            messages.success(request, _("The mailbox is there."))
            return redirect("office:mailbox", made.code)
    crumbs = [(_("Mailboxes"), reverse("office:mailboxes")), (_("A new mailbox"), "")]
    context = {"form": form, "crumbs": crumbs}
    return TemplateResponse(request, "office/mailboxes/new.html", context, status=422 if form.errors else 200)


@manager
@require_http_methods(["GET", "POST"])
def mailbox(request: Request, code: str) -> HttpResponse:
    found = queries.mailbox(code)
    if request.method != "POST":
        return _page(request, found, _form(found))
    form = _form(found, request.POST)
    if form.is_valid():
        try:
            actions.set_mailbox(found, form.facts(), queues=_queues(), by=request.actor, at=request.now)
        except InvalidInput as problem:
            show_problem(form, problem)
        else:
            messages.success(request, _("Saved."))
            return redirect("office:mailbox", found.code)
    return _page(request, found, form)


@manager
@require_POST
def act(request: Request, code: str, what: str) -> HttpResponse:
    """Try the connection, pause it, let it go on, remove it."""
    found, by, at = queries.mailbox(code), request.actor, request.now
    match what:
        case "try":
            if not found.is_fetched:
                messages.error(request, message(refuse("mailbox.no_server")))
                return redirect("office:mailbox", code)
            return _page(request, found, _form(found), actions.try_mailbox(found))
        case "pause" | "resume":
            actions.set_active(found, what == "resume", by=by, at=at)
            text = _("The mailbox goes on.") if what == "resume" else _("The mailbox is paused: mail waits where it is.")
            messages.success(request, text)
        case "delete":
            try:
                actions.delete_mailbox(found, by=by, at=at)
            except Refused as refusal:
                messages.error(request, message(refusal.decision))
                return redirect("office:mailbox", code)
            messages.success(request, _("The mailbox is removed."))
            return redirect("office:mailboxes")
    return redirect("office:mailbox", code)


def _queues() -> set[str]:
    return {queue.code for queue in desk.queues()}


def _form(found: Mailbox, data: Any = None) -> MailboxForm:
    initial = {
        "address": found.address, "name": found.name, "queue": found.queue, "aliases": "\n".join(found.aliases), "is_trusted": found.is_trusted,
        "host": found.imap_host, "security": found.imap_security, "port": found.imap_port if found.imap_host else None,
        "user": found.imap_user, "folder": found.imap_folder, "after": found.imap_after, "move_to": found.imap_move_to,
    }  # fmt: skip
    return MailboxForm(data, initial=initial, is_from_setting=found.is_from_setting)


def _page(request: Request, found: Mailbox, form: MailboxForm, trial: Trial | None = None) -> HttpResponse:
    crumbs = [(_("Mailboxes"), reverse("office:mailboxes")), (found.address, "")]
    said = message(allow(trial.code, said=trial.said, mails=trial.mails)) if trial else ""
    context = {"box": found, "form": form, "crumbs": crumbs, "trial": trial, "said": said}
    return TemplateResponse(request, "office/mailboxes/mailbox.html", context, status=422 if form.errors else 200)
