"""What the decision about a mail asks the rest of the house (a journey answers it), and what it answers itself."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from podpora.mail.rules.headers import Mailbox


@dataclass(frozen=True, slots=True)
class Envelope:
    """How the mail was handed to us. `has_mailbox`: it came to a mailbox of ours, whatever its headers say."""

    received_at: datetime
    sender: str = ""
    recipients: tuple[str, ...] = ()
    has_mailbox: bool = False
    is_trusted: bool = False  # a channel whose headers may steer (TH-15)
    authserv_ids: frozenset[str] = frozenset()
    held_for: str = ""  # a reason found while it was stored


@dataclass(frozen=True, slots=True)
class Token:
    """A reply address of ours: whose it is, in which ticket (TH-3)."""

    ticket: str
    email: str
    is_revoked: bool = False


@dataclass(frozen=True, slots=True)
class OurId:
    """A Message-ID of ours whose seal is right (TH-4): the ticket, and whether that message was internal (TH-12)."""

    ticket: str
    is_internal: bool = False


@dataclass(frozen=True, slots=True)
class Known:
    """A ticket, as far as the decision needs it; already followed through merges (TH-10).

    `people`: the addresses on the customer's side that take part now. `reopens_until`: None means for ever. `number` grows with time.
    """

    code: str
    number: int
    subject: str
    people: frozenset[str] = frozenset()
    revoked: frozenset[str] = frozenset()  # who took part once and must not any more (VI-5)
    is_done: bool = False
    begins_new: bool = False  # done, and its queue takes follow-ups as new tickets
    reopens_until: datetime | None = None
    internal_with: frozenset[str] = frozenset()  # addresses to which the last message was internal (TH-12)


class Lookup(Protocol):
    """What the decision asks. Every address is in lower case."""

    def is_ours(self, address: str) -> bool: ...
    def is_our_mail(self, message_id: str) -> bool: ...
    def token(self, token: str) -> Token | None: ...
    def our_id(self, message_id: str) -> OurId | None: ...
    def with_foreign_ids(self, ids: Sequence[str]) -> Iterable[tuple[str, bool]]: ...
    def ticket(self, code: str) -> Known | None: ...
    def returned(self, addresses: Sequence[str], message_id: str, recipient: str) -> str: ...
    def was_sent_to(self, message_id: str, address: str) -> bool: ...
    def is_staff(self, address: str) -> bool: ...
    def may_answer(self, address: str, ticket: str) -> bool: ...
    def is_usable(self, address: str) -> bool: ...
    def is_closed(self, address: str) -> bool: ...
    def is_flood(self, address: str) -> bool: ...
    def ticket_of_mail(self, message_id: str) -> str: ...


class Kind(StrEnum):
    TICKET = "ticket"
    NEW = "new"
    QUARANTINE = "quarantine"
    DROP = "drop"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of the mail. `reasons`: codes, the deciding one first (AU-10).

    `ticket`: where it goes, or where a person would put it. `is_verified`: nothing speaks against its sender. `is_quiet`: it is
    added without any effect (TH-11). `link`, `mentions`: tickets to show beside a new one. `people`: whom it names besides us.
    """

    kind: Kind
    reasons: tuple[str, ...]
    ticket: str = ""
    sender: Mailbox | None = None
    is_verified: bool = True
    is_proven: bool = False  # authenticated, or by his own reply address
    is_staff: bool = False
    is_internal: bool = False
    is_quiet: bool = False
    is_automatic: bool = False
    is_new_topic: bool = False
    link: str = ""
    mentions: tuple[str, ...] = ()
    people: tuple[Mailbox, ...] = ()
    steering: dict[str, str] = field(default_factory=dict)
