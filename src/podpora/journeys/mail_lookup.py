"""What the decision about a mail asks (mail.rules.lookup.Lookup), answered by the rooms: mail, people, desk.

An address of another room (a forum topic by mail) will be answered here too: `token` and `our_id` are the two places where a mark in
a mail becomes something of ours.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from functools import cached_property, lru_cache

from django.conf import settings

from podpora.base.errors import InvalidInput
from podpora.desk import permissions
from podpora.desk import queries as desk
from podpora.desk.models import Ticket
from podpora.desk.values import FollowUp
from podpora.mail import queries as mails
from podpora.mail.models import OutgoingMail
from podpora.mail.rules.lookup import Known, OurId, Token
from podpora.mail.rules.parsing import parse
from podpora.people import actions
from podpora.people import queries as people
from podpora.people.models import Membership, Person


class House:
    """Answers about one mail, for its sender."""

    def __init__(self, sender: str, *, at: datetime) -> None:
        self.sender = sender.lower()
        self.at = at
        self.ticket = lru_cache(maxsize=64)(self._ticket)

    @cached_property
    def own(self) -> frozenset[str]:
        return mails.own_addresses()

    @cached_property
    def person(self) -> Person | None:
        return people.person_by_email(self.sender) if self.sender else None

    def is_ours(self, address: str) -> bool:
        return mails.is_ours(address, self.own)

    def is_our_mail(self, message_id: str) -> bool:
        if desk.ticket_and_part(message_id) is not None:
            return True
        return OutgoingMail.objects.filter(message_id=message_id[:250]).exists()

    def token(self, token: str) -> Token | None:
        """TH-3, A14: valid while its owner takes part, whatever the row says."""
        found = desk.token(token)
        if found is None:
            return None
        gone = found.person is not None and not found.person.is_active
        return Token(found.ticket.code, found.email.lower(), is_revoked=found.revoked_at is not None or gone)

    def our_id(self, message_id: str) -> OurId | None:
        found = desk.ticket_and_part(message_id)
        return OurId(found[0], desk.is_internal_part(found[1])) if found else None

    def with_foreign_ids(self, ids: Sequence[str]) -> Iterable[tuple[str, bool]]:
        return desk.with_mail_ids(ids)

    def _ticket(self, code: str) -> Known | None:
        ticket = desk.where_it_goes_on(code)
        if ticket is None:
            return None
        present, gone = self._people(ticket)
        return Known(
            code=ticket.code,
            number=ticket.number,
            subject=ticket.subject,
            people=present,
            revoked=gone,
            is_done=ticket.is_done,
            begins_new=ticket.queue.follow_up == FollowUp.NEW,
            reopens_until=_reopens_until(ticket),
            internal_with=desk.internal_addresses(ticket, [self.sender]),
        )

    def _people(self, ticket: Ticket) -> tuple[frozenset[str], frozenset[str]]:
        """Who takes part on the customer's side now, and who did once (VI-1, VI-5)."""
        members = set(
            Membership.objects.filter(customer=ticket.customer_id, person__is_active=True).values_list("person_id", flat=True)
        )
        present, gone = set[str](), set[str]()
        (present if ticket.requester_id in members else gone).add(ticket.requester.email)
        for guest in ticket.participants.select_related("person"):
            stays = guest.person is None or guest.person_id in members
            (present if stays else gone).add(guest.email)
        person = self.person
        if person is not None and person.pk in members and desk.seen_by_customer(person).filter(pk=ticket.pk).exists():
            present.add(self.sender)
        revoked = ticket.reply_tokens.exclude(revoked_at=None).values_list("email", flat=True)
        gone |= set(revoked) - present
        return frozenset(present), frozenset(gone)

    def returned(self, addresses: Sequence[str], message_id: str, recipient: str) -> str:
        """A12: the Message-ID of the mail of ours that a report is proven to be about; "" when nothing proves it."""
        found = mails.returned_mail(addresses, message_id, recipient)
        return found.message_id if found else ""

    def was_sent_to(self, message_id: str, address: str) -> bool:
        """By us; or by somebody else who named him in To or Cc (TH-9)."""
        if OutgoingMail.objects.filter(message_id=message_id[:250], to_address__iexact=address).exists():
            return True
        for code in desk.incoming_of_mail_id(message_id):
            parsed = parse(mails.raw_of(mails.incoming_with_code(code)))
            if any(box.address.lower() == address for box in (*parsed.to, *parsed.cc)):
                return True
        return False

    def is_staff(self, address: str) -> bool:
        person = self._person_of(address)
        return person is not None and person.is_staff and person.is_active

    def may_answer(self, address: str, ticket: str) -> bool:
        """A15: asked now, not when the mail was written."""
        person, found = self._person_of(address), desk.where_it_goes_on(ticket)
        if person is None or found is None or not people.has_proven(person, address):
            return False
        return permissions.may_answer(person, found) and desk.seen_by_staff(person).filter(pk=found.pk).exists()

    def _person_of(self, address: str) -> Person | None:
        return self.person if address == self.sender else people.person_by_email(address)

    def is_usable(self, address: str) -> bool:
        """Can this be somebody's address here?"""
        try:
            return bool(actions.email_of(address))
        except InvalidInput:
            return False

    def is_closed(self, address: str) -> bool:
        person = self._person_of(address)
        return person is not None and not person.is_active

    def is_flood(self, address: str) -> bool:
        return mails.is_flood(address, at=self.at)

    def ticket_of_mail(self, message_id: str) -> str:
        found = desk.ticket_and_part(message_id)
        return found[0] if found and self.ticket(found[0]) else ""


def _reopens_until(ticket: Ticket) -> datetime | None:
    """TH-10 and SC-3; None: for ever."""
    if ticket.queue.follow_up != FollowUp.REOPEN_WITHIN or ticket.solved_at is None:
        return None
    return ticket.solved_at + timedelta(days=ticket.queue.follow_up_days)


def authserv_ids() -> frozenset[str]:
    return frozenset(settings.AUTHSERV_IDS)
