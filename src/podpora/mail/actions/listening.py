"""A listener says that it lives."""

from datetime import datetime, timedelta

from podpora.mail.models import Listener

FORGOTTEN_AFTER = timedelta(days=7)  # one that was moved to another machine


def note_listener(name: str, *, at: datetime) -> None:
    """It is there."""
    Listener.objects.update_or_create(name=name[:200], defaults={"seen_at": at})
    Listener.objects.filter(seen_at__lt=at - FORGOTTEN_AFTER).delete()


def forget_listener(name: str) -> None:
    """It ends because somebody wants it to."""
    Listener.objects.filter(name=name[:200]).delete()
