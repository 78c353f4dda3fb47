"""By what a mail finds its ticket: our Message-IDs, those of customers' mails, reply addresses (DESK 2)."""

from collections.abc import Iterable, Sequence
from hashlib import sha256

from django.conf import settings

from podpora.desk import rules
from podpora.desk.models import Message, ReplyToken, Ticket
from podpora.desk.values import ClosedAs, MessageKind


def mail_domain() -> str:
    """The part of our Message-IDs behind the @."""
    return str(settings.DEFAULT_FROM_EMAIL).rpartition("@")[2].rstrip("> ")


def mail_key() -> bytes:
    """The key that seals our Message-IDs (TH-4)."""
    return sha256(b"podpora.desk.message-id:" + str(settings.SECRET_KEY).encode()).digest()


def ticket_and_part(message_id: str) -> tuple[str, str] | None:
    """Our own Message-ID -> (ticket, part); None for any other and for a wrong seal (TH-4)."""
    return rules.read_message_id(message_id, key=mail_key(), domain=mail_domain())


def is_internal_part(part: str) -> bool:
    """TH-12: is this a note, or a mail that the customer does not see?"""
    return Message.objects.filter(code=part).exclude(kind=MessageKind.PUBLIC, is_internal_mail=False).exists()


def with_mail_ids(ids: Sequence[str]) -> list[tuple[str, bool]]:
    """TH-5: the tickets that hold these mails, each with whether the mail was internal."""
    rows = Message.objects.filter(mail_id__in=list(ids)[:100]).order_by("-pk")
    return list(dict.fromkeys(rows.values_list("ticket__code", "is_internal_mail")[:50]))


def incoming_of_mail_id(message_id: str) -> list[str]:
    """The codes of the mails that came in under this Message-ID and are in a ticket."""
    return list(Message.objects.filter(mail_id=message_id).exclude(mail="").values_list("mail", flat=True)[:5])


def token(text: str) -> ReplyToken | None:
    """The reply address with this secret part, also a revoked one."""
    return ReplyToken.objects.filter(digest=rules.digest_of_token(text)).select_related("ticket").first()


def tokens_of(ticket: Ticket) -> dict[str, str]:
    """Address -> the secret part of its reply address in this ticket (one query)."""
    rows = ReplyToken.objects.filter(ticket=ticket, revoked_at=None).values_list("email", "nonce")
    return {email: rules.token_of(nonce) for email, nonce in rows}


def where_it_goes_on(code: str) -> Ticket | None:
    """TH-10: the ticket, or the one that it was merged into at last (cycle-safe). None: not there, or it was spam."""
    seen: set[int] = set()
    found = Ticket.objects.select_related("queue", "requester", "customer").filter(code=code).first()
    while found is not None and found.merged_into_id is not None and found.pk not in seen:
        seen.add(found.pk)
        found = Ticket.objects.select_related("queue", "requester", "customer").get(pk=found.merged_into_id)
    is_gone = found is None or found.merged_into_id is not None or found.closed_as == ClosedAs.SPAM
    return None if is_gone else found


def internal_addresses(ticket: Ticket, addresses: Iterable[str]) -> frozenset[str]:
    """TH-12: those of these addresses to whom the last mail of the ticket was internal."""
    internal = ticket.messages.filter(is_internal_mail=True).exclude(mail="").order_by("-pk").values_list("author_name", flat=True)
    said = " ".join(internal[:20]).lower()
    return frozenset(one for one in addresses if one and f"<{one}>" in said)
