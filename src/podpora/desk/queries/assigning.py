"""Who may get a ticket now; who is away and who stands in."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.db.models import Count, Prefetch, Q, QuerySet

from podpora.base.clock import vendor_date
from podpora.base.errors import NotYours
from podpora.desk.models import Absence, Queue, Skill, TechnicianProfile, Ticket
from podpora.desk.queries.promises import calendars_in_full, service_calendar
from podpora.desk.queries.queues import ANSWERING_ROLES, technicians
from podpora.desk.rules import RANK_WAITING, is_open, stand_in_for
from podpora.desk.values import Candidate, Need
from podpora.people.models import Person

# SLA-20: a ticket that waits for the customer is nobody's load.
RUNNING = Q(rank__lt=RANK_WAITING) | Q(due_at__isnull=False)


def loads(people: Iterable[int]) -> dict[int, int]:
    """How many tickets of each technician have a clock that runs, or wait for our word."""
    rows = Ticket.objects.filter(RUNNING, assignee__in=list(people), rank__lt=200)
    return dict(rows.order_by().values_list("assignee").annotate(n=Count("pk")))


def candidates(queue: Queue, ticket: Ticket, *, at: datetime) -> list[Candidate]:
    """Those who serve the queue and are present, without the ticket's own side, as the rule sees them.

    A queue without members is served by all technicians (not by managers, who take tickets by hand).
    """
    present = Person.objects.filter(is_active=True, is_present=True).exclude(memberships__customer=ticket.customer_id)
    if queue.members.exists():
        present = present.filter(queues=queue, staff_role__in=ANSWERING_ROLES)
    else:
        present = present.filter(staff_role="technician")
    ids = list(present.order_by("pk").values_list("pk", flat=True))
    away, load, profiles = away_on(vendor_date(at, settings.VENDOR_ZONE)), loads(ids), _profiles(ids)
    working = _working({profile.calendar_id for profile in profiles.values() if profile.calendar_id}, at)
    return [_candidate(person, profiles.get(person), load.get(person, 0), away, working) for person in ids]


def _candidate(
    person: int, profile: TechnicianProfile | None, load: int, away: dict[int, int | None], working: set[int]
) -> Candidate:
    if profile is None:
        return Candidate(person, load, is_away=person in away)
    return Candidate(
        person,
        load,
        profile.cap,
        frozenset(skill.code for skill in profile.skills.all()),
        frozenset(profile.languages),
        person in away,
        profile.calendar_id is None or profile.calendar_id in working,
    )


def _profiles(ids: Sequence[int]) -> dict[int, TechnicianProfile]:
    rows = TechnicianProfile.objects.filter(person__in=ids).prefetch_related("skills")
    return {row.person_id: row for row in rows}


def _working(calendars: set[int], at: datetime) -> set[int]:
    """Which of these calendars are open now."""
    if not calendars:
        return set()
    return {row.pk for row in calendars_in_full().filter(pk__in=calendars) if is_open(service_calendar(row), at)}


def need_of(ticket: Ticket) -> Need:
    """The skills that a ticket needs: of its queue, its product, its platform; and its language."""
    asked = set()
    platform = ticket.platform.lower()
    for skill in Skill.objects.prefetch_related("queues", "products"):
        fits_queue = ticket.queue_id in {queue.pk for queue in skill.queues.all()}
        fits_product = ticket.product_id in {product.pk for product in skill.products.all()}
        if fits_queue or fits_product or any(word.lower() in platform for word in skill.platforms if platform):
            asked.add(skill.code)
    return Need(frozenset(asked), ticket.language)


def away_on(on: date) -> dict[int, int | None]:
    """Who is absent on a date of the vendor's, with his stand-in."""
    rows = Absence.objects.filter(starts_on__lte=on, ends_on__gte=on).order_by("pk")
    return dict(rows.values_list("person", "stand_in"))


def stand_in_of(person: Person, *, at: datetime) -> Person | None:
    """AS-2: who does this technician's work today; None if he is there himself, or nobody stands in."""
    away = away_on(vendor_date(at, settings.VENDOR_ZONE))
    found = stand_in_for(person.pk, away) if person.pk in away else None
    return technicians().filter(pk=found).first() if found else None


def absent_for(person: Person, *, at: datetime) -> list[int]:
    """AS-2: the absent colleagues whose work is this technician's today, also through others."""
    away = away_on(vendor_date(at, settings.VENDOR_ZONE))
    return [absent for absent in away if stand_in_for(absent, away) == person.pk]


def people_stood_in_for(person: Person, *, at: datetime) -> list[Person]:
    """The same as people."""
    return list(Person.objects.filter(pk__in=absent_for(person, at=at)).order_by("name", "pk"))


def absences(person: Person | None = None, *, since: date) -> QuerySet[Absence]:
    """Absences that last or come, of one technician or of all."""
    rows = Absence.objects.filter(ends_on__gte=since).select_related("person", "stand_in").order_by("starts_on", "pk")
    return rows.filter(person=person) if person is not None else rows


def absence(code: str) -> Absence:
    """The absence with this code; raises NotYours."""
    rows = Absence.objects.select_related("person", "stand_in")
    found = rows.filter(code=code[:20]).first() if "\x00" not in code else None
    if found is None:
        raise NotYours
    return found


def skills() -> QuerySet[Skill]:
    return Skill.objects.prefetch_related("queues", "products")


def skill(code: str) -> Skill:
    """The skill with this code; raises NotYours."""
    found = skills().filter(code=code[:40]).first() if "\x00" not in code else None
    if found is None:
        raise NotYours
    return found


def technician(code: str) -> Person:
    """The technician with this code; raises NotYours."""
    found = technicians().filter(code=code[:20]).first() if "\x00" not in code else None
    if found is None:
        raise NotYours
    return found


def profile_of(person: Person) -> TechnicianProfile:
    """What a technician can do and how much he takes; one that was never said is empty and not stored."""
    rows = TechnicianProfile.objects.select_related("calendar").prefetch_related("skills")
    return rows.filter(person=person).first() or TechnicianProfile(person=person)


@dataclass(frozen=True, slots=True)
class TechnicianRow:
    """A technician for the page that lists them."""

    person: Person
    load: int
    profile: TechnicianProfile | None
    absences: Sequence[Absence]


def technician_rows(*, at: datetime) -> list[TechnicianRow]:
    """Everybody who answers tickets, with load (SLA-20), skills and absences. Five statements."""
    profiles = Prefetch("skills", queryset=Skill.objects.order_by("code"))
    people = list(technicians())
    rows = TechnicianProfile.objects.select_related("calendar").prefetch_related(profiles)
    known = {row.person_id: row for row in rows.filter(person__in=people)}
    away: dict[int, list[Absence]] = defaultdict(list)
    for each in absences(since=vendor_date(at, settings.VENDOR_ZONE)):
        away[each.person_id].append(each)
    load = loads(person.pk for person in people)
    return [TechnicianRow(person, load.get(person.pk, 0), known.get(person.pk), away[person.pk]) for person in people]
