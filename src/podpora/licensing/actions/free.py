"""FREE: its key by mail."""

from datetime import datetime, timedelta

from podpora.licensing import notices
from podpora.licensing.models import Licence
from podpora.licensing.values import FREE_KEY, FREE_MAILS_A_DAY
from podpora.mail.models import OutgoingMail


def send_free_key(licence: Licence, email: str, language: str, *, at: datetime) -> bool:
    """Send the key to the address, unless it got it some times already today: nobody fills another one's mailbox with it."""
    day_ago = at - timedelta(days=1)
    if OutgoingMail.objects.filter(to_address=email, kind=FREE_KEY, queued_at__gt=day_ago).count() >= FREE_MAILS_A_DAY:
        return False
    notices.free_key(licence, email, language, at=at)
    return True
