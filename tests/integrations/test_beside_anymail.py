"""The same calls read by django-anymail, which many use: what it understands we understand alike, and why we read them ourselves
(docs/decisions/0010-own-provider-hooks.md)."""

import warnings
from typing import Any

import pytest
from django.test import RequestFactory

from podpora.mail.rules.parsing import parse
from podpora.mail.values.hooks import Call
from tests.integrations.test_mail_providers import APART, AS_TEXT, WHOLE
from tests.make.providers import KEY, form_call

pytest.importorskip("anymail", reason="django-anymail is not installed (requirements/dev.txt)")
from anymail.webhooks import mailgun, mailjet, mandrill, postmark, sendgrid

pytestmark = pytest.mark.once
VIEWS: dict[str, Any] = {
    "mailgun": mailgun.MailgunInboundWebhookView, "sendgrid": sendgrid.SendGridInboundWebhookView,
    "postmark": postmark.PostmarkInboundWebhookView, "mailjet": mailjet.MailjetInboundWebhookView,
    "mandrill": mandrill.MandrillCombinedWebhookView,
}  # fmt: skip


def theirs(provider: str, call: Call) -> Any:
    """The one message that anymail finds in the call. Without its own checks of passwords and signatures, which come from settings."""
    view = VIEWS[provider].__new__(VIEWS[provider])
    request = RequestFactory().generic("POST", "/", call.body, content_type=call.headers["content-type"])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        (event,) = view.parse_events(request)
    return event.message


def seen(message: Any) -> dict[str, Any]:
    files = [(one.get_filename(), one.get_content_bytes()) for one in message.attachments]
    return {
        "sender": (message.from_email.addr_spec, message.from_email.display_name), "to": [one.addr_spec for one in message.to],
        "subject": message.subject, "id": message["Message-ID"], "text": (message.text or "").strip(), "html": (message.html or "").strip(),
        "files": files, "envelope": (message.envelope_sender, message.envelope_recipient),
    }  # fmt: skip


def ours(provider: Any, call: Call) -> dict[str, Any]:
    (arrival,) = provider.read(call, KEY).arrivals
    mail = parse(arrival.raw)
    assert mail.sender is not None
    return {
        "sender": (mail.sender.address, mail.sender.name), "to": [one.address for one in mail.to], "subject": mail.subject,
        "id": mail.message_id, "text": mail.text.strip(), "html": mail.html.strip(),
        "files": [(one.name, one.content) for one in mail.files], "envelope": (arrival.envelope_from, arrival.recipients[0]),
    }  # fmt: skip


WITHOUT_SENDER = ("mandrill",)  # of which anymail does not read the envelope's sender
CASES = {
    f"{kind} {name}": (name, *case)
    for kind, cases in (("text", AS_TEXT), ("apart", APART))
    for name, case in cases.items()
    if name in VIEWS
}


@pytest.mark.parametrize("case", CASES)
def test_what_both_understand_is_the_same(case: str) -> None:
    name, provider, call = CASES[case]
    understood, read = Call(call.body.replace(b"nonsense", b"utf-8"), call.headers, call.url), ours(provider, call)
    if name in WITHOUT_SENDER:
        read["envelope"] = (None, read["envelope"][1])
    assert read == seen(theirs(name, understood))


def test_an_unknown_charset_stops_it() -> None:
    provider, call = APART["sendgrid"]
    with pytest.raises(LookupError):  # the provider hears 500, comes again for days, and gives up
        theirs("sendgrid", call)
    assert ours(provider, call)["text"] == "Nejde to."


def test_bytes_that_are_no_utf_8_are_lost_on_that_way() -> None:
    """A form of Django decodes its fields: of a mail in another charset nothing is left to keep."""
    provider, call = WHOLE["mailgun"]
    assert "řádně" not in seen(theirs("mailgun", call))["text"]
    assert ours(provider, call)["text"] == "Nejde to řádně."


def test_a_file_without_a_name_is_lost_on_that_way() -> None:
    provider, call = APART["sendgrid"]
    body = call.body.replace(b'filename="smlouva.pdf"', b'filename=".."').replace(b"nonsense", b"utf-8")
    nameless = Call(body, call.headers, call.url)
    assert seen(theirs("sendgrid", nameless))["files"] == []
    assert len(ours(provider, nameless)["files"]) == 1


def test_a_header_that_is_really_sent_stops_it() -> None:
    raw = b"From: a@b.example\r\nTo: support@vendor.example\r\nMessage-ID: <[abc@x]>\r\n\r\nhello\r\n"
    call = form_call({"timestamp": "1795000000", "body-mime": raw, "sender": "a@b.example", "recipient": "support@vendor.example"})
    with pytest.raises(Exception):  # noqa: B017  # whichever its parser raises
        seen(theirs("mailgun", call))
    assert ours(WHOLE["mailgun"][0], call)["sender"] == ("a@b.example", "")
