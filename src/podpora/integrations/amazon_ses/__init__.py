"""Amazon SES: a receipt rule publishes mail to an SNS topic, and the topic calls here; the same for bounces, complaints and deliveries.

The key is the name (ARN) of the topic: SNS signs for every customer of Amazon, so the right topic is what makes a call ours.
"""

import re
from base64 import b64decode
from binascii import Error
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from podpora.mail.rules.hooks import as_bytes, decoded_base64, json_of, text_in, the_only
from podpora.mail.values.hooks import Arrival, Call, Content, Fate, NotReadable, NotSigned, Report

_HOST = re.compile(r"sns\.[a-z0-9-]{4,30}\.amazonaws\.com(?:\.cn)?")
SIGNED = {
    "Notification": ("Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"),
    "SubscriptionConfirmation": ("Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"),
    "UnsubscribeConfirmation": ("Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"),
}
Fetch = Callable[[str], bytes]  # a certificate from its address; OSError


class AmazonSes:
    code = "amazon_ses"
    name = "Amazon SES"
    signs = True

    def __init__(self, fetch: Fetch) -> None:
        self.fetch = fetch

    def verify(self, call: Call, key: str) -> None:
        told = the_only(json_of(call.body))
        if text_in(told, "TopicArn") != key or not is_amazons(text_in(told, "SigningCertURL")):
            raise NotSigned
        names = SIGNED.get(text_in(told, "Type"), ())
        text = "".join(f"{name}\n{told[name]}\n" for name in names if name in told)
        digest = hashes.SHA256() if text_in(told, "SignatureVersion") == "2" else hashes.SHA1()  # noqa: S303  SNS signs so by default
        try:
            public = x509.load_pem_x509_certificate(self.fetch(text_in(told, "SigningCertURL"))).public_key()
            if not isinstance(public, rsa.RSAPublicKey) or not names:
                raise NotSigned
            public.verify(b64decode(text_in(told, "Signature")), text.encode(), padding.PKCS1v15(), digest)
        except (InvalidSignature, Error, ValueError):
            raise NotSigned from None

    def read(self, call: Call, key: str) -> Content:
        told = the_only(json_of(call.body))
        if text_in(told, "Type") == "SubscriptionConfirmation":
            url = text_in(told, "SubscribeURL")
            if not key or not is_amazons(url):
                raise NotReadable("the topic is not the one that was named here")
            return Content(confirm=url)
        if text_in(told, "Type") != "Notification" or not text_in(told, "Message").startswith("{"):
            return Content()  # "unsubscribed", and the sentence that tells of a good beginning
        event = the_only(json_of(text_in(told, "Message")))
        if (text_in(event, "notificationType") or text_in(event, "eventType")) == "Received":
            return Content([_arrival(event)])
        return Content(reports=_reports(event, text_in(told, "MessageId")))

    def headers(self, mark: str) -> Mapping[str, str]:
        return {"X-SES-MESSAGE-TAGS": f"mail={mark}"}


def is_amazons(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme == "https" and bool(_HOST.fullmatch(parts.netloc))


def _arrival(event: dict[str, Any]) -> Arrival:
    content = text_in(event, "content")
    if not content:
        raise NotReadable("the mail lies in a bucket: let the receipt rule publish to SNS instead")
    action = event.get("receipt", {}).get("action", {}) if isinstance(event.get("receipt"), dict) else {}
    raw = decoded_base64(content) if text_in(action, "encoding").upper() == "BASE64" else as_bytes(content)
    to = event.get("receipt", {}).get("recipients") if isinstance(event.get("receipt"), dict) else None
    return Arrival(raw, text_in(event, "mail", "source"), [str(one) for one in to] if isinstance(to, list) else [])


def _reports(event: dict[str, Any], message: str) -> list[Report]:
    kind = text_in(event, "notificationType") or text_in(event, "eventType")
    told = event.get(
        {"Bounce": "bounce", "Complaint": "complaint", "Delivery": "delivery", "DeliveryDelay": "deliveryDelay"}.get(kind, "")
    )
    if not isinstance(told, dict):
        return []
    fate, rows = {
        "Bounce": (Fate.BOUNCED if text_in(told, "bounceType") == "Permanent" else Fate.DELAYED, told.get("bouncedRecipients")),
        "Complaint": (Fate.COMPLAINED, told.get("complainedRecipients")),
        "Delivery": (Fate.DELIVERED, told.get("recipients")),
        "DeliveryDelay": (Fate.DELAYED, told.get("delayedRecipients")),
    }[kind]
    found = []
    for row in rows if isinstance(rows, list) else []:
        recipient = row if isinstance(row, str) else text_in(row, "emailAddress")
        status = text_in(row, "status") or ("5.0.0" if fate is Fate.BOUNCED else "")
        said = text_in(row, "diagnosticCode") or text_in(told, "bounceSubType")
        found.append(
            Report(
                fate, recipient, status, said, _mark(event), sender=text_in(event, "mail", "source"), event=f"{message}:{recipient}"
            )
        )
    return found


def _mark(event: dict[str, Any]) -> str:
    tags = event.get("mail", {}).get("tags", {}).get("mail") if isinstance(event.get("mail"), dict) else None
    return str(tags[0]) if isinstance(tags, list) and tags else ""
