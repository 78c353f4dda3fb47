"""What each mail provider sends is read as what it means; what it did not sign is refused."""

import json
from base64 import b64encode
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from podpora.integrations.amazon_ses import AmazonSes
from podpora.integrations.brevo import Brevo
from podpora.integrations.mailgun import Mailgun
from podpora.integrations.mailjet import Mailjet
from podpora.integrations.mandrill import Mandrill
from podpora.integrations.postmark import Postmark
from podpora.integrations.sendgrid import SendGrid
from podpora.mail.rules.parsing import parse
from podpora.mail.values.hooks import Call, Fate, MailProvider, NotReadable, NotSigned
from tests.make import providers as made
from tests.make.providers import KEY, RAW, TOPIC, form_call, json_call

pytestmark = pytest.mark.once
PDF = b"%PDF-1.7 \x00\xff\r\n--xY"
SES = AmazonSes(lambda url: made.certificate())
BREVO = Brevo(lambda url, headers: PDF if headers == {"api-key": KEY} and url.endswith("/tok%2Fen") else b"")
HEADERS = [["From", "Jana <jana@private.example>"], ["To", "support@vendor.example"], ["Subject", "Příloha"], ["Message-Id", "<one@private.example>"],
           ["X-Two", "a"], ["X-Two", "b"], ["Content-Type", "multipart/mixed; boundary=gone"]]  # fmt: skip
BY_NAME: dict[str, Any] = {name: value for name, value in HEADERS if name != "X-Two"} | {"X-Two": ["a", "b"]}
ENVELOPE = ("jana@private.example", ["support+abc@vendor.example"])
WHOLE: dict[str, tuple[MailProvider, Call]] = {
    "mailgun": (Mailgun(), form_call({"timestamp": "1795000000", "body-mime": RAW, "sender": ENVELOPE[0], "recipient": ENVELOPE[1][0]})),
    "sendgrid": (SendGrid(), form_call({"email": RAW, "envelope": json.dumps({"from": ENVELOPE[0], "to": ENVELOPE[1]})})),
    "amazon_ses": (SES, made.sns({"notificationType": "Received", "content": b64encode(RAW).decode(), "mail": {"source": ENVELOPE[0]},
                                  "receipt": {"recipients": ENVELOPE[1], "action": {"type": "SNS", "encoding": "BASE64"}}})),
}  # fmt: skip
TEXTS = RAW.decode("iso-8859-2").replace("iso-8859-2", "utf-8")
AS_TEXT: dict[str, tuple[MailProvider, Call]] = {
    "postmark": (Postmark(), json_call({"FromFull": {}, "RawEmail": TEXTS, "OriginalRecipient": ENVELOPE[1][0],
                                        "Headers": [{"Name": "Return-Path", "Value": f"<{ENVELOPE[0]}>"}]})),
    "mandrill": (Mandrill(), made.mandrill([{"event": "inbound", "msg": {"raw_msg": TEXTS, "sender": ENVELOPE[0], "email": ENVELOPE[1][0]}}])),
}  # fmt: skip
APART: dict[str, tuple[MailProvider, Call]] = {
    "mailgun": (Mailgun(), form_call({"message-headers": json.dumps(HEADERS), "body-plain": "Nejde to.", "body-html": "<p>Nejde to.</p>",
                                      "timestamp": "1795000000", "attachment-count": "1",
                                      "sender": ENVELOPE[0], "recipient": ENVELOPE[1][0]}, {"attachment-1": ("smlouva.pdf", PDF)})),
    "sendgrid": (SendGrid(), form_call({"headers": "".join(f"{name}: {value}\n" for name, value in HEADERS), "html": "<p>Nejde to.</p>",
                                        "text": "Nejde to.", "attachment-info": '{"attachment1": {}}', "charsets": '{"text": "nonsense"}',
                                        "envelope": json.dumps({"from": ENVELOPE[0], "to": ENVELOPE[1]})}, {"attachment1": ("smlouva.pdf", PDF)})),
    "postmark": (Postmark(), json_call({
        "FromFull": {"Email": "jana@private.example", "Name": "Jana"}, "ToFull": [{"Email": "support@vendor.example", "Name": ""}],
        "Subject": "Příloha", "TextBody": "Nejde to.", "HtmlBody": "<p>Nejde to.</p>", "OriginalRecipient": ENVELOPE[1][0],
        "Headers": [{"Name": "Return-Path", "Value": f"<{ENVELOPE[0]}>"}, *({"Name": n, "Value": v} for n, v in HEADERS[3:])],
        "Attachments": [{"Name": "smlouva.pdf", "Content": b64encode(PDF).decode(), "ContentType": "application/pdf"}]})),
    "brevo": (BREVO, json_call({"items": [{
        "Headers": BY_NAME | {"Return-Path": f"<{ENVELOPE[0]}>"}, "RawTextBody": "Nejde to.", "RawHtmlBody": "<p>Nejde to.</p>",
            "Recipients": ENVELOPE[1],
        "Attachments": [{"Name": "smlouva.pdf", "ContentType": "application/pdf", "DownloadToken": "tok/en"}]}]})),
    "mailjet": (Mailjet(), json_call({
        "Headers": BY_NAME, "Text-part": "Nejde to.", "Html-part": "<p>Nejde to.</p>", "Sender": ENVELOPE[0], "Recipient": ENVELOPE[1][0],
        "Attachment1": b64encode(PDF).decode(), "Parts": [{"ContentRef": "Text-part", "Headers": {}}, {"ContentRef": "Attachment1", "Headers": {
            "Content-Type": "application/pdf", "Content-Disposition": 'attachment; filename="smlouva.pdf"'}}]})),
}  # fmt: skip


@pytest.mark.parametrize("case", WHOLE, ids=WHOLE)
def test_a_mail_as_it_was_comes_in_to_the_byte(case: str) -> None:
    provider, call = WHOLE[case]
    (arrival,) = provider.read(call, KEY).arrivals
    assert (arrival.raw, arrival.envelope_from, list(arrival.recipients)) == (RAW, *ENVELOPE)


@pytest.mark.parametrize("case", AS_TEXT, ids=AS_TEXT)
def test_a_mail_as_text_comes_in_as_text(case: str) -> None:
    provider, call = AS_TEXT[case]
    (arrival,) = provider.read(call, KEY).arrivals
    assert (arrival.raw.decode(), arrival.envelope_from, list(arrival.recipients)) == (TEXTS, *ENVELOPE)


@pytest.mark.parametrize("case", APART, ids=APART)
def test_a_mail_that_was_taken_apart_is_put_together(case: str) -> None:
    provider, call = APART[case]
    (arrival,) = provider.read(call, KEY).arrivals
    read = parse(arrival.raw)
    assert (arrival.envelope_from, list(arrival.recipients)) == ENVELOPE
    assert read.sender is not None and (read.sender.address, read.sender.name) == ("jana@private.example", "Jana")
    assert (read.subject, read.message_id, read.text.strip()) == ("Příloha", "<one@private.example>", "Nejde to.")
    assert "<p>Nejde to.</p>" in read.html and [(file.name, file.content) for file in read.files] == [("smlouva.pdf", PDF)]
    assert arrival.raw.count(b"X-Two") == 2 and b"boundary=gone" not in arrival.raw


def test_a_header_of_a_taken_apart_mail_can_forge_nothing() -> None:
    told = APART["postmark"][1].body.decode().replace("<one@private.example>", "<x@y>\\r\\nReply-To: evil@x.example")
    (arrival,) = Postmark().read(Call(told.encode(), {}), "").arrivals
    assert not parse(arrival.raw).reply_to


FATES: list[tuple[MailProvider, Call, tuple[Any, ...]]] = [
    (Mailgun(), json_call({"signature": {"token": "t"}, "event-data": {
        "event": "failed", "severity": "permanent", "recipient": "gone@x.example", "message": {"headers": {"message-id": "a@b"}},
        "delivery-status": {"code": 550, "enhanced-code": "5.1.1", "message": "no such user"}, "user-variables": {"mail": "M-1"}}}),
     (Fate.BOUNCED, "gone@x.example", "5.1.1", "no such user", "M-1", "<a@b>", "t")),
    (Mailgun(), json_call({"event-data": {"event": "failed", "severity": "temporary", "recipient": "a@x.example", "id": "9"}}),
     (Fate.DELAYED, "a@x.example", "", "", "", "", "9")),
    (Postmark(), json_call({"RecordType": "Bounce", "Type": "HardBounce", "ID": 7, "Email": "gone@x.example", "Details": "no",
        "Metadata": {"mail": "M-1"}}),
     (Fate.BOUNCED, "gone@x.example", "5.1.1", "no", "M-1", "", "Bounce:7")),
    (Postmark(), json_call({"RecordType": "Delivery", "Recipient": "a@x.example", "Metadata": {"mail": "M-1"}}),
     (Fate.DELIVERED, "a@x.example", "", "", "M-1", "", "")),
    (SendGrid(), json_call([{"event": "processed"}, {"event": "bounce", "email": "gone@x.example", "status": "5.1.1",
        "reason": "no", "smtp-id": "<a@b>",
                             "sg_event_id": "e", "mail": "M-1"}]), (Fate.BOUNCED, "gone@x.example", "5.1.1", "no", "M-1", "<a@b>", "e")),
    (SES, made.sns({"eventType": "Bounce", "mail": {"source": "b+m-1.x@v", "tags": {"mail": ["M-1"]}}, "bounce": {
        "bounceType": "Permanent", "bouncedRecipients": [{"emailAddress": "gone@x.example", "status": "5.1.1", "diagnosticCode": "no"}]}}),
     (Fate.BOUNCED, "gone@x.example", "5.1.1", "no", "M-1", "", "m-1:gone@x.example")),
    (SES, made.sns({"notificationType": "Complaint", "mail": {}, "complaint": {"complainedRecipients": [{"emailAddress": "a@x.example"}]}}),
     (Fate.COMPLAINED, "a@x.example", "", "", "", "", "m-1:a@x.example")),
    (BREVO, json_call({"event": "hard_bounce", "email": "gone@x.example", "message-id": "<a@b>", "reason": "no",
        "X-Mailin-custom": "mail:M-1", "ts_epoch": 5}),
     (Fate.BOUNCED, "gone@x.example", "5.1.1", "no", "M-1", "<a@b>", "<a@b>:hard_bounce:5:gone@x.example")),
    (Mailjet(), json_call([{"event": "open"}, {"event": "bounce", "hard_bounce": True, "email": "gone@x.example",
        "error": "user unknown", "CustomID": "M-1",
                            "MessageID": 12, "time": 3}]), (Fate.BOUNCED, "gone@x.example", "5.1.1", "user unknown", "M-1", "", "12:bounce:3")),
    (Mailjet(), json_call({"event": "bounce", "hard_bounce": False, "email": "a@x.example", "error": "quota exceeded"}),
     (Fate.DELAYED, "a@x.example", "", "quota exceeded", "", "", "bounce")),
    (Mandrill(), made.mandrill([{"event": "send"}, {"event": "hard_bounce", "_id": "i", "ts": 4, "msg": {
        "email": "gone@x.example", "diag": "no", "metadata": {"mail": "M-1"}}}]),
     (Fate.BOUNCED, "gone@x.example", "5.1.1", "no", "M-1", "", "i:hard_bounce:4")),
]  # fmt: skip


@pytest.mark.parametrize(("provider", "call", "expected"), FATES)
def test_what_became_of_a_mail_is_read(provider: MailProvider, call: Call, expected: tuple[Any, ...]) -> None:
    (one,) = provider.read(call, KEY).reports
    assert (one.fate, one.recipient, one.status, one.said, one.mark, one.message_id, one.event) == expected


def test_each_provider_is_told_our_mark() -> None:
    for provider in (Mailgun(), SendGrid(), SES, BREVO, Mailjet(), Mandrill(), Postmark()):
        assert "M-1" in "".join(provider.headers("M-1").values()) and all(name.startswith("X-") for name in provider.headers("M-1"))


SIGNED: list[tuple[MailProvider, Call, str]] = [
    (Mailgun(), form_call({"body-mime": RAW, **made.mailgun_signature()}), KEY),
    (Mailgun(), json_call({"signature": made.mailgun_signature(), "event-data": {}}), KEY),
    (SendGrid(), made.send_grid_signed(json_call([{"event": "1"}])), made.send_grid_key()),
    (SES, made.sns({"a": 1}), TOPIC),
    (SES, made.sns("x", kind="SubscriptionConfirmation", Token="t", SubscribeURL="https://sns.eu-west-1.amazonaws.com/?x"), TOPIC),
    (Mandrill(), made.mandrill([]), KEY),
]  # fmt: skip


@pytest.mark.parametrize(("provider", "call", "key"), SIGNED)
def test_s20_a_signature_counts_and_nothing_near_it(provider: MailProvider, call: Call, key: str) -> None:
    provider.verify(call, key)
    others = [
        Call(call.body, {"content-type": call.content_type}, call.url)
        if len(call.headers) > 1
        else Call(b"", call.headers, call.url),
        Call(call.body.replace(b"1", b"2").replace(b"mandrill_events", b"x"), call.headers, call.url),
    ]
    for other in others:
        with pytest.raises((NotSigned, NotReadable)):
            provider.verify(other, key)
    with pytest.raises(NotSigned):
        provider.verify(call, made.send_grid_key().replace("A", "B") if isinstance(provider, SendGrid) else f"{key}x")


def test_s20_amazon_another_topic_another_server_and_a_foreign_certificate_are_nobodys() -> None:
    for call in (made.sns({"a": 1}, topic=TOPIC + "x"), made.sns({"a": 1})):
        told = json.loads(call.body) | ({"SigningCertURL": "https://sns.eu-west-1.amazonaws.com.evil.example/x.pem"})
        with pytest.raises(NotSigned):
            SES.verify(json_call(told), TOPIC)
    with pytest.raises(NotSigned):
        AmazonSes(lambda url: b"no certificate").verify(made.sns({"a": 1}), TOPIC)
    with pytest.raises(NotReadable):  # no address of our network is ever fetched for a subscription
        SES.read(made.sns("x", kind="SubscriptionConfirmation", SubscribeURL="https://127.0.0.1/"), TOPIC)
    confirmed = made.sns("x", kind="SubscriptionConfirmation", SubscribeURL="https://sns.eu-west-1.amazonaws.com/?x")
    assert SES.read(confirmed, TOPIC).confirm == "https://sns.eu-west-1.amazonaws.com/?x"


NAMES = ("event", "items", "Headers", "FromFull", "RecordType", "Type", "Message", "event-data", "Parts", "msg", "signature")
TREES = st.recursive(
    st.none() | st.text(max_size=5) | st.integers(),
    lambda one: st.lists(one, max_size=3) | st.dictionaries(st.sampled_from(NAMES), one, max_size=4),
)
KINDS = ("application/json", "multipart/form-data; boundary=x", "application/x-www-form-urlencoded", "")


@given(body=st.binary(max_size=300) | TREES.map(lambda told: json.dumps(told).encode()), kind=st.sampled_from(KINDS))
def test_b8_whatever_is_sent_is_read_or_refused(body: bytes, kind: str) -> None:
    for provider in (Mailgun(), SendGrid(), SES, BREVO, Mailjet(), Mandrill(), Postmark()):
        for step in (provider.read, provider.verify):
            try:
                step(Call(body, {"content-type": kind}, ""), KEY)
            except (NotReadable, NotSigned):
                continue


@pytest.mark.parametrize("provider", [SES, Postmark()], ids=["amazon_ses", "postmark"])
def test_b8_a_call_without_an_event_is_refused(provider: Any) -> None:
    with pytest.raises(NotReadable):
        provider.read(Call(b"[]", {"content-type": "application/json"}, ""), KEY)
