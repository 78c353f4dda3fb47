"""Faces of people in the forum: the name, what they let be seen, how far they are trusted, silence."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F

from podpora.audit.actions import record
from podpora.base.actors import Actor
from podpora.base.clock import vendor_date
from podpora.base.codes import random_part
from podpora.base.errors import InvalidInput, NotYours, Problems
from podpora.base.lines import one_line
from podpora.forum import notices, rules
from podpora.forum.models import Member, Penalised, Post, Topic
from podpora.forum.values import HANDLE_LENGTH, Penalty, Trust
from podpora.people.models import Person

SENT_TWICE = timedelta(minutes=1)


def member_of(person: Person, *, at: datetime) -> Member:
    """The person's face, made at the first need. Never of his address: without a name he is a member like others (S57)."""
    found = Member.objects.select_related("person").filter(person=person).first()
    if found is not None:
        return found
    trust = rules.starts_at(is_customer=False, members=Member.objects.count())
    name = person.name.strip()[:80] or "Member"
    base = rules.handle_from(person.name)
    for _attempt in range(5):
        handle = base if base != "member" and _attempt == 0 else f"{base}-{random_part(5).lower()}"
        fresh = Member(person=person, handle=handle, name=name, trust=trust, joined_at=at, last_seen_at=at)
        Member.objects.bulk_create([fresh], ignore_conflicts=True)
        found = Member.objects.select_related("person").filter(person=person).first()
        if found is not None:
            return found
    raise RuntimeError("no handle was free")


@dataclass(frozen=True, slots=True)
class Face:
    """What a person wants of his face."""

    handle: str
    name: str
    about: str = ""
    shows_customer: bool = False
    shows_vip: bool = False
    digest_days: int = 7


@transaction.atomic
def change_face(person: Person, face: Face, *, by: Actor, at: datetime) -> Member:
    """His own profile. The name stands beside everything that he wrote. Raises InvalidInput."""
    member = Member.objects.select_for_update().get(pk=member_of(person, at=at).pk)
    problems = Problems()
    name = one_line(face.name)
    if not name or len(name) > 80 or "\x00" in face.name:
        problems.add("name", "required" if not name else "too_long" if len(name) > 80 else "forum.not_text")
    if len(face.about) > 500 or "\x00" in face.about:
        problems.add("about", "too_long" if len(face.about) > 500 else "forum.not_text")
    if len(face.handle) > HANDLE_LENGTH or not rules.is_handle(face.handle):
        problems.add("handle", "forum.handle_form")
    elif Member.objects.filter(handle=face.handle).exclude(pk=member.pk).exists():
        problems.add("handle", "forum.handle_taken")
    if face.digest_days not in (0, 1, 7, 14, 30):
        problems.add("digest_days", "unknown")
    problems.or_refuse()
    before = {"handle": member.handle, "name": member.name}
    member.handle, member.name, member.about = face.handle, name, face.about.strip()
    member.shows_customer, member.shows_vip, member.digest_days = face.shows_customer, face.shows_vip, face.digest_days
    member.save()
    if before["name"] != name:
        Post.objects.filter(author=person).update(author_name=name)
        Topic.objects.filter(author=person).update(author_name=name)
        Topic.objects.filter(last_author=person).update(last_author_name=name)
    after = {"handle": member.handle, "name": member.name}
    if before != after:
        record("forum.face", f"person:{person.code}", by=by, at=at, before=before, after=after)
    return member


@transaction.atomic
def note_visit(person: Person, *, at: datetime) -> None:
    """Once a day: he was here (FO-11, FO-22). Between that, nothing is written but his last minute every quarter of an hour."""
    member = member_of(person, at=at)
    today = vendor_date(at, settings.VENDOR_ZONE)
    if member.seen_on != today:
        Member.objects.filter(pk=member.pk).update(seen_on=today, days_visited=F("days_visited") + 1, last_seen_at=at)
        renew_trust(Member.objects.select_related("person").get(pk=member.pk), at=at)
    elif (at - member.last_seen_at).total_seconds() > 900:
        Member.objects.filter(pk=member.pk).update(last_seen_at=at)


def renew_trust(member: Member, *, at: datetime) -> None:
    """FO-11: what he earned. Nobody sinks by himself; what a moderator set stays."""
    if member.trust_by_hand:
        return
    answered = Topic.objects.filter(posts__author=member.person_id).exclude(author=member.person_id).distinct()
    standing = rules.Standing(
        member.joined_at, member.topics_entered, member.posts_read, member.seconds_read, member.days_visited, member.votes_given,
        member.votes_received, answered.count() if member.trust == Trust.MEMBER else 0, member.flagged,
    )  # fmt: skip
    trust = rules.trust_after(Trust(member.trust), standing, is_customer=member.is_customer, members=Member.objects.count(), at=at)
    if trust != member.trust:
        Member.objects.filter(pk=member.pk).update(trust=trust)


@transaction.atomic
def set_trust(member: Member, trust: Trust, *, by: Actor, at: datetime) -> Member:
    """A moderator's decision; it stays until he takes it back."""
    member = Member.objects.select_for_update(of=("self",)).select_related("person").get(pk=member.pk)
    before = member.trust
    if (before, member.trust_by_hand) == (trust, True):
        return member
    member.trust, member.trust_by_hand = trust, True
    member.save(update_fields=["trust", "trust_by_hand"])
    record("forum.trust", f"person:{member.person.code}", by=by, at=at, before={"trust": before}, after={"trust": int(trust)})
    return member


@transaction.atomic
def set_rights(person_id: int, *, is_customer: bool, is_vip: bool, at: datetime) -> bool:
    """FB-1: what the person has by his licences, for his badges and circles; kept by a journey. True when it changed."""
    member = Member.objects.select_for_update(of=("self",)).select_related("person").filter(person=person_id).first()
    if member is None or (member.is_customer, member.is_vip) == (is_customer, is_vip):
        return False
    member.is_customer, member.is_vip = is_customer, is_vip
    member.save(update_fields=["is_customer", "is_vip"])
    renew_trust(member, at=at)
    return True


@transaction.atomic
def penalise(member: Member, kind: Penalty, *, until_at: datetime | None, why: str, by: Actor, at: datetime) -> Penalised:
    """Silence or suspend somebody, until when and why; he is told. Raises InvalidInput."""
    why = " ".join(why.split())[:300]
    if not why:
        raise InvalidInput({"why": ["required"]})
    if until_at is not None and until_at <= at:
        raise InvalidInput({"until": ["not_valid"]})
    if member.facts().is_staff:
        raise NotYours
    given = Penalised.objects.filter(person=member.person, kind=kind, lifted_at=None, why=why, by_name=by.name[:200]).first()
    if given is not None and _is_the_same(given.until_at, until_at) and at - given.since_at < SENT_TWICE:
        return given  # the form was sent twice (S21)
    found, _made = Penalised.objects.update_or_create(
        person=member.person, kind=kind, lifted_at=None,
        defaults={"until_at": until_at, "why": why, "since_at": at, "by_name": by.name[:200]},
    )  # fmt: skip
    record(
        "forum.penalised", f"person:{member.person.code}", by=by, at=at, facts={"kind": kind.value, "until": until_at, "why": why}
    )
    notices.penalised(member, found, at=at)
    return found


def _is_the_same(first: datetime | None, second: datetime | None) -> bool:
    """Two ends that were counted from the moment of sending."""
    return first == second if first is None or second is None else abs(first - second) < SENT_TWICE


@transaction.atomic
def lift(member: Member, *, by: Actor, at: datetime) -> int:
    """End every silence and suspension of this member. How many."""
    count = Penalised.objects.filter(person=member.person, lifted_at=None).update(lifted_at=at)
    if count:
        record("forum.lifted", f"person:{member.person.code}", by=by, at=at)
    return count
