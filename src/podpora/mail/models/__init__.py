"""Tables of mail: what goes out, what comes in."""

from podpora.mail.models.incoming import IncomingMail, incoming_code
from podpora.mail.models.outgoing import OutgoingMail, mail_code

__all__ = ["IncomingMail", "OutgoingMail", "incoming_code", "mail_code"]
