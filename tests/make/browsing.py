"""A browser without a window: Django's test client, signed in."""

from typing import Any

from django.test import Client


def signed_in(person: Any = None) -> Client:
    """A client; with a person signed in."""
    client = Client()
    if person is not None:
        client.force_login(person)
    return client
