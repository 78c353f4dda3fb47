"""The month of the forum: how much was asked, by whom it was answered, how fast, what is asked most."""

from datetime import timedelta

from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from podpora.forum import queries
from podpora.search import queries as search
from podpora.web.access import technician
from podpora.web.request import Request

PERIODS = (7, 30, 90)


@technician("forum")
@require_safe
def report(request: Request) -> HttpResponse:
    given = request.GET.get("days", "30")
    days = int(given) if given in {str(each) for each in PERIODS} else 30
    reader = queries.reader_of(request.user)
    now = queries.report_of(reader, request.now - timedelta(days=days), request.now)
    before = queries.report_of(reader, request.now - timedelta(days=2 * days), request.now - timedelta(days=days))
    misses = search.misses(since=request.now - timedelta(days=days), size=10)
    facts = {"now": now, "before": before, "days": days, "periods": PERIODS, "misses": misses}
    return TemplateResponse(request, "forum/staff/report.html", facts)
