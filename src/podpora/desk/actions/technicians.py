"""What technicians can do, how much they take, and when they are away."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import transaction

from podpora.audit.actions import record
from podpora.base.actors import Actor
from podpora.base.clock import vendor_date
from podpora.base.decisions import refuse
from podpora.base.errors import InvalidInput
from podpora.catalog.models import Product
from podpora.desk import queries
from podpora.desk.models import Absence, Calendar, Queue, Skill, TechnicianProfile
from podpora.desk.values import LONGEST_ABSENCE, AbsenceWish, ProfileWish
from podpora.people.models import Person


@transaction.atomic
def set_profile(person: Person, wish: ProfileWish, *, by: Actor, at: datetime) -> TechnicianProfile:
    """Skills, languages, how many running tickets at most, and the hours in which new ones come."""
    skills = list(Skill.objects.filter(code__in=wish.skills))
    calendar = Calendar.objects.filter(code=wish.calendar).first() if wish.calendar else None
    languages = sorted({language.strip().lower() for language in wish.languages if language.strip()})
    problems: dict[str, list[str]] = {}
    if len(skills) < len(set(wish.skills)):
        problems["skills"] = ["unknown"]
    if wish.calendar and calendar is None:
        problems["calendar"] = ["unknown"]
    if any(len(language) != 2 or not language.isalpha() for language in languages):
        problems["languages"] = ["not_valid"]
    if wish.cap is not None and not 1 <= wish.cap <= 1000:
        problems["cap"] = ["out_of_range"]
    if problems:
        raise InvalidInput(problems)
    row, _ = TechnicianProfile.objects.select_for_update().get_or_create(person=person)
    row.cap, row.calendar, row.languages = wish.cap, calendar, languages
    row.save()
    row.skills.set(skills)
    after = {"skills": sorted(skill.code for skill in skills), "languages": languages, "cap": wish.cap, "calendar": wish.calendar}
    record("technician.profile", f"person:{person.code}", by=by, at=at, after=after)
    return row


@transaction.atomic
def save_skill(
    code: str, names: tuple[str, str], *, queues: Sequence[str] = (), products: Sequence[str] = (), platforms: Sequence[str] = (),
    by: Actor, at: datetime,
) -> Skill:  # fmt: skip
    """Make a skill or change it. Tickets of its queues, its products or about its platforms go only to those who have it."""
    name_cs, name_en = (" ".join(name.split()) for name in names)
    problems = {name: ["required"] for name, value in {"code": code, "name_cs": name_cs, "name_en": name_en}.items() if not value}
    found_queues, found_products = list(Queue.objects.filter(code__in=queues)), list(Product.objects.filter(code__in=products))
    if len(found_queues) < len(set(queues)):
        problems["queues"] = ["unknown"]
    if len(found_products) < len(set(products)):
        problems["products"] = ["unknown"]
    if problems:
        raise InvalidInput(problems)
    words = sorted({word.strip().lower()[:40] for word in platforms if word.strip()})[:20]
    before = _skill_facts(Skill.objects.filter(code=code).first())
    row, _ = Skill.objects.update_or_create(code=code, defaults={"name_cs": name_cs, "name_en": name_en, "platforms": words})
    row.queues.set(found_queues)
    row.products.set(found_products)
    after = _skill_facts(row)
    if before != after:
        record("skill.saved", f"skill:{code}", by=by, at=at, before=before, after=after)
    return row


def _skill_facts(row: Skill | None) -> dict[str, Any] | None:
    if row is None:
        return None
    codes = {
        "queues": sorted(row.queues.values_list("code", flat=True)),
        "products": sorted(row.products.values_list("code", flat=True)),
    }
    return {"names": [row.name_cs, row.name_en], "platforms": row.platforms, **codes}


@transaction.atomic
def delete_skill(row: Skill, *, by: Actor, at: datetime) -> None:
    """Only one that nobody has: else tickets would go to people who were not chosen for them."""
    used = [str(profile.person) for profile in row.profiles.select_related("person")]
    if used:
        refuse("skill.in_use", used_by=", ".join(sorted(used))).or_refuse()
    record("skill.deleted", f"skill:{row.code}", by=by, at=at)
    row.delete()


@transaction.atomic
def add_absence(person: Person, wish: AbsenceWish, *, by: Actor, at: datetime) -> Absence:
    """AS-2: days without new tickets; whoever stands in is told of his, and finds them in a view of his own."""
    Person.objects.select_for_update().get(pk=person.pk)
    stand_in = _checked(person, wish, None)
    row = Absence.objects.create(
        person=person, starts_on=wish.starts_on, ends_on=wish.ends_on, stand_in=stand_in, note=" ".join(wish.note.split())[:200]
    )
    record("absence.added", f"person:{person.code}", by=by, at=at, facts=_facts(row))
    return row


@transaction.atomic
def change_absence(row: Absence, wish: AbsenceWish, *, by: Actor, at: datetime) -> Absence:
    """Other days or somebody else. One that is over stays as it was."""
    row = Absence.objects.select_for_update(of=("self",)).select_related("person", "stand_in").get(pk=row.pk)
    _still_open(row, at)
    before, stand_in = _facts(row), _checked(row.person, wish, row)
    row.starts_on, row.ends_on, row.stand_in, row.note = wish.starts_on, wish.ends_on, stand_in, " ".join(wish.note.split())[:200]
    row.save()
    record("absence.changed", f"person:{row.person.code}", by=by, at=at, before=before, after=_facts(row))
    return row


@transaction.atomic
def end_absence(row: Absence, *, by: Actor, at: datetime) -> None:
    """Back earlier, or not away at all. What was before today stays in the books."""
    row = Absence.objects.select_for_update(of=("self",)).select_related("person", "stand_in").get(pk=row.pk)
    _still_open(row, at)
    today = vendor_date(at, settings.VENDOR_ZONE)
    record("absence.ended", f"person:{row.person.code}", by=by, at=at, before=_facts(row))
    if row.starts_on >= today:
        row.delete()
    else:
        row.ends_on = date.fromordinal(today.toordinal() - 1)
        row.save(update_fields=["ends_on"])


def _still_open(row: Absence, at: datetime) -> None:
    if row.ends_on < vendor_date(at, settings.VENDOR_ZONE):
        refuse("absence.over").or_refuse()


def _checked(person: Person, wish: AbsenceWish, row: Absence | None) -> Person | None:
    problems: dict[str, list[str]] = {}
    stand_in = queries.technicians().filter(code=wish.stand_in).first() if wish.stand_in else None
    if wish.stand_in and stand_in is None:
        problems["stand_in"] = ["unknown"]
    elif stand_in == person:
        problems["stand_in"] = ["absence.stand_in_self"]
    if wish.ends_on < wish.starts_on:
        problems["ends_on"] = ["absence.backwards"]
    elif (wish.ends_on - wish.starts_on).days >= LONGEST_ABSENCE:
        problems["ends_on"] = ["absence.too_long"]
    else:
        others = Absence.objects.filter(person=person, starts_on__lte=wish.ends_on, ends_on__gte=wish.starts_on)
        if (others.exclude(pk=row.pk) if row else others).exists():
            problems["starts_on"] = ["absence.overlaps"]
    if problems:
        raise InvalidInput(problems)
    return stand_in


def _facts(row: Absence) -> dict[str, str | None]:
    days = {"from": row.starts_on.isoformat(), "to": row.ends_on.isoformat()}
    return {"absence": row.code, **days, "stand_in": row.stand_in.code if row.stand_in else None}
