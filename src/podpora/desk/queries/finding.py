"""Search among tickets, until a full-text index takes over."""

from django.db import connection
from django.db.models import QuerySet

from podpora.base.codes import normalised
from podpora.base.folding import having, named, search_words
from podpora.desk.models import Message, Ticket
from podpora.desk.values import MessageKind
from podpora.people.models import Customer, Person

HITS = 200
SUBJECTS = 10_000
TEXTS = 4_000


def found(tickets: QuerySet[Ticket], words: str) -> QuerySet[Ticket]:
    """Search by code or number, by the requester's address or name, in the subject or in what was written publicly.

    Words are found in any order, without their case and accents. They are looked for in the newest SUBJECTS tickets and TEXTS
    messages only: a range of the primary key, so that a word which is nowhere costs the same among a hundred thousand tickets.
    """
    words = " ".join(words.replace("\x00", "").split())[:100]
    number = normalised(words).removeprefix("T-")
    if number.isascii() and number.isdigit() and len(number) < 19:
        return tickets.filter(number=int(number))
    if "@" in words:
        return tickets.filter(requester__in=Person.objects.filter(email__istartswith=words.lower()).values("pk"))
    return tickets.filter(pk__in=_hits(tickets.order_by(), search_words(words)))


def _hits(tickets: QuerySet[Ticket], words: list[str]) -> set[int]:
    """The ids of at most HITS tickets from each place where the words may stand. Two statements."""
    if not words:
        return set()
    newest, last = _newest()
    texts = Message.objects.filter(having("text_folded", words), pk__gt=last - TEXTS, kind=MessageKind.PUBLIC)
    people = Person.objects.filter(named("name", words)).order_by().values("pk")[:HITS]
    firms = Customer.objects.filter(named("name", words)).order_by().values("pk")[:HITS]
    places = [
        texts.order_by("-pk").values_list("ticket")[:HITS],
        _newest_first(tickets.filter(having("subject_folded", words), pk__gt=newest - SUBJECTS)),
        _newest_first(tickets.filter(requester__in=people)),
        _newest_first(tickets.filter(customer__in=firms)),
    ]
    parts = [place.query.sql_with_params() for place in places]
    union = " UNION ".join(f"SELECT * FROM ({sql}) AS place" for sql, _params in parts)  # noqa: S608  # the ORM made it
    with connection.cursor() as cursor:
        cursor.execute(union, [param for _sql, params in parts for param in params])
        return {pk for (pk,) in cursor.fetchall()}


def _newest_first(tickets: QuerySet[Ticket]) -> QuerySet[Ticket, tuple[int]]:
    return tickets.order_by("-pk").values_list("pk")[:HITS]


def _newest() -> tuple[int, int]:
    """The highest ids of tickets and messages."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT (SELECT MAX(id) FROM desk_ticket), (SELECT MAX(id) FROM desk_message)")
        tickets, messages = cursor.fetchone()
    return tickets or 0, messages or 0
