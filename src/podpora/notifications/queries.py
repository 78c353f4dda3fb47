"""Reading notifications: the inbox, its count, and who wants what by mail."""

from collections.abc import Iterable

from django.db.models import QuerySet

from podpora.notifications import values
from podpora.notifications.models import InboxEntry, Preference
from podpora.notifications.values import Kind


def inbox_of(person_id: int) -> QuerySet[InboxEntry]:
    """Newest first."""
    return InboxEntry.objects.filter(person_id=person_id).order_by("-id")


def unread_count(person_id: int) -> int:
    """For the bell; one query over a small index."""
    return InboxEntry.objects.filter(person_id=person_id, read_at=None).count()


def preferences_of(person_id: int, *, staff: bool = False) -> list[tuple[Kind, bool]]:
    """(kind, by mail?) of everything that may be muted, in the order of names."""
    muted = set(Preference.objects.filter(person_id=person_id, by_mail=False).values_list("kind", flat=True))
    shown = [kind for kind in values.kinds().values() if kind.can_mute and (staff or not kind.staff)]
    return [(kind, kind.name not in muted) for kind in sorted(shown, key=lambda kind: kind.name)]


def muted_by(person_ids: Iterable[int], kind: Kind) -> set[int]:
    """Who of these persons does not want this kind by mail."""
    ids = list(person_ids)
    if not kind.can_mute or not ids:
        return set()
    found = Preference.objects.filter(person_id__in=ids, kind=kind.name, by_mail=False)
    return set(found.values_list("person_id", flat=True))
