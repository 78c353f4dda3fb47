"""How the mails with an answer went out, in words: for technicians each of them, for a customer the one to him (AU-7)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from podpora.desk.models import Message
from podpora.desk.values import MessageKind, Side
from podpora.mail import queries
from podpora.mail.models import AddressState, OutgoingMail
from podpora.mail.values import MailState

Mails = Mapping[str, Sequence[OutgoingMail]]
INK = {MailState.BOUNCED: "bad-ink", MailState.FAILED: "bad-ink", MailState.CANCELLED: "warn-ink"}


@dataclass(frozen=True, slots=True)
class Delivery:
    """One mail: what became of it, when, and what the other side said."""

    text: str
    ink: str = ""
    at: datetime | None = None
    said: str = ""


def of_messages(messages: Iterable[Message]) -> Mails:
    """The mails of the answers among these, by Message-ID (one query, none without an answer)."""
    return queries.deliveries(m.message_id for m in messages if m.side == Side.STAFF and m.kind == MessageKind.PUBLIC)


def for_technicians(mails: Mails) -> dict[str, list[Delivery]]:
    """Each mail with its address."""
    return {message_id: [_for_technician(mail) for mail in sent] for message_id, sent in mails.items()}


def _for_technician(mail: OutgoingMail) -> Delivery:
    state = MailState(mail.state)
    name = _("arrived") if mail.delivered_at and state == MailState.SENT else mail.state_label
    text = _("E-mail to %(to)s: %(state)s") % {"to": mail.to_address, "state": name}
    return Delivery(text, INK.get(state, ""), mail.delivered_at or mail.sent_at, mail.last_error if state != MailState.SENT else "")


def for_customer(mails: Mails, address: str) -> dict[str, list[Delivery]]:
    """The mail to himself, in plain words; of others he learns nothing (VI-2)."""
    words = {
        MailState.SENT: _("Also sent to you by e-mail."),
        MailState.BOUNCED: _("Our e-mail with this answer came back to us."),
        MailState.FAILED: _("Our e-mail with this answer could not be sent."),
    }
    mine = {key: [m for m in sent if m.to_address.casefold() == address.casefold()] for key, sent in mails.items()}
    return {
        key: [Delivery(words[MailState(m.state)], INK.get(MailState(m.state), ""), m.sent_at) for m in sent if m.state in words]
        for key, sent in mine.items()
    }


def dead_address(address: str) -> AddressState | None:
    """Our mail came back from there: nobody reads it."""
    return queries.undeliverable([address]).get(address.casefold())
