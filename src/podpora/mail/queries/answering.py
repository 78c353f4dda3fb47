"""Where answers go, and how often a machine of ours has answered."""

from datetime import datetime
from email.utils import parseaddr

from django.conf import settings
from django.db.models import Sum

from podpora.mail.models import AutoReply, IncomingMail, Mailbox
from podpora.mail.rules.acknowledging import DAY, FLOOD_AFTER, HOUR, MOST_IN_A_DAY, WINDOW, Answered


def address_of_queue(queue: str) -> str:
    """To which address an answer about a ticket of this queue goes: its mailbox, else the one that our mails come from."""
    found = Mailbox.objects.filter(queue=queue, is_active=True).order_by("address").values_list("address", flat=True).first()
    return found or parseaddr(settings.DEFAULT_FROM_EMAIL)[1]


def answered(address: str, subject: str, *, at: datetime) -> Answered:
    """What a machine of ours wrote lately to this address, to its domain, and to everybody (AU-4)."""
    domain = address.rpartition("@")[2]
    recent = AutoReply.objects.filter(at__gt=at - WINDOW)
    mine = recent.filter(address=address)
    return Answered(
        to_address=mine.count(),
        to_address_in_a_day=AutoReply.objects.filter(address=address, at__gt=at - DAY).count(),
        same_subject=mine.filter(subject=subject[:100]).count(),
        to_domain=recent.filter(domain=domain).count(),
        to_all=AutoReply.objects.filter(at__gt=at - HOUR).count(),
    )


def is_flood(address: str, *, at: datetime) -> bool:
    """Did this address write more within an hour (F16), or more bytes within a day (S51), than a person does? By an index."""
    rows = IncomingMail.objects.filter(sender=address).order_by("-id")
    beyond = rows.values_list("received_at", flat=True)[FLOOD_AFTER : FLOOD_AFTER + 1].first()
    if beyond is not None and beyond > at - HOUR:
        return True
    taken = rows.filter(received_at__gt=at - DAY).aggregate(bytes=Sum("size"))["bytes"] or 0
    return bool(taken > MOST_IN_A_DAY)
