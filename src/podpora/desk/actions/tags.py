"""Tags: put on tickets, renamed, merged, coloured, switched off."""

import re
from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from podpora.audit.actions import record
from podpora.base.actors import Actor
from podpora.base.errors import InvalidInput
from podpora.desk.actions.happening import happened
from podpora.desk.actions.writing import locked, note_event
from podpora.desk.models import Tag, Ticket, TicketTag
from podpora.desk.values import MOST_TAGS, Event, Happening, HappeningKind, TagColour

_NAME = re.compile(r"\w[\w .+#/-]{0,39}")


def tag_name(given: str) -> str:
    """The one form of a tag's name: small letters, single blanks. InvalidInput for what is none."""
    name = " ".join(given.lower().split())
    if not _NAME.fullmatch(name):
        raise InvalidInput({"tags": ["tag.not_a_name"]})
    return name


@transaction.atomic
def change_tags(ticket: Ticket, *, add: Iterable[str] = (), remove: Iterable[str] = (), by: Actor, at: datetime) -> Ticket:
    """Put tags on a ticket and take others off. What it has already, or has not, is left alone."""
    added, removed = [tag_name(name) for name in add], [tag_name(name) for name in remove]
    ticket = locked(ticket)
    before = _names(ticket)
    wanted = [name for name in dict.fromkeys(added) if name not in before and name not in removed]
    gone = [name for name in dict.fromkeys(removed) if name in before]
    if len(before) + len(wanted) - len(gone) > MOST_TAGS:
        raise InvalidInput({"tags": ["tag.too_many"]})
    if not wanted and not gone:
        return ticket
    for name in wanted:
        TicketTag.objects.get_or_create(ticket=ticket, tag=_tag(name, by=by, at=at))
    TicketTag.objects.filter(ticket=ticket, tag__name__in=gone).delete()
    for event, names in ((Event.TAGGED, wanted), (Event.UNTAGGED, gone)):
        if names:
            note_event(ticket, event, by=by, at=at, to=", ".join(names))
    after = _names(ticket)
    record("ticket.tags", ticket, by=by, at=at, before={"tags": before}, after={"tags": after})
    happened(ticket, Happening(HappeningKind.TAGS, before=before, after=after), by=by, at=at)
    return ticket


@transaction.atomic
def set_tags(ticket: Ticket, names: Iterable[str], *, by: Actor, at: datetime) -> Ticket:
    """Exactly these tags."""
    wanted = {tag_name(name) for name in names}
    before = set(_names(locked(ticket)))
    return change_tags(ticket, add=sorted(wanted - before), remove=sorted(before - wanted), by=by, at=at)


def _names(ticket: Ticket) -> list[str]:
    return list(TicketTag.objects.filter(ticket=ticket).order_by("tag__name").values_list("tag__name", flat=True))


def _tag(name: str, *, by: Actor, at: datetime) -> Tag:
    tag, is_new = Tag.objects.get_or_create(name=name)
    if is_new:
        record("tag.made", f"tag:{name}", by=by, at=at)
    elif not tag.is_active:
        Tag.objects.filter(pk=tag.pk).update(is_active=True)
    return tag


@transaction.atomic
def save_tag(name: str, *, colour: TagColour, is_active: bool, new_name: str = "", by: Actor, at: datetime) -> Tag:
    """A new tag, or another colour or name for one. Its tickets keep it. InvalidInput for a name that another one has: merge them."""
    name, new_name = tag_name(name), tag_name(new_name or name)
    tag = Tag.objects.select_for_update().filter(name=name).first() or Tag(name=name)
    if new_name != name and Tag.objects.filter(name=new_name).exists():
        raise InvalidInput({"name": ["taken"]})
    before = {"name": tag.name, "colour": str(tag.colour), "active": tag.is_active} if tag.pk else None
    tag.name, tag.colour, tag.is_active = new_name, colour, is_active
    tag.save()
    after = {"name": new_name, "colour": colour.value, "active": is_active}
    if before != after:
        record("tag.changed" if before else "tag.made", f"tag:{new_name}", by=by, at=at, before=before, after=after)
    return tag


@transaction.atomic
def merge_tags(source: Tag, target: Tag, *, by: Actor, at: datetime) -> int:
    """All tickets of one tag get the other one, and the first is gone. How many tickets changed."""
    if source.pk == target.pk:
        raise InvalidInput({"into": ["not_valid"]})
    list(Tag.objects.select_for_update().filter(pk__in=[source.pk, target.pk]).order_by("pk"))
    has_both = TicketTag.objects.filter(tag=target).values("ticket")
    moved = TicketTag.objects.filter(tag=source).exclude(ticket__in=has_both).update(tag=target)
    Tag.objects.filter(pk=source.pk).delete()
    record("tag.merged", f"tag:{target.name}", by=by, at=at, facts={"was": source.name, "tickets": moved})
    return moved
