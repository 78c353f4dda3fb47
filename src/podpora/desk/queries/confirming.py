"""The link by which somebody says that he wrote what came under his address (AU-5): signed, good for a month, and of one ticket."""

from django.core import signing

from podpora.base.errors import NotYours
from podpora.desk.models import Message, Ticket
from podpora.desk.values import MessageKind, Side

SALT = "desk-confirm"
GOOD_FOR = 30 * 86_400  # seconds


def is_unconfirmed(ticket: Ticket) -> bool:
    """Nobody has shown yet that he wrote it."""
    return Message.objects.filter(ticket=ticket, kind=MessageKind.PUBLIC, is_unverified=True).exists()


def confirm_token(ticket: Ticket) -> str:
    return signing.dumps(ticket.code, salt=SALT, compress=True)


def to_confirm(token: str) -> tuple[Ticket, Message]:
    """The ticket of the link and its first message; raises NotYours for a link that is none, or is too old."""
    try:
        code = signing.loads(token[:200], salt=SALT, max_age=GOOD_FOR)
    except signing.BadSignature:
        raise NotYours from None
    words = Message.objects.select_related("ticket__requester", "ticket__customer", "ticket__queue")
    first = words.filter(ticket__code=str(code), kind=MessageKind.PUBLIC, side=Side.CUSTOMER).order_by("pk").first()
    if first is None:
        raise NotYours
    return first.ticket, first
