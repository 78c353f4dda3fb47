"""Letters and what became of them."""

from typing import Any

from podpora.mail.values import Letter


def letter(**parts: Any) -> Letter:
    return Letter(
        **{
            "to_name": "Jana Nová",
            "to_address": "jana@private.example",
            "subject": "Vaše licence",
            "text": "Dobrý den,\n\nzde je klíč.\n",
            "html": "<p>Dobrý den</p>",
            "language": "cs",
            "kind": "order.paid",
            **parts,
        }
    )
