"""Mail providers that call an address here: which, with what password, and what their last call came to."""

from hashlib import sha256

from django.db import models

from podpora.base.codes import public_code
from podpora.base.decisions import allow
from podpora.base.reasons import message
from podpora.mail.values.hooks import mail_provider


def hook_code() -> str:
    return public_code("MH", 12)


class Hook(models.Model):
    """A provider's way in. Its password and its key are sealed; the password is shown once, the key never (S52)."""

    code = models.CharField(max_length=20, unique=True, default=hook_code)
    provider = models.CharField(max_length=20)
    name = models.CharField(max_length=100, blank=True)
    password_sealed = models.TextField()
    key_sealed = models.TextField(blank=True)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField()
    called_at = models.DateTimeField(null=True, blank=True)  # the last call that was accepted
    last_error = models.CharField(max_length=60, blank=True)  # a reason code, of the last call
    last_said = models.CharField(max_length=250, blank=True)
    failed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name or self.provider_name

    @property
    def provider_name(self) -> str:
        known = mail_provider(self.provider)
        return known.name if known else self.provider

    @property
    def signs(self) -> bool:
        """Has this provider a key that its calls are signed with?"""
        known = mail_provider(self.provider)
        return known is not None and known.signs

    @property
    def has_key(self) -> bool:
        return bool(self.key_sealed)

    @property
    def trouble(self) -> str:
        """Why its last call was refused, in the reader's language."""
        return message(allow(self.last_error, said=self.last_said)) if self.last_error else ""

    @property
    def secret_mark(self) -> str:
        """By which one password is told from the next; it tells nothing of either."""
        return sha256(self.password_sealed.encode()).hexdigest()[:16]
