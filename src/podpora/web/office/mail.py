"""Outgoing mail: what waits, what could not be sent. Its text is not shown: it holds codes and keys of others."""

from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from podpora.audit.actions import record
from podpora.mail import actions, queries
from podpora.mail.models import OutgoingMail
from podpora.mail.values import STATE_LABELS, MailState
from podpora.web.access import technician

PAGE = 50
KINDS = {"sent": "good", "queued": "accent", "claimed": "accent", "failed": "bad", "bounced": "bad"}


@technician("jobs")
@require_safe
def mails(request: HttpRequest) -> HttpResponse:
    state = request.GET.get("state", "")
    state = state if state in {known.value for known in MailState} else ""
    to = request.GET.get("to", "").replace("\0", "")[:254]
    page = Paginator(queries.outgoing(to=to, state=state), PAGE).get_page(request.GET.get("page"))
    parts = {key: value for key, value in (("state", state), ("to", to)) if value}
    facts = {
        "page": page,
        "lines": [(mail, KINDS[mail.state]) for mail in page.object_list],
        "tabs": _tabs(state),
        "state": state,
        "to": to,
        "query": f"{urlencode(parts)}&" if parts else "",
        "is_stuck": queries.is_stuck(at=request.now),  # type: ignore[attr-defined]
    }
    return TemplateResponse(request, "office/mails.html", facts)


def _tabs(state: str) -> list[tuple[str, str, int | None, bool]]:
    counts = queries.counts_by_state()
    tabs: list[tuple[str, str, int | None, bool]] = [(_("All"), reverse("office:mails"), None, not state)]
    for known in (MailState.QUEUED, MailState.FAILED, MailState.BOUNCED, MailState.SENT):
        tabs.append((str(STATE_LABELS[known]), f"{reverse('office:mails')}?state={known}", counts[known], state == known))
    return tabs


@technician("jobs")
@require_POST
def send_again(request: HttpRequest, code: str) -> HttpResponse:
    try:
        found = queries.mail_with_code(code)
    except OutgoingMail.DoesNotExist:
        raise Http404 from None
    with transaction.atomic():
        is_queued = actions.send_again(found, at=request.now).state == MailState.QUEUED  # type: ignore[attr-defined]
        if is_queued and found.state in (MailState.FAILED, MailState.BOUNCED):
            record("mail.sent_again", f"mail:{found.code}", by=request.actor, at=request.now)  # type: ignore[attr-defined]
    messages.success(
        request, _("The mail is on its way again.") if is_queued else _("This mail was not held, so it stays as it is.")
    )
    return redirect(f"{reverse('office:mails')}?state=failed")
