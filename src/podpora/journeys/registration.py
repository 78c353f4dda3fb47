"""FREE for an e-mail address (A-13): whoever asks gets the same answer, and the key goes to the address alone.

ask     somebody asks; the work is left to a job, so that the answer takes the same time whoever is known (S01, S02)
give    the job: the address's FREE licence, an old or a new one, and the mail with its key
"""

from datetime import datetime

from django.conf import settings
from django.db import transaction

from podpora.base.actors import Actor
from podpora.base.errors import InvalidInput
from podpora.catalog import queries as catalog
from podpora.catalog.models import Product
from podpora.jobs import actions as jobs
from podpora.journeys.giving import edition_given, give
from podpora.licensing import actions as licensing
from podpora.licensing import queries
from podpora.licensing.values import LicenceKind, LicenceState
from podpora.people import actions as people

WORK = "podpora.config.jobs.give_free"


def ask(product: str, email: str, language: str, *, at: datetime) -> None:
    """Note down that this address wants FREE. InvalidInput for what is no address and for a product without FREE; nothing else shows."""
    address = people.email_of(email)
    found = catalog.products().filter(code=product).first()
    if found is None or edition_given(found, LicenceKind.FREE) is None:
        raise InvalidInput({"product": ["unknown"]})
    spoken = language if language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
    jobs.enqueue(WORK, {"product": found.code, "email": address, "language": spoken}, at=at)


@transaction.atomic
def register(product: Product, email: str, language: str, *, by: Actor, at: datetime) -> None:
    """The address's FREE licence, made when it has none, and the mail with its key: a few a day at most, whoever asks (mail bombs).

    Asking again sends the same key. An account that was closed gets nothing; neither does a licence that was taken back.
    """
    try:
        customer = people.ensure_customer(email=email, name="", language=language, by=by, at=at)  # holds the person: no two at once
    except InvalidInput:
        return
    if customer.person is None or not customer.person.is_active:
        return
    licence = queries.free_licence_of(customer, product) or give(product, LicenceKind.FREE, customer, by=by, at=at)
    if licence.state != LicenceState.REVOKED:
        licensing.send_free_key(licence, email, language, at=at)
