"""FO-29: what waits, each a filter with its count. Nothing of it is promised to anybody."""

from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from podpora.forum import queries
from podpora.forum.values import QUEUE_NAMES, Queue
from podpora.web.access import technician
from podpora.web.forum.shown import rows_of
from podpora.web.request import Request

SIZE = 50


@technician("forum")
@require_safe
def home(request: Request) -> HttpResponse:
    reader = queries.reader_of(request.user)
    given = request.GET.get("queue", "")
    chosen = Queue(given) if given in {queue.value for queue in Queue} else Queue.UNANSWERED
    counts = queries.queue_counts(reader, at=request.now)
    topics = queries.queue_of(reader, chosen, at=request.now)[:SIZE]
    facts = {
        "queues": [(queue, QUEUE_NAMES[queue], counts[queue], queue is chosen) for queue in Queue], "chosen": QUEUE_NAMES[chosen],
        "rows": rows_of(queries.mark_read_state(reader, topics, at=request.now)), "reviews": queries.reviews_waiting(),
        "moderates": reader.moderates,
    }  # fmt: skip
    return TemplateResponse(request, "forum/staff/home.html", facts)
