"""Addresses that nobody reads: our mail came back from there."""

from django.db import models


class AddressState(models.Model):
    """No automatic mail goes there until a person says so, or mail comes from there (AU-7)."""

    address = models.CharField(max_length=320, unique=True)  # lower case
    undeliverable_since = models.DateTimeField()
    status = models.CharField(max_length=20)  # RFC 3463
    mail = models.CharField(max_length=20, blank=True)  # the report's code

    def __str__(self) -> str:
        return f"{self.address}: {self.status}"
