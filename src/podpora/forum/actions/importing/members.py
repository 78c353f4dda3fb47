"""Faces of another forum, and what their people wanted to hear."""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime

from django.db import transaction

from podpora.audit.actions import record
from podpora.base.actors import Actor
from podpora.base.codes import random_part
from podpora.forum import rules
from podpora.forum.actions.importing.leading import lead
from podpora.forum.actions.members import member_of
from podpora.forum.models import Member, Penalised, Subscription
from podpora.forum.values import HANDLE_LENGTH, OldLevel, OldMember
from podpora.people.models import Person


@transaction.atomic
def import_member(person: Person, old: OldMember, *, by: Actor, at: datetime) -> Member:
    """The face of this person. He may have one: then only what is empty on it is filled in; penalties come in either way."""
    is_new = not Member.objects.filter(person=person).exists()
    member = member_of(person, at=at)
    if is_new:
        member.handle, member.name = _free_handle(old.handle, member), old.name.strip()[:80] or member.name
        member.joined_at, member.last_seen_at = min(old.joined_at, at), min(old.last_seen_at or old.joined_at, at)
        member.trust, member.trust_by_hand = max(old.trust, member.trust), old.trust_by_hand
        member.shows_customer, member.shows_vip, member.digest_days = old.shows_customer, old.shows_vip, old.digest_days
        for name, value in old.figures.items():
            setattr(member, name, value)
    member.about = member.about or old.about[:500]
    member.save()
    for told in old.penalties:
        if told.lifted_at or not Penalised.objects.filter(person=person, kind=told.kind, lifted_at=None).exists():
            Penalised.objects.create(person=person, **asdict(told))
    for path in old.old_addresses:
        lead(path, member=member)
    record("forum.member_imported", f"person:{person.code}", by=by, at=at, facts={"handle": member.handle})
    return member


def _free_handle(wanted: str, member: Member) -> str:
    base = wanted if rules.is_handle(wanted) else rules.handle_from(wanted)
    for handle in (base, f"{base[: HANDLE_LENGTH - 6]}-{random_part(5).lower()}"):
        if handle != "member" and not Member.objects.filter(handle=handle).exclude(pk=member.pk).exists():
            return handle
    return member.handle


@transaction.atomic
def import_levels(person: Person, levels: Iterable[OldLevel]) -> int:
    """What he wanted to hear; what he has set here stays. How many."""
    count = 0
    for old in levels:
        place = {"topic_id": old.topic, "category_id": old.category, "tag": old.tag}
        wanted = {"level": old.level, "by_hand": old.by_hand, "since": old.since}
        count += Subscription.objects.get_or_create(person=person, **place, defaults=wanted)[1]
    return count
