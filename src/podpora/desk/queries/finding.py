"""Search among tickets: the index says where the words stand, this room's own door who may see it."""

from datetime import UTC, datetime, time, timedelta, tzinfo

from django.db.models import Exists, OuterRef, Q, QuerySet

from podpora.desk.models import Message, Participant, Ticket
from podpora.desk.queries.queues import technicians
from podpora.desk.queries.work import field_is, has_tag
from podpora.desk.rules.searching import STATES, Asked, asked_for
from podpora.desk.values import MessageKind
from podpora.people.models import Person
from podpora.search import queries as search
from podpora.search.rules import Wish, read_day
from podpora.search.values import EVERYWHERE, FOR_CUSTOMERS


def found(
    tickets: QuerySet[Ticket], words: str | Asked, reader: Person | None = None, *, zone: tzinfo = UTC, for_customer: bool = False
) -> QuerySet[Ticket]:
    """Narrow tickets that the reader may see to those that were asked for, by words, operators and numbers (rules.asked_for).

    A customer's search does not look into notes (VI-2), nor does it know operators about technicians' things.
    """
    asked = asked_for(words) if isinstance(words, str) else words
    which = Q(number__in=asked.numbers) if asked.numbers else Q()
    if search.has_words(asked.terms):
        among = FOR_CUSTOMERS if for_customer else EVERYWHERE
        which |= Q(pk__in=search.matching("ticket", asked.terms, among=among))
    elif not which and not asked.filters:
        return tickets.none()  # nothing, or nothing but signs
    for each in asked.filters:
        condition = _condition_for_customer(each, zone) if for_customer else _condition(each, reader, zone)
        which &= ~condition if each.is_not else condition
    return tickets.filter(which)


def _condition_for_customer(each: Wish, zone: tzinfo) -> Q:
    """What a customer may ask by: nothing that tells of notes, tags, queues or technicians."""
    if each.name in ("state", "before", "after"):
        return _condition(each, None, zone)
    if (each.name, each.value) == ("has", "attachment"):
        return Q(Exists(Message.objects.filter(ticket=OuterRef("pk"), files__gt=0, kind=MessageKind.PUBLIC)))
    return Q()


def _condition(each: Wish, reader: Person | None, zone: tzinfo) -> Q:
    match each.name:
        case "state":
            return Q(state__in=STATES[each.value])
        case "queue":
            return Q(queue__code=each.value[:40])
        case "tag":
            return has_tag(each.value)
        case "field":
            code, _is, value = each.value.partition("=")
            return field_is(code, value)
        case "assignee":
            return _assigned_to(each.value, reader)
        case "to":
            beginning = each.value.lower()
            told = Participant.objects.filter(Q(email__startswith=beginning) | Q(name__istartswith=beginning))
            return Q(pk__in=told.order_by().values("ticket"))
        case "has":
            which = Q(kind=MessageKind.NOTE) if each.value == "note" else Q(files__gt=0)
            return Q(pk__in=Message.objects.filter(which).order_by().values("ticket"))
        case "before" | "after":
            day = read_day(each.value)
            assert day is not None  # rules.OPERATORS
            begins = datetime.combine(day, time(), tzinfo=zone)
            return Q(opened_at__lt=begins) if each.name == "before" else Q(opened_at__gte=begins + timedelta(days=1))
    return Q(pk=None)


def _assigned_to(value: str, reader: Person | None) -> Q:
    if value in ("nobody", "none"):
        return Q(assignee=None)
    if value == "me":
        return Q(assignee=reader)
    named = Q(email__istartswith=value) | Q(name__folds=value)
    return Q(assignee__in=technicians().filter(named).order_by().values("pk"))
