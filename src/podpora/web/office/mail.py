"""Outgoing mail: what waits, what could not be sent. Its text is not shown: it holds codes and keys of others."""

from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from podpora.base.decisions import Refused
from podpora.base.reasons import message
from podpora.mail import actions, queries
from podpora.mail.values import STATE_LABELS, MailState
from podpora.notifications.values import kinds
from podpora.web.access import technician
from podpora.web.request import Request

PAGE = 50
KINDS = {"sent": "good", "queued": "accent", "claimed": "accent", "failed": "bad", "bounced": "bad", "cancelled": ""}


@technician("jobs")
@require_safe
def mails(request: Request) -> HttpResponse:
    state = request.GET.get("state", "")
    state = state if state in {known.value for known in MailState} else ""
    to = request.GET.get("to", "").replace("\0", "")[:254]
    page = Paginator(queries.outgoing(to=to, state=state), PAGE).get_page(request.GET.get("page"))
    parts = {key: value for key, value in (("state", state), ("to", to)) if value}
    facts = {
        "page": page,
        "lines": [(mail, KINDS[mail.state], _kind(mail.kind)) for mail in page.object_list],
        "tabs": _tabs(state),
        "state": state,
        "to": to,
        "query": f"{urlencode(parts)}&" if parts else "",
        "is_stuck": queries.is_stuck(at=request.now),
    }
    return TemplateResponse(request, "office/mails.html", facts)


def _kind(name: str) -> str:
    """What the people who get such mails call it."""
    known = kinds().get(name)
    return str(known.label) if known else name


def _tabs(state: str) -> list[tuple[str, str, int | None, bool]]:
    counts = queries.counts_by_state()
    tabs: list[tuple[str, str, int | None, bool]] = [(_("All"), reverse("office:mails"), None, not state)]
    for known in (MailState.QUEUED, MailState.FAILED, MailState.BOUNCED, MailState.SENT, MailState.CANCELLED):
        tabs.append((str(STATE_LABELS[known]), f"{reverse('office:mails')}?state={known}", counts[known], state == known))
    return tabs


@technician("jobs")
@require_POST
def act(request: Request, code: str, what: str) -> HttpResponse:
    """Send again what failed; take back what still waits."""
    found = queries.mail_with_code(code)
    try:
        match what:
            case "again":
                actions.send_again(found, by=request.actor, at=request.now)
                messages.success(request, _("The mail is on its way again."))
            case "cancel":
                actions.cancel_mail(found, by=request.actor, at=request.now)
                messages.success(request, _("The mail is taken back: it is not sent."))
    except Refused as refusal:
        messages.error(request, message(refusal.decision))
    return redirect(f"{reverse('office:mails')}?state={found.state}")
