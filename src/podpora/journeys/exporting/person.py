"""All that is known of a person, in one file for himself (A18).

Every relation of the database that points to a person is named here: with the part of the file in which it is, or with the reason why it
is not. A test walks the models and fails for one that is missing, so that no table is forgotten.
"""

import tempfile
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.apps import apps
from django.core.files.base import File
from django.db import transaction
from django.db.models import QuerySet

from podpora.audit.models import Entry
from podpora.base.actors import Actor
from podpora.desk import queries as desk
from podpora.desk.models import Message, Ticket
from podpora.files import actions as files
from podpora.files.models import StoredFile
from podpora.jobs import actions as jobs
from podpora.journeys.exporting.archive import Part, Row, write
from podpora.journeys.exporting.nouns import CHUNK, _columns, _each, message_row, parts_of_customer, ticket_rows
from podpora.mail.models import OutgoingMail
from podpora.people import actions, queries
from podpora.people.models import DataExport, Person

JOB = "podpora.config.jobs.make_data_export"
LARGEST = 2 * 1024 * 1024 * 1024
SECRETS = ("token_hash", "token_sealed", "data", "password", "key_hash", "session_key")  # what opens doors is not given out again

# Where each relation to a person is: a part of the file, or why it is in none.
WHERE: Mapping[str, str] = {
    "account.EmailAddress.user": "addresses",
    "mfa.Authenticator.user": "factors",
    "usersessions.UserSession.user": "sessions",
    "people.Customer.person": "customers",
    "people.Membership.person": "memberships",
    "people.TeamMember.person": "teams",
    "people.CalendarFeed.person": "calendars",
    "people.ApiToken.person": "tokens",
    "people.Invitation.invited_by": "invitations",
    "people.FormerAddress.person": "former_addresses",
    "people.DataExport.person": "not data of the person but this file itself",
    "people.Person.merged_into": "profile",
    "notifications.InboxEntry.person": "inbox",
    "notifications.Preference.person": "preferences",
    "licensing.Device.person": "devices",
    "licensing.Transfer.offered_by": "transfers",
    "licensing.DeviceWork.person": "device_works",
    "problems.Tie.person": "problems",
    "knowledge.Revision.author": "work of the vendor's staff",
    "desk.Ticket.requester": "tickets_asked",
    "desk.Message.author": "messages",
    "desk.Ticket.assignee": "work of the vendor's staff, about customers",
    "forum.Member.person": "forum_profile",
    "forum.Topic.author": "forum_topics",
    "forum.Post.author": "forum_posts",
    "forum.Vote.person": "forum_votes",
    "forum.Flag.person": "forum_reports",
    "forum.Reading.person": "forum_readings",
    "forum.Subscription.person": "forum_following",
    "forum.Draft.person": "forum_drafts",
    "forum.Penalised.person": "forum_penalties",
    "forum.PostFile.person": "uploads",
    "forum.Topic.last_author": "said by his posts",
    "forum.Topic.assignee": "work of the vendor's staff, about customers",
    "forum.Solution.accepted_by": "said by the topics of the forum",
    "forum.MailToken.person": "a secret address, which opens a door",
}
# Tables without a foreign key that know a person by his number or his address.
BESIDES = {"audit.Entry": "activity", "mail.OutgoingMail": "mails", "files.StoredFile": "uploads"}
WORK = "work of the vendor's staff, about customers"
COMPANY = "work of a company's administrators: it belongs to the company"
SIMPLE = {
    "memberships": "people.Membership.person", "teams": "people.TeamMember.person", "calendars": "people.CalendarFeed.person",
    "tokens": "people.ApiToken.person", "invitations": "people.Invitation.invited_by", "former_addresses": "people.FormerAddress.person",
    "inbox": "notifications.InboxEntry.person", "preferences": "notifications.Preference.person", "devices": "licensing.Device.person",
    "transfers": "licensing.Transfer.offered_by", "device_works": "licensing.DeviceWork.person", "forum_profile": "forum.Member.person",
    "forum_topics": "forum.Topic.author", "forum_posts": "forum.Post.author", "forum_votes": "forum.Vote.person",
    "forum_reports": "forum.Flag.person", "forum_readings": "forum.Reading.person", "forum_following": "forum.Subscription.person",
    "forum_drafts": "forum.Draft.person", "forum_penalties": "forum.Penalised.person",
    "problems": "problems.Tie.person",
}  # fmt: skip


def where(label: str) -> str | None:
    """The part of the file that has this relation, or why none has. What the desk has besides tickets and messages is its work."""
    if label in WHERE:
        return WHERE[label]
    return next((why for room, why in (("desk.", WORK), ("fleet.", COMPANY)) if label.startswith(room)), None)


def parts_of_person(person: Person) -> list[Part]:
    """Profile and everything that hangs on it; of companies only that he belongs to them."""
    own = queries.private_customer(person)
    wrote = (
        Message.objects.filter(author=person, kind="public")
        .select_related("author", "ticket")
        .prefetch_related("attachments__file")
    )
    asked = Ticket.objects.filter(requester=person).exclude(customer=own)
    return [
        Part("profile", lambda: [_profile(person)]),
        *(parts_of_customer(own) if own else ()),
        Part("tickets_asked", lambda: _each(asked.order_by("pk"), _asked)),
        Part("messages", lambda: (message_row(m) | {"ticket": m.ticket.code} for m in wrote.order_by("pk").iterator(CHUNK))),
        Part("addresses", lambda: _rows(EmailAddress.objects.filter(user_id=person.pk))),
        Part("factors", lambda: _rows(Authenticator.objects.filter(user_id=person.pk))),
        Part("sessions", lambda: _rows(UserSession.objects.filter(user_id=person.pk))),
        *(Part(part, _simple(label, person)) for part, label in SIMPLE.items()),
        Part(
            "mails", lambda: map(_mail, OutgoingMail.objects.filter(to_address__iexact=person.email).order_by("pk").iterator(CHUNK))
        ),
        Part("uploads", lambda: _rows(StoredFile.objects.filter(person_id=person.pk)), lambda: _uploads(person)),
        Part("activity", lambda: _rows(Entry.objects.filter(person_id=person.pk))),
    ]


def _profile(person: Person) -> Row:
    return _columns(person, ("password",)) | {"merged_from": [one.code for one in person.merged_from.all()]}


def _asked(handful: list[Ticket]) -> Iterator[Row]:
    return ticket_rows(handful, internal=False)


def _simple(label: str, person: Person) -> Any:
    model, _, field = label.rpartition(".")
    return lambda: _rows(apps.get_model(model)._default_manager.filter(**{field: person.pk}))


def _rows(found: QuerySet[Any]) -> Iterator[Row]:
    return (_columns(row, SECRETS) for row in found.order_by("pk").iterator(CHUNK))


def _mail(mail: OutgoingMail) -> Row:
    return {"at": mail.queued_at, "to": mail.to_address, "subject": mail.subject, "state": mail.state}


def _uploads(person: Person) -> Iterator[StoredFile]:
    """Files of his that are part of what he wrote; not those of an internal note, whoever wrote it."""
    found = StoredFile.objects.filter(person_id=person.pk).order_by("pk")
    return (stored for stored in found.iterator(CHUNK) if not desk.is_of_a_note(stored.code))


def ask(person: Person, *, by: Actor, at: datetime) -> DataExport:
    """The export is made by a job; asked for while one is being made, that one."""
    with transaction.atomic():
        export, is_new = actions.ask_export(person, by=by, at=at)
        if is_new:
            jobs.enqueue(JOB, {"export": export.code}, at=at)
    return export


def make(export: DataExport, *, by: Actor, at: datetime) -> None:
    """Write the file and keep it for its person. A second time, or for one that is made already, nothing happens."""
    person = export.person
    parts = parts_of_person(person)
    done = 0

    def told(part: str) -> None:
        nonlocal done
        done += 1
        actions.note_export_step(export, done, len(parts) + 1)

    export.steps = len(parts) + 1
    with tempfile.TemporaryFile() as draft:
        write(draft, parts, about={"about": f"person:{person.code}"}, at=at, told=told)
        draft.seek(0)
        stored = files.store(
            File(draft), name=f"podpora-{person.code}.zip", content_type="application/zip", by=by, at=at, max_size=LARGEST
        )
    actions.keep_export(export, stored, by=by, at=at)
