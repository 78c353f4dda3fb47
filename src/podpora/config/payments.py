"""Which ways of paying this installation offers (PODPORA_PAYMENT_PROVIDERS), plugged into the room that knows orders."""

from django.conf import settings

from podpora.integrations.test_provider import TestProvider
from podpora.integrations.transfer import Transfer
from podpora.orders.values import PaymentProvider, register_provider

KNOWN: dict[str, type[PaymentProvider]] = {"transfer": Transfer, "test": TestProvider}


def plug_in() -> None:
    for name in settings.PAYMENT_PROVIDERS:
        register_provider(KNOWN[name]())
