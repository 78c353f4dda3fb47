"""Rules of mail, pure: letters on their way out, and what the bytes of a mail that came in say.

addressing   our own addresses, and the servers that a mailbox may name
outgoing     from a letter to the bytes that are sent
envelope     what the head of a raw mail says about its way
parsing      the bytes of a mail -> ParsedMail; never raises, bounded in time and memory
headers      words, addresses, message ids and dates of headers
charsets     bytes -> text, whatever they claim to be
parts        bodies and attachments of the MIME tree
automatic    is this the mail of a machine? (RFC 3834)
bounces      is this a bounce, and whose address is it about? (RFC 3464)
sanitising   HTML that can be shown, and HTML as text
trimming     what of a reply is new
"""

from podpora.mail.rules.addressing import bare_address, check_server, is_allowed_host, part_of, without_part
from podpora.mail.rules.outgoing import (
    LONGEST_NAME,
    LONGEST_SUBJECT,
    ascii_address,
    clean_text,
    is_message_id,
    kept_headers,
    message,
    next_attempt,
    one_line,
    sender,
)

__all__ = [
    "LONGEST_NAME", "LONGEST_SUBJECT", "ascii_address", "bare_address", "check_server", "clean_text", "is_allowed_host", "is_message_id",
    "kept_headers", "message", "next_attempt", "one_line", "part_of", "sender", "without_part",
]  # fmt: skip
