"""Forgetting what was written to a person."""

from podpora.mail.models import OutgoingMail


def forget_address(address: str) -> int:
    """Delete every mail to this address, also one that still waits. How many there were."""
    count, _rows = OutgoingMail.objects.filter(to_address__iexact=address).delete()
    return count
