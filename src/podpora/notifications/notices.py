"""Writing a notification in the reader's language, from one template, as text and as HTML."""

from collections.abc import Mapping
from email.utils import parseaddr
from typing import Any

from django.conf import settings
from django.template import Context
from django.template.loader import get_template
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from podpora.base import vendor
from podpora.base.money import Money
from podpora.base.reasons import written_money
from podpora.notifications import rules
from podpora.notifications.rules import Written
from podpora.notifications.values import Kind, Recipient


def lay_out(subject: str, text: str, language: str) -> tuple[str, str]:
    """(text part, HTML part) of a mail whose text exists already, in the same clothes as a notification."""
    with translation.override(language):
        written = rules.parse(f"Subject: {rules.guarded(subject)}\n{text}")
        footer = _footer(can_be_muted=False)
        return rules.plain(written, footer), _html(written, footer, language)


def write(kind: Kind, recipient: Recipient, facts: Mapping[str, Any], url: str) -> tuple[Written, str, str]:
    """(what is said, text part, HTML part). Raises TemplateDoesNotExist for a kind without a template."""
    language = recipient.language if recipient.language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
    with translation.override(language), timezone.override(settings.VENDOR_ZONE):
        known = {name: _fact(value) for name, value in facts.items()}
        known |= {"url": url, "recipient_name": _fact(recipient.name)}
        known |= {"site_url": settings.SITE_URL, "vendor": vendor.name()}
        written = rules.parse(_render(kind.template, known))
        footer = _footer(recipient.person_id is not None and kind.can_mute)
        return written, rules.plain(written, footer), _html(written, footer, language)


def _render(template: str, facts: dict[str, Any]) -> str:
    text: str = get_template(template).template.render(Context(facts, autoescape=False))  # type: ignore[attr-defined]
    return text


def _fact(value: Any) -> Any:
    """What people wrote keeps its line ends to itself; money is written the reader's way."""
    if isinstance(value, Money):
        return written_money(value)
    if isinstance(value, str):
        return rules.guarded(value)
    if isinstance(value, Mapping):
        return {name: _fact(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_fact(item) for item in value]
    return value


def _footer(can_be_muted: bool) -> str:
    address = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    lines = [f"{vendor.name()} · {address}", settings.SITE_URL]
    if can_be_muted:
        lines.append(
            _("You choose in your account what we send you: {url}").format(url=f"{settings.SITE_URL}/account/notifications/")
        )
    return "\n".join(lines)


def _html(written: Written, footer: str, language: str) -> str:
    blocks = [{"kind": block.kind, "lines": [rules.linked(line) for line in block.lines]} for block in written.blocks]
    facts = {
        "language": language,
        "written": written,
        "blocks": blocks,
        "footer": [rules.linked(line) for line in footer.split("\n")],
        "vendor": vendor.name(),
    }
    return str(get_template("mail/layout.html").render(facts))
