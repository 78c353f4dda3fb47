"""What was said in a ticket, and what was added to it."""

from django.db import models

from podpora.base.codes import public_code
from podpora.base.folding import FoldedField
from podpora.desk.models.choices import choices_of
from podpora.desk.models.tickets import Ticket
from podpora.desk.values import (
    MessageKind,
    Side,
    Via,
)
from podpora.files.models import StoredFile
from podpora.people.models import Person


def message_code() -> str:
    return public_code("M")


class Message(models.Model):
    """A part of the conversation: public, a technicians' note, or an event."""

    code = models.CharField(max_length=20, unique=True, default=message_code)
    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="messages", db_index=False)
    kind = models.CharField(max_length=10, choices=choices_of(MessageKind))
    side = models.CharField(max_length=10, choices=choices_of(Side))
    via = models.CharField(max_length=10, choices=choices_of(Via), default=Via.WEB)
    # The ticket in which it was written, where that one was merged into this: whoever could not read it there can't here (VI-7).
    origin = models.ForeignKey(Ticket, null=True, blank=True, on_delete=models.SET_NULL, related_name="written_messages")
    author = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    author_name = models.CharField(max_length=200, blank=True)
    text = models.TextField(blank=True)
    text_folded = FoldedField(of="text")
    event = models.CharField(max_length=20, blank=True)
    event_facts = models.JSONField(default=dict, blank=True)
    files = models.PositiveSmallIntegerField(default=0)  # how many attachments: pages that have none need not ask
    message_id = models.CharField(max_length=255, blank=True, db_index=True)  # TH-4: ours
    in_reply_to = models.CharField(max_length=255, blank=True)
    # Of a mail: what of it is new ("": the text as a whole), its HTML as it came (made harmless when it is shown, CO-2), its code.
    mail_id = models.CharField(max_length=450, blank=True, db_index=True)  # TH-5: its Message-ID, as its sender named it
    visible = models.TextField(blank=True)
    html = models.TextField(blank=True)
    mail = models.CharField(max_length=20, blank=True)
    is_quiet = models.BooleanField(default=False)  # TH-11: of a machine, or doubtful: it sets no clock and changes no state
    is_automatic = models.BooleanField(default=False)  # AU-1: a machine wrote it, so no machine of ours answers
    is_unverified = models.BooleanField(default=False)  # TH-3, VI-8: who sent it has not shown that he is who he says
    sent_at = models.DateTimeField(null=True, blank=True)  # as its sender says, where that can be true (TH-16)
    sent_text = models.CharField(max_length=120, blank=True)  # his words for it
    is_internal_mail = models.BooleanField(default=False)  # TH-12: with somebody whom the customer does not see
    written_at = models.DateTimeField()
    once = models.CharField(max_length=100, null=True, blank=True, unique=True)

    class Meta:
        indexes = [
            models.Index(fields=["ticket"], name="message_with_files", condition=models.Q(files__gt=0)),
            models.Index(fields=["ticket"], name="message_note", condition=models.Q(kind="note")),
            models.Index(fields=["ticket", "id"], name="message_of_ticket"),
        ]

    def __str__(self) -> str:
        return f"{self.code} in {self.ticket_id}"


class Attachment(models.Model):
    """A file of a message. Reached through its message only, so that a note's file stays as internal as the note (B6)."""

    code = models.CharField(max_length=20, unique=True)
    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="attachments")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=150)
    content_type = models.CharField(max_length=130)
    size = models.PositiveBigIntegerField()
    secrets_removed = models.PositiveIntegerField(default=0)  # SC-11
    content_id = models.CharField(max_length=255, blank=True)  # by which the HTML of a mail names it (CO-3)
    is_inline = models.BooleanField(default=False)  # a picture within the text
    preview = models.TextField(blank=True)  # the beginning of a program's diagnostics, shown in the conversation

    def __str__(self) -> str:
        return self.name
