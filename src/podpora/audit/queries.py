"""Reading the audit and the webhooks."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet

from podpora.audit import rules, values
from podpora.audit.models import Delivery, Entry, Webhook
from podpora.base.clock import start_of
from podpora.base.errors import NotYours
from podpora.base.sealing import unseal


@dataclass(frozen=True, slots=True)
class Filter:
    """What the reader of the audit looks for; empty means everything."""

    actor: str = ""
    verb: str = ""
    subject: str = ""
    first: date | None = None
    last: date | None = None


def entries(wanted: Filter, zone: ZoneInfo) -> QuerySet[Entry]:
    """Newest first. Dates are the vendor's; the last one is included."""
    found = Entry.objects.order_by("-id")
    if wanted.actor:
        found = found.filter(actor_name__icontains=wanted.actor)
    if wanted.verb:
        found = found.filter(Q(verb=wanted.verb) | Q(verb__startswith=wanted.verb.rstrip(".") + "."))
    if wanted.subject:
        found = found.filter(Q(subject=wanted.subject) | Q(subject__endswith=":" + wanted.subject))
    if wanted.first:
        found = found.filter(at__gte=start_of(wanted.first, zone))
    if wanted.last:
        found = found.filter(at__lt=start_of(wanted.last + timedelta(days=1), zone))
    return found


def entries_about(subjects: Iterable[str]) -> QuerySet[Entry]:
    """Everything about these subjects (`licence:L-…`), newest first."""
    return Entry.objects.filter(subject__in=list(subjects)).order_by("-id")


def verbs() -> list[str]:
    """Every verb that was ever recorded, for the filter."""
    return list(Entry.objects.order_by("verb").values_list("verb", flat=True).distinct())


def sentence(entry: Entry) -> str:
    """What happened, in the reader's language; a verb without a sentence shows itself."""
    text = values.sentences().get(entry.verb)
    if text is None:
        return entry.verb
    words = values.words_of(entry.verb)
    parts = {"before": _Known(_read(entry.before, words)), "after": _Known(_read(entry.after, words)), "subject": entry.code}
    return str(text).format_map(_Known(_read(entry.facts, words) | parts))


def _read(facts: Any, words: Mapping[str, Callable[[Any], str]]) -> dict[str, Any]:
    """The facts with machine words in the reader's language."""
    return {name: _said(value, words.get(name)) for name, value in dict(facts or {}).items()}


def _said(value: Any, read: Callable[[Any], str] | None) -> Any:
    """One fact as people read it; of several the words with commas between."""
    if isinstance(value, list):
        return ", ".join(str(_said(each, read)) for each in value)
    return read(value) if read and value else value


class _Known(dict[str, Any]):
    """Facts of an entry; one that the entry does not have reads as a dash."""

    def __init__(self, facts: Mapping[str, Any]) -> None:
        super().__init__({name: "–" if value in (None, "") else value for name, value in facts.items()})

    def __missing__(self, key: str) -> str:
        return "–"


def changes(entry: Entry) -> list[tuple[str, Any, Any]]:
    """(name, before, after) of everything that changed."""
    before, after = entry.before or {}, entry.after or {}
    if not isinstance(before, dict) or not isinstance(after, dict):
        return [("", entry.before, entry.after)]
    return [(name, before.get(name), after.get(name)) for name in rules.changed(before, after)]


PURPOSE = "webhook"


def webhooks() -> QuerySet[Webhook]:
    """Every webhook, in the order in which they were made."""
    return Webhook.objects.order_by("pk")


def webhook(code: str) -> Webhook:
    """One webhook. NotYours if there is none."""
    found = Webhook.objects.filter(code=code).first()
    if found is None:
        raise NotYours
    return found


def secrets_of(hook: Webhook, *, at: datetime) -> list[str]:
    """The secrets that sign now: the new one, and for a day the one before it."""
    found = [unseal(hook.secret_sealed, PURPOSE)]
    if hook.old_secret_sealed and hook.old_secret_until and at < hook.old_secret_until:
        found.append(unseal(hook.old_secret_sealed, PURPOSE))
    return found


def deliveries(hook: Webhook) -> QuerySet[Delivery]:
    """What was sent to it, newest first, with every try."""
    return Delivery.objects.filter(webhook=hook).order_by("-pk").prefetch_related("attempts")


def delivery(hook: Webhook, message: str) -> Delivery:
    """One delivery of this webhook. NotYours if there is none."""
    found = deliveries(hook).filter(message=message).first()
    if found is None:
        raise NotYours
    return found


def webhooks_to_tell() -> QuerySet[Webhook]:
    """Those that were switched off by themselves, which nobody was told yet."""
    return Webhook.objects.filter(disabled_at__isnull=False, told_at__isnull=True).order_by("pk")
