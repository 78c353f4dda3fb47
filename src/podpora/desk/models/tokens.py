"""By what a reply finds its ticket, and who was meant to write it."""

from django.db import models

from podpora.desk.models.tickets import Ticket
from podpora.people.models import Person


class ReplyToken(models.Model):
    """TH-3: one secret part of the Reply-To address for each ticket and person. Only its digest is kept; it can be revoked (VI-5)."""

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="reply_tokens", db_index=False)
    email = models.EmailField(max_length=254)  # lower case
    person = models.ForeignKey(Person, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    nonce = models.CharField(max_length=40)  # with the installation's secret it makes the token again
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["ticket", "email"], condition=models.Q(revoked_at__isnull=True), name="reply_token_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.email} in {self.ticket_id}"
