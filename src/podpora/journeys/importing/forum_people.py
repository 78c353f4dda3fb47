"""The forum's members and categories of an older system, or of an export; and what members wanted to hear."""

from datetime import datetime
from typing import Any

from django.db import transaction

from podpora.base.actors import Actor
from podpora.base.errors import InvalidInput
from podpora.catalog.models import Product
from podpora.forum import actions, queries, rules
from podpora.forum.actions import CategoryWish
from podpora.forum.models import Category, Member
from podpora.forum.values import Level, OldLevel, OldMember, OldPenalty, Penalty, Trust
from podpora.jobs import queries as known_names
from podpora.journeys.importing.reading import Outcome, Reader, Row, Sources, known, remember
from podpora.people import actions as people
from podpora.people import queries as persons
from podpora.people.models import Person

MEMBER_KIND, CATEGORY_KIND, TOPIC_KIND = "forum_member", "forum_category", "topic"
FIGURES = (
    "days_visited", "topics_entered", "posts_read", "seconds_read", "votes_given", "votes_received", "flags_agreed", "flags_disagreed",
    "flagged",
)  # fmt: skip
MEMBER = (
    *("external_id", "email", "name", "handle", "about", "joined_at", "last_seen_at", "trust", "trust_by_hand", "shows_customer"),
    *("shows_vip", "digest_days", "penalties", "following", "old_addresses", *FIGURES),
)
MEMBER_READ_OVER = ("topics", "posts", "solutions", "customer", "vip")
PENALTY = ("kind", "why", "since_at", "until_at", "lifted_at", "by")
LEVEL = ("topic", "category", "tag", "level", "by_hand", "since")
CATEGORY = (
    *("external_id", "code", "name", "name_cs", "name_en", "text_cs", "text_en", "icon", "product", "language", "reads", "writes"),
    *("solving", "is_open", "by_mail", "close_after_hours", "position", "old_addresses"),
)
CATEGORY_READ_OVER = ("topics", "posts")


@transaction.atomic
def bring_in_member(row: Row, sources: Sources, *, by: Actor, at: datetime) -> Outcome:
    """One member. Somebody with this address who is here already is he, with the face that he has here."""
    read = Reader(row, (*MEMBER, *MEMBER_READ_OVER))
    external_id = read.text("external_id", most=100, required=True)
    email, name = read.text("email", most=254, required=True), read.text("name", most=80)
    joined_at = read.instant("joined_at") or at
    handle = rules.slug_of(read.text("handle", most=60) or name or external_id, longest=30)
    digest = read.number("digest_days", least=0, most=30, usual=7)
    penalties = tuple(filter(None, (_penalty(read, told, n) for n, told in enumerate(read.rows("penalties")))))
    old = OldMember(
        handle=handle, name=name or external_id, joined_at=joined_at, about=read.text("about", most=500),
        trust=Trust(read.number("trust", least=0, most=2, usual=0)), trust_by_hand=read.flag("trust_by_hand"),
        shows_customer=read.flag("shows_customer"), shows_vip=read.flag("shows_vip"), digest_days=digest,
        figures={field: read.number(field, least=0, most=2_000_000_000, usual=0) for field in FIGURES},
        last_seen_at=read.instant("last_seen_at"), penalties=penalties, old_addresses=read.words("old_addresses"),
    )  # fmt: skip
    read.or_refuse()
    if there := known(MEMBER_KIND, external_id, row):
        return there
    person = person_of(email, name, by=by, at=at)
    if person is None:
        raise InvalidInput({"email": ["taken"]})
    member = actions.import_member(person, old, by=by, at=at)
    return remember(MEMBER_KIND, external_id, member.handle, row, at=at)


def _penalty(read: Reader, told: Row, number: int) -> OldPenalty | None:
    part = Reader(told, PENALTY)
    kind, since_at = part.text("kind", most=10, required=True), part.instant("since_at", required=True)
    if kind not in list(Penalty):
        part.problems.add("kind", "unknown", choices=", ".join(Penalty))
    why, by = part.text("why", most=300), part.text("by", most=200)
    until_at, lifted_at = part.instant("until_at"), part.instant("lifted_at")
    read.problems.include(InvalidInput(part.problems.fields, part.problems.facts), inside=f"penalties.{number}.")
    return None if part.problems.fields or since_at is None else OldPenalty(Penalty(kind), why, since_at, by, until_at, lifted_at)


def person_of(email: str, name: str, *, by: Actor, at: datetime) -> Person | None:
    """Who has this address; nobody yet: a guest, who can sign in when he has proven it. None: somebody whose account is closed."""
    address = persons.current_address(email.strip().lower())
    found = persons.person_by_email(address)
    if found is None:
        found = people.ensure_customer(email=email, name=name, by=by, at=at).person
    return found if found is not None and found.is_active else None


def member_named(name: str) -> Member | None:
    """By the name of the other system, or by the handle here."""
    there = known_names.outside_name(MEMBER_KIND, name)
    return Member.objects.select_related("person").filter(handle=there.code if there else name.lower()[:30]).first()


@transaction.atomic
def bring_in_levels(row: Row, sources: Sources, *, by: Actor, at: datetime) -> Outcome:
    """What a member wanted to hear, after the topics are in. Of what is not here, nothing."""
    external_id = str(row.get("external_id") or "")[:100]
    member = member_named(external_id) if external_id else None
    if member is None or not row.get("following"):
        return Outcome("", False)
    levels = [found for told in Reader(row, row).rows("following") if (found := _level(told, at))]
    return Outcome(member.handle, actions.import_levels(member.person, levels) > 0)


def _level(told: Row, at: datetime) -> OldLevel | None:
    part = Reader(told, LEVEL)
    level = Level(part.number("level", least=0, most=3, usual=1))
    tag, since = part.text("tag", most=30), part.instant("since") or at
    common: dict[str, Any] = {"level": level, "by_hand": part.flag("by_hand"), "since": since}
    if name := part.text("topic", most=100):
        topic = topic_named(name)
        return OldLevel(topic=topic, **common) if topic else None
    if name := part.text("category", most=100):
        category = category_named(name)
        return OldLevel(category=category.pk, **common) if category else None
    return OldLevel(tag=tag, **common) if rules.tag_of(tag) == tag else None


def topic_named(name: str) -> int | None:
    """The key of a topic that came in under this name."""
    there = known_names.outside_name(TOPIC_KIND, name)
    return queries.key_of_topic(int(there.code)) if there else None


def category_named(name: str) -> Category | None:
    """By the name of the other system, or by the code here."""
    there = known_names.outside_name(CATEGORY_KIND, name)
    return queries.any_category(there.code if there else name)


@transaction.atomic
def bring_in_category(row: Row, sources: Sources, *, by: Actor, at: datetime) -> Outcome:
    """One category; one with this code that is here already is it, as it is here."""
    read = Reader(row, (*CATEGORY, *CATEGORY_READ_OVER))
    external_id, name = read.text("external_id", most=100, required=True), read.text("name", most=80)
    name_cs, name_en = read.text("name_cs", most=80) or name, read.text("name_en", most=80) or name
    code = rules.slug_of(read.text("code", most=80) or name_en or name_cs or external_id, longest=40)
    hours = read.number("close_after_hours", least=1, most=10_000, usual=0)
    product = _product(read)
    reach = {field: value for field in ("reads", "writes") if (value := read.text(field, most=10))}
    wish = CategoryWish(
        code, name_cs or name_en, name_en or name_cs, read.text("text_cs", most=300), read.text("text_en", most=300),
        read.text("icon", most=40) or "messages-square", read.text("language", most=5), **reach,
        solving=read.flag("solving", usual=True), is_open=read.flag("is_open", usual=True), by_mail=read.flag("by_mail"),
        close_after_hours=hours or None, position=read.number("position", least=0, most=10_000, usual=0),
    )  # fmt: skip
    paths = read.words("old_addresses")
    read.or_refuse()
    if there := known(CATEGORY_KIND, external_id, row):
        return there
    category = queries.any_category(code)
    is_new = category is None
    if category is None:
        category = actions.save_category(wish, product=product, by=by, at=at)
    actions.lead_category(category, paths)
    return Outcome(remember(CATEGORY_KIND, external_id, category.code, row, at=at).code, is_new)


def _product(read: Reader) -> Product | None:
    told = read.text("product", most=40)
    found = Product.objects.filter(code=told).first() if told else None
    if told and found is None:
        read.problems.add("product", "unknown")
    return found
