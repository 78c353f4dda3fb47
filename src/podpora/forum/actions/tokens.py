"""FO-23: secret addresses of one person: for answers to one mail, or for topics in one category."""

from datetime import datetime

from podpora.base.codes import random_part
from podpora.forum import rules
from podpora.forum.models import Category, MailToken, Topic
from podpora.mail.queries import address_of_queue
from podpora.people.models import Person


def new_address(
    person: Person, *, topic: Topic | None = None, category: Category | None = None, number: int = 0, at: datetime
) -> str:
    """A new address; only its digest is kept. "" where no mail comes in."""
    address = address_of_queue("")
    if not address:
        return ""
    nonce = random_part(40)
    token = rules.token_of(nonce)
    digest = rules.digest_of_token(token)
    MailToken.objects.create(person=person, topic=topic, category=category, number=number, nonce=nonce, digest=digest, made_at=at)
    return rules.with_token(address, token)
