"""What the search index gets of a ticket: the subject, who asks, what was said, and among technicians what was noted."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from podpora.desk.models import Message, Ticket
from podpora.desk.values import MessageKind
from podpora.search.values import Entry, Source

KIND = "ticket"


def entries(refs: Sequence[int]) -> Iterable[Entry]:
    """Tickets as the index takes them. Two statements."""
    texts: dict[tuple[int, str], list[str]] = defaultdict(list)
    messages = Message.objects.filter(ticket__in=refs).exclude(kind=MessageKind.EVENT)
    for ticket, kind, text, origin in messages.order_by("pk").values_list("ticket_id", "kind", "text", "origin"):
        texts[ticket, MessageKind.NOTE if origin else kind].append(text)  # VI-7: who can't read it here can't find it here
    fields = ("pk", "code", "subject", "requester__name", "requester__email", "customer__name", "customer_id", "requester_id")
    for pk, code, subject, *people, customer, requester in Ticket.objects.filter(pk__in=refs).order_by("pk").values_list(*fields):
        yield Entry(
            ref=pk,
            title=f"{subject} {code}",
            people=" ".join(people),
            body=texts[pk, MessageKind.PUBLIC],
            notes=texts[pk, MessageKind.NOTE],
            keys=(f"customer:{customer}", f"person:{requester}"),
        )


def refs(after: int, size: int) -> Sequence[int]:
    return list(Ticket.objects.filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)[:size])


SOURCE = Source(KIND, entries, refs)
