"""What was told to whom."""

from collections.abc import Callable

import pytest

from podpora.mail.models import OutgoingMail


@pytest.fixture
def told() -> Callable[[str], list[OutgoingMail]]:
    """The queued mails of one kind, oldest first."""
    return lambda kind: list(OutgoingMail.objects.filter(kind=kind).order_by("pk"))
