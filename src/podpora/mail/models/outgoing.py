"""What goes out."""

from django.db import models
from django.db.models import Q

from podpora.base.codes import public_code
from podpora.mail.values import STATE_LABELS, Letter, MailState


def mail_code() -> str:
    return public_code("M", 10)


class OutgoingMail(models.Model):
    """One mail to one address. Its Message-ID is chosen once: a copy after a crash is the same mail."""

    code = models.CharField(max_length=20, unique=True, default=mail_code)
    message_id = models.CharField(max_length=250, db_index=True)  # one message to several people shares it
    kind = models.CharField(max_length=80, blank=True)
    to_name = models.CharField(max_length=200, blank=True)
    to_address = models.CharField(max_length=320)
    subject = models.CharField(max_length=300)
    text = models.TextField()
    html = models.TextField(blank=True)
    language = models.CharField(max_length=10, default="en")
    in_reply_to = models.CharField(max_length=500, blank=True)
    references = models.JSONField(default=list, blank=True)
    reply_to = models.CharField(max_length=320, blank=True)
    sender_name = models.CharField(max_length=200, blank=True)
    headers = models.JSONField(default=dict, blank=True)
    files = models.JSONField(default=list, blank=True)  # codes of stored files that go along
    automatic = models.BooleanField(default=True)
    once = models.CharField(max_length=250, blank=True)
    state = models.CharField(max_length=10, choices=[(s.value, s.name) for s in MailState], default=MailState.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.TextField(blank=True)
    queued_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    delivered_at = models.DateTimeField(null=True, blank=True)  # as the provider that carried it says

    class Meta:
        constraints = [models.UniqueConstraint(fields=["once"], condition=~Q(once=""), name="mail_once")]
        indexes = [
            models.Index(fields=["queued_at"], condition=Q(state__in=["queued", "claimed"]), name="mail_waiting"),
            models.Index(fields=["to_address", "-id"], name="mail_to"),
        ]

    def __str__(self) -> str:
        return f"{self.code} to {self.to_address}"

    @property
    def state_label(self) -> str:
        return str(STATE_LABELS[MailState(self.state)])

    def letter(self) -> Letter:
        return Letter(
            to_name=self.to_name,
            to_address=self.to_address,
            subject=self.subject,
            text=self.text,
            html=self.html,
            language=self.language,
            kind=self.kind,
            message_id=self.message_id,
            in_reply_to=self.in_reply_to,
            references=tuple(self.references),
            reply_to=self.reply_to,
            sender_name=self.sender_name,
            headers=self.headers,
            once=self.once,
            automatic=self.automatic,
            files=tuple(self.files),
        )
