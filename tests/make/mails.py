"""Reading what was queued to be sent."""

import re

from podpora.mail.models import OutgoingMail


def last_to(address: str) -> OutgoingMail:
    """The newest mail to this address."""
    return OutgoingMail.objects.filter(to_address=address).latest("pk")


def link_in(mail: OutgoingMail) -> str:
    """The path of the one action of the mail."""
    found = re.findall(r"https?://[^/\s]+(/account/\S+)", mail.text)
    assert found, mail.text
    return str(found[0])


def code_in(mail: OutgoingMail) -> str:
    """The code that the mail asks to be typed."""
    found = re.search(r"^ {4}(\S+)$", mail.text, re.MULTILINE)
    assert found, mail.text
    return found[1]
