"""Background jobs: what waits, runs and was given up; who works; what runs by the clock."""

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
from podpora.base import reasons
from podpora.base.decisions import Refused
from podpora.jobs import actions, queries
from podpora.jobs.models import Job
from podpora.jobs.values import STATE_LABELS, JobState
from podpora.web.access import technician

PAGE = 50
KINDS = {JobState.QUEUED: "accent", JobState.RUNNING: "warn", JobState.DONE: "good", JobState.DEAD: "bad"}


@technician("jobs")
@require_safe
def jobs(request: HttpRequest) -> HttpResponse:
    state = request.GET.get("state", "")
    state = state if state in {known.value for known in JobState} else ""
    name = request.GET.get("q", "").replace("\0", "")[:200]
    page = Paginator(queries.jobs_in(state, name), PAGE).get_page(request.GET.get("page"))
    parts = {key: value for key, value in (("state", state), ("q", name)) if value}
    facts = {
        "page": page,
        "lines": [(job, KINDS[JobState(job.state)]) for job in page.object_list],
        "tabs": _tabs(state),
        "state": state,
        "name": name,
        "query": f"{urlencode(parts)}&" if parts else "",
        "workers": list(queries.workers(at=request.now)),  # type: ignore[attr-defined]
        "schedules": list(queries.schedules()),
        "queue_age": queries.queue_age(request.now),  # type: ignore[attr-defined]
    }
    return TemplateResponse(request, "office/jobs.html", facts)


def _tabs(state: str) -> list[tuple[str, str, int | None, bool]]:
    counts = queries.counts_by_state()
    tabs: list[tuple[str, str, int | None, bool]] = [(_("All"), reverse("office:jobs"), None, not state)]
    for known, label in STATE_LABELS.items():
        tabs.append((str(label), f"{reverse('office:jobs')}?state={known}", counts[known], state == known))
    return tabs


@technician("jobs")
@require_safe
def job(request: HttpRequest, code: str) -> HttpResponse:
    found = _job(code)
    return TemplateResponse(request, "office/job.html", {"job": found, "kind": KINDS[JobState(found.state)]})


@technician("jobs")
@require_POST
def retry(request: HttpRequest, code: str) -> HttpResponse:
    found = _job(code)
    at, by = request.now, request.actor  # type: ignore[attr-defined]
    try:
        with transaction.atomic():
            actions.retry(found, at=at)
            record("job.retried", found, by=by, at=at, facts={"name": found.name})
    except Refused as refusal:
        messages.error(request, reasons.message(refusal.decision))
    else:
        messages.success(request, _("The job will be tried again."))
    return redirect("office:job", code=code)


def _job(code: str) -> Job:
    found = queries.job(code)
    if found is None:
        raise Http404
    return found
