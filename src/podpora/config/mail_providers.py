"""Which mail providers may call here: all that are known. What two of them have fetched goes through the guard for outside addresses."""

from collections.abc import Mapping

from django.conf import settings
from django.core.cache import cache

from podpora.audit.actions import connecting
from podpora.integrations.amazon_ses import AmazonSes
from podpora.integrations.brevo import Brevo
from podpora.integrations.mailgun import Mailgun
from podpora.integrations.mailjet import Mailjet
from podpora.integrations.mandrill import Mandrill
from podpora.integrations.postmark import Postmark
from podpora.integrations.sendgrid import SendGrid
from podpora.mail.values.hooks import register_mail_provider

LARGEST_FILE = 25 * 1024 * 1024
LARGEST_CERTIFICATE = 64 * 1024
CERTIFICATE_SECONDS = 24 * 3600


def plug_in() -> None:
    for provider in (AmazonSes(certificate), Brevo(fetched), Mailgun(), Mailjet(), Mandrill(), Postmark(), SendGrid()):
        register_mail_provider(provider)


def fetched(url: str, headers: Mapping[str, str], most: int = LARGEST_FILE) -> bytes:
    """What stands there. OSError: the provider comes again."""
    answer = connecting.get(url, headers, settings.WEBHOOK_HOSTS, most=most)
    if answer.status != 200:
        raise OSError(answer.error or f"HTTP {answer.status}")
    return answer.body


def certificate(url: str) -> bytes:
    """The certificate that SNS signs with; asked for once a day."""
    kept: str | None = cache.get(f"sns:{url}")
    if kept is None:
        kept = fetched(url, {}, LARGEST_CERTIFICATE).decode("ascii", "replace")
        cache.set(f"sns:{url}", kept, CERTIFICATE_SECONDS)
    return kept.encode()
